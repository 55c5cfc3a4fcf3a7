mod commit;
mod fingerprint;
mod history;
pub(crate) mod memory;
mod property;
mod world;
