//! Sends requests to whoever hands credentials out, and reads the responses.
//!
//! Four rules hold for all of them: no redirects, no proxy but the system's for `https` to a name, plain `http` to this
//! machine and what is directly beside it, and short responses. No text of a response is shown before what is secret in
//! the request is taken out of it.

mod address;
mod call;
mod clients;
mod key_ids;
mod refusal;
mod reply;

pub(super) use address::with_scheme;
pub(super) use call::{Call, SignedCall};
pub(super) use clients::Clients;
#[cfg(test)]
pub(super) use clients::signed;
pub(super) use refusal::Refusal;
pub(super) use reply::Reply;

#[cfg(test)]
pub(super) mod tests;
