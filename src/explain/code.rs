//! The vendors' error codes: what they mean, and what the program makes of them.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::json;

use super::entry::Entry;
use super::topic::Topic;
use super::word;
use crate::advice::{self, Origin};
use crate::error::{Code, ErrorClass};
use crate::http::Response;
use crate::provider::Cloud;
use crate::service::{Kind, Meaning, Params};
use crate::wording::retried;

pub(super) fn entries() -> Vec<Entry> {
    let own = Kind::all().iter().flat_map(|kind| kind.codes.iter().map(|code| of_kind(*kind, code)));
    let shared = Cloud::ALL.into_iter().flat_map(|cloud| cloud.codes().iter().map(move |code| of_cloud(cloud, code)));
    own.chain(shared).collect()
}

/// Returns the entries of the families that a code belongs to, such as `Throttling` for `Throttling.Cps`, and
/// `APIGW.0308` for `APIG.0308`.
pub(super) fn of_family(word: &str, known: Vec<Entry>) -> Vec<Entry> {
    let word = word.to_ascii_lowercase();
    let gateway = word.strip_prefix("apig.").map(|number| format!("apigw.{number}"));
    let belongs = |entry: &Entry| {
        let code = entry.word.to_ascii_lowercase();
        let is_family = word.strip_prefix(&code).is_some_and(|rest| rest.starts_with('.'));
        entry.topic == Topic::Code && (is_family || gateway.as_ref() == Some(&code))
    };
    known.into_iter().filter(belongs).collect()
}

fn of_kind(kind: Kind, code: &Code) -> Entry {
    let params = Params::new(kind.params.iter().map(|param| Some(param.example)));
    let verdict = kind.service().verdict(&params, &response(kind.cloud, code));
    let treatment = match verdict.meaning {
        Meaning::Stopped => "counts as stopped".to_owned(),
        Meaning::AlreadyStopped | Meaning::Ended => "the outcome is already_stopped".to_owned(),
        Meaning::Accepted => "the outcome is accepted until the state is read".to_owned(),
        Meaning::NotFound => "the outcome is not_found".to_owned(),
        Meaning::Failed(class) => classed(class),
        Meaning::Lost(class) => {
            format!("the stop may have taken effect: the state is read; if it still runs, {}", classed(class))
        }
        Meaning::Doubtful(class) => format!("the state is read; if it still runs, {}", classed(class)),
    };
    let advice = verdict.error.class.map(|class| advice(code, class, Origin::Stop(kind)));
    Entry { treatment: Some(treatment), advice, ..entry(code, kind.title) }
}

fn of_cloud(cloud: Cloud, code: &Code) -> Entry {
    let title = match cloud {
        Cloud::Alibaba => "Alibaba Cloud",
        Cloud::Huawei => "Huawei Cloud",
    };
    let Some(class) = cloud.error(&response(cloud, code)).class else { return entry(code, title) };
    let details = if code.advice.is_none() { word::permissions(class, Some(cloud)) } else { Vec::new() };
    Entry {
        treatment: Some(classed(class)),
        advice: Some(advice(code, class, Origin::Cloud(cloud))),
        details,
        ..entry(code, title)
    }
}

fn entry(code: &Code, owner: &'static str) -> Entry {
    Entry { owner: Some(owner), ..Entry::new(Topic::Code, code.code, code.means, None) }
}

fn classed(class: ErrorClass) -> String {
    format!("class {class}, retried: {}", retried(class))
}

/// Returns what to do: the hint that a report has.
fn advice(code: &Code, class: ErrorClass, origin: Origin) -> String {
    advice::advice(class, Some(code.code), None, origin)
}

/// Makes up the response that has this code.
fn response(cloud: Cloud, code: &Code) -> Response {
    let body = match cloud {
        Cloud::Alibaba => json!({"Code": code.code, "Message": code.means, "RequestId": "-"}),
        Cloud::Huawei => json!({"error_code": code.code, "error_msg": code.means}),
    };
    Response { status: code.status, headers: HeaderMap::new(), body: Bytes::from(body.to_string()) }
}
