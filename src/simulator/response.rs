//! Responses before they are sent, and how they are sent.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    /// The HTTP status.
    pub(super) status: u16,
    /// The headers besides `Date`, `Content-Type` and `Content-Length`.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The content type.
    pub(super) content_type: &'static str,
    /// The body.
    pub(super) body: Bytes,
    /// How long the client waits for it.
    pub(super) delay: Duration,
    /// How much of it the client gets.
    pub(super) ending: Ending,
}

/// How much of a response the client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// All of it.
    Whole,
    /// The head and half of the body; then the connection is closed.
    Cut,
    /// Nothing: the connection is reset.
    Reset,
}

impl Response {
    /// Builds a response with a JSON body.
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json;charset=utf-8", body.to_string())
    }

    /// Builds a response with any body.
    pub(super) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content_type,
            body: body.into(),
            delay: Duration::ZERO,
            ending: Ending::Whole,
        }
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets how much of it the client gets.
    pub(super) const fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// Makes the client wait.
    pub(super) const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// What a service objects to, before it is put into the service's envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The HTTP status.
    pub(super) status: u16,
    /// The vendor's code.
    pub(super) code: &'static str,
    /// The message.
    pub(super) message: Cow<'static, str>,
}

impl Problem {
    /// Builds a problem whose message is always the same.
    pub(super) const fn fixed(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message) }
    }

    /// Builds a problem.
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into() }
    }
}
