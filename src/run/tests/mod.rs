//! Runs under paused time, against scripted answers.

mod answers;
mod cloud;
mod crash;
mod ending;
mod events;
mod journal;
mod lanes;
mod results;
mod settling;
mod sickness;
mod storm;
mod world;
