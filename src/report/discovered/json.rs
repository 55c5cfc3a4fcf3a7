//! One object for programs.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::Serializer;

use super::found::Discovered;
use super::rows::shown;
use crate::base::escape::write_json_line;
use crate::plan::{Labels, Target};
use crate::report::json::{Moment, NamedValues, RowSeen, SelectionSummary};

#[derive(Serialize)]
struct Object<'a> {
    version: u32,
    listed_at: Moment,
    selections: &'a [SelectionSummary],
    targets: Targets<'a>,
}

/// The targets, written one by one.
struct Targets<'a>(&'a Discovered);

/// One target, with the fields that a report's row has before anything is stopped.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    kind: &'static str,
    account: &'a str,
    region: &'a str,
    labels: &'a Labels,
    params: NamedValues,
    selection: Option<&'a str>,
    seen: Option<RowSeen>,
}

pub(super) fn write(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    let Discovered { listed_at, selections, .. } = found;
    let object = Object { version: 1, listed_at: (*listed_at).into(), selections, targets: Targets(found) };
    write_json_line(out, &object)
}

impl Serialize for Targets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(shown(self.0).map(|target| row(self.0, target)))
    }
}

fn row<'a>(found: &'a Discovered, target: &'a Target) -> Row<'a> {
    let account = found.plan.account_of(target);
    Row {
        id: target.id().into_owned(),
        kind: target.kind.name,
        account: &account.name,
        region: &account.region,
        labels: &target.labels,
        params: NamedValues::of(&target.params, target.kind.params),
        selection: target.selection.as_deref(),
        seen: target.seen.as_deref().map(RowSeen::from),
    }
}
