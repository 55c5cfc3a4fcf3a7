//! A table for people.

use std::io::{self, Write};

use super::age;
use super::found::Discovered;
use super::rows::shown;
use crate::base::escape::Escaped;
use crate::plan::Target;
use crate::report::preview::grid;

pub(super) fn write(found: &Discovered, out: &mut dyn Write) -> io::Result<()> {
    let head = ["kind", "account", "target", "name", "state", "age"].map(str::to_owned);
    let rows: Vec<_> = [head].into_iter().chain(shown(found).map(|target| row(found, target))).collect();
    out.write_all(grid(&rows, &[]).as_bytes())
}

fn row(found: &Discovered, target: &Target) -> [String; 6] {
    let seen = target.seen.as_deref();
    let names: Vec<_> = target.params.identity(target.kind.params).collect();
    let name = seen.and_then(|seen| seen.name.as_deref()).unwrap_or_default();
    let state = seen.and_then(|seen| seen.state.as_deref()).unwrap_or_default();
    let age = seen.and_then(|seen| age::age(target.kind, seen)).unwrap_or_default();
    let account = &found.plan.account_of(target).name;
    [target.kind.name, account, &names.join("/"), name, state, &age].map(|cell| Escaped(cell).to_string())
}
