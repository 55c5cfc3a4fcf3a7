//! Huawei Cloud: endpoints, signing, error envelope.

mod endpoint;
mod fault;
pub mod sdk_hmac;
mod sign;

pub use endpoint::endpoint;
pub use fault::fault;
pub use sign::sign;
