//! Credentials: the built binary against a simulator that issues them.

mod ground;
mod pins;
mod renewal;
