//! The plan: read from YAML, checked as a whole, and then trusted by everything else.
//!
//! `file` reads the text with positions, `resolve` reports every problem at once, and what comes out is a
//! [`Plan`] without a trace of YAML. Nothing here touches the network.

mod guards;
mod model;

pub use guards::{Guards, MaxFailures, NotFound, Window};
pub use model::{
    Account, CredentialNames, CredentialSource, KindLimits, Labels, Limits, Plan, Retry, Target, Verify, VerifyMode,
};
