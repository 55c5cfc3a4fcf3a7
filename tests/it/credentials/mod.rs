//! Credentials: the built binary against a simulator that issues them.

mod case;
mod chain;
mod check;
mod faults;
mod ground;
mod metadata;
mod pins;
#[cfg(unix)]
mod processes;
mod profiles;
mod projects;
mod renewal;
mod secrets;
mod sharing;
#[cfg(unix)]
mod storms;
