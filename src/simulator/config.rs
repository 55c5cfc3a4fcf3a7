//! What a simulator is started with.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::fault::Faults;
use super::list_fault::ListFault;
use super::service::Quirks;
use super::world::World;
use crate::provider::Credentials;

/// The settings of a simulator.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// How much goes wrong.
    pub faults: Faults,
    /// What faults and delays are drawn from: equal seeds, equal faults.
    pub seed: u64,
    /// How many times faster than in the real clouds stops end and quotas refill; kept within 0.001 and 1,000,000.
    pub speed: f64,
    /// Which share of a plan's resources does not run at the start; `None` for the share of `faults`.
    pub standing: Option<f64>,
    /// Which share of the resources refuses every read with a 403; `None` for the share of `faults`.
    pub unreadable: Option<f64>,
    /// Whether the services' quotas are enforced.
    pub quotas: bool,
    /// The shortest and the longest time that a stop takes to end, before `speed`.
    pub stop_delay: (Duration, Duration),
    /// Whether a request creates the resource that it names, running.
    pub auto_create: bool,
    /// How far the simulator's clock is ahead of the system's.
    pub clock_offset: SignedDuration,
    /// What is there in a rehearsal; `None` for what the plan names, and what can be tried on its selections.
    pub world: Option<Arc<World>>,
    /// What the services do differently from what their pages say.
    pub quirks: Quirks,
    /// Faults of listings, besides those of `faults`.
    pub list_faults: Vec<ListFault>,
    /// Whether the resources are there to be found by listings: with faults, some listings tell something wrong, and no
    /// listing is refused for ever before a stop.
    pub is_listed: bool,
    /// Access keys that it accepts besides its own, for account 0.
    pub keys: Vec<Credentials>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            faults: Faults::None,
            seed: 0,
            speed: 1.0,
            standing: None,
            unreadable: None,
            quotas: true,
            stop_delay: (Duration::from_secs(1), Duration::from_secs(5)),
            auto_create: false,
            clock_offset: SignedDuration::ZERO,
            world: None,
            quirks: Quirks::default(),
            list_faults: Vec::new(),
            is_listed: false,
            keys: Vec::new(),
        }
    }
}
