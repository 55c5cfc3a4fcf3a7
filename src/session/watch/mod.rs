//! A watch: run after run of one plan, for a while. What comes back is stopped again, and told.
//!
//! Every round is a run of its own, with its own listing, journal and report. A watch asks once, before its first round;
//! its guards count over all rounds.

mod folder;
mod guide;
mod known;
mod rules;
mod starters;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

pub use self::guide::Guide;
use self::known::Known;
use self::rules::{Course, Next, RoundEnd, Rules};
use self::starters::Starters;
use super::after_listing::AfterListing;
use super::begun::Session;
use super::context::Context;
use super::error::SessionError;
use super::finish::{Finished, Ran};
use super::notices::Notices;
use super::options::{BeginOptions, SessionOptions};
use super::plan::SelectedPlan;
use super::rehearsal::Rehearsal;
use super::round::{Ahead, Round};
use super::watched::{self, WatchEnd, Watched};
use crate::base::ExitStatus;
use crate::base::count::counted;
use crate::engine::{Earlier, KnownAccount};
use crate::plan::show_duration;
use crate::report::Destination;

/// The shortest time between two rounds.
const LEAST_EVERY: Duration = Duration::from_secs(10);

/// The options of a watch.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct WatchOptions {
    /// How long it lasts.
    pub lasts: Duration,
    /// From the end of a round to the beginning of the next one; at least 10 s.
    pub every: Duration,
    /// For how long nothing may come back before it ends.
    pub until_quiet: Option<Duration>,
}

impl WatchOptions {
    /// Watches for this time, with a minute between rounds.
    #[must_use]
    pub const fn new(lasts: Duration) -> Self {
        Self { lasts, every: Duration::from_secs(60), until_quiet: None }
    }
}

/// A watch that is prepared and has not begun.
pub struct Watch {
    context: Context,
    /// The plan as it selects; in a rehearsal, it leads to the simulator once that runs.
    selected: SelectedPlan,
    begin: BeginOptions,
    options: SessionOptions,
    rules: Rules,
    folder: PathBuf,
    /// The number of the file of the first round.
    first: u32,
    rehearsal: Option<Arc<Rehearsal>>,
    course: Course,
    known: Known,
    earlier: Earlier,
    stopped: u64,
    respawned: u64,
    starters: Starters,
    /// Which accounts of the cloud those of the plan were in the first round: later rounds have no others.
    accounts: BTreeMap<String, KnownAccount>,
    /// What ended the last round early, in words.
    ended_by: Option<String>,
    /// Who is told of the round that is next to end.
    notices: Notices,
    /// The messages about rounds that are on their way: no round waits for them.
    telling: JoinSet<()>,
}

impl Watch {
    /// Prepares a watch over a plan. Reports and journals go to `PLAN.watch`; those that are there stay.
    ///
    /// # Errors
    ///
    /// Fails when the options contradict each other, when the plan is a reviewed one, and for a dry run.
    pub fn begin(
        selected: SelectedPlan,
        begin: BeginOptions,
        options: SessionOptions,
        watch: WatchOptions,
        context: &Context,
    ) -> Result<Self, SessionError> {
        refuse(&selected, &begin, &watch)?;
        let folder = folder::of_plan(selected.path.as_deref());
        let first = folder::next_number(&folder);
        let WatchOptions { lasts, every, until_quiet } = watch;
        Ok(Self {
            context: context.clone(),
            selected,
            begin,
            options,
            rules: Rules { lasts, every, until_quiet },
            folder,
            first,
            rehearsal: None,
            course: Course::default(),
            known: Known::default(),
            earlier: Earlier::default(),
            stopped: 0,
            respawned: 0,
            accounts: BTreeMap::new(),
            starters: Starters::default(),
            ended_by: None,
            notices: Notices::default(),
            telling: JoinSet::new(),
        })
    }

    /// Carries out round after round until the watch ends, and shows how it ended.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails when the first round cannot begin or is not confirmed; nothing was sent then. An error of a later round ends
    /// the watch and is in what it returns.
    pub async fn run(mut self, guide: &dyn Guide) -> Result<Watched, SessionError> {
        let (end, failure) = loop {
            let (next, failure) = match self.round(guide).await {
                Ok(round) => (self.rules.next(&self.course, &round), None),
                Err(error) if self.course.rounds == 0 => {
                    folder::remove_empty(&self.folder);
                    self.tell_of(&error);
                    self.telling.join_all().await;
                    return Err(error);
                }
                Err(error) => {
                    self.tell_of(&error);
                    (Next::End(WatchEnd::Failed), Some(error))
                }
            };
            match next {
                Next::End(end) => break (end, failure),
                Next::Round(wait) => {
                    if let Some(end) = self.wait(wait, guide).await {
                        break (end, None);
                    }
                }
            }
        };
        let watched = self.watched(end, failure, guide);
        self.context.ui.watched(&watched);
        self.telling.join_all().await;
        Ok(watched)
    }

    /// Tells, while the watch goes on, what is due to be told.
    fn tell(&mut self, notices: Notices) {
        let ui = Arc::clone(&self.context.ui);
        if !notices.is_empty() {
            self.telling.spawn(async move {
                notices.deliver().await.iter().for_each(|lost| ui.warning(&lost.to_string()));
            });
        }
    }

    /// Tells that a round did not begin.
    fn tell_of(&mut self, error: &SessionError) {
        let notices = std::mem::take(&mut self.notices).not_begun(error);
        self.tell(notices);
    }

    /// Carries out the next round.
    async fn round(&mut self, guide: &dyn Guide) -> Result<RoundEnd, SessionError> {
        let number = self.course.rounds + 1;
        let session = self.session(number, guide)?;
        self.notices = session.reachable_notices();
        let mut ready = session.ready_in(self.rehearsal.clone())?;
        self.notices = ready.notices.clone();
        if number == 1 {
            // Later rounds are rehearsed with the same simulator.
            self.rehearsal.clone_from(&ready.rehearsal);
            self.selected = ready.session.selected.clone();
        }
        match ready.sign_in(guide.drain()).await? {
            AfterListing::Ready(next) => ready = *next,
            AfterListing::Ended(ran) => return Ok(self.end(*ran, guide).await),
        }
        for account in ready.accounts() {
            self.accounts.entry(account.name.clone()).or_insert_with(|| account.known());
        }
        if ready.must_list() {
            match ready.list(|listings| guide.listings(listings)).await? {
                AfterListing::Ready(next) => ready = *next,
                AfterListing::Ended(ran) => return Ok(self.end(*ran, guide).await),
            }
        }
        if number == 1 {
            guide.confirm(&ready)?;
        }
        let plan = Arc::clone(ready.plan());
        let ran = ready.run(|run| guide.run(run, &plan)).await?;
        Ok(self.end(ran, guide).await)
    }

    /// Prepares the session of a round.
    fn session(&self, number: u32, guide: &dyn Guide) -> Result<Session, SessionError> {
        folder::create(&self.folder)?;
        let file = folder::report(&self.folder, self.first + number - 1, self.begin.ending());
        let begin = BeginOptions { report: Some(Destination::File(file)), ..self.begin.clone() };
        let mut options = self.options.clone();
        options.deadline = options.deadline.map(|deadline| deadline.saturating_sub(guide.elapsed()));
        let mut session = Session::begin(self.selected.clone(), begin, options, &self.context);
        let ahead = (number == 1).then(|| self.ahead());
        session.retried_accounts.clone_from(&self.accounts);
        session.round = Round { earlier: self.earlier, ahead, is_empty: false };
        Ok(session)
    }

    /// Returns what the question before the first round is about besides.
    fn ahead(&self) -> Ahead {
        let now = self.context.now();
        let lasts = SignedDuration::try_from(self.rules.lasts).unwrap_or(SignedDuration::MAX);
        let until = now.checked_add(lasts).unwrap_or(Timestamp::MAX);
        Ahead { until, at_most: self.selected.plan().guards.max_targets }
    }

    /// Takes in a round that has ended, reports it, and says what starts again what came back.
    async fn end(&mut self, mut ran: Ran, guide: &dyn Guide) -> RoundEnd {
        let plan = Arc::clone(&ran.session.selected.plan);
        let counts = self.known.take(&plan, &ran.record);
        self.earlier.found += counts.found;
        self.earlier.selected += counts.selected;
        self.earlier.failed += counts.failed;
        self.stopped += counts.stopped;
        self.respawned += counts.respawned.len() as u64;
        let is_whole =
            |selection: &crate::engine::SelectionRecord| selection.missing.is_empty() && selection.unusable.is_empty();
        self.course.has_gaps |= !ran.record.selections.iter().all(is_whole);
        ran.record.respawned.clone_from(&counts.respawned);
        ran.session.round.is_empty = counts.is_empty;
        let keyring = ran.session.keyring.clone();
        let status = ran.record.status;
        let Finished { record, exit_code, unwritten, notices, .. } = ran.finish(guide.signal());
        self.tell(notices);
        unwritten.iter().for_each(|error| self.context.ui.warning(&error.text()));
        self.ended_by = unwritten.last().map(SessionError::text).or(record.ended_by);
        let at = guide.elapsed().mul_f64(self.speed());
        let is_written = exit_code != ExitStatus::NotWritten.code();
        let round = RoundEnd { at, status, exit_code, is_empty: counts.is_empty, is_written };
        self.course.take(&round);
        self.say(counts.stopped, counts.respawned.len() as u64);
        if !guide.is_ended() {
            let (context, rehearsal) = (&self.context, self.rehearsal.as_deref());
            self.starters.ask(&plan, &counts.respawned, (context, rehearsal, keyring.as_ref()), guide).await;
        }
        round
    }

    /// Says what a round did.
    fn say(&self, stopped: u64, respawned: u64) {
        let did = match stopped {
            0 => "nothing stopped".to_owned(),
            stopped => format!("{} stopped{}", counted(stopped, "target"), watched::respawned(respawned)),
        };
        self.context.ui.status(&format!("round {}: {did}", self.course.rounds));
    }

    /// Waits for the next round; returns why there is none, if so.
    async fn wait(&self, wait: Duration, guide: &dyn Guide) -> Option<WatchEnd> {
        let wait = wait.div_f64(self.speed());
        let left = self.options.deadline.map(|deadline| deadline.saturating_sub(guide.elapsed()));
        if !guide.is_ended() {
            guide.wait(left.map_or(wait, |left| left.min(wait))).await;
        }
        match left {
            _ if guide.is_ended() => Some(WatchEnd::Signal),
            Some(left) if left <= wait => Some(WatchEnd::Deadline),
            Some(_) | None => None,
        }
    }

    /// Returns how fast time passes in a rehearsal.
    fn speed(&self) -> f64 {
        self.rehearsal.as_ref().map_or(1.0, |rehearsal| rehearsal.speed())
    }

    fn watched(&self, end: WatchEnd, failure: Option<SessionError>, guide: &dyn Guide) -> Watched {
        let open = self.known.open();
        let exit_status = match (&failure, guide.signal()) {
            (Some(error), _) => error.status(),
            (None, Some(signal)) if end == WatchEnd::Signal => signal.exit_status(),
            (None, _) => self.course.exit_status(end, open),
        };
        Watched {
            version: Watched::VERSION,
            rounds: self.course.rounds,
            stopped: self.stopped,
            respawned: self.respawned,
            not_stopped: open,
            exit_code: exit_status.code(),
            ended: end,
            folder: self.folder.display().to_string(),
            starters: self.starters.told().to_vec(),
            error: failure.map(|error| error.text()).or_else(|| self.ended_by.clone()),
            duration_ms: u64::try_from(guide.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// Refuses what no watch can do.
fn refuse(selected: &SelectedPlan, begin: &BeginOptions, watch: &WatchOptions) -> Result<(), SessionError> {
    let WatchOptions { lasts, every, .. } = *watch;
    let input = |message: String, hint: &'static str| Err(SessionError::input(message, hint));
    if begin.dry_run {
        return input(
            "a watch cannot be a dry run: what is not stopped would be found again in every round".to_owned(),
            "use `allstop run PLAN --dry-run`; nothing was sent",
        );
    }
    if every < LEAST_EVERY {
        let message = format!("--every is {}: listings need at least 10s between rounds", show_duration(every));
        return input(message, "use --every 10s or more; nothing was sent");
    }
    if every >= lasts {
        let message =
            format!("--every {} leaves no second round in --for {}", show_duration(every), show_duration(lasts));
        return input(message, "use a shorter --every; nothing was sent");
    }
    if selected.plan().reviewed.is_some() {
        return input(
            "a reviewed plan has a fixed set of targets: nothing new would be found".to_owned(),
            "watch the plan that it was made of; nothing was sent",
        );
    }
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "simulator")]
mod tests;
