//! The kinds of targets.

use std::fmt;

use super::info::ServiceInfo;
use super::interface::Service;
use crate::error::Code;
use crate::http::Api;

/// A kind of target: a handle on its service, whose [`ServiceInfo`] it lends.
#[derive(Clone, Copy)]
pub struct Kind(&'static dyn Service);

impl Kind {
    /// Makes a kind of a service.
    pub(crate) const fn new(service: &'static dyn Service) -> Self {
        Self(service)
    }

    /// Returns what its service does.
    #[must_use]
    pub const fn service(self) -> &'static dyn Service {
        self.0
    }

    /// Returns the APIs that it calls: the one that stops, those that read, and the one that stops several targets.
    pub fn apis(self) -> impl Iterator<Item = &'static Api> {
        let batch_stop = self.0.batch_stop().map(|batch| batch.api());
        std::iter::once(self.stop_api).chain(self.read_apis.iter().copied()).chain(batch_stop)
    }

    /// Returns how many targets one request stops at most.
    #[must_use]
    pub fn stop_batch(self) -> usize {
        self.0.batch_stop().map_or(1, |batch| batch.api().batch)
    }

    /// Returns whether a parameter of it is an idempotency token.
    #[must_use]
    pub fn takes_token(self) -> bool {
        self.params.iter().any(|param| param.idempotency_token)
    }

    /// Explains an error code: the service's own, or one of its cloud.
    #[must_use]
    pub fn code(self, code: &str) -> Option<&'static Code> {
        self.codes.iter().chain(self.cloud.codes()).find(|known| known.code == code)
    }
}

impl std::ops::Deref for Kind {
    type Target = ServiceInfo;

    fn deref(&self) -> &ServiceInfo {
        self.0.info()
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
