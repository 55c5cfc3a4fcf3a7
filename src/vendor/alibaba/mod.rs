//! Alibaba Cloud: endpoints, signing, error envelope.

pub mod acs3;
mod codes;
mod endpoint;
mod fault;
pub mod rpc_v1;
mod sign;

pub use codes::CODES;
pub use endpoint::endpoint;
pub(super) use fault::{fault, is_repeat};
pub use sign::sign;
