//! Alibaba Cloud: endpoints, signing, error envelope.

pub mod acs3;
mod codes;
mod date;
mod endpoint;
mod error;
pub mod rpc_v1;

pub use codes::CODES;
pub use endpoint::endpoint;
pub(super) use error::{error, is_repeat};
