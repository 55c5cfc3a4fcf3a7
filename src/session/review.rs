//! Reviewing a plan: what it selects is listed and written as a plan that is run later.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Unit};
use serde::Serialize;

use crate::base::ExitStatus;
use crate::base::count::{agreed, counted};
use crate::engine::{Listings, SelectionRecord};
use crate::plan::{Choice, Missed, Notes, Original, Plan, Reviewed, Select};
use crate::report::{Destination, Discovered};

use super::context::Context;
use super::error::SessionError;
use super::own_file::OwnFile;
use super::plan::SelectedPlan;
use super::survey::Surveyed;

/// How long after a reviewed plan expires its exceptions are still written.
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How a plan is reviewed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReviewOptions {
    /// The file to write.
    pub output: Destination,
    /// How long the reviewed plan counts.
    pub valid_for: Duration,
    /// Writes what could be listed where something could not.
    pub partial: bool,
    /// Overwrites a file that this program did not write.
    pub force: bool,
}

impl ReviewOptions {
    /// Takes the file to write, with the usual options.
    #[must_use]
    pub const fn new(output: Destination) -> Self {
        Self { output, valid_for: Reviewed::USUAL, partial: false, force: false }
    }
}

/// A plan that is to be reviewed.
#[derive(Debug)]
pub struct Review {
    selected: SelectedPlan,
    file: OwnFile,
    options: ReviewOptions,
    context: Context,
}

/// What a review came to, for programs: one line.
#[derive(Debug, Default, Serialize)]
#[non_exhaustive]
pub struct ReviewLine {
    /// The version of this format: 1.
    pub version: u32,
    /// The exit status.
    pub exit_code: u8,
    /// The file, if one was written.
    pub file: Option<String>,
    /// How many targets it has.
    pub targets: u64,
    /// How many resources the selections match.
    pub matched: u64,
    /// How many targets are protected, and not in it.
    pub protected: u64,
    /// How many targets the options leave out.
    pub filtered: u64,
    /// How many targets name the same resource as another one.
    pub duplicate: u64,
    /// How many parts could not be listed.
    pub missing: u64,
    /// When the listing began.
    pub listed_at: Option<Timestamp>,
    /// When the plan expires.
    pub expires_at: Option<Timestamp>,
    /// The error.
    pub error: Option<String>,
}

impl ReviewLine {
    const VERSION: u32 = 1;

    /// Says how a review failed.
    #[must_use]
    pub fn of_failure(error: &SessionError) -> Self {
        let (exit_code, error) = (error.status().code(), Some(error.text()));
        Self { version: Self::VERSION, exit_code, error, ..Self::default() }
    }

    /// Says for people what was written.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { file, targets, expires_at, .. } = self;
        let file = file.as_deref().unwrap_or("standard output");
        let until = expires_at.map(|at| format!("; it can be run until {at}")).unwrap_or_default();
        format!("wrote {file} with {}{until}. Nothing was stopped.", counted(*targets, "target"))
    }
}

impl Review {
    /// Prepares a review.
    ///
    /// # Errors
    ///
    /// Fails when the plan would count for more than 30 days, when only a shard of it is selected, and when the file is
    /// not to be replaced.
    pub fn new(selected: SelectedPlan, options: ReviewOptions, context: &Context) -> Result<Self, SessionError> {
        if options.valid_for > Reviewed::LONGEST {
            return Err(SessionError::input(
                "--valid-for exceeds 30 days",
                "a reviewed plan counts for 30 days at most",
            ));
        }
        if selected.plan.shard.is_some() {
            let message = "a reviewed plan has the targets of all shards";
            return Err(SessionError::input(message, "omit --shard here, and pass it to `allstop run`"));
        }
        let inputs: Vec<_> = selected.path.iter().chain(&selected.files).cloned().collect();
        let file = OwnFile::new(options.output.clone(), &inputs, options.force)?;
        Ok(Self { selected, file, options, context: context.clone() })
    }

    /// Lists, and writes the reviewed plan. `adapt` has the last word on the listings.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails when something cannot be listed, when nothing is left to stop, when a guard refuses it, and when the file
    /// cannot be written. The file is then one that no run takes.
    pub async fn run(self, adapt: impl FnOnce(Listings) -> Listings) -> Result<ReviewLine, SessionError> {
        let Self { selected, file, options, context } = self;
        let source = Arc::clone(&selected.plan);
        let began = context.now();
        let surveyed = match source.reviewed.clone() {
            Some(review) => selected.survey_again(&review, &context, adapt).await,
            None => selected.survey(&context, adapt).await,
        };
        let surveyed = match surveyed {
            Ok(surveyed) => surveyed,
            Err(error) => return Err(file.failed(error)),
        };
        let found = Discovered::new(Plan::clone(surveyed.selected.plan()), Vec::new(), &surveyed.selections, began);
        found.warnings().iter().for_each(|warning| context.ui.warning(warning));
        let (gaps, hint) = found.gaps();
        if !gaps.is_empty() && !options.partial {
            file.empty(|out| found.write_nothing(out))?;
            let hint = hint.map_or_else(String::new, |hint| format!("{hint}; "));
            let hint = format!("{hint}or pass --partial to write what could be listed");
            return Err(SessionError::new(ExitStatus::NotDone, gaps.join("\n"), hint));
        }
        gaps.iter().for_each(|gap| context.ui.warning(gap));
        if let Some(refusal) = &surveyed.refusal {
            let hint = "no run would take it; nothing was stopped";
            return Err(file.failed(SessionError::new(ExitStatus::Refused, refusal.clone(), hint)));
        }
        let written = written(&source, &surveyed, began, options.valid_for);
        if written.plan.targets.is_empty() {
            file.empty(|out| found.write_nothing(out))?;
            let status = if gaps.is_empty() { ExitStatus::NothingSelected } else { ExitStatus::NotDone };
            let hint = format!("{}; the plan that was written cannot be run", written.left_out());
            return Err(SessionError::new(status, "nothing is left to stop", hint));
        }
        file.write(|out| written.plan.write(&written.notes(&gaps), out))?;
        let is_done = gaps.is_empty() && !found.has_unusable();
        let review = written.plan.reviewed.as_deref();
        Ok(ReviewLine {
            version: ReviewLine::VERSION,
            exit_code: if is_done { ExitStatus::Done } else { ExitStatus::NotDone }.code(),
            file: file.path().map(|path| path.display().to_string()),
            targets: written.plan.targets.len() as u64,
            matched: surveyed.selections.iter().map(|selection| selection.matched).sum(),
            protected: written.count(Choice::Protected),
            filtered: written.count(Choice::Unselected),
            duplicate: written.count(Choice::Duplicate),
            missing: review.map_or(0, |review| review.missing.len() as u64),
            listed_at: review.map(|review| review.listed_at),
            expires_at: review.map(|review| review.expires_at),
            error: None,
        })
    }
}

/// A reviewed plan, and what is not in it.
struct Written {
    plan: Plan,
    choices: Vec<Choice>,
}

/// Makes a reviewed plan of what was listed.
fn written(source: &Plan, surveyed: &Surveyed, began: Timestamp, valid_for: Duration) -> Written {
    let whole = surveyed.selected.plan();
    let choices: Vec<_> = surveyed.selected.choices().collect();
    let review = source.reviewed.as_deref();
    let listed_before = review.map_or(&source.selects, |review| &review.selects);
    let selects = listed(source, listed_before, &surveyed.selections);
    let stays: HashSet<u16> = selects.iter().flat_map(|select| select.accounts.iter().copied()).collect();
    let of_source = Plan { selects, ..whole.clone() };
    let stops = |number: usize| choices.get(number) == Some(&Choice::Stop);
    let mut plan = of_source.part(stops, |account| stays.contains(&account));
    let listed_at = began.round(Unit::Second).ok().filter(|at| *at <= began).unwrap_or(began);
    let listed_at = Timestamp::from_second(listed_at.as_second()).unwrap_or(listed_at);
    let lasting = SignedDuration::try_from(valid_for).unwrap_or(SignedDuration::MAX);
    let expires_at = listed_at.checked_add(lasting).unwrap_or(Timestamp::MAX);
    if let Some(window) = &mut plan.guards.window {
        // The plan is not run after that; it says when the window opens again, though.
        window.keep_exceptions(listed_at, expires_at.checked_add(YEAR).unwrap_or(Timestamp::MAX));
    }
    let missing = surveyed.selections.iter().flat_map(|selection| &selection.missing);
    let missing = missing.map(|unit| Missed {
        account: unit.account.clone(),
        region: unit.region.clone(),
        what: unit.what.clone(),
    });
    let own = || Original { path: source.path.display().to_string(), sha256: source.sha256.clone() };
    let of = review.map_or_else(own, |review| review.of.clone());
    let selects = std::mem::take(&mut plan.selects);
    let (sha256, guards) = (String::new(), String::new());
    plan.reviewed =
        Some(Arc::new(Reviewed { of, listed_at, expires_at, sha256, selects, missing: missing.collect(), guards }));
    Written { plan, choices }
}

/// Returns the selections with the accounts in which they were listed.
fn listed(source: &Plan, selects: &[Select], records: &[SelectionRecord]) -> Vec<Select> {
    let selects = selects.iter().zip(records).map(|(select, record)| {
        let name = |number: u16| source.accounts.get(usize::from(number)).map(|account| account.name.as_str());
        let is_listed = |number: &u16| record.accounts.iter().any(|listed| Some(&*listed.account) == name(*number));
        let accounts = select.accounts.iter().copied().filter(is_listed).collect();
        Select { accounts, stage: None, position: 0, ..select.clone() }
    });
    selects.filter(|select| !select.accounts.is_empty()).collect()
}

impl Written {
    fn count(&self, choice: Choice) -> u64 {
        self.choices.iter().filter(|chosen| **chosen == choice).count() as u64
    }

    /// Says what was left out: `2 protected, 1 filtered`.
    fn left_out(&self) -> String {
        let reasons =
            [(Choice::Protected, "protected"), (Choice::Unselected, "filtered"), (Choice::Duplicate, "duplicate")];
        let counted = reasons.map(|(choice, reason)| (self.count(choice), reason));
        let told: Vec<_> =
            counted.iter().filter(|(count, _)| *count > 0).map(|(count, reason)| format!("{count} {reason}")).collect();
        if told.is_empty() { "nothing matches".to_owned() } else { format!("left out: {}", told.join(", ")) }
    }

    fn notes(&self, gaps: &[String]) -> Notes<'static> {
        let count = self.plan.targets.len() as u64;
        let review = self.plan.reviewed.as_deref();
        let (of, at, until) = review.map_or_else(Default::default, |review| {
            (review.of.path.clone(), review.listed_at.to_string(), review.expires_at.to_string())
        });
        let targets = agreed(count, "target", "targets");
        let summary = format!("{targets} of {of}, as listed at {at}; to be run until {until}.");
        let gaps = gaps.iter().map(|gap| format!("NOT COMPLETE: {gap}"));
        let head = gaps.chain([Reviewed::MARK.to_owned(), summary]);
        let left_out = Some(self.left_out()).filter(|text| text.starts_with("left out"));
        Notes { head: head.chain(left_out.map(|text| format!("Not in it: {text}."))).collect(), ..Notes::default() }
    }
}
