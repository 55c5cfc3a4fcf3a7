//! Sends requests to whoever hands credentials out.
//!
//! Three rules hold for all of them: no redirects, short responses, and plain `http` without a proxy.

use std::time::Duration;

use crate::transport::HttpTransport;

/// The longest response that is read of one of them.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// How long connecting and a whole request may take.
pub(super) const TIMES: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(10));

/// The same for a metadata service.
pub(super) const METADATA_TIMES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(2));

/// The HTTP clients of all sources.
#[derive(Debug, Default)]
pub(super) struct Clients {
    _vendor: Option<HttpTransport>,
}
