//! Which lanes a plan needs, and which lanes each target goes through.

use std::collections::{HashMap, HashSet};

use super::event::LaneInfo;
use super::journal::ResumeState;
use super::lane::{Lane, LaneSetup, Role};
use super::outcome::SkipReason;
use crate::http::Api;
use crate::plan::{Choice, Plan, Target};
use crate::provider::{Credentials, Principal};
use crate::service::Kind;

/// The lanes of a run.
pub(super) struct Roster {
    pub(super) lanes: Vec<Lane>,
    /// Targets that nothing will be sent for, and why.
    pub(super) left_out: Vec<(u32, SkipReason)>,
    /// Keys that were refused.
    pub(super) closed: HashSet<Principal>,
    /// Keys that were refused for one target, which may be that target's own trouble; and which one.
    suspects: HashMap<Principal, u32>,
    routes: HashMap<(u16, &'static str), Route>,
    is_dry: bool,
}

/// The lanes that the targets of one account and kind go through, by number.
pub(super) struct Route {
    pub(super) stop: usize,
    /// By the number of the read API.
    pub(super) reads: Vec<usize>,
}

/// What makes two lanes the same.
type LaneKey = (Principal, String, String, &'static str);

/// What decides where a target begins, besides the plan.
pub(super) struct Intake<'a> {
    /// By account number.
    pub(super) credentials: &'a [Option<Credentials>],
    /// How many times as fast as in the world quotas pass.
    pub(super) speed: f64,
    /// Whether targets are only looked at.
    pub(super) is_dry: bool,
    /// Whether what is about to be sent is written down first.
    pub(super) is_journaled: bool,
    /// What an earlier part of the run left; its targets begin nowhere.
    pub(super) past: &'a ResumeState,
    /// Targets that are left out, and why.
    pub(super) unselected: &'a [(u32, SkipReason)],
}

impl Roster {
    /// Lays out the lanes of a plan and queues its targets.
    pub(super) fn new(plan: &Plan, intake: &Intake<'_>) -> Self {
        let mut roster = Self {
            lanes: Vec::new(),
            left_out: Vec::new(),
            closed: HashSet::new(),
            suspects: HashMap::new(),
            routes: HashMap::new(),
            is_dry: intake.is_dry,
        };
        let mut known = HashMap::new();
        let reasons = by_number(plan.targets.len(), intake.unselected);
        let choices = plan.choices(|number, _| reasons.get(number).is_none_or(Option::is_none));
        for ((number, target), choice) in (0_u32..).zip(&plan.targets).zip(choices) {
            let left_out = match choice {
                Choice::Stop => None,
                Choice::Unselected => reasons.get(number as usize).copied().flatten(),
                Choice::Duplicate => Some(SkipReason::Duplicate),
                Choice::Protected => Some(SkipReason::Protected),
                Choice::Elsewhere => Some(SkipReason::Shard),
            };
            if let Some(reason) = left_out {
                roster.left_out.push((number, reason));
                continue;
            }
            let key = (target.account, target.kind.name());
            if !roster.routes.contains_key(&key)
                && let Some(Some(credentials)) = intake.credentials.get(usize::from(target.account))
            {
                let (principal, speed) = (credentials.principal(), intake.speed);
                let is_journaled = intake.is_journaled;
                let (lanes, known) = (&mut roster.lanes, &mut known);
                let mut layout = Layout { plan, principal, speed, is_journaled, lanes, known };
                let route = layout.route(target.account, target.kind);
                roster.routes.insert(key, route);
            }
            let is_past = intake.past.done.contains(number) || intake.past.open.contains_key(&number);
            match roster.home(target).and_then(|home| roster.lanes.get_mut(home)) {
                Some(lane) if is_past => lane.info.targets += 1,
                Some(lane) => lane.enqueue(number),
                None => roster.left_out.push((number, SkipReason::Credentials)),
            }
        }
        roster
    }

    /// Notes that a key was refused for a target; tells whether it was for another one, too, and nothing in between
    /// showed that the key is good.
    pub(super) fn refused(&mut self, principal: &Principal, target: u32) -> bool {
        let first = *self.suspects.entry(principal.clone()).or_insert(target);
        self.suspect(principal, true);
        first != target
    }

    /// Notes that a service took a key.
    pub(super) fn vouched(&mut self, principal: &Principal) {
        self.suspects.remove(principal);
        self.suspect(principal, false);
    }

    fn suspect(&mut self, principal: &Principal, is_suspect: bool) {
        for lane in self.lanes.iter_mut().filter(|lane| lane.principal == *principal) {
            lane.is_suspect = is_suspect;
        }
    }

    /// Tells whether a lane must wait for an answer: while its key is in doubt, one request at a time asks.
    pub(super) fn is_asking(&self, at: usize) -> bool {
        let suspect = self.lanes.get(at).filter(|lane| lane.is_suspect);
        suspect.is_some_and(|suspect| {
            self.lanes.iter().any(|lane| lane.in_flight > 0 && lane.principal == suspect.principal)
        })
    }

    /// Returns the sorts of targets there are: each kind in each account, by number.
    pub(super) fn sorts(&self) -> impl Iterator<Item = (u16, Kind)> {
        self.routes.keys().filter_map(|(account, kind)| Some((*account, Kind::named(kind)?)))
    }

    /// Returns the lane where a target begins.
    pub(super) fn home(&self, target: &Target) -> Option<usize> {
        let route = self.routes.get(&(target.account, target.kind.name()))?;
        if self.is_dry { route.reads.first().copied() } else { Some(route.stop) }
    }

    /// Returns the lanes that a target goes through.
    pub(super) fn route(&self, plan: &Plan, target: u32) -> Option<&Route> {
        let target = plan.targets.get(target as usize)?;
        self.routes.get(&(target.account, target.kind.name()))
    }
}

struct Layout<'a> {
    plan: &'a Plan,
    principal: Principal,
    speed: f64,
    is_journaled: bool,
    lanes: &'a mut Vec<Lane>,
    known: &'a mut HashMap<LaneKey, usize>,
}

impl Layout<'_> {
    fn route(&mut self, account: u16, kind: Kind) -> Route {
        let stop = self.lane(account, kind, kind.stop_api(), Role::Stop);
        let reads = kind.read_apis().iter().enumerate();
        Route { stop, reads: reads.map(|(stage, api)| self.lane(account, kind, api, Role::Read(stage))).collect() }
    }

    fn lane(&mut self, account: u16, kind: Kind, api: &'static Api, role: Role) -> usize {
        let account = self.plan.accounts.get(usize::from(account));
        let name = account.map(|account| account.name.clone()).unwrap_or_default();
        let region = account.map(|account| account.region.clone()).unwrap_or_default();
        let endpoint = account.map(|account| account.endpoint(api.product)).unwrap_or_default();
        let key = (self.principal.clone(), region.clone(), endpoint, api.action);
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        let quota = match role {
            Role::Stop => self.plan.stop_quota(kind),
            Role::Read(_) => self.plan.read_quota(api),
        };
        let limits = &self.plan.limits;
        let own = limits.per_kind.get(kind.name()).filter(|_| role == Role::Stop).and_then(|limits| limits.concurrency);
        let info = LaneInfo {
            account: name,
            region,
            api: api.name(),
            stops: role == Role::Stop,
            targets: 0,
            rate: quota.rate.as_f64() * self.speed,
            burst: quota.burst,
        };
        let setup = LaneSetup {
            info,
            principal: self.principal.clone(),
            kind,
            api,
            role,
            bound: own.unwrap_or(limits.concurrency),
            quota,
            is_adaptive: limits.adaptive,
            is_journaled: self.is_journaled && role == Role::Stop,
            speed: self.speed,
        };
        self.lanes.push(Lane::new(setup));
        let number = self.lanes.len() - 1;
        self.known.insert(key, number);
        number
    }
}

/// Spreads reasons out over the numbers of `targets` targets.
fn by_number(targets: usize, reasons: &[(u32, SkipReason)]) -> Vec<Option<SkipReason>> {
    let mut spread = vec![None; targets];
    for (number, reason) in reasons {
        if let Some(slot) = spread.get_mut(*number as usize) {
            *slot = Some(*reason);
        }
    }
    spread
}
