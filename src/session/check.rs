//! What a run of a plan would do, without any network.

use std::collections::HashSet;

use futures::FutureExt;

use crate::base::ExitStatus;
use crate::credentials::{CredentialProvider, EnvironmentProvider};
use crate::engine::foresee;
use crate::plan::{Overview, Plan, SelectPreview};
use crate::report::warnings;

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
        warnings.extend(absent_keys(plan, &in_use, context));
        let selects = self.select_previews();
        let refusal = refusal(&overview, !selects.is_empty(), foresee(plan, &overview, Some(context.now())));
        let refusal = self.review_refusal(context.now()).or(refusal);
        Checked { overview, selects, warnings, refusal }
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

/// Says which credentials are missing. A plan may be checked where there are none: they are no fault of the plan.
fn absent_keys(plan: &Plan, in_use: &[bool], context: &Context) -> Vec<String> {
    let provider = EnvironmentProvider::new(context.environment.clone());
    // All regions of an account have the same credentials.
    let mut asked = HashSet::new();
    let used = plan.accounts.iter().zip(in_use).filter(|(_, is_used)| **is_used);
    let used = used.filter(|(account, _)| asked.insert(account.base_name()));
    let absent = used.filter_map(|(account, _)| provider.credentials(account).now_or_never()?.err());
    absent.map(|error| format!("`allstop run` would exit with status 2 on this machine: {error}.")).collect()
}
