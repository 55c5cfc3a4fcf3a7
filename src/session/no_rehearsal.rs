//! Without the feature `simulator` there are no rehearsals: no value of these types exists.

use std::sync::Arc;

use crate::credentials::CredentialProvider;
use crate::engine::{Listings, Record, Run};
use crate::plan::Plan;
use crate::report;

use super::context::Context;
use super::error::SessionError;

/// The options of the simulator in a rehearsal, which needs the feature `simulator`.
#[derive(Debug, Clone, Copy)]
pub enum RehearsalOptions {}

pub(super) enum Rehearsal {}

impl Rehearsal {
    pub(super) fn start(_: &mut Plan, options: &RehearsalOptions, _: &Context) -> Result<Self, SessionError> {
        match *options {}
    }

    pub(super) fn speed(&self) -> f64 {
        match *self {}
    }

    pub(super) fn provider(&self) -> Arc<dyn CredentialProvider> {
        match *self {}
    }

    pub(super) fn lead(&self, _: Run, _: bool) -> Run {
        match *self {}
    }

    pub(super) fn lead_listings(&self, _: Listings, _: bool) -> Listings {
        match *self {}
    }

    pub(super) fn compare(&self, _: &Plan, _: &Record) -> report::Rehearsal {
        match *self {}
    }
}
