//! A run that somebody waits for.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use allstop::CancellationToken;
use allstop::session::Ui;
use temporalio_client::Client;
use tokio::time::{Instant, sleep, timeout};

use super::status::{failures, lane_line};
use crate::client::Outage;
use crate::history::{RunStanding, Standing, describe};
use crate::plans::FetchError;

/// The time between two looks at it.
const SHOWN: Duration = Duration::from_secs(3);

/// How long a server may take to respond.
const RESPONSE: Duration = Duration::from_secs(5);

/// A run that somebody waits for.
pub(super) struct Watched<'a> {
    pub(super) client: &'a Client,
    pub(super) workflow: &'a str,
    /// Whether it is said how far the run is, and not only what its lanes do.
    pub(super) shows: bool,
    /// Whether neither is said before the run is to be cancelled: then nobody asks the engine how it stands.
    pub(super) is_quiet: bool,
    /// Cancelled when the run is to be cancelled.
    pub(super) cancel: CancellationToken,
    pub(super) ui: Arc<dyn Ui>,
}

impl Watched<'_> {
    /// Says how far the run is and, to somebody who asked for details, what its lanes do, each time that changes.
    pub(super) async fn show(&self) -> Infallible {
        let (mut said, mut lanes, mut is_stuck) = (String::new(), HashMap::new(), false);
        let mut warned = HashSet::new();
        if self.is_quiet {
            self.cancel.cancelled().await;
        }
        loop {
            // What cannot be asked for now is shown later.
            if let Ok(mut standing) = Standing::of(self.client, self.workflow, None).await {
                while let Ok(now) = standing.now().await {
                    self.say_lanes(&now, &mut lanes);
                    let line = now.progress();
                    if self.shows && line != said {
                        self.ui.status(&line);
                        said = line;
                    }
                    let news = failures(&now).into_iter().filter(|failure| warned.insert(failure.clone()));
                    news.for_each(|failure| self.ui.warning(&failure));
                    if !is_stuck && self.cancel.is_cancelled() && is_left_alone(&now) {
                        self.ui.warning(&unended(&now.name));
                        is_stuck = true;
                    }
                    sleep(SHOWN).await;
                }
            }
            sleep(SHOWN).await;
        }
    }

    /// Says when the server does not respond, and when it does again.
    pub(super) async fn listen(&self) -> Infallible {
        let outage = Outage::new(Arc::clone(&self.ui));
        loop {
            let sent = Instant::now();
            match timeout(RESPONSE, describe(self.client, self.workflow, None)).await {
                Err(_) | Ok(Err(FetchError::Engine { .. })) => outage.failed(sent),
                Ok(_) => outage.ended(),
            }
            sleep(SHOWN).await;
        }
    }

    fn say_lanes(&self, now: &RunStanding, said: &mut HashMap<u32, String>) {
        for lane in &now.lanes {
            let line = lane_line(lane);
            if said.get(&lane.number) != Some(&line) {
                self.ui.detail(&line);
                said.insert(lane.number, line);
            }
        }
    }
}

/// Tells whether a run was cancelled that no worker can end.
const fn is_left_alone(now: &RunStanding) -> bool {
    now.cancel_requested && (now.waits_for_worker || now.failing_attempt.is_some())
}

/// Says what the end of such a run waits for.
fn unended(name: &str) -> String {
    format!(
        "no worker can end the run now: it ends when a worker takes it up, and `allstop-temporal status {name}` says which \
         one to start; a second signal ends this command, and the run stays cancelled"
    )
}
