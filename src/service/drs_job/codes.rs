//! The codes of DRS. The vendor's page "Error Code" lists most of them, and the page of each API some.

use crate::error::Code;
use crate::error::ErrorClass::{Auth, Conflict, Denied, Invalid, Protocol, Rejected, Server, Throttled};

/// The job has ended, and nothing of it is left.
pub(super) const RELEASED: &str = "DRS.M05004";

/// There is nothing to list.
pub(super) const EMPTY: &str = "DRS.M00002";

const NO_JOB: &str = "the project has no such job";
const CHECK_JOB: &str = "check job_id, the account's region and its project_id";
const PARAMETER: &str = "a parameter has a value that is not allowed";
const DENIED: &str = "the IAM user may not do this";
const BROKEN: &str = "internal error of the service";

/// Every code that is explained.
pub(super) static CODES: [Code; 25] = [
    Code::new(400, "DRS.10000010", NO_JOB).advice(CHECK_JOB),
    Code::new(400, "DRS.M00289", NO_JOB).advice(CHECK_JOB),
    Code::new(400, "DRS.M05003", NO_JOB).advice(CHECK_JOB),
    Code::new(400, RELEASED, "the job has been deleted, or its resources are released"),
    Code::new(400, "DRS.10000001", "the service failed without giving a reason"),
    Code::new(400, "DRS.M01503", "too many requests were sent").class(Throttled),
    // The page has it with a 202, too: that is no refusal by itself.
    Code::new(400, "DRS.M01504", "another operation of the job is under way, or the job is abnormal").class(Conflict),
    Code::new(400, "DRS.M00304", "the job's status does not allow this now").class(Rejected),
    Code::new(400, "DRS.M00307", "only a subtask can be stopped so")
        .advice("the job has subtasks: name those as targets instead")
        .class(Rejected),
    Code::new(400, "DRS.M00308", "only a parent task can be stopped so")
        .advice("the job is a subtask: name its parent task as the target instead")
        .class(Rejected),
    Code::new(422, EMPTY, "the service found nothing").class(Rejected),
    Code::new(400, "DRS.M00210", "the page of a listing is not valid").class(Protocol),
    Code::new(400, "DRS.M00211", "the page of a listing is beyond its end").class(Protocol),
    Code::new(422, "DRS.M01501", BROKEN).class(Server),
    Code::new(500, "DRS.M00004", BROKEN).class(Server),
    Code::new(403, "DRS.M00102", DENIED).class(Denied),
    Code::new(401, "DRS.M00103", DENIED).class(Denied),
    Code::new(403, "DRS.M00100", "the token is not valid").class(Auth),
    Code::new(403, "DRS.M00261", "the project may not be used, or is not the token's")
        .advice("check the account's project_id, and that it is the project of its region")
        .class(Denied),
    Code::new(400, "DRS.M00200", PARAMETER).class(Invalid),
    Code::new(400, "DRS.M00201", PARAMETER).class(Invalid),
    Code::new(400, "DRS.M00202", PARAMETER).class(Invalid),
    Code::new(400, "DRS.M00007", PARAMETER).class(Invalid),
    Code::new(400, "DRS.M00300", PARAMETER).class(Invalid),
    Code::new(400, "DRS.M00305", PARAMETER).class(Invalid),
];

/// Returns whether a code says that there is no such job.
pub(super) fn is_unknown(code: &str) -> bool {
    matches!(code, "DRS.10000010" | "DRS.M00289" | "DRS.M05003")
}

/// Returns whether the class of a code is known.
pub(super) fn has_class(code: &str) -> bool {
    CODES.iter().any(|known| known.code == code && known.class.is_some())
}
