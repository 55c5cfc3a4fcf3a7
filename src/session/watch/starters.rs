//! What starts again what came back: asked once for each flow, and told.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::guide::Guide;
use super::known::shared;
use crate::engine::{Keyring, Listings, Starter};
use crate::plan::{Plan, Target};
use crate::session::context::Context;
use crate::session::rehearsal::Rehearsal;

/// How long the rounds wait for what only explains.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was asked and told so far.
#[derive(Debug, Default)]
pub(super) struct Starters {
    asked: HashSet<String>,
    told: Vec<String>,
}

impl Starters {
    /// Returns what was told.
    pub(super) fn told(&self) -> &[String] {
        &self.told
    }

    /// Asks what starts the targets of these numbers, those of which nobody has asked yet, and tells it.
    pub(super) async fn ask(
        &mut self,
        plan: &Arc<Plan>,
        numbers: &BTreeSet<u32>,
        (context, rehearsal, keyring): (&Context, Option<&Rehearsal>, Option<&Arc<Keyring>>),
        guide: &dyn Guide,
    ) {
        let targets = numbers.iter().filter_map(|number| plan.targets.get(*number as usize));
        let targets = targets.filter(|target| target.kind.service().lister().restarts(&target.params).is_some());
        let targets: Vec<_> =
            targets.filter(|target| shared(plan, target).is_some_and(|key| self.asked.insert(key))).collect();
        if targets.is_empty() {
            return;
        }
        let mut listings = Listings::new(Arc::clone(plan)).asking(Arc::clone(&context.credentials));
        if let Some(keyring) = keyring {
            listings = listings.signed_in(Arc::clone(keyring));
        }
        if let Some(rehearsal) = rehearsal {
            listings = rehearsal.lead_listings(listings, keyring.is_some());
        }
        let answers = match timeout(PATIENCE, guide.listings(listings).starters(&targets)).await {
            Ok(Ok(answers)) => answers,
            Ok(Err(error)) => vec![vec![Starter::Unread(error.to_string())]; targets.len()],
            Err(_) => vec![vec![Starter::Unread("no answer in time".to_owned())]; targets.len()],
        };
        for (target, starters) in targets.into_iter().zip(answers) {
            for starter in starters {
                let text = says(target, starter);
                context.ui.warning(&text);
                self.told.push(text);
            }
        }
    }
}

/// Says what starts a target again.
fn says(target: &Target, starter: Starter) -> String {
    let place = target.kind.service().lister().comes_back(&target.params).unwrap_or_default();
    match starter {
        Starter::Known(says, Some(next)) => {
            format!("{says}: it starts again at {}; allstop does not touch schedules", clock(next))
        }
        Starter::Known(says, None) => format!("{says}; allstop does not touch schedules"),
        Starter::Nothing => format!("{place} has no enabled schedule: something else starts it again"),
        Starter::Unread(why) => format!("the schedules of {place} could not be read ({why})"),
    }
}

/// Shows a moment as a time of the day, without seconds where there are none.
fn clock(at: Timestamp) -> String {
    let form = if at.as_second() % 60 == 0 { "%H:%MZ" } else { "%H:%M:%SZ" };
    at.strftime(form).to_string()
}
