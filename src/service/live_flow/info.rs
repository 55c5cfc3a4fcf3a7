//! What the service states of itself: its APIs with their quota, the parameter of a flow, its error codes.

use super::super::again::{Again, AgainCommand};
use super::super::info::{Listing, ServiceInfo};
use super::super::param::Param;
use crate::base::rate::Rate;
use crate::error::{Code, ErrorClass};
use crate::http::{Api, Hosts, Product, Signature};
use crate::provider::Cloud;

static PRODUCT: Product = Product { name: "live", hosts: Hosts::ProductFirst };

pub(super) static STOP: Api = api("UpdateFlowStatusStop");
pub(super) static DETAIL: Api = api("ShowFlowDetail");
pub(super) static LIST: Api = Api { keeps_connections: false, ..api("ListFlows") }.listing(1);

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "", Signature::SdkHmac).quota(Rate::per_minute(80), 1).keeping_connections()
}

pub(super) const FLOW_ID: usize = 0;

static PARAMS: [Param; 1] = [Param::identity("flow_id", "the flow's id", "ec897482-d24b-4d64-aa39-407980902b1d", 128)];

/// Follows the vendor's page "Starting a Flow Task"; the operation's name is the one of the vendor's SDK.
static START: AgainCommand = AgainCommand {
    operation: ["Live", "ModifyFlowStart"],
    options: &[("flow_id", FLOW_ID)],
    input: None,
    means: "Starts the same flow again.",
};

pub(super) static INFO: ServiceInfo = ServiceInfo {
    name: "live_flow",
    title: "Huawei Cloud Live media flow",
    cloud: Cloud::Huawei,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&DETAIL],
    lasting: None,
    again: Again::Command(&START),
    permission: "the IAM user needs live:ott:updateFlowStatusStop, and the right to query flows to read the state back",
    read_permission: "the IAM user needs the right to query the flows of Live",
    codes: &CODES,
    fields: &["Status", "status", "flow_id"],
    listing: Some(Listing { list: "flows", fields: &[("flow_id", "flow_id")] }),
};

const MAINTENANCE: &str = "the API is under maintenance";

/// The code for any invalid parameter, and for a flow that is on standby.
pub(super) const INVALID: &str = "LIVE.100011001";

static CODES: [Code; 11] = [
    Code::new(400, INVALID, "a parameter is wrong, or the flow is on standby already: the text tells which")
        .class(ErrorClass::Invalid),
    Code::new(401, "LIVE.100011003", "the IAM user may not call the API").class(ErrorClass::Denied),
    Code::new(400, "LIVE.100011004", "the API takes https only")
        .advice("check the account's endpoints: they must be https")
        .class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011006", MAINTENANCE).class(ErrorClass::Server),
    Code::new(400, "LIVE.100011008", MAINTENANCE).class(ErrorClass::Server),
    Code::new(400, "LIVE.100011009", "the service does not know the account")
        .advice("check that the keys are of the account that uses Live")
        .class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011011", "the API does not take the HTTP method").class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011012", "the API does not take the media type").class(ErrorClass::Rejected),
    Code::new(400, "LIVE.100011013", "the account has no real-name authentication")
        .advice("complete real-name authentication of the account: no permission helps before that")
        .class(ErrorClass::Denied),
    Code::new(400, "LIVE.103011021", "the service cannot reach its database").class(ErrorClass::Server),
    Code::new(400, "LIVE.103011022", "the flow's state does not allow this now").class(ErrorClass::Conflict),
];
