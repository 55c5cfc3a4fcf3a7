//! Runs under paused time, against scripted answers.

mod answers;
mod batches;
mod cloud;
mod crash;
mod dead_connections;
mod doubt;
mod ending;
mod events;
mod handover;
mod hints;
mod journal;
mod lanes;
mod listing;
mod parts;
mod renewal;
mod results;
mod settling;
mod sickness;
mod sign_in;
mod stages;
mod storm;
mod world;
