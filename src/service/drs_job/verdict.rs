//! What the response to the stop of one job means.

use super::super::meaning::{Meaning, Verdict};
use super::super::param::Params;
use super::super::response::{self, BodyStatus, Refusal};
use super::codes;
use super::info::{INFO, JOB_ID};
use crate::error::ErrorClass;
use crate::http::Response;
use crate::provider::Object;

/// Reads the response to the stop of one job.
pub(super) fn of(params: &Params, response: &Response) -> Verdict {
    match response::of_stop(&INFO, response, body_status, &[("id", params.name(JOB_ID))]) {
        Ok(success) => match body_status(&success.body) {
            BodyStatus::Done => success.verdict(Meaning::Accepted),
            BodyStatus::Refused => {
                success.but(Meaning::Doubtful(ErrorClass::Rejected), "the response's status is failed")
            }
            BodyStatus::Nothing | BodyStatus::Odd => success.unproven("a success without a known status"),
        },
        Err(refusal) if codes::is_unknown(refusal.code()) => refusal.verdict(Meaning::NotFound),
        Err(refusal) if refusal.code() == codes::RELEASED => refusal.verdict(Meaning::AlreadyStopped),
        Err(refusal) => match doubt(&refusal) {
            Some(class) => refusal.verdict(Meaning::Doubtful(class)),
            None => refusal.failed(),
        },
    }
}

/// Returns what the body of a response states about the stop.
pub(super) fn body_status(body: &Object<'_>) -> BodyStatus {
    match body.text("status") {
        Some(word) if word.eq_ignore_ascii_case("success") => BodyStatus::Done,
        Some(word) if word.eq_ignore_ascii_case("failed") => BodyStatus::Refused,
        _ => BodyStatus::Nothing,
    }
}

/// Returns the class of a refusal that may mean that the job has ended already: one by the service itself, and
/// none that would be another's error or pass by itself.
fn doubt(refusal: &Refusal) -> Option<ErrorClass> {
    let class = refusal.class;
    let is_final = matches!(class, ErrorClass::Invalid | ErrorClass::Rejected | ErrorClass::NotFound);
    match refusal.code() {
        "" => None,
        code if !is_final || code.starts_with("APIG") => None,
        // By the status alone, nobody knows what the service means.
        code if code.starts_with("DRS.") && !codes::has_class(code) => Some(ErrorClass::Rejected),
        _ => Some(class),
    }
}
