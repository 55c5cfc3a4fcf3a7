//! A target as plans write it, on one line.

use super::flow::Mapping;
use super::scalar::Text;
use crate::plan::account::Account;
use crate::plan::seen::{self, Seen};
use crate::plan::stage;
use crate::plan::target::Target;
use crate::service::Value;

/// Returns the entry of `targets`, bare or with all that is known; its labels are those that its file does not give to it anyway.
pub(super) fn target(target: &Target, account: &Account, is_bare: bool) -> Mapping {
    let mut written = Mapping::default();
    written.put("kind", target.kind);
    written.text("id", target.own_id.as_deref());
    written.text("account", Some(&account.name));
    for (param, value) in target.params.given(target.kind.params) {
        match value {
            Value::Text(text) => written.put(param.name, Text(text)),
            Value::Flag(flag) => written.put(param.name, flag),
        }
    }
    if is_bare {
        return written;
    }
    let given = seen::labels(target.selection.as_deref(), target.seen.as_deref());
    let mut labels = Mapping::default();
    for (key, value) in &*target.labels {
        let is_of_stage = target.stage.is_some() && key == stage::LABEL;
        if !is_of_stage && !given.iter().any(|(given, text)| given == key && text == value) {
            labels.put(key, Text(value));
        }
    }
    written.mapping("labels", &labels);
    written.text("selection", target.selection.as_deref());
    if let Some(seen) = &target.seen {
        written.put("seen", self::seen(seen));
    }
    written
}

/// Returns what a listing showed of a target.
pub(super) fn seen(seen: &Seen) -> Mapping {
    let mut written = Mapping::default();
    written.text("state", seen.state.as_deref());
    written.text("name", seen.name.as_deref());
    written.text("since", seen.since.as_deref());
    written.text("at", seen.at.map(|at| at.to_string()).as_deref());
    written
}
