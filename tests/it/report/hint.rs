//! Advice says something of use for every class and kind.

use allstop::advice::{Origin, advice};
use allstop::error::ErrorClass;
use allstop::service::Kind;

#[test]
fn is_a_fragment_for_every_class_and_kind() {
    for class in ErrorClass::ALL {
        for kind in Kind::all() {
            let text = advice(class, None, None, Origin::Stop(*kind));
            assert!(text.starts_with(char::is_lowercase) && !text.ends_with('.'), "{class} {kind}: {text}");
        }
    }
}

#[test]
fn names_permissions() {
    let table = [
        ("fnf_execution", ErrorClass::Denied, "fnf:StopExecution"),
        ("fnf_execution", ErrorClass::Denied, "acs:fnf:<region>:<account>:flow/<flow>"),
        ("opensearch_task", ErrorClass::Denied, "acs:searchengine:<region>:<account>:instance/<instance>"),
        ("elasticsearch_task", ErrorClass::Denied, "acs:elasticsearch:<region>:<account>:instances/<instance>"),
        ("live_flow", ErrorClass::Denied, "live:ott:updateFlowStatusStop"),
        ("drs_job", ErrorClass::Denied, "DRS FullAccess"),
    ];
    for (kind, class, word) in table {
        let text = advice(class, None, None, Origin::Stop(Kind::named(kind).unwrap()));
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_code_that_says_more_than_its_class_has_its_own_hint() {
    let table = [
        ("live_flow", ErrorClass::Denied, "LIVE.100011013", "real-name"),
        ("drs_job", ErrorClass::Denied, "APIGW.0310", "project_id"),
        ("fnf_execution", ErrorClass::Invalid, "EntityTooLarge", "cause"),
        ("fnf_execution", ErrorClass::NotFound, "FlowNotExists", "case-sensitive"),
        ("fnf_execution", ErrorClass::Denied, "AccessDenied", "fnf:StopExecution"),
        ("fnf_execution", ErrorClass::Throttled, "ResourceThrottled", "quota"),
    ];
    for (kind, class, code, word) in table {
        let text = advice(class, Some(code), None, Origin::Stop(Kind::named(kind).unwrap()));
        assert!(text.contains(word), "{code}: {text}");
    }
}

/// Short enough to be read in the closing summary, with the place for it on one line or two.
#[test]
fn hints_are_short_fragments() {
    for kind in Kind::all() {
        for code in kind.codes.iter().chain(kind.cloud.codes()) {
            assert!(code.means.len() < 90 && !code.means.ends_with('.'), "{}", code.code);
            let advice = code.advice.unwrap_or("-");
            assert!(advice.len() < 120 && !advice.ends_with('.'), "{}: {advice}", code.code);
            assert!(code.status >= 400, "{}", code.code);
        }
    }
}
