//! Requests and responses, before and after signing. Plain values: nothing here sends.

mod api;
mod loopback;
mod request;
mod response;

pub use api::{Api, Hosts, LONG_RESPONSE, Product, Quota, SHORT_RESPONSE, Signature};
pub(crate) use loopback::{is_adjacent, is_loopback};
pub use request::{Body, Request, SignedRequest};
pub use response::Response;
