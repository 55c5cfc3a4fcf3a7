//! Runs under paused time, against scripted answers.

mod ending;
mod lanes;
mod settling;
mod world;
