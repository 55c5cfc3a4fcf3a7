//! Stops many cloud tasks at once and tells the truth about each of them.

pub mod class;
pub mod clock;
pub mod credentials;
pub mod environment;
pub mod operation;
pub mod plan;
pub mod rate;
pub mod report;
pub mod run;
pub mod simulator;
pub mod transport;
pub mod vendor;
pub mod wire;
