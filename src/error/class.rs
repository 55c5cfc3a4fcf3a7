//! The classes of everything that can go wrong with one request.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What went wrong, in the terms that decide what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A quota was exceeded.
    Throttled,
    /// Another change of the same resource is in progress.
    Conflict,
    /// The service failed.
    Server,
    /// The connection could not be made or broke.
    Network,
    /// No response came in time.
    Timeout,
    /// The request's date was too far from the service's clock.
    Clock,
    /// The credentials are wrong, unknown or expired: nothing with them can succeed.
    Auth,
    /// The credentials are valid but lack the permission.
    Denied,
    /// The service rejects the request as malformed.
    Invalid,
    /// The service refused for a permanent reason.
    Rejected,
    /// The service does not know the resource.
    NotFound,
    /// The response is unusable: garbage, an HTML page, a redirect, an empty success, a contradiction, or about another
    /// resource.
    Protocol,
}

impl ErrorClass {
    /// Every class, in the order of lists: first those that are retried.
    pub const ALL: [Self; 12] = [
        Self::Throttled,
        Self::Conflict,
        Self::Server,
        Self::Network,
        Self::Timeout,
        Self::Protocol,
        Self::Clock,
        Self::Auth,
        Self::Denied,
        Self::Invalid,
        Self::Rejected,
        Self::NotFound,
    ];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Conflict => "conflict",
            Self::Server => "server",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Clock => "clock",
            Self::Auth => "auth",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::Rejected => "rejected",
            Self::NotFound => "not_found",
            Self::Protocol => "protocol",
        }
    }

    /// Returns whether sending the same request again later may succeed.
    ///
    /// `Clock` is not among them: it is solved by correcting the clock, not by waiting.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Throttled | Self::Conflict | Self::Server | Self::Network | Self::Timeout | Self::Protocol => true,
            Self::Clock | Self::Auth | Self::Denied | Self::Invalid | Self::Rejected | Self::NotFound => false,
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
