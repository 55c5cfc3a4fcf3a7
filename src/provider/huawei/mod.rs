//! Huawei Cloud: endpoints, signing, error envelope.

mod codes;
mod endpoint;
mod error;
mod key_lock;
mod limit;
pub mod sdk_hmac;
mod sign;

pub use codes::CODES;
pub use endpoint::endpoint;
pub(super) use error::error;
pub use key_lock::is_key_lock;
pub use limit::stated_limit;
pub use sign::{sign, sign_with};
