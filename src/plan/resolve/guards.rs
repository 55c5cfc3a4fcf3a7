//! Reads `guards`.

use globset::GlobSet;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::guards::{Guards, MaxFailures, NotFound};
use crate::plan::pattern;
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

fn protect(field: Field<'_, '_>, reader: &mut Reader<'_>) -> (Vec<String>, GlobSet) {
    let (mut patterns, mut globs) = (Vec::new(), Vec::new());
    let items: Vec<_> = reader.list(field).map(Iterator::collect).unwrap_or_default();
    for item in items {
        let Some(text) = reader.name(item) else { continue };
        match pattern::compile(&text.value) {
            Ok(glob) => {
                globs.push(glob);
                patterns.push(text.value.into_owned());
            }
            Err(error) => {
                let title = format!("{text} is not a pattern: {}", error.kind());
                reader.wrong(text.span, title, Some(pattern::HINT.into()));
            }
        }
    }
    match pattern::set(globs) {
        Ok(set) => (patterns, set),
        Err(error) => {
            let title = format!("the patterns are too much together: {}", error.kind());
            reader.found.push(Finding::error(field.node.span, title));
            (patterns, GlobSet::empty())
        }
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
    let days: Vec<_> = items.into_iter().map(|item| reader.word(item, &DAYS)).collect();
    days.into_iter().collect()
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
