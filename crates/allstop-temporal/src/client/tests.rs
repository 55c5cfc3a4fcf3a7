//! Tests of the settings, and of connections to what is no Temporal server.

mod connecting;
mod settings;
