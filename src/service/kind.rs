//! The kinds of targets.

use std::fmt;

use super::info::Listing;
use super::interface::Service;
use super::param::Param;
use crate::error::Code;
use crate::http::Api;
use crate::provider::Cloud;

/// A kind of target: a handle on its service.
#[derive(Clone, Copy)]
pub struct Kind(&'static dyn Service);

impl Kind {
    /// Makes a kind of a service.
    pub(crate) const fn new(service: &'static dyn Service) -> Self {
        Self(service)
    }

    /// Returns the kind's name in plans and reports, such as `fnf_execution`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Returns what people call it, such as `Alibaba Cloud CloudFlow execution`.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.info().title
    }

    /// Returns the cloud whose accounts it needs.
    #[must_use]
    pub fn cloud(self) -> Cloud {
        self.info().cloud
    }

    /// Returns the parameters of a target, identifying ones first.
    #[must_use]
    pub fn params(self) -> &'static [Param] {
        self.info().params
    }

    /// Returns the API that stops.
    #[must_use]
    pub fn stop_api(self) -> &'static Api {
        self.info().stop_api
    }

    /// Returns the APIs that read the state back, in the order they are asked.
    #[must_use]
    pub fn read_apis(self) -> &'static [&'static Api] {
        self.info().read_apis
    }

    /// Returns what cannot be undone about a stop; `None` if the target can be started again.
    #[must_use]
    pub fn lasting(self) -> Option<&'static str> {
        self.info().lasting
    }

    /// Returns what to grant if the credentials lack the permission to stop.
    #[must_use]
    pub fn permission(self) -> &'static str {
        self.info().permission
    }

    /// Returns what to grant if the state cannot be read.
    #[must_use]
    pub fn read_permission(self) -> &'static str {
        self.info().read_permission
    }

    /// Returns the service's own error codes.
    #[must_use]
    pub fn codes(self) -> &'static [Code] {
        self.info().codes
    }

    /// Returns the list of such targets that the vendor's command line prints.
    #[must_use]
    pub fn listing(self) -> Option<Listing> {
        self.info().listing
    }

    /// Returns the APIs that it calls: the one that stops, then those that read.
    pub fn apis(self) -> impl Iterator<Item = &'static Api> {
        std::iter::once(self.stop_api()).chain(self.read_apis().iter().copied())
    }

    /// Returns whether a parameter of it is an idempotency token.
    #[must_use]
    pub fn takes_token(self) -> bool {
        self.params().iter().any(|param| param.idempotency_token)
    }

    /// Explains an error code: the service's own, or one of its cloud.
    #[must_use]
    pub fn code(self, code: &str) -> Option<&'static Code> {
        self.codes().iter().chain(self.cloud().codes()).find(|known| known.code == code)
    }
}

impl std::ops::Deref for Kind {
    type Target = dyn Service;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
