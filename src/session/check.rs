//! What a run of a plan would do, without any network.

use std::collections::HashSet;

use crate::base::ExitStatus;
use crate::credentials::{CredentialError, Described, Nature, SourceError};
use crate::engine::{RunError, foresee};
use crate::notify::{Hook, NotificationPreview};
use crate::plan::{Overview, Plan, SelectPreview};
use crate::report::{AccountCredentials, warnings};

use super::context::Context;
use super::error::SessionError;
use super::plan::SelectedPlan;
use super::reviewed;

/// What a run of a selected plan would do.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// What it would stop, in numbers.
    pub overview: Overview,
    /// What it would list, where the plan selects. How much that finds is known only then.
    pub selects: Vec<SelectPreview>,
    /// What is odd about it.
    pub warnings: Vec<String>,
    /// Where the credentials of the accounts in use come from, as far as the machine itself tells.
    pub credentials: Vec<AccountCredentials>,
    /// Who would be told of a run, and whether that is possible.
    pub notifications: Vec<NotificationPreview>,
    /// How a run would end for want of credentials, if that is known.
    pub lacking: Option<SessionError>,
    /// How a run would end before it sends anything, if it would.
    pub refusal: Option<SessionError>,
}

impl SelectedPlan {
    /// Works out what a run of the plan would stop, and whether it would be refused now.
    #[must_use]
    pub fn check(&self, context: &Context) -> Checked {
        let plan = self.plan();
        let overview = self.overview();
        let in_use = self.in_use(&overview);
        let mut warnings = warnings(plan, &overview);
        warnings.extend(plan.reviewed.iter().map(|review| reviewed::age(review, plan.targets.len(), context.now())));
        warnings.extend(plan.odd_regions(&in_use));
        let (credentials, lacking) = credentials(plan, &in_use, context);
        let selects = self.select_previews();
        let refusal = refusal(&overview, !selects.is_empty(), foresee(plan, &overview, Some(context.now())));
        let notifications = plan.notify.iter().map(|one| NotificationPreview::of(plan, one, &context.environment));
        let lacking = lacking.or_else(|| {
            let mut hooks = plan.notify.iter().map(|one| Hook::new(one, &plan.path, &context.environment));
            hooks.find_map(|hook| hook.err().map(SessionError::from))
        });
        let refusal = self.review_refusal(context.now()).or(refusal);
        let notifications = notifications.collect();
        Checked { overview, selects, warnings, credentials, notifications, lacking, refusal }
    }
}

fn refusal(overview: &Overview, selects: bool, foreseen: Option<String>) -> Option<SessionError> {
    if overview.stops() == 0 && !selects {
        let hint = "check guards.protect and --only, --skip, --kind, --label, --account and --region";
        let nothing = || SessionError::new(ExitStatus::NothingSelected, "no targets match the filters", hint);
        return (overview.elsewhere == 0).then(nothing);
    }
    let hint = "`allstop run` would be refused now and would send nothing";
    foreseen.map(|refusal| SessionError::new(ExitStatus::Refused, refusal, hint))
}

/// What is said where only a metadata service could have credentials.
const NOTHING: &str = "Nothing is configured on this machine, and a check asks no metadata service.";

/// Says where the credentials of the accounts in use come from; besides, what a run would be refused for. A plan may be
/// checked where there are none: they are no fault of the plan.
fn credentials(plan: &Plan, in_use: &[bool], context: &Context) -> (Vec<AccountCredentials>, Option<SessionError>) {
    // All regions of an account have the same credentials.
    let mut asked = HashSet::new();
    let used = plan.accounts.iter().zip(in_use).filter(|(_, is_used)| **is_used);
    let used = used.filter(|(account, _)| asked.insert(account.base_name()));
    let (mut shown, mut errors) = (Vec::new(), Vec::new());
    for (account, _) in used {
        let Described { words, notes, problem, is_guess, .. } = context.credentials.describe(account);
        let name = account.base_name().to_owned();
        let mut credentials = AccountCredentials::default();
        (credentials.account, credentials.source, credentials.notes) =
            (name, Some(words).filter(|words| !words.is_empty()), notes);
        credentials.pin.clone_from(&account.account_id);
        credentials.problem = problem.as_ref().map(|problem| match problem.hint() {
            "" => problem.message().to_owned(),
            hint => format!("{}\nhint: {hint}", problem.message()),
        });
        let nothing = || SourceError::new(Nature::Absent, NOTHING, "name a source: `credentials: {…}`");
        errors.extend(
            problem
                .or_else(|| is_guess.then(nothing))
                .map(|problem| CredentialError::new(account.base_name(), problem)),
        );
        shown.push(credentials);
    }
    let lacking = (!errors.is_empty()).then(|| RunError::Credentials(errors).into());
    (shown, lacking)
}
