//! Runs of the fleet, with the simulator's ledger as the judge.
//!
//! Each test prints a line of figures. They are small, as CI runs them; `harness::size` has the variables that make them
//! large.

mod by_command;
mod chaos;
mod credentials;
mod doubt;
mod encrypted;
mod ends;
mod engine;
mod failures;
mod killed;
mod large;
mod many_lanes;
mod otherwise;
mod same_report;
mod secrets;
mod sharing;
mod signals;
mod undisturbed;
