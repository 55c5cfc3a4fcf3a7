//! The feature `otel`: traces and metrics, as a receiver gets them from the built program.

mod receiver;

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::trace::v1::{Span, status::StatusCode};
use serde_json::Value;

use self::receiver::{Got, Receiver, attributes};
use crate::environment::{ALIBABA_KEYS, Ended, TestEnvironment, shipped};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Runs the plan that ships for rehearsals.
fn rehearse(env: &TestEnvironment, variables: &[(&str, &str)], options: &[&str]) -> Ended {
    let plan = shipped("rehearsal.yaml");
    let rehearsal = ["--rehearse", "--seed", "7", "--speed", "1000", "--yes", "--progress", "off"];
    env.run_with(variables.iter().copied(), [&["run", &*plan], &rehearsal[..], options].concat())
}

/// Returns the span of the run, and those of the targets.
fn family(got: &Got) -> (&Span, Vec<&Span>) {
    let (roots, targets): (Vec<_>, Vec<_>) = got.spans.iter().partition(|span| span.name == "allstop run");
    assert_eq!(roots.len(), 1);
    for span in &targets {
        assert_eq!((&span.trace_id, &span.parent_span_id), (&roots[0].trace_id, &roots[0].span_id));
    }
    (roots[0], targets)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_run_is_a_trace_whose_spans_are_the_rows_of_the_report() {
    let (receiver, env) = (Receiver::start(Some(200)), TestEnvironment::new());
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let variables =
        [("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint()), ("TRACEPARENT", &parent), ("TRACESTATE", "a=b")];
    let Ended { stderr, .. } = rehearse(&env, &variables, &["--faults", "storm"]);
    assert!(!stderr.contains("OpenTelemetry"), "{stderr}");
    let (got, report) = (receiver.take(), env.report("rehearsal.rehearsal.report.json"));
    let (root, targets) = family(&got);
    assert_eq!((hex(&root.trace_id), hex(&root.parent_span_id)), (TRACE.to_owned(), PARENT.to_owned()));
    assert_eq!(root.trace_state, "a=b");
    let about = attributes(&root.attributes);
    for (name, expected) in [
        ("allstop.run", report["run"]["id"].as_str().unwrap().to_owned()),
        ("allstop.plan", "rehearsal".to_owned()),
        ("allstop.mode", "rehearsal".to_owned()),
        ("allstop.status", "completed".to_owned()),
        ("allstop.exit_status", report["run"]["exit_code"].to_string()),
        ("allstop.targets.stopped", report["summary"]["stopped"].to_string()),
    ] {
        assert_eq!(about[name], expected, "{name}");
    }
    let rows = report["targets"].as_array().unwrap();
    assert_eq!(targets.len(), rows.len());
    for span in targets {
        let about = attributes(&span.attributes);
        let row = rows.iter().find(|row| row["id"] == about["allstop.target.id"]).expect("a row");
        assert_eq!(span.name, format!("stop {}", row["kind"].as_str().unwrap()));
        assert_eq!(
            (row["outcome"].as_str(), row["account"].as_str()),
            (Some(&*about["allstop.outcome"]), Some(&*about["allstop.account"]))
        );
        let attempts = row["attempts"].as_array().unwrap();
        assert_eq!(span.events.len(), attempts.len());
        for (event, attempt) in span.events.iter().zip(attempts) {
            check_event(&attributes(&event.attributes), attempt);
            assert!(event.time_unix_nano >= span.start_time_unix_nano, "{row}");
        }
        assert!(span.end_time_unix_nano >= span.start_time_unix_nano);
        let is_bad = ["failed", "unknown"].contains(&row["outcome"].as_str().unwrap());
        assert_eq!(span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error), is_bad, "{row}");
    }
}

/// Checks that an event says what the row says of an attempt.
fn check_event(event: &std::collections::BTreeMap<String, String>, attempt: &Value) {
    let text = |name: &str| event.get(name).map(String::as_str);
    assert_eq!(text("allstop.attempt"), Some(&*attempt["n"].to_string()));
    assert_eq!(text("allstop.verdict"), Some(attempt["class"].as_str().unwrap_or("ok")));
    assert_eq!(text("allstop.code"), attempt["code"].as_str());
    assert_eq!(text("allstop.request_id"), attempt["request_id"].as_str());
    let status = attempt["http_status"].as_u64().map(|status| status.to_string());
    assert_eq!(text("http.response.status_code"), status.as_deref());
    assert_eq!(event.contains_key("allstop.retry_in"), !attempt["retry_in_ms"].is_null());
}

#[test]
fn metrics_are_those_of_the_file() {
    let (receiver, env) = (Receiver::start(Some(200)), TestEnvironment::new());
    let variables = [
        ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", &*format!("{}/own/metrics", receiver.endpoint())),
        ("OTEL_SERVICE_NAME", "nightly-stop"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20s3cret-token"),
    ];
    let Ended { stderr, stdout, .. } = rehearse(&env, &variables, &["--faults", "none", "-vv"]);
    assert!(!format!("{stderr}{stdout}").contains("s3cret"), "{stderr}");
    let (got, report) = (receiver.take(), env.report("rehearsal.rehearsal.report.json"));
    assert!(got.spans.is_empty() && got.paths.iter().all(|path| path == "/own/metrics"), "{:?}", got.paths);
    assert_eq!(got.headers[0]["authorization"], "Bearer s3cret-token");
    assert_eq!(got.headers[0]["content-type"], "application/x-protobuf");
    let resource = &got.resources[0];
    assert_eq!((&*resource["service.name"], &*resource["deployment.environment.name"]), ("nightly-stop", "test"));
    let stopped = report["summary"]["stopped"].as_f64().unwrap();
    assert_eq!(got.sum("allstop.run.targets", ("outcome", "stopped")), stopped);
    assert_eq!(got.sum("allstop.run.stop.duration", ("mode", "rehearsal")), stopped);
    assert_eq!(got.sum("allstop.run.success", ("plan", "rehearsal")), 1.0);
    let names: BTreeSet<_> = got.metrics.iter().map(|metric| &*metric.name).collect();
    assert!(names.len() >= 14 && names.iter().all(|name| name.starts_with("allstop.")), "{names:?}");
    // A rehearsal is no success of the plan.
    assert!(!names.contains("allstop.last.success.timestamp"));
}

#[test]
fn nothing_is_sent_without_an_endpoint_or_where_it_is_disabled() {
    let (receiver, env) = (Receiver::start(Some(200)), TestEnvironment::new());
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    for (variables, warning) in [
        (&[][..], None),
        (&[endpoint, ("OTEL_SDK_DISABLED", "TRUE")], None),
        (&[endpoint, ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_METRICS_EXPORTER", "none")], None),
        (&[endpoint, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")], Some("OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`")),
        (&[("OTEL_EXPORTER_OTLP_ENDPOINT", "user:pass@nowhere")], Some("OTEL_EXPORTER_OTLP_ENDPOINT is not an http")),
    ] {
        let Ended { code, stderr, .. } = rehearse(&env, variables, &["--faults", "none"]);
        assert_eq!(code, 0, "{stderr}");
        match warning {
            Some(warning) => assert!(stderr.contains(warning) && !stderr.contains("pass@"), "{stderr}"),
            None => assert!(!stderr.contains("OTEL") && !stderr.contains("OpenTelemetry"), "{stderr}"),
        }
    }
    let got = receiver.take();
    assert!(got.paths.is_empty(), "{:?}", got.paths);
}

#[test]
fn a_parent_that_is_none_is_a_warning_and_one_that_is_not_sampled_is_followed() {
    let (receiver, env) = (Receiver::start(Some(200)), TestEnvironment::new());
    let endpoint = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*format!("{}/own/traces", receiver.endpoint()));
    let Ended { code, stderr, .. } = rehearse(&env, &[endpoint, ("TRACEPARENT", "00-zz-1-01")], &["--faults", "none"]);
    assert_eq!(code, 0);
    assert!(stderr.contains("TRACEPARENT is not of the form"), "{stderr}");
    let got = receiver.take();
    let (root, targets) = family(&got);
    assert!(root.parent_span_id.is_empty() && !targets.is_empty());
    assert_eq!(got.resources[0]["service.name"], "allstop");
    let unsampled = format!("00-{TRACE}-{PARENT}-00");
    let Ended { stderr, .. } = rehearse(&env, &[endpoint, ("TRACEPARENT", &unsampled)], &["--faults", "none"]);
    assert!(!stderr.contains("spans"), "{stderr}");
    assert!(receiver.take().spans.is_empty());
}

#[test]
fn what_cannot_be_sent_is_one_warning_and_changes_nothing() {
    let env = TestEnvironment::new();
    let unavailable = Receiver::start(Some(400));
    let silent = Receiver::start(None);
    for (endpoint, why) in [
        (unavailable.endpoint(), "HTTP export failed with status code: 400"),
        // It waits for 5 seconds, however long a request may take.
        (silent.endpoint(), "spans were not sent to the OpenTelemetry endpoint: "),
        ("http://127.0.0.1:1", "spans were not sent to the OpenTelemetry endpoint: "),
    ] {
        let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_TIMEOUT", "600000")];
        let Ended { code, stderr, .. } = rehearse(&env, &variables, &["--faults", "none", "--report", "r.json"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains(why), "{stderr}");
        assert_eq!(stderr.matches("OpenTelemetry").count(), 1, "{stderr}");
        assert_eq!(env.report("r.json")["rehearsal"]["agrees"], true);
    }
}

#[test]
fn spans_that_do_not_fit_into_the_queue_are_dropped_and_counted() {
    let (receiver, env) = (Receiver::start(Some(200)), TestEnvironment::new());
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint()),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "1"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"),
    ];
    let Ended { code, stderr, .. } = rehearse(&env, &variables, &["--faults", "none"]);
    assert_eq!(code, 0, "{stderr}");
    let got = receiver.take().spans.len();
    let targets = env.report("rehearsal.rehearsal.report.json")["targets"].as_array().unwrap().len();
    let (all, lost) = (targets + 1, targets + 1 - got);
    let warning = format!("{lost} of {all} spans were not sent to the OpenTelemetry endpoint: the queue was full");
    assert_eq!(stderr.contains(&warning), lost > 0, "{lost} of {all}: {stderr}");
    assert_eq!(stderr.contains("OpenTelemetry"), lost > 0, "{stderr}");
}

#[test]
fn a_run_that_cannot_begin_is_a_trace_too() {
    let plan = "version: 1\n\
        accounts: {a: {cloud: alibaba, region: cn-hangzhou, account_id: '1111111111111111', \
        endpoints: {fnf: 'http://127.0.0.1:1', sts: 'http://127.0.0.1:1'}}}\n\
        defaults: {account: a}\n\
        targets: [{kind: fnf_execution, flow_name: f, execution_name: e}]\n";
    let receiver = Receiver::start(Some(200));
    let env = TestEnvironment::new().set(ALIBABA_KEYS).with("plan.yaml", plan);
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())];
    let Ended { code, stderr, .. } = env.run_with(variables, ["run", "plan.yaml", "--yes", "--progress", "off"]);
    assert_eq!(code, 2, "{stderr}");
    let got = receiver.take();
    let (root, targets) = family(&got);
    assert!(targets.is_empty());
    assert_eq!(attributes(&root.attributes)["allstop.exit_status"], "2");
    assert_eq!(root.status.as_ref().unwrap().code(), StatusCode::Error);
    assert_eq!(got.sum("allstop.run.exit.status", ("mode", "live")), 2.0);
    assert!(!format!("{got:?}").contains("secret"));
}
