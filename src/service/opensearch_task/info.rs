//! What the service states of itself: its APIs, the parameters of a task, its error code.

use super::super::again::Again;
use super::super::info::{Listing, ServiceInfo};
use super::super::param::Param;
use crate::error::Code;
use crate::http::{Api, Hosts, Product, Signature};
use crate::provider::Cloud;

static PRODUCT: Product = Product { name: "searchengine", hosts: Hosts::ProductFirst };

pub(super) static STOP: Api = api("StopTask");
pub(super) static CLUSTER_TASKS: Api = api("ListClusterTasks").listing(usize::MAX);
pub(super) static LIST_INSTANCES: Api = api("ListInstances").listing(1);
pub(super) static DATA_SOURCE_TASKS: Api = api("ListDataSourceTasks").listing(usize::MAX);

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "2021-10-25", Signature::Acs3)
}

pub(super) const INSTANCE_ID: usize = 0;
pub(super) const FSM_ID: usize = 1;

static PARAMS: [Param; 2] = [
    Param::identity("instance_id", "the instance's id, such as ha-cn-7mz2nx41h01", "ha-cn-7mz2nx41h01", 512),
    Param::identity(
        "fsm_id",
        "the task's id, as the task lists show it",
        "tisplus_opensearch@datasource_flow_fsm@165343",
        512,
    ),
];

pub(super) static INFO: ServiceInfo = ServiceInfo {
    name: "opensearch_task",
    title: "Alibaba Cloud OpenSearch task",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&CLUSTER_TASKS, &DATA_SOURCE_TASKS],
    lasting: None,
    again: Again::Never("no API starts a stopped task again; start the work where it was started before, such as in the console"),
    permission: "the RAM user needs searchengine:StopTask, and searchengine:ListClusterTasks and \
        searchengine:ListDataSourceTasks to read the state back, on \
        acs:searchengine:<region>:<account>:instance/<instance>",
    read_permission: "the RAM user needs searchengine:ListClusterTasks and searchengine:ListDataSourceTasks on \
        acs:searchengine:<region>:<account>:instance/<instance>",
    codes: &CODES,
    fields: &["Status", "status", "Result", "result"],
    listing: Some(Listing { list: "result", fields: &[("instanceId", "instance_id"), ("fsmId", "fsm_id")] }),
};

/// The code for an instance that the account lacks.
pub(super) const NO_INSTANCE: &str = "instance.NotFound";

static CODES: [Code; 1] = [Code::new(404, NO_INSTANCE, "the account has no such instance in the region")
    .advice("check instance_id, such as ha-cn-7mz2nx41h01, and the account's region")];
