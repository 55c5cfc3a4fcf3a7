//! What a service states about its kind of target.

use super::again::Again;
use super::param::Param;
use crate::error::Code;
use crate::http::Api;
use crate::provider::Cloud;

/// What never changes about a kind of target.
///
/// All of it lives as long as the program; a service that is not written in code leaks what it read once.
#[derive(Debug, PartialEq, Eq)]
pub struct ServiceInfo {
    /// The kind's name in plans and reports, such as `fnf_execution`.
    pub name: &'static str,
    /// What people call it, such as `Alibaba Cloud CloudFlow execution`.
    pub title: &'static str,
    /// The cloud whose accounts it needs.
    pub cloud: Cloud,
    /// The parameters of a target, identifying ones first.
    pub params: &'static [Param],
    /// The API that stops.
    pub stop_api: &'static Api,
    /// The APIs that read the state back, in the order they are asked: a later one is asked only about targets that
    /// the earlier ones do not list.
    pub read_apis: &'static [&'static Api],
    /// What cannot be undone about a stop, such as `it ends the job`; `None` if it can be started again.
    pub lasting: Option<&'static str>,
    /// How it is started again after a stop.
    pub again: Again,
    /// What to grant if the credentials lack the permission, such as its name.
    pub permission: &'static str,
    /// What to grant if the state cannot be read.
    pub read_permission: &'static str,
    /// The service's own error codes, and those of its cloud that mean something else here.
    pub codes: &'static [Code],
    /// The fields of responses that it reads, besides those of its cloud's error envelope.
    pub fields: &'static [&'static str],
    /// The list of such things that the vendor's command line prints; `None` if it prints none.
    pub listing: Option<Listing>,
}

/// A list that a vendor's command line prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// The field that has the list.
    pub list: &'static str,
    /// The fields of an entry that name a target, each with its parameter.
    pub fields: &'static [(&'static str, &'static str)],
}
