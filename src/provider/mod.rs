//! What the two vendors share across their services: endpoints, signing, error envelopes, credentials.
//!
//! Nothing here knows a single service, sends anything or keeps state.

#[doc(hidden)]
pub mod alibaba;
#[doc(hidden)]
pub mod canonical;
mod cloud;
mod content;
mod credentials;
mod echo;
#[doc(hidden)]
pub mod encode;
mod encoded;
mod envelope;
#[doc(hidden)]
pub mod huawei;
mod indicators;
mod json;
mod mac;
mod network;
mod origin;
mod regions;
mod sent_signature;
mod sign;
mod sign_error;
mod signing;
mod text;
mod throttle;

#[cfg(test)]
mod tests;

pub use cloud::Cloud;
pub(crate) use cloud::{METADATA, ParsedResponse};
pub(crate) use content::is_html;
pub use credentials::{Credentials, Principal};
pub(crate) use echo::{Echoes, Secrets};
pub(crate) use encoded::USER_AGENT;
pub(crate) use json::{Json, Listed, Object, Search, parse};
pub(crate) use mac::hmac_sha256_base64;
pub use network::Network;
pub use origin::Origin;
pub use sign::sign;
pub use sign_error::SignError;
pub use signing::Signing;
pub(crate) use text::tidy;
