//! Whether a request may come in: signature, date, token and nonce, checked with the simulator's own code.
//!
//! Nothing here calls the signers under test, and no message repeats a signature, a secret or a token.

mod acs3;
mod caller;
mod check;
mod claim;
mod date;
mod headers;
mod nonces;
mod rpc_v1;
mod sdk_hmac;
mod secret;
#[cfg(test)]
mod tests;

pub(super) use caller::Caller;
pub(super) use check::{check, locked, replayed};
pub(super) use claim::{Claim, claim};
pub(super) use nonces::Nonces;
