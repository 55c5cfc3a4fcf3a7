//! Alibaba Cloud: endpoints, signing, error envelope.

pub mod acs3;
mod endpoint;
mod fault;
pub mod rpc_v1;
mod sign;

pub use endpoint::endpoint;
pub use fault::fault;
pub use sign::sign;
