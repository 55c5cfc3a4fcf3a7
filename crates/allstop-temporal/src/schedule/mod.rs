//! Schedules: the engine starts a run of a frozen plan at the times of a cron expression.
//!
//! [`create`] and [`update`] freeze a plan. A [`ScheduleView`] shows what the engine knows; [`ClockChange`] tells of times
//! that a clock change leaves out or repeats. Every run is one of its own, with an id of its own.

mod action;
mod change;
mod cron;
mod described;
mod error;
mod field;
mod line;
mod options;
mod run;
mod starts;
mod terms;
mod text;
mod trigger;
mod view;
mod write;
mod zone;

pub use action::ToFreeze;
pub use change::{ChangeKind, ClockChange};
pub use cron::{Cron, CronError};
pub use error::ScheduleError;
pub use line::{ScheduleLine, ScheduleList};
pub(crate) use options::lasting;
pub use options::{FrozenOptions, OtherOptions};
pub use run::ScheduledRun;
pub use terms::{LEAST_CATCHUP, Overlap, Policy, Times};
pub use trigger::{Triggered, trigger};
pub use view::{ScheduleView, Schedules, UnreadSchedule};
pub use write::{Changes, changed_times, create, delete, demand_free, pause, resume, update};
pub use zone::{LocalTime, Zone, ZoneError};
