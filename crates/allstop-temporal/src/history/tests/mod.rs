//! Runs that are read from histories made by hand.

mod engine;
mod errors;
mod events;
mod reports;
mod standing;
mod world;
