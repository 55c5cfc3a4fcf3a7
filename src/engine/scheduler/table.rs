//! Which lanes a plan needs, and which lanes each target goes through.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

use super::keys::{KeyId, Keys};
use super::lane::{Lane, LaneSetup, Role};
use super::limiter::{Limit, Limiter};
use super::recall::Now;
use super::throttling::Throttling;
use crate::engine::attempt::ClockOffset;
use crate::engine::event::LaneInfo;
use crate::engine::journal::{LaneMemory, ResumeState};
use crate::engine::keyring::SourceId;
use crate::engine::outcome::SkipReason;
use crate::http::{Api, Quota};
use crate::plan::{AccountId, Choice, Plan, Target, TargetId};
use crate::provider::Principal;
use crate::service::Kind;

/// The number of a lane; only the table makes them, so each leads to a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::engine) struct LaneId(u32);

impl LaneId {
    /// Returns the number, from 0.
    pub(in crate::engine) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The lanes of a run.
pub(in crate::engine) struct LaneTable {
    pub(super) lanes: Vec<Lane>,
    pub(super) keys: Keys,
    routes: HashMap<(AccountId, &'static str), Route>,
    is_dry: bool,
}

/// The lanes that the targets of one account and kind go through.
pub(super) struct Route {
    kind: Kind,
    pub(super) stop: LaneId,
    /// By the number of the read API.
    pub(super) reads: Vec<LaneId>,
}

/// What makes two lanes the same.
type LaneKey = (Principal, String, String, &'static str);

/// Makes the limiters of lanes that do not limit themselves.
pub(in crate::engine) type Limiters = dyn Fn(&LaneInfo) -> Option<Box<dyn Limiter>> + Send + Sync;

/// What decides where a target begins, besides the plan.
pub(in crate::engine) struct LaneOptions<'a> {
    /// Whose each account is, by account; `None` where it is not in use, or has no key.
    pub(in crate::engine) owners: &'a [Option<Principal>],
    /// Where the key of each account comes from, by account.
    pub(in crate::engine) sources: &'a [Option<SourceId>],
    /// How far the clocks of the vendors are ahead, by account.
    pub(in crate::engine) clocks: &'a [ClockOffset],
    /// How many times as fast as in the world quotas pass.
    pub(in crate::engine) speed: f64,
    /// Whether targets are only looked at.
    pub(in crate::engine) is_dry: bool,
    /// Whether the intent to send a target for the first time is recorded before.
    pub(in crate::engine) is_journaled: bool,
    /// Whether targets begin only when their stage lets them go.
    pub(in crate::engine) is_staged: bool,
    /// What an earlier part of the run left; its targets begin nowhere.
    pub(in crate::engine) past: &'a ResumeState,
    /// Whether somebody may have sent until now whatever the quotas allow.
    pub(in crate::engine) has_used_burst: bool,
    /// What the run does about each target before the plan has its say.
    pub(in crate::engine) picks: &'a [Pick],
    pub(in crate::engine) limiters: Option<&'a Limiters>,
    pub(in crate::engine) now: Now,
}

/// What a run does about a target before the plan has its say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Pick {
    /// It takes the target.
    Take,
    /// It leaves the target out, and says so.
    LeaveOut(SkipReason),
    /// The target is not a part of this run at all.
    Ignore,
}

/// The lanes of a run, and the targets that are not queued in them.
pub(in crate::engine) struct Laid {
    pub(in crate::engine) table: LaneTable,
    /// The targets that nothing is sent for, and why.
    pub(in crate::engine) left_out: Vec<(TargetId, SkipReason)>,
    /// The targets that wait for their stage.
    pub(in crate::engine) held: Vec<TargetId>,
}

impl LaneTable {
    /// Lays out the lanes of a plan and queues its targets.
    pub(in crate::engine) fn lay(plan: &Plan, options: &LaneOptions<'_>) -> Laid {
        let mut held = Vec::new();
        let mut table =
            Self { lanes: Vec::new(), keys: Keys::default(), routes: HashMap::new(), is_dry: options.is_dry };
        let mut left_out = Vec::new();
        let mut known = HashMap::new();
        let choices = plan.choices(|number, _| options.picks[number] == Pick::Take);
        for (id, choice) in plan.target_ids().zip(choices) {
            let reason = match (choice, options.picks[id.index()]) {
                (_, Pick::Ignore) => continue,
                (Choice::Unselected, Pick::LeaveOut(reason)) => Some(reason),
                (choice, _) => SkipReason::of_choice(choice),
            };
            let target = &plan[id];
            let number = target.account_id().index();
            let signed_in = options.owners[number].as_ref().zip(options.sources[number]);
            let Some((owner, source)) = signed_in.filter(|_| reason.is_none()) else {
                left_out.push((id, reason.unwrap_or(SkipReason::Credentials)));
                continue;
            };
            let key = (target.account_id(), target.kind.name);
            if !table.routes.contains_key(&key) {
                let own = table.keys.key(target.account_id(), source, &plan[target.account_id()].region);
                let mut layout = Layout {
                    plan,
                    owner,
                    key: own,
                    clock: options.clocks[number],
                    options,
                    lanes: &mut table.lanes,
                    known: &mut known,
                };
                let route = layout.route(target.account_id(), target.kind);
                table.routes.insert(key, route);
            }
            let lane = table.begins(table.route(target));
            let Some(own) = table.keys.of_account(target.account_id()) else { continue };
            let is_past = options.past.done.contains(id.number()) || options.past.open.contains_key(&id.number());
            table[lane].setup.info.targets += 1;
            match (is_past, options.is_staged) {
                (true, _) => {}
                (false, true) => held.push(id),
                (false, false) => table[lane].queue(own).push(id),
            }
        }
        Laid { table, left_out, held }
    }

    /// Returns the ids of all lanes.
    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = LaneId> + use<> {
        (0..u32::try_from(self.lanes.len()).unwrap_or(u32::MAX)).map(LaneId)
    }

    /// Returns the lane after `lane`, all around; `None` where there is no lane.
    pub(super) fn after(&self, lane: Option<LaneId>) -> Option<LaneId> {
        let next = LaneId(lane.map_or(0, |LaneId(number)| number + 1));
        let is_there = next.index() < self.lanes.len();
        if is_there { Some(next) } else { self.ids().next() }
    }

    /// Returns the kinds in each account that have lanes.
    pub(in crate::engine) fn sorts(&self) -> impl Iterator<Item = (AccountId, Kind)> {
        self.routes.iter().map(|((account, _), route)| (*account, route.kind))
    }

    /// Returns the lane where a target begins, if its kind and account have lanes.
    pub(super) fn home(&self, target: &Target) -> Option<LaneId> {
        self.routes.get(&(target.account_id(), target.kind.name)).map(|route| self.begins(route))
    }

    /// Returns the lanes that a target in progress goes through: its kind and account have lanes.
    pub(super) fn route(&self, target: &Target) -> &Route {
        &self.routes[&(target.account_id(), target.kind.name)]
    }

    fn begins(&self, route: &Route) -> LaneId {
        if self.is_dry { route.reads[0] } else { route.stop }
    }
}

// Ids are made by the table only, and lanes are never removed: indexing panics only where that is broken.

impl Index<LaneId> for LaneTable {
    type Output = Lane;

    fn index(&self, id: LaneId) -> &Lane {
        &self.lanes[id.index()]
    }
}

impl IndexMut<LaneId> for LaneTable {
    fn index_mut(&mut self, id: LaneId) -> &mut Lane {
        &mut self.lanes[id.index()]
    }
}

struct Layout<'a> {
    plan: &'a Plan,
    owner: &'a Principal,
    key: KeyId,
    clock: ClockOffset,
    options: &'a LaneOptions<'a>,
    lanes: &'a mut Vec<Lane>,
    known: &'a mut HashMap<LaneKey, LaneId>,
}

impl Layout<'_> {
    fn route(&mut self, account: AccountId, kind: Kind) -> Route {
        let stop = self.lane(account, kind, kind.stop_api, Role::Stop);
        let reads = kind.read_apis.iter().enumerate();
        let reads = reads.map(|(stage, api)| self.lane(account, kind, api, Role::Read(stage))).collect();
        Route { kind, stop, reads }
    }

    fn lane(&mut self, account: AccountId, kind: Kind, api: &'static Api, role: Role) -> LaneId {
        let account = &self.plan[account];
        let key = (self.owner.clone(), account.region.clone(), account.endpoint(api.product), api.action);
        if let Some(id) = self.known.get(&key) {
            self.lanes[id.index()].serve(self.key);
            return *id;
        }
        let quota = match role {
            Role::Stop => self.plan.stop_quota(kind),
            Role::Read(_) => self.plan.read_quota(api),
        };
        let limits = &self.plan.limits;
        let own = limits.per_kind.get(kind.name).filter(|_| role == Role::Stop).and_then(|limits| limits.concurrency);
        let info = LaneInfo {
            account: account.name.clone(),
            region: account.region.clone(),
            api: api.name(),
            stops: role == Role::Stop,
            targets: 0,
            rate: quota.rate.as_f64() * self.options.speed,
            burst: quota.burst,
            batch: match role {
                Role::Stop => self.plan.stop_batch(kind),
                Role::Read(_) => api.batch,
            },
        };
        let throttling = self.throttling(&info, quota);
        let setup = LaneSetup {
            info,
            kind,
            role,
            concurrency: own.unwrap_or(limits.concurrency),
            is_adaptive: limits.adaptive,
            needs_intents: self.options.is_journaled && role == Role::Stop,
        };
        let mut lane = Lane::new(setup, throttling);
        lane.serve(self.key);
        lane.clock = self.clock;
        let (memory, now) = (self.memory(&lane.setup.info).cloned(), self.options.now);
        match self.options.has_used_burst {
            true => lane.recall(&LaneMemory { last_sent: Some(now.wall), ..memory.unwrap_or_default() }, now),
            false => memory.iter().for_each(|memory| lane.recall(memory, now)),
        }
        let id = LaneId(u32::try_from(self.lanes.len()).unwrap_or(u32::MAX));
        self.lanes.push(lane);
        self.known.insert(key, id);
        id
    }

    fn throttling(&self, info: &LaneInfo, quota: Quota) -> Throttling {
        let speed = self.options.speed;
        match self.options.limiters.and_then(|limiters| limiters(info)) {
            Some(limiter) => Throttling::new(Limit::Other(limiter), speed),
            None => Throttling::of_quota(quota, self.plan.limits.adaptive, speed),
        }
    }

    fn memory(&self, info: &LaneInfo) -> Option<&LaneMemory> {
        let is_same = |memory: &&LaneMemory| {
            memory.api == info.api && memory.account == info.account && memory.region == info.region
        };
        self.options.past.lanes.iter().find(is_same)
    }
}
