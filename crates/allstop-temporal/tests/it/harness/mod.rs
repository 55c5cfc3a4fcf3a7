//! What the tests need: a Temporal server, a cloud that judges, the program, and the plans between them.
//!
//! [`Site`] has all of it for one test. Nothing sleeps: who waits is woken by output, by requests at the cloud or by the
//! end of a process.

// Each test uses a part of it.
#![allow(dead_code)]

mod cloud;
mod fleet;
mod judge;
mod plan;
mod process;
mod secure;
mod server;
mod site;
mod size;
mod submission;
mod terminal;
mod tests;
mod timeline;

use std::time::Duration;

pub(crate) use fleet::Fleet;
pub(crate) use judge::{Judgement, merged};
pub(crate) use plan::TestPlan;
pub(crate) use process::Process;
pub(crate) use secure::{Clients, Secure};
pub(crate) use server::{Server, Storage};
pub(crate) use site::Site;
pub(crate) use size::{Random, Size, figures};
pub(crate) use submission::{Done, Pace, Submission, floor};
pub(crate) use terminal::answered;
pub(crate) use timeline::Timeline;

/// Longer than anything here takes; who waits as long has found a mistake.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
