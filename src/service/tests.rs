//! What holds for every kind, and what the tests of the single services share.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::error::ErrorClass;
use crate::http::{Body, Hosts, Product, Response};
use crate::provider::{Cloud, Network};

pub(super) mod listing;
mod property;
mod responses;

pub(super) use responses::{ALIBABA, HUAWEI};

/// One answer to a stop and what it means: status, headers as `name: value` lines, body; meaning, code, request id.
pub(super) type Case = (u16, &'static str, &'static str, Meaning, &'static str, &'static str);

pub(super) const SCOPE: Scope<'static> =
    Scope { project_id: "054ba152d480d55b2f5dc0069e7ddef0", cause: "run 1", client_token: "token-1" };

pub(super) fn response(status: u16, headers: &str, body: &str) -> Response {
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap())
    };
    let headers: HeaderMap = headers.lines().map(header).collect();
    Response { status, headers, body: body.to_owned().into() }
}

pub(super) fn params(texts: &[&str]) -> Params {
    Params::new(texts.iter().map(|text| Some(Value::Text(text))))
}

/// Checks what answers to the stop of a target mean to a kind.
pub(super) fn check(kind: &str, target: &Params, cases: &[Case]) {
    let kind = Kind::named(kind).unwrap();
    for &(status, headers, body, meaning, code, request_id) in cases {
        let verdict = kind.service().verdict(target, &response(status, headers, body));
        let error = &verdict.error;
        assert_eq!(verdict.meaning, meaning, "{kind} {status} {body}");
        assert_eq!(error.code.as_deref().unwrap_or_default(), code, "{kind} {status} {body}");
        assert_eq!(error.request_id.as_deref().unwrap_or_default(), request_id, "{kind} {status} {body}");
        let refused =
            matches!(meaning, Meaning::Failed(_) | Meaning::Doubtful(_) | Meaning::Lost(_) | Meaning::NotFound);
        assert_eq!(error.class.is_some(), refused, "{kind} {status} {body}");
    }
}

/// Checks what a read tells of one target.
pub(super) fn check_read(kind: &str, stage: usize, target: &Params, cases: &[(u16, &str, Result<State, ErrorClass>)]) {
    let kind = Kind::named(kind).unwrap();
    for (status, body, wanted) in cases {
        let seen = kind.service().observations(stage, &[target], &response(*status, "", body));
        let seen: Vec<_> =
            seen.into_iter().map(|observation| observation.map_err(|error| error.class.unwrap())).collect();
        assert_eq!(seen, std::slice::from_ref(wanted), "{kind} {status} {body}");
    }
}

#[test]
fn kinds_are_found_by_their_names() {
    let names: Vec<_> = Kind::all().iter().map(|kind| kind.name).collect();
    assert_eq!(names, ["fnf_execution", "opensearch_task", "elasticsearch_task", "live_flow", "drs_job"]);
    for kind in Kind::all() {
        assert_eq!(Kind::named(kind.name), Some(*kind));
    }
    assert_eq!(Kind::named("fnf"), None);
}

#[test]
fn declarations_are_sound() {
    for kind in Kind::all() {
        let params = kind.params;
        let identifying = params.iter().take_while(|param| param.identifying).count();
        assert!(identifying > 0, "{kind}");
        assert!(params.iter().skip(identifying).all(|param| !param.identifying), "{kind}: identifying ones come first");
        assert_eq!(kind.stop_api.batch, 1, "{kind}");
        assert!(!kind.read_apis.is_empty(), "{kind}");
        assert!(!kind.title.is_empty() && !kind.permission.is_empty(), "{kind}");
    }
}

#[test]
fn products_are_those_of_the_kinds() {
    let names = |cloud| products(cloud).iter().map(|product| product.name).collect::<Vec<_>>();
    assert_eq!(names(Cloud::Alibaba), ["fnf", "searchengine", "elasticsearch"]);
    assert_eq!(names(Cloud::Huawei), ["live", "drs"]);
}

#[test]
fn endpoints_follow_the_documented_rules() {
    use {Cloud::Alibaba, Cloud::Huawei, Network::Public, Network::Vpc};
    for (cloud, product, region, network, expected) in [
        (Alibaba, "fnf", "cn-hangzhou", Public, "https://cn-hangzhou.fnf.aliyuncs.com"),
        (Alibaba, "fnf", "ap-southeast-1", Public, "https://ap-southeast-1.fnf.aliyuncs.com"),
        (Alibaba, "fnf", "cn-shanghai", Vpc, "https://cn-shanghai-internal.fnf.aliyuncs.com"),
        (Alibaba, "searchengine", "eu-central-1", Public, "https://searchengine.eu-central-1.aliyuncs.com"),
        (Alibaba, "searchengine", "cn-beijing", Vpc, "https://searchengine-vpc.cn-beijing.aliyuncs.com"),
        (Alibaba, "elasticsearch", "cn-hangzhou", Public, "https://elasticsearch.cn-hangzhou.aliyuncs.com"),
        (Alibaba, "elasticsearch", "us-west-1", Vpc, "https://elasticsearch-vpc.us-west-1.aliyuncs.com"),
        (Huawei, "live", "cn-north-4", Public, "https://live.cn-north-4.myhuaweicloud.com"),
        (Huawei, "drs", "ap-southeast-3", Public, "https://drs.ap-southeast-3.myhuaweicloud.com"),
        (Huawei, "drs", "eu-west-0", Public, "https://drs.eu-west-0.myhuaweicloud.com"),
        (Huawei, "drs", "eu-west-101", Public, "https://drs.eu-west-101.myhuaweicloud.eu"),
    ] {
        let product = products(cloud).into_iter().find(|known| known.name == product).unwrap();
        assert_eq!(cloud.endpoint(product, region, network), expected);
    }
    let first = Product { name: "p", hosts: Hosts::RegionFirst };
    assert_eq!(Huawei.endpoint(&first, "cn-north-4", Public), "https://cn-north-4.p.myhuaweicloud.com");
}

/// Whatever a provider knew of a service, the service would have to be added there, too.
#[test]
fn providers_know_no_service() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/provider"))];
    let apis = || Kind::all().iter().flat_map(|kind| kind.apis());
    let quoted = apis().flat_map(|api| [api.product.name, api.action]).map(|name| format!("\"{name}\""));
    let names: Vec<_> = quoted.chain(Kind::all().iter().map(|kind| kind.name.to_owned())).collect();
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let known = names.iter().find(|name| text.contains(&**name));
            assert_eq!(known, None, "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 30, "only {files} files");
}

#[test]
fn every_kind_and_api_is_documented() {
    let page = include_str!("../../docs/services.md");
    for kind in Kind::all() {
        assert!(page.contains(&format!("## `{kind}`")), "{kind}");
        for api in kind.apis().chain(kind.service().lister().apis().iter().copied()) {
            assert!(page.contains(&format!("`{}`", api.name())), "{}", api.name());
        }
        for param in kind.params {
            assert!(page.contains(&format!("`{}`", param.name)), "{kind} {}", param.name);
        }
    }
}

#[test]
fn listings_are_sound() {
    for kind in Kind::all() {
        let lister = kind.service().lister();
        let fields = lister.selectable().fields;
        let identifying = kind.params.iter().filter(|param| param.identifying).map(|param| param.name);
        assert!(
            identifying.eq(fields
                .iter()
                .map(|field| field.name)
                .take(kind.params.iter().filter(|param| param.identifying).count())),
            "{kind}"
        );
        assert!(lister.selectable().name.is_none_or(|name| fields[name].name == "name"), "{kind}");
        for api in lister.apis() {
            assert_eq!(api.max_response_bytes, crate::http::LONG_RESPONSE, "{}", api.name());
            assert!(!api.keeps_connections, "{}: an empty list does not say whose it is", api.name());
        }
    }
}

#[test]
fn requests_call_the_declared_apis() {
    for kind in Kind::all() {
        let target = params(&vec!["x"; kind.params.iter().filter(|param| param.identifying).count()]);
        assert_eq!(kind.service().stop(&target, &SCOPE).api, kind.stop_api, "{kind}");
        for (stage, api) in kind.read_apis.iter().enumerate() {
            let read = kind.service().read(stage, &[&target], &SCOPE);
            assert_eq!(&read.api, api, "{kind}");
            assert!(!matches!(read.body, Body::Form(_)), "{kind}");
        }
    }
}

#[test]
fn ids_cannot_leave_their_place_in_a_path() {
    for kind in Kind::all() {
        let target = params(&vec!["a/b?c#d%2F é"; kind.params.iter().filter(|param| param.identifying).count()]);
        let path = kind.service().stop(&target, &SCOPE).path;
        assert!(path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%/".contains(&byte)), "{kind} {path}");
        assert!(!path.contains("a/b"), "{kind} {path}");
    }
}
