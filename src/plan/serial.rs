//! Plans for queues: how a plan, its parts and what is selected of it are serialized, in any format that serde has.
//!
//! A plan that is read back is checked: it refers only to accounts, kinds and targets that exist. No secret is in it:
//! accounts only name the variables of their credentials.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::except::{ExceptionError, Exceptions};
use super::format::{is_for_many, query_of};
use super::guards::{MaxFailures, NotFound};
use super::limits::VerifyMode;
use super::model::Plan;
use super::pattern::{PatternError, Patterns};
use super::protect_until::ProtectUntil;
use super::seen::Seen;
use super::select::Select;
use super::selection::{Filters, Pattern};
use super::shard::Shard;
use super::target::{Labels, Target};
use super::value::Word;
use super::window::Window;
use crate::base::rate::Rate;
use crate::http::Signature;
use crate::provider::{Cloud, Network};
use crate::service::{Kind, Params, Value};

/// Implements both traits for types: by what `$write` writes and `$read` reads.
macro_rules! serialized {
    ($write:expr, $read:expr; $($T:ty),+) => {
        $(
            impl Serialize for $T {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    $write(self).serialize(serializer)
                }
            }

            impl<'de> Deserialize<'de> for $T {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    $read(Deserialize::deserialize(deserializer)?).map_err(D::Error::custom)
                }
            }
        )+
    };
}

serialized!(to_text, from_text; Rate, MaxFailures, Shard, Pattern);
serialized!(to_word, from_word; Cloud, Network, Signature, NotFound, VerifyMode);
serialized!(to_window, from_window; Window);
serialized!(Patterns::texts, from_texts; Patterns);
serialized!(to_until, from_until; ProtectUntil);
serialized!(to_target, from_target; Target);
serialized!(to_select, from_select; Select);
serialized!(to_filters, from_filters; Filters);

fn to_text(value: &impl fmt::Display) -> String {
    value.to_string()
}

fn from_text<T: FromStr>(text: String) -> Result<T, T::Err> {
    text.parse()
}

fn from_texts(texts: Vec<String>) -> Result<Patterns, PatternError> {
    Patterns::new(texts)
}

fn to_word<T: Word>(value: &T) -> String {
    value.word()
}

fn from_word<T: Word>(text: String) -> Result<T, String> {
    let value = T::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    value.ok_or_else(|| format!("unknown word `{text}`"))
}

#[derive(Serialize, Deserialize)]
struct WindowData {
    days: Vec<String>,
    from: Time,
    to: Time,
    #[serde(with = "jiff::fmt::serde::tz::required")]
    timezone: TimeZone,
    /// Days and times, those of calendars, too.
    #[serde(default)]
    except: Vec<String>,
}

fn to_window(window: &Window) -> WindowData {
    let Window { days, from, to, timezone, except } = window.clone();
    WindowData { days: days.iter().map(Weekday::word).collect(), from, to, timezone, except: except.texts() }
}

fn from_window(data: WindowData) -> Result<Window, String> {
    let WindowData { days, from, to, timezone, except: spans } = data;
    let days = days.into_iter().map(from_word).collect::<Result<_, _>>()?;
    let spans = spans.into_iter().map(from_text).collect::<Result<Vec<_>, _>>();
    let mut except = Exceptions::default();
    except.extend(spans.map_err(|error: ExceptionError| error.to_string())?);
    Ok(Window { days, from, to, timezone, except })
}

#[derive(Serialize, Deserialize)]
struct UntilData {
    entries: Vec<(String, Date)>,
    #[serde(with = "jiff::fmt::serde::tz::required")]
    zone: TimeZone,
    /// Those that protect.
    holding: Patterns,
}

fn to_until(until: &ProtectUntil) -> UntilData {
    let entries = until.entries().map(|(text, day)| (text.to_owned(), day)).collect();
    UntilData { entries, zone: until.zone().clone(), holding: until.holding().clone() }
}

fn from_until(data: UntilData) -> Result<ProtectUntil, String> {
    let UntilData { entries, zone, holding } = data;
    let is_one = |text: &String| entries.iter().any(|(written, _)| written == text);
    match holding.texts().iter().find(|text| !is_one(text)) {
        Some(text) => Err(format!("the pattern `{text}` protects and has no last day")),
        None => Ok(ProtectUntil::with(entries, zone, holding)),
    }
}

#[derive(Serialize, Deserialize)]
struct TargetData {
    id: Option<Arc<str>>,
    kind: String,
    account: u16,
    params: ParamsData,
    labels: Labels,
    #[serde(default)]
    stage: Option<u16>,
    duplicate_of: Option<u32>,
    #[serde(default)]
    selection: Option<Arc<str>>,
    #[serde(default)]
    seen: Option<Box<Seen>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ParamData {
    Text(String),
    Flag(bool),
}

/// The parameters of a kind, by their names.
type ParamsData = BTreeMap<String, ParamData>;

fn to_params(kind: Kind, params: &Params) -> ParamsData {
    let data = |value: Value<'_>| match value {
        Value::Text(text) => ParamData::Text(text.to_owned()),
        Value::Flag(flag) => ParamData::Flag(flag),
    };
    params.given(kind.params).map(|(param, value)| (param.name.to_owned(), data(value))).collect()
}

/// Reads the parameters of a kind; `is_whole` if the identifying ones must be there.
fn from_params(kind: Kind, mut params: ParamsData, is_whole: bool) -> Result<Params, String> {
    let mut values = Vec::new();
    for param in kind.params {
        let value = params.remove(param.name);
        if value.is_none() && param.identifying && is_whole {
            return Err(format!("a target of the kind {kind} has no `{}`", param.name));
        }
        if value.is_some() && !is_whole && !is_for_many(param) {
            return Err(format!("a selection of the kind {kind} has `{}`", param.name));
        }
        values.push(value);
    }
    if let Some(name) = params.keys().next() {
        return Err(format!("unknown parameter `{name}` of the kind {kind}"));
    }
    let given = values.iter().map(|value| {
        value.as_ref().map(|value| match value {
            ParamData::Text(text) => Value::Text(text),
            ParamData::Flag(flag) => Value::Flag(*flag),
        })
    });
    Ok(Params::new(given))
}

fn to_target(target: &Target) -> TargetData {
    TargetData {
        id: target.own_id.clone(),
        kind: target.kind.name.to_owned(),
        account: target.account,
        params: to_params(target.kind, &target.params),
        labels: Arc::clone(&target.labels),
        stage: target.stage,
        duplicate_of: target.duplicate_of,
        selection: target.selection.clone(),
        seen: target.seen.clone(),
    }
}

fn from_target(data: TargetData) -> Result<Target, String> {
    let TargetData { id: own_id, kind, account, params, labels, stage, duplicate_of, selection, seen } = data;
    let kind = kind_named(&kind)?;
    let params = from_params(kind, params, true)?;
    Ok(Target { own_id, kind, account, params, labels, stage, duplicate_of, selection, seen })
}

fn kind_named(name: &str) -> Result<Kind, String> {
    Kind::named(name).ok_or_else(|| format!("unknown kind `{name}`"))
}

/// The filters of a command line, as it states them.
#[derive(Serialize, Deserialize)]
struct FiltersData {
    only: Vec<Pattern>,
    skip: Vec<Pattern>,
    kinds: Vec<String>,
    labels: Vec<(String, String)>,
    accounts: Vec<Pattern>,
    regions: Vec<Pattern>,
}

fn to_filters(filters: &Filters) -> FiltersData {
    let Filters { only, skip, kinds, labels, accounts, regions } = filters.clone();
    let kinds = kinds.iter().map(|kind| kind.name.to_owned()).collect();
    FiltersData { only, skip, kinds, labels, accounts, regions }
}

fn from_filters(data: FiltersData) -> Result<Filters, String> {
    let FiltersData { only, skip, kinds, labels, accounts, regions } = data;
    let kinds = kinds.iter().map(|kind| kind_named(kind)).collect::<Result<_, _>>()?;
    Ok(Filters { only, skip, kinds, labels, accounts, regions })
}

#[derive(Serialize, Deserialize)]
struct SelectData {
    id: Arc<str>,
    kind: String,
    accounts: Vec<u16>,
    params: ParamsData,
    labels: Labels,
    /// What it says, as a text of JSON: not every format can hold values of any type.
    select: String,
    position: u32,
    stage: Option<u16>,
}

fn to_select(select: &Select) -> SelectData {
    SelectData {
        id: Arc::clone(&select.id),
        kind: select.kind.name.to_owned(),
        accounts: select.accounts.clone(),
        params: to_params(select.kind, &select.params),
        labels: Arc::clone(&select.labels),
        select: select.query.written.to_string(),
        position: select.position,
        stage: select.stage,
    }
}

fn from_select(data: SelectData) -> Result<Select, String> {
    let SelectData { id, kind, accounts, params, labels, select, position, stage } = data;
    let kind = kind_named(&kind)?;
    let params = from_params(kind, params, false)?;
    let written = serde_json::from_str(&select).map_err(|error| error.to_string())?;
    Ok(Select { id, kind, accounts, params, labels, query: query_of(kind, &written)?, position, stage })
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The method that is derived for the type itself.
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plan = Self::deserialize(deserializer)?;
        for (number, target) in (0_u32..).zip(&plan.targets) {
            let account = plan.accounts.get(usize::from(target.account));
            if account.is_none_or(|account| account.cloud != target.kind.cloud) {
                return Err(D::Error::custom(format!("the target number {number} has no account of its cloud")));
            }
            if target.stage.map_or(!plan.stages.is_empty(), |stage| usize::from(stage) >= plan.stages.len()) {
                return Err(D::Error::custom(format!("the target number {number} has no stage of the plan")));
            }
            if target.duplicate_of.is_some_and(|first| first >= number) {
                return Err(D::Error::custom(format!("the target number {number} duplicates no earlier one")));
            }
        }
        for select in &plan.selects {
            let id = &select.id;
            let fits = |account: &u16| {
                plan.accounts.get(usize::from(*account)).is_some_and(|account| account.cloud == select.kind.cloud)
            };
            if select.accounts.is_empty() || !select.accounts.iter().all(fits) {
                return Err(D::Error::custom(format!("the selection {id} has no account of its cloud")));
            }
            if select.stage.map_or(!plan.stages.is_empty(), |stage| usize::from(stage) >= plan.stages.len()) {
                return Err(D::Error::custom(format!("the selection {id} has no stage of the plan")));
            }
            if select.position as usize > plan.targets.len() {
                return Err(D::Error::custom(format!("the selection {id} has no place among the targets")));
            }
        }
        if !plan.selects.is_sorted_by_key(|select| (select.stage, select.position)) {
            return Err(D::Error::custom("the selections are not in the order of the plan"));
        }
        if !plan.targets.is_sorted_by_key(|target| target.stage) {
            return Err(D::Error::custom("the targets are not in the order of their stages"));
        }
        if let Some(kind) = plan.limits.per_kind.keys().find(|kind| Kind::named(kind).is_none()) {
            return Err(D::Error::custom(format!("unknown kind `{kind}`")));
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests;
