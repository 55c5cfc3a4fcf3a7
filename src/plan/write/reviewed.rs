//! What was reviewed, as `allstop plan` writes it.

use std::io::{self, Write};

use super::flow::{Json, List, Mapping};
use super::scalar::Text;
use super::settings;
use crate::plan::model::Plan;
use crate::plan::reviewed::{Missed, Reviewed};
use crate::plan::seal::Seal;
use crate::plan::select::Select;
use crate::service::Value;

/// So many entries of the seal are on one line.
const A_LINE: usize = 100;

/// Writes the section `reviewed`, sealed anew.
pub(super) fn reviewed(plan: &Plan, review: &Reviewed, out: &mut dyn Write) -> io::Result<()> {
    let seal = Seal::of(plan);
    let mut of = Mapping::default();
    of.text("path", Some(&review.of.path));
    of.text("sha256", Some(&review.of.sha256));
    writeln!(out, "reviewed:\n  of: {of}")?;
    writeln!(out, "  listed_at: {}\n  expires_at: {}", review.listed_at, review.expires_at)?;
    writeln!(out, "  targets: {}\n  sha256: {}", plan.targets.len(), Text(&seal.sha256))?;
    list("selections", review.selects.iter().map(|select| selection(plan, select)), out)?;
    list("missing", review.missing.iter().map(missing), out)?;
    writeln!(out, "  guards: {}", Text(&settings::guards(&plan.guards).to_string()))?;
    writeln!(out, "  sealed_accounts: {}\n  sealed_targets: [", List(seal.accounts))?;
    let mut lines = seal.targets.chunks(A_LINE).peekable();
    while let Some(line) = lines.next() {
        let line: Vec<_> = line.iter().map(|entry| Text(entry).to_string()).collect();
        writeln!(out, "    {}{}", line.join(", "), if lines.peek().is_some() { "," } else { "]" })?;
    }
    Ok(())
}

fn list(key: &str, items: impl ExactSizeIterator<Item = Mapping>, out: &mut dyn Write) -> io::Result<()> {
    if items.len() == 0 {
        return writeln!(out, "  {key}: []");
    }
    writeln!(out, "  {key}:")?;
    items.into_iter().try_for_each(|item| writeln!(out, "    - {item}"))
}

/// Returns an entry that selects, as `targets` has it.
fn selection(plan: &Plan, select: &Select) -> Mapping {
    let mut written = Mapping::default();
    written.text("id", Some(&select.id));
    written.put("kind", select.kind);
    let accounts = select.accounts.iter().filter_map(|number| plan.accounts.get(usize::from(*number)));
    written.put("accounts", List(accounts.map(|account| account.name.as_str()).collect()));
    for (param, value) in select.params.given(select.kind.params) {
        match value {
            Value::Text(text) => written.put(param.name, Text(text)),
            Value::Flag(flag) => written.put(param.name, flag),
        }
    }
    let mut labels = Mapping::default();
    let stated = select.labels.iter().filter(|(key, _)| !Select::takes_label(key));
    stated.for_each(|(key, value)| labels.put(key, Text(value)));
    written.mapping("labels", &labels);
    written.put("select", Json(&select.query.written));
    written
}

fn missing(missed: &Missed) -> Mapping {
    let mut written = Mapping::default();
    written.text("account", Some(&missed.account));
    written.text("region", Some(&missed.region));
    written.text("what", Some(&missed.what));
    written
}
