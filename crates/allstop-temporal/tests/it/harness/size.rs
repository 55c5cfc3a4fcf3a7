//! How much the tests of the fleet do: little, as in CI, or as much as the figures in the documentation.
//!
//! | variable | is |
//! |---|---|
//! | `ALLSTOP_FLEET_FULL=1` | runs of the full size, and 20 moments and 10 seeds unless told otherwise |
//! | `ALLSTOP_FLEET_KILLS=20` | how many random moments workers are killed or frozen at, each in a run of its own |
//! | `ALLSTOP_FLEET_SEEDS=10` | how many runs workers are killed and frozen in at random |
//! | `ALLSTOP_FLEET_TARGETS=1000000` | how many targets the large plan has, with `ALLSTOP_FLEET_FULL`; 100,000 without it |
//! | `ALLSTOP_FLEET_SEED=7` | what the moments are drawn from, as a test has printed it; a new one without it |

use std::io::Write;
use std::time::{Duration, SystemTime};

use allstop::environment::Environment;

/// How much the tests do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) is_full: bool,
    /// How many random moments.
    pub(crate) kills: u64,
    /// How many runs with disturbances at random.
    pub(crate) seeds: u64,
    /// How many targets the large plan has.
    targets: Option<u64>,
    /// What moments are drawn from.
    seed: Option<u64>,
}

impl Size {
    /// Reads the variables.
    #[track_caller]
    pub(crate) fn of_process() -> Self {
        let environment = Environment::of_process();
        let number = |name: &str| {
            let text = environment.get(name).filter(|text| !text.is_empty())?;
            Some(text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
        };
        let is_full = number("ALLSTOP_FLEET_FULL").is_some_and(|full: u64| full > 0);
        Self {
            is_full,
            kills: number("ALLSTOP_FLEET_KILLS").unwrap_or(if is_full { 20 } else { 1 }),
            seeds: number("ALLSTOP_FLEET_SEEDS").unwrap_or(if is_full { 10 } else { 1 }),
            targets: number("ALLSTOP_FLEET_TARGETS"),
            seed: number("ALLSTOP_FLEET_SEED"),
        }
    }

    /// Returns `small` in CI, and else `full`.
    pub(crate) fn of<T>(self, small: T, full: T) -> T {
        if self.is_full { full } else { small }
    }

    /// Returns how many targets a large plan has: `small` in CI, and else `full`, unless told otherwise.
    pub(crate) fn large(self, small: usize, full: usize) -> usize {
        self.of(small, self.targets.map_or(full, |targets| usize::try_from(targets).unwrap()))
    }

    /// Returns the moments of a run by its number.
    pub(crate) fn random(self, number: u64) -> Random {
        let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
        let seed = self.seed.unwrap_or_else(|| u64::from(now()) + number);
        Random::of(seed)
    }

    /// Returns how long a run may take before it has failed.
    pub(crate) fn patience(self) -> Duration {
        self.of(Duration::from_secs(180), Duration::from_secs(1800))
    }
}

/// Numbers that can be drawn again.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    /// What they are drawn from.
    pub(crate) seed: u64,
    state: u64,
}

impl Random {
    pub(crate) const fn of(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// Draws a number from 0 to below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.within(0, most as u64)).unwrap()
    }

    /// Draws a number from `from` to below `to`.
    pub(crate) fn within(&mut self, from: u64, to: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        from + (mixed ^ (mixed >> 31)) % (to - from)
    }
}

/// Prints the figures of a test. The test runner does not swallow what goes around its macros.
pub(crate) fn figures(test: &str, what: std::fmt::Arguments<'_>) {
    let _ = std::io::stderr().write_all(format!("FIGURES {test}: {what}\n").as_bytes());
}
