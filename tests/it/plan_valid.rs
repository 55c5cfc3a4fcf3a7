//! Plans that are read, and what they are read as.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use allstop::http::Signature;
use allstop::plan::{CredentialSource, Loaded, Look, MaxFailures, NotFound, Plan, Target, Variables, VerifyMode};
use allstop::provider::Network;
use allstop::rate::Rate;
use allstop::service::Kind;
use proptest::prelude::*;

fn load(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans/valid").join(name);
    Plan::load(&path, &Variables::default()).unwrap()
}

#[track_caller]
fn parse(text: &str, variables: &Variables) -> Loaded {
    Plan::parse(text.as_bytes(), Path::new("p.yaml"), variables).unwrap()
}

fn ids(plan: &Plan) -> Vec<Cow<'_, str>> {
    plan.targets.iter().map(Target::id).collect()
}

#[test]
fn reads_every_key() {
    let Loaded { plan, warnings, .. } = load("contract.yaml");
    let titles: Vec<_> = warnings.iter().map(|warning| warning.title()).collect();
    assert_eq!(titles, ["`*payments*` protects no target of the plan"]);
    assert_eq!((plan.name.as_str(), plan.sha256.len(), plan.accounts.len()), ("incident-4711", 64, 2));
    let ali = &plan.accounts[0];
    assert_eq!(ali.account_id.as_deref(), Some("1865410598556969"));
    assert_eq!(ali.endpoint(Kind::named("fnf_execution").unwrap().stop_api.product), "http://127.0.0.1:18080");
    assert!(
        matches!(&ali.credentials, CredentialSource::Env(names) if names.access_key_id.as_deref() == Some("ALI_AK"))
    );
    assert_eq!(plan.accounts[1].project_id.as_deref(), Some("054ba152d480d55b2f5dc0069e7ddef0"));
    assert_eq!(plan.limits.rate, Some(Rate::per_second(50)));
    assert_eq!(plan.limits.per_kind["live_flow"].rate, Some(Rate::per_minute(80)));
    assert_eq!(plan.retry.max_elapsed, Duration::from_secs(600));
    assert_eq!((plan.verify.mode, plan.verify.timeout), (VerifyMode::Auto, Duration::from_secs(300)));
    assert_eq!(plan.guards.max_failures, Some(MaxFailures::Percent(1000)));
    assert_eq!(plan.guards.not_found, NotFound::Ok);
    assert_eq!(plan.guards.window.as_ref().unwrap().days.len(), 5);
    assert_eq!(
        ids(&plan),
        [
            "fnf_execution:my_flow_name/my_exec_name",
            "opensearch_task:ha-cn-7mz2nx41h01/tisplus_opensearch@...@165343",
            "elasticsearch_task:es-cn-n6w1o1x0w001c",
            "live_flow:ec897482-d24b-4d64-aa39-407980902b1d",
            "drs_job:c7debc9c-8e09-4a5d-8dd6-cc44f78jb20r",
        ]
    );
    assert_eq!(plan.targets[4].params.flag(1), Some(true));
    assert_eq!(plan.targets[0].labels["team"], "data");
}

#[test]
fn ids_survive_as_written() {
    let Loaded { plan, .. } = load("as_written.yaml");
    let jobs: Vec<_> = plan.targets.iter().map(|target| target.params.name(0)).collect();
    let expected = ["0012", "NO", "1e3", "0x1F", "1_000", "2026-11-22", ".inf", "true", "~", "20:00", "null", "+1.50"];
    assert_eq!(jobs, expected);
    let ids: Vec<_> = plan.accounts.iter().map(|account| account.account_id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["78cbac186b744899480f25bd022f4681", "1865410598556969"]);
}

#[test]
fn every_notation_of_yaml_works() {
    let Loaded { plan, .. } = load("notations.yaml");
    assert_eq!(plan.name, "notations");
    assert_eq!(
        ids(&plan),
        [
            "fnf_execution:quoted é/it's",
            "fnf_execution:quoted é/merged",
            "fnf_execution:plain over two lines/folded",
            "fnf_execution:double quoted/e",
        ]
    );
    let vpc = &plan.accounts[1];
    assert_eq!((vpc.region.as_str(), vpc.network), ("cn-hangzhou", Network::Vpc));
    assert_eq!(vpc.signatures, [("fnf".to_owned(), Signature::Acs3)].into());
    assert_eq!(plan.targets[1].account, 1);
    assert_eq!(plan.targets[2].params.text(2), Some("line one\nline two\n"));
    let teams: Vec<_> = plan.targets.iter().map(|target| target.labels["team"].as_str()).collect();
    assert_eq!(teams, ["night", "night", "night", "data"]);
    assert!(plan.targets.iter().all(|target| target.labels["env"] == "prod"));
    assert!(std::sync::Arc::ptr_eq(&plan.targets[0].labels, &plan.targets[2].labels));
}

#[test]
fn the_same_name_in_a_second_region_gets_the_region_behind_its_id() {
    let text = "
version: 1
accounts:
  a: {cloud: alibaba, region: cn-hangzhou}
  b: {cloud: alibaba, region: cn-shanghai}
  c: {cloud: alibaba, region: cn-shanghai, credentials: {env: {access_key_id: C_AK, access_key_secret: C_SK}}}
  d: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: C_AK, access_key_secret: C_SK}}}
targets:
  - {kind: elasticsearch_task, account: a, instance_id: es-1}
  - {kind: elasticsearch_task, account: b, instance_id: es-1}
  - {kind: elasticsearch_task, account: c, instance_id: es-1}
  - {kind: elasticsearch_task, account: b, instance_id: es-1}
  - {kind: elasticsearch_task, account: d, instance_id: es-1}
  - {id: 'elasticsearch_task:es-2@cn-shanghai', kind: elasticsearch_task, account: a, instance_id: es-3}
  - {kind: elasticsearch_task, account: a, instance_id: es-2}
  - {kind: elasticsearch_task, account: b, instance_id: es-2}
";
    let Loaded { plan, .. } = parse(text, &Variables::default());
    let behind: Vec<_> = ids(&plan).iter().map(|id| id.replace("elasticsearch_task:", "")).collect();
    let wanted = [
        "es-1",
        "es-1@cn-shanghai",
        "es-1@cn-shanghai#2",
        "es-1@cn-shanghai#3",
        "es-1#2",
        "es-2@cn-shanghai",
        "es-2",
        "es-2@cn-shanghai#2",
    ];
    assert_eq!(behind, wanted);
    let duplicates: Vec<_> = plan.targets.iter().map(|target| target.duplicate_of).collect();
    assert_eq!(duplicates, [None, None, None, Some(1), None, None, None, None]);
}

#[test]
fn the_same_resource_twice_is_a_warning() {
    let Loaded { plan, warnings, .. } = load("duplicates.yaml");
    assert_eq!(
        ids(&plan),
        [
            "drs_job:j",
            "drs_job:k",
            "drs_job:j#2",
            "mine",
            "drs_job:j#3",
            "drs_job:j@cn-north-1",
            "drs_job:m",
            "drs_job:m#2"
        ]
    );
    let duplicates: Vec<_> = plan.targets.iter().map(|target| target.duplicate_of).collect();
    assert_eq!(duplicates, [None, None, Some(0), Some(0), Some(0), None, None, None]);
    let first = warnings.iter().next().unwrap();
    let name = std::path::MAIN_SEPARATOR_STR.to_owned() + "duplicates.yaml";
    let text = first.render(Look::PLAIN);
    let (_, behind_path) = text.split_once(&name).unwrap();
    insta::assert_snapshot!(format!("{}{behind_path}", text.lines().next().unwrap()));
    assert_eq!(warnings.len(), 3);
}

#[test]
fn variables_are_put_in_after_the_yaml_is_read() {
    let text = r#"
version: 1
accounts: {hw: {cloud: huawei, region: "${REGION:-cn-north-4}"}}
limits: {concurrency: "${CONCURRENCY}", rate: "${N}/min", adaptive: "${NO}"}
targets:
  - {kind: drs_job, account: hw, job_id: "${JOB}", is_force_stop: "${YES}"}
  - kind: drs_job
    account: hw
    job_id: a-${N}$${N}
"#;
    let set = [("JOB", "x}, {kind: drs_job"), ("N", "7"), ("CONCURRENCY", "5")];
    let variables = Variables {
        set: set.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        environment: [("JOB", "from the environment"), ("YES", "true"), ("NO", "false")].into_iter().collect(),
    };
    let Loaded { plan, .. } = parse(text, &variables);
    assert_eq!(plan.targets.len(), 2);
    assert_eq!(plan.targets[0].params.name(0), "x}, {kind: drs_job");
    assert_eq!(plan.targets[0].params.flag(1), Some(true));
    assert_eq!(plan.targets[1].params.name(0), "a-7${N}");
    assert_eq!(plan.accounts[0].region, "cn-north-4");
    assert_eq!((plan.limits.concurrency, plan.limits.adaptive), (5, false));
    assert_eq!(plan.limits.rate, Some(Rate::per_minute(7)));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let text = "\u{feff}version: 1\r\naccounts: {a: {cloud: huawei, region: r}}\r\ntargets:\r\n  - kind: drs_job\r\n    account: a\r\n    job_id: j\r\n";
    assert_eq!(ids(&parse(text, &Variables::default()).plan), ["drs_job:j"]);
}

#[test]
fn defaults_give_way_to_what_is_stated() {
    let text = "{version: 1, accounts: {a: {cloud: huawei, region: r}}, defaults: {account: a}, \
                retry: {max_delay: 100ms, request_timeout: 1s}, targets: [{kind: drs_job, job_id: j}]}";
    let Loaded { plan, .. } = parse(text, &Variables::default());
    assert_eq!(plan.retry.initial_delay, Duration::from_millis(100));
    assert_eq!(plan.retry.connect_timeout, Duration::from_secs(1));
}

#[test]
fn a_hundred_thousand_targets_load() {
    let mut text = String::from(
        "version: 1\naccounts: {a: {cloud: alibaba, region: r}}\ndefaults: {account: a}\n\
         guards: {max_targets: 200000}\ntargets:\n",
    );
    for n in 0..100_000 {
        text.push_str(&format!(
            "  - {{kind: fnf_execution, flow_name: flow, execution_name: run-{n}, labels: {{n: x}}}}\n"
        ));
    }
    let Loaded { plan, warnings, .. } = parse(&text, &Variables::default());
    assert_eq!(plan.targets.len(), 100_000);
    assert!(warnings.is_empty());
    assert_eq!(plan.targets[99_999].id(), "fnf_execution:flow/run-99999");
}

/// The reference names every kind and parameter, and its first example is a plan.
#[test]
fn the_reference_is_complete() {
    let reference = include_str!("../../docs/plan.md");
    for kind in allstop::service::Kind::all() {
        let names = kind.params.iter().map(|param| param.name).chain([kind.name]);
        for name in names {
            assert!(reference.contains(&format!("`{name}`")), "{name}");
        }
    }
    let (_, rest) = reference.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(parse(example, &Variables::default()).plan.targets.len(), 2);
}

#[test]
fn days_may_be_ranges() {
    let window = |days: &str| {
        let text = format!(
            "version: 1\naccounts: {{a: {{cloud: alibaba, region: r}}}}\nguards: {{window: {{days: [{days}], from: '20:00', \
             to: '06:00', timezone: UTC}}}}\ntargets: [{{kind: elasticsearch_task, account: a, instance_id: i}}]\n"
        );
        Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default())
            .map(|loaded| loaded.plan.guards.window.unwrap().to_string())
            .map_err(|errors| errors.errors().iter().next().unwrap().title().to_owned())
    };
    for (days, shown) in [
        ("mon-fri", "Mon, Tue, Wed, Thu, Fri"),
        ("sat-mon", "Sat, Sun, Mon"),
        ("fri, mon-tue, tue-wed", "Fri, Mon, Tue, Wed"),
        ("thu-thu", "Thu"),
        ("sun-sat", "Sun, Mon, Tue, Wed, Thu, Fri, Sat"),
    ] {
        assert_eq!(window(days).unwrap(), format!("{shown} from 20:00 to 06:00 the next day, UTC time"), "{days}");
    }
    for days in ["mon-", "-fri", "mon-fry", "mon-tue-wed", "Mon-Fri", "mon - fri", "mon–fri"] {
        assert_eq!(window(days).unwrap_err(), format!("invalid value `{days}` for `days`"));
    }
}

proptest! {
    #[test]
    fn quoted_ids_survive_as_written(job in "[^\\p{Cc}\u{feff}\u{2028}\u{2029}]{1,40}") {
        prop_assume!(job != "." && job != "..");
        let quoted = serde_json::to_string(&job.replace("${", "$${")).unwrap();
        let text = format!("version: 1\naccounts: {{a: {{cloud: huawei, region: r}}}}\ntargets: [{{kind: drs_job, account: a, job_id: {quoted}}}]");
        let Loaded { plan, .. } = parse(&text, &Variables::default());
        prop_assert_eq!(plan.targets[0].params.name(0), job);
    }

    #[test]
    fn plain_words_survive_as_written(job in "[A-Za-z0-9][A-Za-z0-9_.:+@-]{0,30}[A-Za-z0-9]") {
        prop_assume!(!["null", "Null", "NULL"].contains(&job.as_str()));
        let text = format!("version: 1\naccounts: {{a: {{cloud: huawei, region: r}}}}\ntargets: [{{kind: drs_job, account: a, job_id: {job}}}]");
        let Loaded { plan, .. } = parse(&text, &Variables::default());
        prop_assert_eq!(plan.targets[0].params.name(0), job);
    }
}
