//! The error envelope of Alibaba Cloud.

use crate::vendor::Fault;
use crate::wire::Reply;

/// Reads the error an answer carries, if it carries one.
#[must_use]
pub fn fault(_reply: &Reply) -> Fault {
    Fault::default()
}
