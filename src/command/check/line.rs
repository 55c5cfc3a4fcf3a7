//! What `check --output json` writes: one JSON object, version 1; `docs/plan.md` says every field.

use std::borrow::Cow;
use std::time::Duration;

use crate::base::rate::thousandths;
use crate::engine::SkipReason;
use crate::notify::NotificationPreview;
use crate::plan::{Account, Choice, Labels, Listing, Overview, OverviewRow, Pause, SelectPreview, Stage, Target};
use crate::report::{AccountCredentials, PlanRef};
use crate::session::SessionError;
use serde::{Serialize, Serializer};

/// What a plan would do. Every field is always there; what there is nothing to say of is null.
#[derive(Debug, Default, Serialize)]
pub(super) struct Line<'p> {
    version: u32,
    exit_code: u8,
    plan: Option<PlanRef>,
    shard: Option<String>,
    targets: Option<usize>,
    stops: Option<u64>,
    skipped: Option<Skipped>,
    lanes: Option<Vec<Lane>>,
    selects: Option<Vec<SelectPreview>>,
    /// Null where the plan has no stages.
    stages: Option<Vec<StageLine>>,
    choices: Option<Choices<'p>>,
    estimate_seconds: Option<f64>,
    at_worst_seconds: Option<f64>,
    endpoints: Option<Vec<Endpoint>>,
    credentials: Option<Vec<AccountCredentials>>,
    /// Only where the plan has some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notifications: Vec<NotificationPreview>,
    warnings: Option<Vec<String>>,
    error: Option<String>,
}

/// The targets that would not be stopped, by the reasons that a report gives.
#[derive(Debug, Serialize)]
struct Skipped {
    protected: u64,
    filtered: u64,
    shard: u64,
    duplicate: u64,
}

/// The targets of one kind in one account.
#[derive(Debug, Serialize)]
struct Lane {
    account: String,
    cloud: &'static str,
    region: String,
    kind: &'static str,
    api: String,
    stops: u64,
    protected: u64,
    duplicate: u64,
    lane_stops: u64,
    stated_per_second: f64,
    burst: u32,
    estimate_seconds: f64,
    at_worst_seconds: f64,
}

/// One stage.
#[derive(Debug, Serialize)]
struct StageLine {
    name: String,
    /// Null before what the stage selects is listed; the canary then, too.
    stops: Option<u64>,
    canary: Option<u64>,
    pause_seconds: Option<f64>,
    asks: bool,
    max_failures: Option<String>,
}

/// Every target with what a run is to do about it, written one by one.
#[derive(Debug)]
struct Choices<'p>(&'p Listing<'p>);

/// One target.
#[derive(Debug, Serialize)]
struct Chosen<'p> {
    id: Cow<'p, str>,
    kind: &'static str,
    account: &'p str,
    region: &'p str,
    labels: &'p Labels,
    choice: &'static str,
}

/// An endpoint that replaces the vendor's.
#[derive(Debug, Serialize)]
struct Endpoint {
    account: String,
    product: String,
    url: String,
}

impl Endpoint {
    fn all(account: &Account) -> impl Iterator<Item = Self> {
        account.replaced_endpoints().map(|(product, url)| Self {
            account: account.name.clone(),
            product: product.to_owned(),
            url: url.to_owned(),
        })
    }
}

impl<'p> Line<'p> {
    const VERSION: u32 = 1;

    /// Says what a plan would do.
    pub(super) fn new(
        listing: &'p Listing<'p>,
        (overview, selects): (&Overview, Vec<SelectPreview>),
        warnings: Vec<String>,
    ) -> Self {
        let plan = listing.plan();
        let stages = plan.stage_stops(overview);
        let sum = |count: fn(&OverviewRow) -> u64| overview.rows.iter().map(count).sum();
        Self {
            plan: Some(plan.into()),
            shard: plan.shard.map(|shard| shard.to_string()),
            targets: Some(plan.targets.len()),
            stops: Some(overview.stops()).filter(|_| selects.is_empty()),
            skipped: Some(Skipped {
                protected: sum(|row| row.protected),
                filtered: overview.unselected,
                shard: overview.elsewhere,
                duplicate: sum(|row| row.duplicates),
            }),
            lanes: Some(overview.rows.iter().map(Lane::new).collect()),
            selects: Some(selects),
            stages: (!plan.stages.is_empty()).then(|| stages.map(StageLine::new).collect()),
            choices: Some(Choices(listing)),
            estimate_seconds: Some(seconds(overview.estimate())),
            at_worst_seconds: Some(seconds(overview.at_worst())),
            endpoints: Some(plan.accounts.iter().flat_map(Endpoint::all).collect()),
            warnings: Some(warnings),
            ..Self::default()
        }
    }

    /// Adds where the credentials of the accounts in use come from.
    pub(super) fn credentials(self, credentials: Vec<AccountCredentials>) -> Self {
        Self { credentials: Some(credentials), ..self }
    }

    /// Adds who would be told of a run.
    pub(super) fn notifications(self, notifications: Vec<NotificationPreview>) -> Self {
        Self { notifications, ..self }
    }

    /// Adds how the command ends.
    pub(super) fn ended(self, error: Option<&SessionError>) -> Self {
        let exit_code = error.map_or(0, |error| error.status().code());
        Self { version: Self::VERSION, exit_code, error: error.map(SessionError::text), ..self }
    }
}

impl<'p> Serialize for Choices<'p> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chosen = |(choice, target): (Choice, &'p Target)| {
            let Account { name: account, region, .. } = self.0.plan().account_of(target);
            let (id, kind) = (target.id(), target.kind.name);
            Chosen { id, kind, account, region, labels: &target.labels, choice: word(choice) }
        };
        serializer.collect_seq(self.0.iter().map(chosen))
    }
}

/// Names a choice: `stop`, or the reason for which a report says `skipped`.
fn word(choice: Choice) -> &'static str {
    SkipReason::of_choice(choice).map_or("stop", SkipReason::name)
}

impl StageLine {
    fn new((stage, stops): (&Stage, Option<u64>)) -> Self {
        let pause_seconds = match stage.pause {
            Some(Pause::For(time)) => Some(seconds(time)),
            Some(Pause::Ask) | None => None,
        };
        Self {
            name: stage.name.clone(),
            stops,
            canary: stage.canary.zip(stops).map(|(canary, stops)| canary.size(stops)),
            pause_seconds,
            asks: stage.pause == Some(Pause::Ask),
            max_failures: stage.max_failures.map(|rule| rule.to_string()),
        }
    }
}

impl Lane {
    fn new(row: &OverviewRow) -> Self {
        Self {
            account: row.account.clone(),
            cloud: row.cloud.name(),
            region: row.region.clone(),
            kind: row.kind.name,
            api: row.kind.stop_api.name(),
            stops: row.stops,
            protected: row.protected,
            duplicate: row.duplicates,
            lane_stops: row.lane_stops,
            stated_per_second: thousandths(row.quota.rate.as_f64()),
            burst: row.quota.burst,
            estimate_seconds: seconds(row.estimate()),
            at_worst_seconds: seconds(row.at_worst),
        }
    }
}

fn seconds(time: Duration) -> f64 {
    thousandths(time.as_secs_f64())
}
