//! Whose credentials a plan's accounts have, as a table and for programs.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::json::AccountRef;
use super::preview::grid;
use super::text::{Escaped, spoken};
use super::width::{clipped, columns, squeezed};
use crate::base::escape::write_json_line;
use crate::engine::SignedAccount;
use crate::plan::Account;
use crate::provider::Cloud;

/// The columns.
const HEAD: [&str; 6] = ["ACCOUNT", "CLOUD", "ACCOUNT ID", "IDENTITY", "FROM", "UNTIL"];

/// The columns that may be cut where the terminal is narrow, the first one first, with the width that stays.
const CUT: [(usize, usize); 2] = [(4, 24), (3, 16)];

/// The blanks between two columns.
const GAP: usize = 2;

/// What is known of an account of a plan whose credentials were asked for.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// The account, as the plan has it.
    pub account: Account,
    /// What was learnt. An account that a run would not use is closed.
    pub signed: SignedAccount,
    /// Whether the keys are temporary ones.
    pub is_temporary: bool,
}

/// Whose credentials a plan's accounts have.
#[derive(Debug, Clone, Copy)]
pub struct AccountsTable<'a> {
    /// The accounts, in the plan's order.
    pub rows: &'a [AccountRow],
    /// The time now.
    pub now: Timestamp,
    /// How many columns the terminal has; without one, nothing is cut.
    pub width: Option<usize>,
}

#[derive(Serialize)]
struct Object {
    version: u32,
    exit_code: u8,
    accounts: Vec<AccountRef>,
}

impl AccountsTable<'_> {
    /// Writes it for people. Texts from plans and services are escaped.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut cells = vec![HEAD.map(str::to_owned)];
        cells.extend(self.rows.iter().map(|row| row.cells(self.now).map(|cell| Escaped(&cell).to_string())));
        self.cut(&mut cells);
        let name = cells.iter().map(|row| columns(&row[0])).max().unwrap_or_default();
        let table = grid(&cells, &[]);
        // The table has no margin.
        let mut lines = table.lines().map(|line| line.get(GAP..).unwrap_or(line));
        lines.next().map_or(Ok(()), |head| writeln!(out, "{head}"))?;
        for (row, line) in self.rows.iter().zip(lines) {
            writeln!(out, "{line}")?;
            if let Some(place) = row.place() {
                writeln!(out, "{}{}", " ".repeat(name + GAP), Escaped(&place))?;
            }
        }
        Ok(())
    }

    /// Writes it for programs: one line of JSON, with the exit status.
    ///
    /// # Errors
    ///
    /// Passes on what the writer meets.
    pub fn write_json(&self, exit_code: u8, out: &mut dyn Write) -> io::Result<()> {
        let accounts = self.rows.iter().map(|row| AccountRef::new(&row.account, Some(&row.signed))).collect();
        write_json_line(out, &Object { version: 1, exit_code, accounts })
    }

    /// Cuts cells so that the lines fit, as far as that goes.
    fn cut(&self, cells: &mut [[String; HEAD.len()]]) {
        let width_of = |cells: &[[String; HEAD.len()]], column: usize| {
            cells.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max().unwrap_or_default()
        };
        for (column, least) in CUT {
            let widths: usize = (0..HEAD.len()).map(|column| width_of(cells, column)).sum();
            let excess = (widths + GAP * (HEAD.len() - 1)).saturating_sub(self.width.unwrap_or(usize::MAX));
            let most = width_of(cells, column).saturating_sub(excess).max(least);
            let cut = |cell: &str| -> String {
                match column {
                    // Sources differ at both ends.
                    4 => squeezed(cell, most),
                    _ => clipped(cell, most),
                }
                .into_owned()
            };
            cells.iter_mut().filter_map(|row| row.get_mut(column)).for_each(|cell| *cell = cut(cell));
        }
    }
}

impl AccountRow {
    fn cells(&self, now: Timestamp) -> [String; HEAD.len()] {
        let SignedAccount { name, cloud, identity, source, .. } = &self.signed;
        let who = identity.as_ref().map_or("", |identity| &*identity.name);
        let from = source.as_deref().unwrap_or_default();
        [name, cloud.name(), &self.id(), who, from, &self.until(now)].map(str::to_owned)
    }

    /// Returns the account's id, and how it compares with the one that the plan states.
    fn id(&self) -> Cow<'static, str> {
        let known = self.signed.identity.as_ref().map(|identity| &identity.account_id);
        match (known, &self.account.account_id) {
            (Some(id), None) => id.clone().into(),
            (Some(id), Some(pin)) if id == pin => format!("{id} ✓ pinned").into(),
            (Some(id), Some(pin)) => format!("{id} ✗ pinned to {pin}").into(),
            (None, Some(pin)) => format!("not known, pinned to {pin}").into(),
            (None, None) => "not known".into(),
        }
    }

    /// Says until when the keys serve: `19:04Z (59 min, renewed)`.
    fn until(&self, now: Timestamp) -> String {
        let SignedAccount { closed, expires_at, is_renewable, .. } = &self.signed;
        if closed.is_some() {
            return "not usable".to_owned();
        }
        let Some(at) = *expires_at else {
            return if self.is_temporary { "not known" } else { "no expiry" }.to_owned();
        };
        let day = |at: Timestamp| at.strftime("%F").to_string();
        let form = if day(at) == day(now) { "%H:%MZ" } else { "%F %H:%MZ" };
        let left = at.duration_since(now);
        let left = if left.is_positive() { left_words(left.unsigned_abs()) } else { "over".to_owned() };
        let renewed = if *is_renewable { ", renewed" } else { "" };
        format!("{} ({left}{renewed})", at.strftime(form))
    }

    /// Says where a Huawei Cloud account is: `acme, cn-north-4 → project 054b… (looked up)`.
    fn place(&self) -> Option<String> {
        let SignedAccount { cloud, region, identity, project_id, is_project_found, .. } = &self.signed;
        let is_shown = *cloud == Cloud::Huawei && (identity.is_some() || project_id.is_some());
        let account = identity.as_ref().and_then(|identity| identity.account_name.as_ref());
        let account = account.map_or_else(String::new, |name| format!("{name}, "));
        let project = project_id.as_ref().map_or_else(|| "no project".to_owned(), |id| format!("project {id}"));
        let found = if *is_project_found { " (looked up)" } else { "" };
        is_shown.then(|| format!("{account}{region} → {project}{found}"))
    }
}

/// Returns a time that is left, without seconds where there are minutes.
fn left_words(left: Duration) -> String {
    let seconds = left.as_secs();
    spoken(Duration::from_secs(if seconds < 60 { seconds } else { seconds / 60 * 60 }))
}

#[cfg(test)]
mod tests;
