//! What a plan would stop, and how fast.

use std::path::Path;
use std::time::Duration;

use allstop::http::Quota;
use allstop::plan::{Plan, Variables};
use allstop::rate::Rate;
use allstop::report::{Preview, warnings};
use allstop::service::Kind;

fn plan(limits: &str, rest: &str) -> Plan {
    let text = format!(
        "version: 1\naccounts:\n  ali: {{cloud: alibaba, region: cn-hangzhou}}\n  hw: {{cloud: huawei, region: cn-north-4}}\n\
         limits: {limits}\n{rest}"
    );
    Plan::parse(text.as_bytes(), Path::new("incident.yaml"), &Variables::default()).unwrap().plan
}

/// Returns what `check` shows of a selection.
fn shown(plan: &Plan, selected: impl Fn(usize) -> bool) -> String {
    let overview = plan.overview_of(|number, _| selected(number));
    Preview { plan, overview: &overview, warnings: &warnings(plan, &overview), selects: &[] }.to_string()
}

const ONE: &str = "targets: [{kind: drs_job, account: hw, job_id: j}]";

#[test]
fn quotas_are_the_nearest_that_somebody_states() {
    let quota = |limits: &str, kind: &str| {
        let Quota { rate, burst } = plan(limits, ONE).stop_quota(Kind::named(kind).unwrap());
        (rate, burst)
    };
    let table = [
        ("{}", "fnf_execution", (Rate::per_second(2), 10)),
        ("{}", "live_flow", (Rate::per_minute(80), 1)),
        ("{}", "elasticsearch_task", (Rate::per_second(100), 10)),
        ("{}", "drs_job", (Rate::per_second(10), 1)),
        ("{burst: 7}", "fnf_execution", (Rate::per_second(2), 7)),
        ("{rate: 50/s}", "fnf_execution", (Rate::per_second(50), 5)),
        ("{rate: 50/s, burst: 50}", "drs_job", (Rate::per_second(50), 50)),
        ("{rate: 50/s, burst: 50, per_kind: {drs_job: {rate: 5/s}}}", "drs_job", (Rate::per_second(5), 1)),
        ("{rate: 50/s, burst: 50, per_kind: {drs_job: {burst: 3}}}", "drs_job", (Rate::per_second(50), 3)),
        ("{rate: 50/s, per_kind: {drs_job: {rate: 5/s}}}", "live_flow", (Rate::per_second(50), 5)),
    ];
    for (limits, kind, expected) in table {
        assert_eq!(quota(limits, kind), expected, "{kind} with {limits}");
    }
}

/// A request stops as many as the service takes and the plan allows, and no more than may be sent at once.
#[test]
fn a_batch_is_that_of_the_kind_or_the_service() {
    for (limits, kind, most) in [
        ("{}", "drs_job", 10),
        ("{}", "live_flow", 1),
        ("{per_kind: {drs_job: {batch: 4}}}", "drs_job", 4),
        ("{per_kind: {drs_job: {batch: 1}}}", "drs_job", 1),
        ("{concurrency: 3}", "drs_job", 3),
        ("{per_kind: {drs_job: {concurrency: 2, batch: 5}}}", "drs_job", 2),
    ] {
        assert_eq!(plan(limits, ONE).stop_batch(Kind::named(kind).unwrap()), most, "{kind} with {limits}");
    }
}

#[test]
fn reads_have_no_limits_per_kind() {
    let read = Kind::named("live_flow").unwrap().read_apis[0];
    let plan = plan("{per_kind: {live_flow: {rate: 1/s}}}", ONE);
    assert_eq!(plan.read_quota(read).rate, Rate::per_minute(80));
}

#[test]
fn the_overview_counts_and_estimates() {
    let mut rest = String::from(
        "guards:\n  max_targets: 1000\n  protect: ['*payments*', 'team=billing']\n  max_failures: 2.5%\n  not_found: ok\n  \
         window: {days: [mon, fri], from: 20:00, to: 06:00, timezone: Asia/Shanghai}\nverify: {mode: always}\ntargets:\n",
    );
    for n in 0..1200 {
        rest.push_str(&format!("  - {{kind: fnf_execution, account: ali, flow_name: etl, execution_name: run-{n}}}\n"));
    }
    rest.push_str("  - {kind: fnf_execution, account: ali, flow_name: payments-eu, execution_name: x}\n");
    rest.push_str("  - {kind: live_flow, account: hw, flow_id: a}\n  - {kind: live_flow, account: hw, flow_id: b}\n");
    rest.push_str("  - {kind: drs_job, account: hw, job_id: j}\n  - {kind: drs_job, account: hw, job_id: j}\n");
    let plan = plan("{}", &rest);
    let overview = plan.overview_of(|_, _| true);
    assert_eq!(overview.stops(), 1203);
    assert_eq!(overview.rows[0].estimate(), Duration::from_secs(595));
    assert_eq!(overview.rows[1].estimate(), Duration::from_millis(750));
    assert_eq!(overview.estimate(), Duration::from_secs(595));
    insta::assert_snapshot!(shown(&plan, |_| true));

    let huawei = plan.overview_of(|_, target| target.account == 1);
    assert_eq!((huawei.rows.len(), huawei.stops(), warnings(&plan, &huawei).len()), (2, 3, 1));
}

#[test]
fn accounts_with_one_key_share_a_quota_and_its_time() {
    let text = |credentials: &str| {
        let accounts = format!(
            "version: 1\naccounts:\n  a: {{cloud: alibaba, region: cn-hangzhou}}\n  \
             b: {{cloud: alibaba, region: cn-hangzhou{credentials}}}\ntargets:\n"
        );
        (0..60).fold(accounts, |text, n| {
            let account = if n < 20 { "a" } else { "b" };
            text + &format!("  - {{kind: fnf_execution, account: {account}, flow_name: f, execution_name: run-{n}}}\n")
        })
    };
    let parsed = |credentials: &str| {
        Plan::parse(text(credentials).as_bytes(), Path::new("two.yaml"), &Variables::default()).unwrap().plan
    };
    let shares = |plan: &Plan| shown(plan, |_| true).contains("share one quota");
    let plan = parsed("");
    let shared = plan.overview_of(|_, _| true);
    assert_eq!(shared.rows.iter().map(|row| row.estimate().as_secs()).collect::<Vec<_>>(), [25, 25]);
    assert_eq!(shared.estimate(), Duration::from_secs(25), "50 beyond the burst at 2/s");
    assert!(shares(&plan));

    let plan = parsed(", credentials: {env: {access_key_id: B_ID, access_key_secret: B_SECRET}}");
    let apart = plan.overview_of(|_, _| true);
    assert_eq!(apart.rows.iter().map(|row| row.estimate().as_secs()).collect::<Vec<_>>(), [5, 15]);
    assert!(!shares(&plan));
}

#[test]
fn a_selection_says_what_it_leaves_out_and_what_cannot_be_undone() {
    let rest = "guards: {max_targets: 1}\ntargets:\n  - {id: first, kind: drs_job, account: hw, job_id: j}\n  \
                - {kind: drs_job, account: hw, job_id: j}\n  - {kind: live_flow, account: hw, flow_id: a}\n  \
                - {kind: live_flow, account: hw, flow_id: b}\n";
    let plan = plan("{}", rest);
    let overview = plan.overview_of(|number, _| number == 1);
    assert_eq!((overview.stops(), overview.unselected), (1, 3), "the repetition stands for what it repeats");
    insta::assert_snapshot!(shown(&plan, |number| number == 1));

    let flows = plan.overview_of(|number, _| number > 1);
    assert_eq!(warnings(&plan, &flows), ["The run would be refused: 2 targets exceed guards.max_targets (1)."]);
}

#[test]
fn what_has_nothing_to_stop_has_no_line() {
    let rest = "guards: {protect: [j]}\ntargets:\n  - {kind: drs_job, account: hw, job_id: j}\n  \
                - {kind: live_flow, account: hw, flow_id: a}\n";
    let plan = plan("{}", rest);
    let whole = shown(&plan, |_| true);
    assert!(whole.contains("live_flow") && !whole.contains("drs_job"), "{whole}");
    let nothing = shown(&plan, |number| number == 0);
    assert!(
        nothing.contains(" would stop nothing.\n\n1 more target is left out: not selected for this run.\n1 more target is left out: protected by the plan"),
        "{nothing}"
    );
    assert!(!nothing.contains("sent in about"), "{nothing}");
}

#[test]
fn every_endpoint_that_is_not_the_vendors_is_named() {
    let text = "version: 1\naccounts:\n  a: {cloud: alibaba, region: cn-hangzhou, endpoints: {fnf: 'https://evil.example', \
                elasticsearch: 'http://127.0.0.1:1'}}\n  b: {cloud: alibaba, region: cn-hangzhou, endpoints: \
                {fnf: 'https://cn-hangzhou.fnf.aliyuncs.com'}}\n  c: {cloud: huawei, region: r, endpoints: {iam: 'https://iam.example'}}\n\
                targets: [{kind: elasticsearch_task, account: b, instance_id: i}]\n";
    let plan = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default()).unwrap().plan;
    let wanted = [
        "Account a sends requests to replaced endpoints: elasticsearch to http://127.0.0.1:1, fnf to https://evil.example.",
        "Account c sends requests to replaced endpoints: iam to https://iam.example.",
    ];
    assert_eq!(warnings(&plan, &plan.overview_of(|_, _| true)), wanted);
    // The question and `check` show the same text.
    assert!(wanted.iter().all(|sentence| shown(&plan, |_| true).contains(sentence)));
}
