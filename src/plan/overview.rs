//! What a plan would stop, in numbers and in words a tired person understands.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use crate::base::escape::{Escaped, escaped_lines};
use crate::http::Quota;
use crate::provider::Cloud;
use crate::service::Kind;

use super::account::Account;
use super::choice::Choice;
use super::guards::{MaxFailures, NotFound};
use super::limits::VerifyMode;
use super::model::Plan;
use super::target::Target;
use super::{estimate, table};

/// What a plan, or a selection of its targets, would stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The plan's name.
    pub name: String,
    /// The plan's file.
    pub path: PathBuf,
    /// One row for each account and kind that the selection has targets of, in the plan's order.
    pub rows: Vec<OverviewRow>,
    /// How long the whole takes, and what the worst case is; empty where there is nothing to stop.
    pub times: Vec<String>,
    /// The guards and the verification, one sentence each.
    pub rules: Vec<String>,
    /// How many targets the selection leaves out.
    pub unselected: u64,
    /// How many would be stopped by other shards of the plan.
    pub elsewhere: u64,
    /// What to know before saying yes: what cannot be undone, and what is in the way of the run, one sentence each.
    pub warnings: Vec<String>,
}

/// The targets of one kind in one account: one lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverviewRow {
    /// The account's name.
    pub account: String,
    /// Its cloud.
    pub cloud: Cloud,
    /// Its region.
    pub region: String,
    /// The kind.
    pub kind: Kind,
    /// How many would be stopped.
    pub stops: u64,
    /// How many go through the row's lane, those of accounts that use the same key included.
    pub lane_stops: u64,
    /// How many are left alone, because a pattern protects them.
    pub protected: u64,
    /// How many only repeat an earlier target.
    pub duplicates: u64,
    /// How fast the lane may go.
    pub quota: Quota,
    /// How long the lane takes when every stop needs all the tries that the plan allows.
    pub at_worst: Duration,
    /// The number of its account.
    pub(super) account_number: u16,
}

/// What becomes of the targets of one row.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    stops: u64,
    protected: u64,
    duplicates: u64,
}

impl Overview {
    /// Returns how many targets would be stopped.
    #[must_use]
    pub fn stops(&self) -> u64 {
        self.rows.iter().map(|row| row.stops).sum()
    }
}

impl Plan {
    /// Says what the whole plan would stop.
    #[must_use]
    pub fn overview(&self) -> Overview {
        self.overview_of(|_, _| true)
    }

    /// Says what the targets that `selected` takes would stop; it is given each target's number and the target.
    #[must_use]
    pub fn overview_of(&self, selected: impl Fn(usize, &Target) -> bool) -> Overview {
        let mut counts: BTreeMap<(u16, usize), Counts> = BTreeMap::new();
        let (mut unselected, mut elsewhere) = (0, 0);
        for (target, choice) in self.targets.iter().zip(self.choices(selected)) {
            let kind = Kind::all().iter().position(|kind| *kind == target.kind).unwrap_or(usize::MAX);
            let row = (target.account, kind);
            let count = match choice {
                Choice::Unselected => &mut unselected,
                Choice::Elsewhere => &mut elsewhere,
                Choice::Stop => &mut counts.entry(row).or_default().stops,
                Choice::Protected => &mut counts.entry(row).or_default().protected,
                Choice::Duplicate => &mut counts.entry(row).or_default().duplicates,
            };
            *count += 1;
        }
        let rows = counts.into_iter().filter_map(|((account, kind), counts)| self.row(account, kind, counts));
        let rows = self.sharing(rows.collect());
        let rules = self.rules();
        let warnings = self.warnings(&rows, elsewhere);
        let mut overview = Overview {
            name: self.name.clone(),
            path: self.path.clone(),
            rows,
            times: Vec::new(),
            rules,
            unselected,
            elsewhere,
            warnings,
        };
        overview.times = self.times(&overview);
        overview
    }

    fn row(&self, account_number: u16, kind: usize, counts: Counts) -> Option<OverviewRow> {
        let Counts { stops, protected, duplicates } = counts;
        let (account, kind) = (self.accounts.get(usize::from(account_number))?, *Kind::all().get(kind)?);
        let quota = self.stop_quota(kind);
        Some(OverviewRow {
            account: account.name.clone(),
            cloud: account.cloud,
            region: account.region.clone(),
            kind,
            stops,
            lane_stops: stops,
            protected,
            duplicates,
            quota,
            at_worst: Duration::ZERO,
            account_number,
        })
    }

    fn rules(&self) -> Vec<String> {
        let guards = &self.guards;
        let mut rules = Vec::new();
        if !guards.protect.is_empty() {
            rules.push(format!("Left alone is whatever matches {}.", guards.protect.join(" or ")));
        }
        if let Some(rule) = guards.max_failures {
            rules.push(match rule {
                MaxFailures::Count(1) => "The first failure ends the run.".into(),
                MaxFailures::Count(count) => format!("{} failures end the run.", table::number(count)),
                MaxFailures::Percent(_) => format!("The run ends when {rule} of its targets have failed."),
            });
        }
        rules.push(match guards.not_found {
            NotFound::Ok => "A resource that is gone counts as done.".into(),
            NotFound::Fail => "A resource that is gone counts as a failure.".into(),
        });
        if let Some(window) = &guards.window {
            rules.push(format!("Stops are sent only {window}."));
        }
        rules.push(match self.verify.mode {
            VerifyMode::Auto => "States are read back where an answer proves nothing.".into(),
            VerifyMode::Always => "Every target's state is read back after its stop.".into(),
            VerifyMode::Off => "States are not read back: an accepted stop is believed.".into(),
        });
        rules
    }

    fn warnings(&self, rows: &[OverviewRow], elsewhere: u64) -> Vec<String> {
        let stopping = |kind: &Kind| rows.iter().any(|row| row.kind == *kind && row.stops > 0);
        let lasting = Kind::all().iter().filter(|kind| stopping(kind)).filter_map(|kind| Some((kind, kind.lasting()?)));
        let mut warnings: Vec<_> =
            lasting.map(|(kind, what)| format!("Stopping a {kind} cannot be undone: {what}.")).collect();
        warnings.extend(self.accounts.iter().filter_map(elsewhere_sent));
        let stops = rows.iter().map(|row| row.stops).sum::<u64>() + elsewhere;
        let most = self.guards.max_targets as u64;
        if stops > most {
            warnings.push(format!(
                "The run would be refused: {} targets are more than guards.max_targets, which is {}.",
                table::number(stops),
                table::number(most)
            ));
        }
        warnings
    }
}

/// Says where an account's requests go, if not to the vendor's own endpoints.
fn elsewhere_sent(account: &Account) -> Option<String> {
    let replaced = account.replaced_endpoints().map(|(product, url)| format!("{product} to {url}"));
    let list = replaced.collect::<Vec<_>>().join(", ");
    let name = &account.name;
    (!list.is_empty()).then(|| format!("Requests of the account {name} do not go to the vendor's endpoints: {list}."))
}

impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text)?;
        f.write_str(&escaped_lines(&text))
    }
}

impl Overview {
    /// Writes it with the plan's texts as they are.
    fn write(&self, f: &mut String) -> fmt::Result {
        let path = self.path.display().to_string();
        match self.stops() {
            0 => writeln!(f, "{} would stop nothing.", Escaped(&path))?,
            stops => {
                writeln!(f, "{} would stop {}:\n", Escaped(&path), table::counted(stops, "target"))?;
                self.write_rows(f)?;
            }
        }
        writeln!(f)?;
        for (count, what) in [
            (self.unselected, "not selected"),
            (self.elsewhere, "left to other shards"),
            (self.rows.iter().map(|row| row.protected).sum::<u64>(), "protected and left alone"),
            (self.rows.iter().map(|row| row.duplicates).sum(), "a repetition of another one"),
        ] {
            match count {
                0 => {}
                1 => writeln!(f, "One more target is {what}.")?,
                _ => writeln!(
                    f,
                    "{} more targets are {}.",
                    table::number(count),
                    what.replace("a repetition", "repetitions")
                )?,
            }
        }
        for sentence in self.times.iter().chain(&self.rules).chain(&self.warnings) {
            writeln!(f, "{sentence}")?;
        }
        Ok(())
    }

    /// Writes a line for each lane that something is to be stopped in.
    fn write_rows(&self, f: &mut String) -> fmt::Result {
        let header = ["account", "region", "kind", "stops", "sent in about", "at worst"].map(str::to_owned);
        let rows = self.rows.iter().filter(|row| row.stops > 0).map(|row| {
            [
                Escaped(&row.account).to_string(),
                Escaped(&row.region).to_string(),
                row.kind.to_string(),
                table::number(row.stops),
                takes(row),
                table::time(row.at_worst),
            ]
        });
        f.write_str(&table::draw(std::iter::once(header).chain(rows), 3))
    }
}

fn takes(row: &OverviewRow) -> String {
    match row.estimate() {
        Duration::ZERO => estimate::about(Duration::ZERO),
        time => format!("{} at {}", estimate::about(time), row.quota.rate),
    }
}
