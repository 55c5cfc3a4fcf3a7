//! Runs under paused time, against scripted answers.

mod answers;
mod cloud;
mod crash;
mod dead_connections;
mod doubt;
mod ending;
mod events;
mod hints;
mod journal;
mod lanes;
mod results;
mod settling;
mod sickness;
mod storm;
mod world;
