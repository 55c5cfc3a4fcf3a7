//! Credentials: the built binary against a simulator that issues them.

mod accounts;
mod case;
mod chain;
mod ground;
mod pins;
mod profiles;
mod renewal;
