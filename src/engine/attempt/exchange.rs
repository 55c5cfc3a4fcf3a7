//! What came of one request.

use jiff::Timestamp;
use tokio::time::Instant;

use super::clock_offset::ClockOffset;
use super::echo::Echoes;
use crate::http::Response;
use crate::provider::SignError;
use crate::transport::{Blame, SendError};

/// What a lane gives a request that it lets go.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Permit {
    /// The clock offset it is signed with.
    pub(in crate::engine) clock: ClockOffset,
    /// Its number among the lane's requests.
    pub(in crate::engine) number: u64,
}

/// When a request was sent.
#[derive(Clone, Copy)]
pub(in crate::engine) struct SentAt {
    /// In the run's own time.
    pub(in crate::engine) wall: Timestamp,
    /// For measuring.
    pub(in crate::engine) instant: Instant,
    /// What it was sent with.
    pub(in crate::engine) permit: Permit,
}

/// The end of one request.
pub(in crate::engine) enum Exchange {
    Response(Response),
    Failed(SendError),
    /// It could not be signed and was never sent.
    Unsigned(SignError),
}

/// What came of one request.
pub(in crate::engine) struct Reply {
    pub(in crate::engine) exchange: Exchange,
    pub(in crate::engine) sent: SentAt,
    /// The generation of the credentials it was signed with.
    pub(in crate::engine) generation: u32,
    /// Whether those are temporary.
    pub(in crate::engine) is_temporary: bool,
    /// What the response must not repeat.
    pub(in crate::engine) echoes: Echoes,
}

impl Reply {
    /// Tells whether the process had no file descriptor left for the request.
    pub(in crate::engine) fn is_short_of_descriptors(&self) -> bool {
        matches!(&self.exchange, Exchange::Failed(error) if error.blame == Blame::Descriptors)
    }
}
