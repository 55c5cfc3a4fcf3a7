//! Alibaba Cloud: endpoints, signing, error envelope.

mod endpoint;
mod fault;
mod sign;

pub use endpoint::endpoint;
pub use fault::fault;
pub use sign::sign;
