//! What the service states of itself: its APIs with their quota, the parameters of an instance, its error codes.

use super::super::again::{Again, AgainCommand};
use super::super::info::{Listing, ServiceInfo};
use super::super::param::{Param, Shape};
use crate::base::rate::Rate;
use crate::error::Code;
use crate::http::{Api, Hosts, Product, Signature};
use crate::provider::Cloud;

static PRODUCT: Product = Product { name: "elasticsearch", hosts: Hosts::ProductFirst };

pub(super) static STOP: Api = api("InterruptElasticsearchTask");
pub(super) static DESCRIBE: Api = api("DescribeInstance");
pub(super) static LIST_INSTANCES: Api = api("ListInstance").listing(1);
pub(super) static LIST_RECORDS: Api = api("ListActionRecords").listing(1);

const fn api(action: &'static str) -> Api {
    Api::new(&PRODUCT, action, "2017-06-13", Signature::Acs3).quota(Rate::per_second(100), 10)
}

pub(super) const INSTANCE_ID: usize = 0;
pub(super) const CLIENT_TOKEN: usize = 1;

static PARAMS: [Param; 2] = [
    Param::identity("instance_id", "the instance's id, such as es-cn-n6w1o1x0w001c", "es-cn-n6w1o1x0w001c", 128),
    Param {
        shape: Shape::Text { max_chars: 64, ascii: true },
        idempotency_token: true,
        ..Param::text("client_token", "the idempotency token; default: a new one", "incident-4711", 64)
    },
];

/// Follows the vendor's page "ResumeElasticsearchTask".
static RESUME: AgainCommand = AgainCommand {
    operation: ["elasticsearch", "ResumeElasticsearchTask"],
    options: &[("InstanceId", INSTANCE_ID)],
    input: None,
    means: "Resumes the interrupted change of the instance.",
};

pub(super) static INFO: ServiceInfo = ServiceInfo {
    name: "elasticsearch_task",
    title: "Alibaba Cloud Elasticsearch instance change",
    cloud: Cloud::Alibaba,
    params: &PARAMS,
    stop_api: &STOP,
    read_apis: &[&DESCRIBE],
    lasting: None,
    again: Again::Command(&RESUME),
    permission: "the RAM user needs elasticsearch:InterruptElasticsearchTask, and elasticsearch:DescribeInstance to read \
        the state back, on acs:elasticsearch:<region>:<account>:instances/<instance>",
    read_permission: "the RAM user needs elasticsearch:DescribeInstance on \
        acs:elasticsearch:<region>:<account>:instances/<instance>",
    codes: &CODES,
    fields: &["Status", "status", "Result", "result", "instanceId"],
    listing: Some(Listing { list: "Result", fields: &[("instanceId", "instance_id")] }),
};

/// The code for an instance that the account lacks.
pub(super) const NO_INSTANCE: &str = "InstanceNotFound";

static CODES: [Code; 5] = [
    Code::new(400, NO_INSTANCE, "the account has no such instance in the region")
        .advice("check instance_id, such as es-cn-n6w1o1x0w001c, and the account's region"),
    Code::new(400, "InstanceStatusNotSupportCurrentAction", "nothing changes there, or another task is in the way"),
    Code::new(409, "ConcurrencyUpdateInstanceConflict", "another change of the instance is under way"),
    Code::new(409, "InstanceDuplicateScheduledTask", "another task of the instance waits for its turn"),
    Code::new(409, "TokenPreviousRequestProcessError", "the same request is still being worked on"),
];
