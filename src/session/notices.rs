//! Who is told of the run of a session, and what.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::begun::Session;
use super::error::{NotConfirmed, SessionError};
use super::measure::Unbegun;
use super::plan::SelectedPlan;
use crate::base::ExitStatus;
use crate::base::escape::Escaped;
use crate::base::host;
use crate::notify::{Earlier, Hook, Message, Notifier, NotifyError, Undelivered};
use crate::plan::{Notification, When, nearest};
use crate::report::{Brief, OutputLine, RunMode};

/// Who is told of a run, and the messages that are due.
///
/// Those at the end are due once the run is [finished](super::Ran::finish), and whoever runs the session
/// [delivers](Self::deliver) them. Those at the start are sent on a thread of their own while the run runs.
#[derive(Clone, Default)]
pub struct Notices {
    notifier: Option<Arc<Notifier>>,
    hooks: Vec<Arc<Hook>>,
    /// What all messages say of the run.
    brief: Brief,
    mode: RunMode,
    due: Vec<(Arc<Hook>, Message)>,
    /// The messages at the start that did not arrive, once that is known.
    started: Arc<Mutex<Option<Earlier>>>,
}

impl Session {
    /// Returns who is told of the run: the notifications that the options name; else, of a live run, all of the plan.
    ///
    /// # Errors
    ///
    /// Fails when the options name one that the plan does not have, and when an address or a secret is missing or wrong.
    /// In that case, it writes the metrics of a run that cannot begin, if they are asked for.
    pub fn notices(&self) -> Result<Notices, SessionError> {
        let hooks = self.hooks()?.collect::<Result<_, NotifyError>>();
        Ok(self.notices_of(hooks.map_err(|error| Unbegun::of(self).failed(error.into()))?))
    }

    /// Returns those of them whose address and secrets are there; nobody where the options name one that the plan does not
    /// have.
    #[must_use]
    pub fn reachable_notices(&self) -> Notices {
        let hooks = self.hooks().map(|hooks| hooks.filter_map(Result::ok).collect());
        self.notices_of(hooks.unwrap_or_default())
    }

    fn hooks(&self) -> Result<impl Iterator<Item = Result<Arc<Hook>, NotifyError>>, SessionError> {
        let named = &self.options.notify;
        // What others carry out tells nobody.
        let is_silent = self.begin.elsewhere || self.options.no_notify;
        let chosen = match (is_silent, named.is_empty(), self.mode()) {
            (true, ..) | (false, true, RunMode::Rehearsal | RunMode::DryRun) => Vec::new(),
            (false, ..) => self.selected.notifications(named)?,
        };
        let hook = |one| Hook::new(one, &self.plan().path, &self.context.environment).map(Arc::new);
        Ok(chosen.into_iter().map(hook))
    }

    fn notices_of(&self, hooks: Vec<Arc<Hook>>) -> Notices {
        let (plan, mode) = (self.plan(), self.mode());
        let brief = Brief::of_start(&plan.name, &self.id, mode, 0);
        Notices {
            notifier: Some(Arc::clone(&self.context.notifier)),
            hooks,
            brief: Brief { host: host::name(&self.context.environment), reason: self.begin.reason.clone(), ..brief },
            mode,
            ..Notices::default()
        }
    }
}

impl SelectedPlan {
    /// Returns the notifications of these names; all of the plan if there are none.
    ///
    /// # Errors
    ///
    /// Fails when the plan does not have one of them.
    pub fn notifications(&self, names: &[String]) -> Result<Vec<&Notification>, SessionError> {
        let all = &self.plan.notify;
        if let Some(name) = names.iter().find(|name| !all.iter().any(|one| one.name == **name)) {
            return Err(unknown(name, all));
        }
        Ok(all.iter().filter(|one| names.is_empty() || names.contains(&one.name)).collect())
    }
}

fn unknown(name: &str, all: &[Notification]) -> SessionError {
    let message = format!("the plan has no notification `{}`", Escaped(name));
    let known: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
    let hint = match (nearest(name, known.iter().copied()), known.as_slice()) {
        (Some(near), _) => format!("did you mean `{}`?", Escaped(near)),
        (None, []) => "add it to `notify` of the plan; nothing was sent".to_owned(),
        (None, known) => format!("its notifications are {}", Escaped(&known.join(", "))),
    };
    SessionError::input(message, hint)
}

impl Notices {
    /// Tells whether there is nothing to deliver or to wait for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.due.is_empty() && self.started.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Sends the messages at the start, on a thread of their own.
    pub(super) fn start(&self, targets: u64) {
        let hooks: Vec<_> = self.hooks.iter().filter(|hook| is_due(hook, &[When::Start])).cloned().collect();
        let Some(notifier) = self.notifier.clone().filter(|_| !hooks.is_empty()) else { return };
        let brief = Brief { targets, ..self.brief.clone() };
        let line = OutputLine { mode: Some(self.mode), ..OutputLine::default() };
        let message = Message::started(&brief, line);
        let (tell, told) = oneshot::channel();
        let asked = hooks.clone();
        let send = move || {
            let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
            let _ = tell.send(runtime.block_on(notifier.deliver(hooks.iter().map(|hook| (&**hook, &message)))));
        };
        // Where there is no thread, nobody has sent it, and that is said at the end.
        let _ = thread::Builder::new().name("notify".to_owned()).spawn(send);
        *self.started.lock().unwrap_or_else(PoisonError::into_inner) = Some((told, asked));
    }

    /// Makes the messages at the end due.
    pub(super) fn end(&mut self, brief: impl FnOnce() -> Brief, line: &OutputLine, exit_code: u8) {
        if self.hooks.is_empty() {
            return;
        }
        let brief = Brief { host: self.brief.host.clone(), ..brief() };
        let is_whole = [ExitStatus::Done.code(), ExitStatus::NothingSelected.code()].contains(&exit_code);
        let when: &[_] = match (brief.refusal.is_some(), is_whole) {
            (true, _) => &[When::End, When::Refused],
            (false, true) => &[When::End],
            (false, false) => &[When::End, When::NotStopped],
        };
        self.make_due(when, || Message::ended(&brief, line.clone()));
    }

    /// Makes the messages due of a run that did not begin because of an error; none if somebody said no to it.
    #[must_use]
    pub fn not_begun(mut self, error: &SessionError) -> Self {
        if error.get_ref().is::<NotConfirmed>() {
            return self;
        }
        let is_refused = error.status() == ExitStatus::Refused;
        let when = [When::End, if is_refused { When::Refused } else { When::NotStopped }];
        let brief = self.brief.clone();
        let line = OutputLine {
            run_id: Some(brief.run_id.clone()),
            mode: Some(self.mode),
            ..OutputLine::of_failure(error.status().code(), error.text())
        };
        let text = format!("{error}\n{}", error.hint());
        self.make_due(&when, || Message::not_begun(&brief, line, is_refused, &text.trim_end()));
        self
    }

    fn make_due(&mut self, when: &[When], message: impl FnOnce() -> Message) {
        let hooks: Vec<_> = self.hooks.iter().filter(|hook| is_due(hook, when)).cloned().collect();
        if !hooks.is_empty() {
            let message = message();
            self.due.extend(hooks.into_iter().map(|hook| (hook, message.clone())));
        }
    }

    /// Delivers what is due, and waits for the messages at the start; returns what did not arrive.
    ///
    /// It takes 15 seconds at most. Needs a tokio runtime with time and I/O.
    pub async fn deliver(self) -> Vec<Undelivered> {
        let Some(notifier) = self.notifier else { return Vec::new() };
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner).take();
        notifier.deliver_after(started, self.due.iter().map(|(hook, message)| (&**hook, message))).await
    }
}

fn is_due(hook: &Hook, when: &[When]) -> bool {
    hook.notification().when.iter().any(|one| when.contains(one))
}

impl fmt::Debug for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notices").field("hooks", &self.hooks).field("due", &self.due).finish_non_exhaustive()
    }
}
