//! Reads `guards`.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::guards::{Guards, MaxFailures, NotFound};
use crate::plan::model::Target;
use crate::plan::near;
use crate::plan::pattern::{self, Patterns};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::units;
use crate::plan::window::Window;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// What a pattern is matched with, for somebody whose pattern matches nothing.
const NO_MATCH: &str = "a pattern is matched with the whole of an id, an identifying field or `label=value`";

pub(super) fn guards(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Guards> {
    let fields = reader.fields(field, "`guards`", &format::GUARDS.names())?;
    let default = Guards::default();
    let max_targets = fields.get("max_targets").and_then(|field| reader.count(field, 1..=u64::from(u32::MAX)));
    let (protect, protect_set) = fields.get("protect").map(|field| protect(field, reader)).unwrap_or_default();
    let words = [("ok", NotFound::Ok), ("fail", NotFound::Fail)];
    Some(Guards {
        max_targets: max_targets.and_then(|count| usize::try_from(count).ok()).unwrap_or(default.max_targets),
        protect,
        protect_set,
        max_failures: fields.get("max_failures").and_then(|field| max_failures(field, reader)),
        not_found: fields.get("not_found").and_then(|field| reader.word(field, &words)).unwrap_or(default.not_found),
        window: fields.get("window").and_then(|field| window(field, reader)),
    })
}

fn protect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> (Vec<String>, Patterns) {
    let (mut texts, mut globs) = (Vec::new(), Vec::new());
    let items: Vec<_> = reader.list(field).map(Iterator::collect).unwrap_or_default();
    for item in items {
        let Some(text) = reader.name(item) else { continue };
        match pattern::compile(&pattern::composed(&text.value)) {
            Ok(glob) => {
                globs.push(glob);
                texts.push(text.value.into_owned());
            }
            Err(error) => {
                let title = format!("{text} is not a pattern: {}", error.kind());
                reader.wrong(text.span, title, Some(pattern::HINT.into()));
            }
        }
    }
    match Patterns::of(globs) {
        Ok(patterns) => (texts, patterns),
        Err(error) => {
            let title = format!("the patterns are too much together: {}", error.kind());
            reader.found.push(Finding::error(field.node.span, title));
            (texts, Patterns::default())
        }
    }
}

/// Warns of patterns that protect nothing: probably slips. They are looked for once all targets are known.
pub(super) fn idle(plan: &Fields<'_, '_>, guards: &Guards, targets: &[Target], reader: &mut Reader<'_>) {
    let idle = guards.protect_set.idle(targets);
    if idle.is_empty() {
        return;
    }
    // What the patterns are was said when they were read, all that is wrong with them included.
    let texts: Vec<_> = reader
        .unsaid(|quiet| {
            let guards = quiet.fields(plan.get("guards")?, "`guards`", &format::GUARDS.names())?;
            let items: Vec<_> = quiet.list(guards.get("protect")?)?.collect();
            Some(items.into_iter().filter_map(|item| quiet.name(item)).collect())
        })
        .unwrap_or_default();
    for number in idle {
        let (Some(text), Some(pattern)) = (texts.get(number), guards.protect.get(number)) else { continue };
        let advice = near::miss(pattern, targets).unwrap_or_else(|| NO_MATCH.to_owned());
        reader.found.push(Finding::warning(text.span, format!("{text} protects no target of the plan")).hint(advice));
    }
}

fn max_failures(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<MaxFailures> {
    let text = reader.name(field)?;
    let rule = text.value.parse();
    if let Err(error) = rule {
        let title = format!("{} cannot be {text}: it is {error}", quote(field.name));
        reader.wrong(text.span, title, Some("write a count such as `3`, or a percentage such as `10%`".into()));
    }
    rule.ok()
}

fn window(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Window> {
    let fields = reader.fields(field, "`window`", &format::WINDOW.names())?;
    let days = fields.get("days").map_or(Some(Vec::new()), |field| days(field, reader));
    let from = fields.require("from", reader).and_then(|field| time(field, reader));
    let to = fields.require("to", reader).and_then(|field| time(field, reader));
    let timezone = fields.require("timezone", reader).and_then(|field| timezone(field, reader));
    Some(Window { days: days?, from: from?, to: to?, timezone: timezone? })
}

fn days(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
    let items: Vec<_> = reader.list(field)?.collect();
    if items.is_empty() {
        let finding = Finding::error(field.node.span, "`days` names no day, so that the window would never open");
        reader.found.push(finding.hint("leave `days` out to mean every day"));
        return None;
    }
    let days: Vec<_> = items.into_iter().map(|item| some_days(item, reader)).collect();
    let days: Vec<Vec<Weekday>> = days.into_iter().collect::<Option<_>>()?;
    let mut once = Vec::new();
    for day in days.into_iter().flatten() {
        if !once.contains(&day) {
            once.push(day);
        }
    }
    Some(once)
}

/// Reads a day, or a range of days, which may go over the end of the week.
fn some_days(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Weekday>> {
    let range = reader.unsaid(|quiet| quiet.name(field)).and_then(|text| {
        let (first, last) = text.value.split_once('-')?;
        let number = |name: &str| DAYS.iter().position(|(day, _)| *day == name);
        Some((number(first)?, number(last)?))
    });
    let Some((first, last)) = range else { return Some(vec![reader.word(field, &DAYS)?]) };
    let days = DAYS.iter().cycle().map(|(_, day)| *day).skip(first);
    Some(days.take((last + DAYS.len() - first) % DAYS.len() + 1).collect())
}

fn time(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Time> {
    let text = reader.name(field)?;
    let time = units::time_of_day(&text.value);
    if time.is_none() {
        let title = format!("{} must be a time of day, not {text}", quote(field.name));
        let hint = "write hours and minutes with two digits each, from `00:00` to `23:59`";
        reader.wrong(text.span, title, Some(hint.into()));
    }
    time
}

fn timezone(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<TimeZone> {
    let text = reader.name(field)?;
    if let Ok(zone) = TimeZone::get(&text.value) {
        return Some(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let hint = suggest::nearest(&text.value, names.iter().map(String::as_str)).map_or_else(
        || "write a name of the IANA time zone database, such as `Asia/Shanghai` or `UTC`".to_owned(),
        |near| format!("did you mean {}?", quote(near)),
    );
    reader.wrong(text.span, format!("{text} is not a time zone"), Some(hint));
    None
}
