//! What the service states of itself: its APIs and the parameters of a job.

use super::super::again::Again;
use super::super::info::{Listing, ServiceInfo};
use super::super::param::Param;
use super::codes;
use crate::http::{Api, Hosts, Product, Signature};
use crate::provider::Cloud;

static PRODUCT: Product = Product { name: "drs", hosts: Hosts::ProductFirst };

pub(super) static STOP: Api = api("StopJob");
pub(super) static BATCH_STOP: Api = Api { batch: 10, ..api("BatchStopJobsAction") };
pub(super) static STATUS: Api = api("BatchListJobStatus").listing(10);
pub(super) static DETAIL: Api = api("ShowJobDetail");
pub(super) static SHOW_JOBS: Api = list("ShowJobList");
pub(super) static LIST_JOBS: Api = list("ListJobs");
pub(super) static LIST_TAGS: Api = list("ListInstanceByTags");

/// An empty list does not say whose it is: each comes on a connection of its own.
const fn list(action: &'static str) -> Api {
    Api { keeps_connections: false, ..api(action) }.listing(1)
}

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "", Signature::SdkHmac).keeping_connections()
}

pub(super) const JOB_ID: usize = 0;
pub(super) const IS_FORCE_STOP: usize = 1;

static PARAMS: [Param; 2] = [
    Param::identity("job_id", "the job's id", "c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r", 128),
    Param::flag("is_force_stop", "ends the job without waiting for what it is doing; default: false", true),
];

pub(super) static INFO: ServiceInfo = ServiceInfo {
    name: "drs_job",
    title: "Huawei Cloud DRS job",
    cloud: Cloud::Huawei,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&STATUS, &DETAIL],
    lasting: Some("it ends the job and releases its resources"),
    again: Again::Never("the stop ended the job and released its resources; create a new job"),
    permission: "the IAM user needs the right to end DRS jobs, as the role DRS Administrator and the policy DRS \
        FullAccess give it",
    read_permission: "the IAM user needs the right to query DRS jobs, as the policies DRS ReadOnlyAccess and DRS \
        FullAccess give it",
    codes: &codes::CODES,
    fields: &["Status", "status", "id", "job"],
    listing: Some(Listing { list: "jobs", fields: &[("id", "job_id")] }),
};
