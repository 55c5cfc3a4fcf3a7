//! What the service states of itself: its APIs with their quotas, the parameters of an execution, its error codes.

use super::super::again::{Again, AgainCommand, AgainInput};
use super::super::info::{Listing, ServiceInfo};
use super::super::param::Param;
use crate::base::rate::Rate;
use crate::error::Code;
use crate::http::{Api, Hosts, Product, Signature};
use crate::provider::Cloud;

/// The hosts have the region first ("Serverless Workflow: endpoints"). The vendor's SDK builds other hosts for regions that
/// are not in its table; no page documents those.
static PRODUCT: Product = Product { name: "fnf", hosts: Hosts::RegionFirst };

pub(super) static STOP: Api = api("StopExecution").quota(Rate::per_second(2), 10);
pub(super) static DESCRIBE: Api = api("DescribeExecution").quota(Rate::per_second(5), 50);
pub(super) static LIST_FLOWS: Api = list("ListFlows");
pub(super) static LIST_EXECUTIONS: Api = list("ListExecutions");
pub(super) static LIST_SCHEDULES: Api = list("ListSchedules");

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "2019-03-15", Signature::RpcV1).keeping_connections()
}

/// An empty list does not say whose it is: each comes on a connection of its own.
const fn list(action: &'static str) -> Api {
    Api { keeps_connections: false, ..api(action) }.quota(Rate::per_second(2), 10).listing(1)
}

pub(super) const FLOW_NAME: usize = 0;
pub(super) const EXECUTION_NAME: usize = 1;
pub(super) const CAUSE: usize = 2;
pub(super) const ERROR: usize = 3;

static PARAMS: [Param; 4] = [
    Param::identity("flow_name", "the flow's name", "order-import", 128),
    // One that is waited for is named `NAME:UUID`.
    Param::identity("execution_name", "the execution's name", "run-20261122", 256),
    Param::text(
        "cause",
        "why it is stopped, for the execution's history; default: the id of the run",
        "incident 4711",
        4096,
    ),
    Param::text("error", "an error code for the execution's history", "Interrupted", 128),
];

/// Follows the vendor's pages "StartExecution" and "DescribeExecution".
static START: AgainCommand = AgainCommand {
    operation: ["fnf", "StartExecution"],
    options: &[("FlowName", FLOW_NAME)],
    input: Some(AgainInput {
        option: "Input",
        operation: ["fnf", "DescribeExecution"],
        options: &[("FlowName", FLOW_NAME), ("ExecutionName", EXECUTION_NAME)],
        field: "Input",
    }),
    means: "Starts a new execution of the flow from its beginning; the stopped one stays stopped.",
};

pub(super) static INFO: ServiceInfo = ServiceInfo {
    name: "fnf_execution",
    title: "Alibaba Cloud CloudFlow execution",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&DESCRIBE],
    lasting: None,
    again: Again::Command(&START),
    permission: "the RAM user needs fnf:StopExecution, and fnf:DescribeExecution to read the state back, on \
        acs:fnf:<region>:<account>:flow/<flow>",
    read_permission: "the RAM user needs fnf:DescribeExecution on acs:fnf:<region>:<account>:flow/<flow>",
    codes: &CODES,
    fields: &["Status", "status", "FlowName", "Name"],
    listing: Some(Listing { list: "Executions", fields: &[("FlowName", "flow_name"), ("Name", "execution_name")] }),
};

/// The code for a flow that the account lacks.
pub(super) const NO_FLOW: &str = "FlowNotExists";

static CODES: [Code; 13] = [
    Code::new(400, "ExecutionAlreadyCompleted", "the execution has ended already"),
    Code::new(404, "ExecutionNotExists", "the flow has no such execution")
        .advice("check execution_name and the account's region; executions are listed under their flow"),
    Code::new(404, NO_FLOW, "the account has no such flow in the region")
        .advice("check flow_name, which is case-sensitive, and the account's region"),
    Code::new(409, "ConcurrentUpdateError", "another request changes the execution at the same time"),
    Code::new(429, "ResourceThrottled", "the account's bucket of 10 stops, filled at 2 a second, is empty"),
    Code::new(403, "InvalidAccessKeyID", "unknown access key id"),
    Code::new(403, "SignatureNotMatch", "the signature does not match the secret"),
    Code::new(403, "RequestTimeTooSkewed", "the request's date differs by more than 15 minutes"),
    Code::new(400, "InvalidArgument", "a parameter has a value that is not allowed")
        .advice("check flow_name and execution_name: letters, digits, _ and -, no digit first; a flow has up to 128 of them"),
    Code::new(400, "EntityTooLarge", "the request is too large").advice("shorten cause"),
    Code::new(400, "MissingRequiredParams", "a required parameter is missing"),
    Code::new(400, "ActionNotSupported", "this endpoint does not serve the action")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
    Code::new(400, "APIVersionNotSupported", "this endpoint does not serve that version of the API")
        .advice("check the account's region and endpoints: this one does not serve CloudFlow"),
];
