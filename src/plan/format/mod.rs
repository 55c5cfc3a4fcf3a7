//! What a plan may say: every mapping with fixed keys, and of every key its name, its values, its default, one sentence
//! about it, and examples.
//!
//! These tables are the only place where a key is stated. The reader, the defaults of the model, the JSON Schema, the
//! plan reference and `allstop explain` all go by them. A kind's own parameters are in `crate::service`.

pub(super) mod account;
pub(super) mod guards;
pub(super) mod limits;
pub(super) mod plan;
pub(super) mod retry;
pub(super) mod target;
pub(super) mod window;

pub use super::key::{KeyInfo, Section, Takes};
pub use account::{ACCOUNT, CREDENTIALS, ENV};
pub use guards::GUARDS;
pub use limits::{KIND_LIMITS, LIMITS};
pub use plan::PLAN;
pub use retry::{RETRY, VERIFY};
pub use target::{BULK, DEFAULTS, TARGET};
pub use window::WINDOW;
