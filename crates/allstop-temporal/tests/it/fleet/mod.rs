//! Runs of the fleet, with the simulator's ledger as the judge.
//!
//! Each test prints a line of figures. They are small, as CI runs them; `harness::size` has the variables that make them
//! large.

mod chaos;
mod doubt;
mod killed;
mod undisturbed;
