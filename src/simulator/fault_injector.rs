//! The fault injector: what goes wrong is drawn from the seed, the resource and the number of its request, never from the time.

use super::config::Config;
use super::fault::{InjectedFault, KeyMeasure, Measure};
use super::resource::{Id, Initial};

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It stops.
    Stop,
    /// It reads.
    Read,
}

/// Draws numbers that depend on the seed and a resource's name, and on nothing else.
#[derive(Debug, Clone, Copy)]
pub(super) struct FaultInjector {
    measure: Measure,
    seed: u64,
}

impl FaultInjector {
    /// Builds the fault injector of a simulator.
    pub(super) fn of(config: &Config) -> Self {
        let usual = config.faults.measure();
        let standing = config.standing.unwrap_or(usual.standing);
        let unreadable = config.unreadable.unwrap_or(usual.unreadable);
        Self { measure: Measure { standing, unreadable, ..usual }, seed: config.seed }
    }

    /// Returns the share of the pages of listings that tell something wrong.
    pub(super) const fn confusing(self) -> f64 {
        self.measure.lists
    }

    /// Returns how much goes wrong with credentials that are issued.
    pub(super) const fn keys(self) -> KeyMeasure {
        self.measure.keys
    }

    /// Draws the state that a plan's resource begins in.
    pub(super) fn initial(self, id: &Id) -> Initial {
        if self.share(id, IS_STANDING) >= self.measure.standing {
            return Initial::Running;
        }
        match self.share(id, HOW_STANDING) {
            ..0.4 => Initial::Stopped,
            ..0.7 => Initial::Ended,
            _ => Initial::Stopping,
        }
    }

    /// Draws a number from 0 up to 1 for a resource; equal for equal resources and salts.
    pub(super) fn share(self, id: &Id, salt: u64) -> f64 {
        let texts = [id.model.kind(), &id.scope, &id.name];
        self.draw(texts.into_iter().flat_map(|text| text.bytes().chain([0xff])).chain(id.account.to_le_bytes()), salt)
    }

    /// Draws a number from 0 up to 1 for a text; equal for equal texts and salts.
    pub(super) fn share_of(self, text: &str, salt: u64) -> f64 {
        self.draw(text.bytes(), salt)
    }

    fn draw(self, bytes: impl Iterator<Item = u8>, salt: u64) -> f64 {
        let mut hash = mix(self.seed ^ mix(salt));
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double")]
        let share = (mix(hash) >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }

    /// Draws what goes wrong with request number `number` of a resource, after `in_a_row` that went wrong.
    fn fault(self, id: &Id, purpose: Purpose, number: u32, in_a_row: u8) -> Option<InjectedFault> {
        let Measure { stops, reads, in_a_row: most, unreadable, .. } = self.measure;
        let (share, salt) = match purpose {
            Purpose::Stop => (stops, 1 << 32),
            Purpose::Read if self.share(id, IS_UNREADABLE) < unreadable => return Some(InjectedFault::Denied),
            Purpose::Read => (reads, 2 << 32),
        };
        if in_a_row >= most || self.share(id, salt | u64::from(number)) >= share {
            return None;
        }
        let applied = purpose == Purpose::Stop && self.share(id, (salt << 4) | u64::from(number)) < 0.5;
        let share = self.share(id, (salt << 8) | u64::from(number));
        Some(match purpose {
            Purpose::Stop => pick(share, &of_stops(applied)),
            Purpose::Read => pick(share, &OF_READS),
        })
    }
}

/// What is drawn for a resource once, besides what its [`Inventory`](super::inventory::Inventory) draws.
const IS_STANDING: u64 = 7;
const HOW_STANDING: u64 = 5;
const IS_UNREADABLE: u64 = 6;

/// Faults and their weights; what is left of 1 is slowness.
type Weights<const N: usize> = [(f64, InjectedFault); N];

/// Returns what goes wrong with stops; the weights are what operators of large fleets meet, with the rare ones made
/// less rare.
const fn of_stops(applied: bool) -> Weights<11> {
    [
        (0.19, InjectedFault::Throttled { hint: false }),
        (0.03, InjectedFault::Throttled { hint: true }),
        (0.14, InjectedFault::Conflict),
        (0.14, InjectedFault::Server { applied }),
        (0.10, InjectedFault::Gateway { applied }),
        (0.15, InjectedFault::Reset { applied }),
        (0.07, InjectedFault::Cut { applied }),
        (0.03, InjectedFault::Garbage { applied }),
        (0.03, InjectedFault::Empty { applied }),
        (0.01, InjectedFault::Hang { applied }),
        (0.05, InjectedFault::Declined),
    ]
}

/// What goes wrong with reads: more of them are lost and delayed.
const OF_READS: Weights<11> = [
    (0.16, InjectedFault::Throttled { hint: false }),
    (0.04, InjectedFault::Throttled { hint: true }),
    (0.02, InjectedFault::Conflict),
    (0.14, InjectedFault::Server { applied: false }),
    (0.10, InjectedFault::Gateway { applied: false }),
    (0.20, InjectedFault::Reset { applied: false }),
    (0.08, InjectedFault::Cut { applied: false }),
    (0.04, InjectedFault::Garbage { applied: false }),
    (0.04, InjectedFault::Empty { applied: false }),
    (0.04, InjectedFault::Hang { applied: false }),
    (0.02, InjectedFault::Declined),
];

/// Picks the fault that a share of 1 falls on.
fn pick(share: f64, weights: &[(f64, InjectedFault)]) -> InjectedFault {
    let mut left = share;
    for (weight, fault) in weights {
        if left < *weight {
            return *fault;
        }
        left -= weight;
    }
    InjectedFault::Slow
}

/// Spreads the bits of a number (the finalizer of splitmix64).
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The requests of one purpose for one resource.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Series {
    number: u32,
    in_a_row: u8,
}

impl Series {
    /// Tells whether the next request may go wrong.
    pub(super) const fn may_go_wrong(self, injector: FaultInjector) -> bool {
        self.in_a_row < injector.measure.in_a_row
    }

    /// Counts a request that goes wrong, whatever is drawn for it.
    pub(super) const fn suffer(&mut self) {
        self.number += 1;
        self.in_a_row = self.in_a_row.saturating_add(1);
    }

    /// Draws what goes wrong with the next request.
    pub(super) fn next(&mut self, injector: FaultInjector, id: &Id, purpose: Purpose) -> Option<InjectedFault> {
        self.number += 1;
        let fault = injector.fault(id, purpose, self.number, self.in_a_row);
        let is_wrong = fault.is_some_and(|fault| !matches!(fault, InjectedFault::Slow | InjectedFault::Denied));
        self.in_a_row = if is_wrong { self.in_a_row.saturating_add(1) } else { 0 };
        fault
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::Faults;
    use super::super::service::Model;
    use super::*;

    fn injector(faults: Faults, seed: u64) -> FaultInjector {
        // Reads that are always refused are left out: they are tested below.
        FaultInjector::of(&Config { faults, seed, unreadable: Some(0.0), ..Config::default() })
    }

    fn id(n: usize) -> Id {
        let model = Model::of_kind("live_flow").expect("a model");
        Id { model, account: 0, scope: "p".into(), name: format!("flow-{n}").into() }
    }

    #[test]
    fn equal_seeds_draw_equal_faults() {
        let draw = |seed| -> Vec<_> {
            let injector = injector(Faults::Storm, seed);
            (0..500).map(|n| injector.fault(&id(n / 5), Purpose::Stop, (n % 5) as u32, 0)).collect()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn the_shares_are_about_what_is_promised() {
        for (faults, purpose, low, high) in [
            (Faults::None, Purpose::Stop, 0, 0),
            (Faults::Some, Purpose::Stop, 900, 1100),
            (Faults::Some, Purpose::Read, 240, 360),
            (Faults::Storm, Purpose::Stop, 4300, 4700),
            (Faults::Storm, Purpose::Read, 1380, 1620),
        ] {
            let injector = injector(faults, 3);
            let wrong = (0..10_000).filter(|n| injector.fault(&id(*n), purpose, 1, 0).is_some()).count();
            assert!((low..=high).contains(&wrong), "{faults} {purpose:?}: {wrong}");
        }
    }

    #[test]
    fn some_do_not_run_at_the_start_and_some_refuse_every_read() {
        for (faults, standing, unreadable) in
            [(Faults::None, 0..=0, 0..=0), (Faults::Some, 420..=580, 0..=0), (Faults::Storm, 1380..=1620, 330..=470)]
        {
            let injector = FaultInjector::of(&Config { faults, seed: 3, ..Config::default() });
            let begun: Vec<_> = (0..10_000).map(|n| injector.initial(&id(n))).collect();
            let count = |initial| begun.iter().filter(|begun| **begun == initial).count();
            assert!(standing.contains(&(10_000 - count(Initial::Running))), "{faults}");
            for initial in [Initial::Stopped, Initial::Ended, Initial::Stopping] {
                assert_eq!(count(initial) > 0, *standing.end() > 0, "{faults} {initial:?}");
            }
            let is_denied = |n, number| injector.fault(&id(n), Purpose::Read, number, 9) == Some(InjectedFault::Denied);
            let denied: Vec<_> = (0..10_000).filter(|n| is_denied(*n, 1)).collect();
            assert!(unreadable.contains(&denied.len()), "{faults}: {}", denied.len());
            assert!(denied.iter().all(|n| (2..20).all(|number| is_denied(*n, number))), "{faults}");
        }
        let all = FaultInjector::of(&Config { standing: Some(1.0), unreadable: Some(1.0), ..Config::default() });
        assert!((0..100).all(|n| all.initial(&id(n)) != Initial::Running));
        assert!((0..100).all(|n| all.fault(&id(n), Purpose::Read, 1, 0) == Some(InjectedFault::Denied)));
    }

    #[test]
    fn a_row_of_faults_ends() {
        let injector = injector(Faults::Storm, 3);
        assert!((0..1000).all(|n| injector.fault(&id(n), Purpose::Stop, 1, 6).is_none()));
        assert!((0..1000).any(|n| injector.fault(&id(n), Purpose::Stop, 1, 5).is_some()));
    }

    #[test]
    fn no_series_goes_wrong_longer_than_promised() {
        for (faults, most) in [(Faults::Some, 5), (Faults::Storm, 6)] {
            let injector = injector(faults, 11);
            for n in 0..2000 {
                let (mut series, mut row) = (Series::default(), 0);
                for _ in 0..50 {
                    let fault = series.next(injector, &id(n), Purpose::Stop);
                    row = if fault.is_some_and(|fault| fault != InjectedFault::Slow) { row + 1 } else { 0 };
                    assert!(row <= most, "{faults} flow-{n}");
                }
            }
        }
    }

    #[test]
    fn every_fault_is_drawn_and_reads_apply_nothing() {
        for purpose in [Purpose::Stop, Purpose::Read] {
            every_fault_is_drawn(purpose);
        }
        let injector = injector(Faults::Storm, 3);
        assert!((0..5000).filter_map(|n| injector.fault(&id(n), Purpose::Read, 1, 0)).all(|fault| !fault.is_applied()));
    }

    fn every_fault_is_drawn(purpose: Purpose) {
        let injector = injector(Faults::Storm, 3);
        let mut names: Vec<_> =
            (0..20_000).filter_map(|n| injector.fault(&id(n), purpose, 1, 0)).map(InjectedFault::name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 11, "{purpose:?}: {names:?}");
    }
}
