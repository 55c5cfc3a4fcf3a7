//! What is written loads as it is, and is the same plan.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::Notes;
use crate::plan::{Missed, Original, Plan, Reviewed, Seen, Target, Variables};
use crate::service::{Kind, Params, Shape, Value};

/// Names as services and people have them, the worst first.
const NAMES: [&str; 24] = [
    "- {x: \"é",
    "null",
    "~",
    "yes",
    "1e3",
    "0123",
    "${HOME}",
    "$${HOME}",
    "a: b",
    "a #b",
    "'",
    "\"",
    "\\",
    " x ",
    "中文",
    "\u{1f6d1}",
    "a\u{2028}b",
    "a\u{feff}b",
    "*x",
    "&x",
    "!x",
    "{a, b}",
    "[a]",
    "2026-11-22 05:00:12",
];

const PLAN: &str = "version: 1
name: 'whole: ${NAME}'
accounts:
  ali:
    cloud: alibaba
    region: cn-hangzhou
    account_id: 1
    credentials: {env: {access_key_id: ALI_AK, access_key_secret: ALI_SK, security_token: ALI_TOKEN}}
    network: vpc
    endpoints: {fnf: 'https://127.0.0.1:1'}
    signature: v3
  '1': {cloud: huawei, region: cn-north-4, project_id: p, credentials: {env: {auth_token: HW_TOKEN}}}
defaults: {account: ali, labels: {env: prod}}
limits: {concurrency: 3, rate: 50/s, burst: 5, adaptive: false, per_kind: {live_flow: {rate: 7/min, burst: 2, concurrency: 1}}}
retry: {max_attempts: 2, initial_delay: 1500us, max_delay: 2s, max_elapsed: 1h30m, request_timeout: 4s, connect_timeout: 1s, credentials_wait: 0s}
verify: {mode: always, timeout: 1h}
guards:
  max_targets: 7
  protect: ['*payments*', '${NAME}']
  max_failures: 2.5%
  not_found: ok
  protect_until: {'*golden*': 2026-12-31, 'a: b': 2027-02-28}
  window:
    days: [mon-fri, sun]
    from: '20:00'
    to: '06:00'
    timezone: Asia/Shanghai
    except: [2026-12-25, '2026-12-24..2027-01-02', '2027-01-03T00:00:00Z..2027-01-03T12:00:00Z']
  accounts: {deny: [1234567890123456, '0e128d30a2bd4d2d8b8c5d3c5f1f4f12']}
notify:
  ops: {dingtalk: {url: {env: DING_URL}, secret: {env: DING_SECRET}}, when: [start, end]}
  fs: {feishu: {url: {file: ~/url.txt}, secret: {file: ~/secret.txt}}, when: [not_stopped, refused]}
  wc: {wecom: {url: {env: WC_URL}}, when: refused}
  sl: {slack: {url: {env: SL_URL}}}
  '\"hook\"': {webhook: {url: {env: HOOK_URL}, headers: {Authorization: {env: HOOK_AUTH}}, template: {text: '{{ title }} ${NAME}', n: [1, '2', null]}}}
  text: {webhook: {url: {env: HOOK_URL}, template: '{\"n\": {{ exit_code }}}'}}
targets:
  - {kind: fnf_execution, id: one, flow_name: f, execution_name: '${NAME}', cause: \"é:\\n1\", labels: {team: data}}
  - {kind: drs_job, account: '1', job_id: j, is_force_stop: true, seen: {state: X, since: '2026-11-13 08:00:00', at: '2026-11-22T05:00:31.882Z'}}
  - {kind: drs_job, account: '1', job_id: j}
";

fn read(text: &str) -> Plan {
    let variables = Variables { set: [("NAME".to_owned(), "a ${B} c".to_owned())].into(), ..Variables::default() };
    match Plan::parse(text.as_bytes(), Path::new("p.yaml"), &variables) {
        Ok(loaded) => loaded.plan,
        Err(errors) => panic!("{errors}\n{text}"),
    }
}

fn written(plan: &Plan, notes: &Notes<'_>) -> String {
    let mut text = Vec::new();
    plan.write(notes, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Reads again what is written, without any variable.
#[track_caller]
fn again(plan: &Plan, notes: &Notes<'_>) -> Plan {
    let text = written(plan, notes);
    match Plan::parse(text.as_bytes(), Path::new("q.yaml"), &Variables::default()) {
        Ok(loaded) => loaded.plan,
        Err(errors) => panic!("{errors}\n{text}"),
    }
}

/// Returns all of a plan but its file, its lines and its review.
fn content(plan: &Plan) -> serde_json::Value {
    let mut value = serde_json::to_value(plan).unwrap();
    for key in ["path", "sha256", "reviewed"] {
        value.as_object_mut().unwrap().remove(key);
    }
    for notification in value["notify"].as_array_mut().unwrap() {
        notification.as_object_mut().unwrap().remove("line");
    }
    value
}

#[test]
fn every_key_is_written_and_read_again() {
    let plan = read(PLAN);
    assert_eq!(content(&again(&plan, &Notes::default())), content(&plan));
    let text = written(&plan, &Notes::default());
    assert!(!text.contains("sEcReT") && text.contains("ALI_SK"), "{text}");
}

/// Every form of `credentials`, first those of Alibaba Cloud.
const FORMS: [&[&str]; 2] = [
    &[
        "default",
        "{env: {access_key_id: A, access_key_secret: B, security_token: C}}",
        "{profile: ops}",
        "{profile: '1: é', file: '~/config.json'}",
        "{file: 'keys ${NAME}.json'}",
        "{process: \"get-keys 'for ops' \\\"\\\"\"}",
        "{process: [get-keys, '', '${NAME}'], timeout: 90s}",
        "{uri: 'https://keys.example.com/a?b=c'}",
        "{uri: 'http://keys.example.com/', insecure_http: true}",
        "{metadata: {}}",
        "{metadata: {role: ecs-ops}}",
        "{oidc: {role_arn: 'acs:ram::1:role/r', provider_arn: 'acs:ram::1:oidc-provider/p', token_file: t, session_name: a.b, duration: 15m, policy: {Version: '1', Statement: [{Effect: Allow, N: 1, B: true, Z: null}]}}}",
        "{role: {arn: 'acs:ram::1:role/r'}}",
        "{role: {arn: 'acs:ram::1:role/r', external_id: '0123', duration: 1h, policy: '{ \"Version\": \"1\" }'}, source: {role: {arn: 'acs:ram::2:role/r', duration: 12h}, source: {profile: ops}}}",
    ],
    &[
        "{env: {auth_token: T}}",
        "{pod: {}}",
        "{oidc: {agency_urn: 'iam::1:agency:a', provider_urn: 'iam::1:oidc-provider:p', token_file: /t}}",
        "{oidc: {idp_id: i, token_file: '~/t'}}",
        "{role: {agency: a, domain: acme, duration: 24h}}",
        "{role: {agency: a, domain_id: '0e128d30a2bd4d2d8b8c5d3c5f1f4f12', api: v3}}",
        "{role: {agency: a, domain_id: '0e128d30a2bd4d2d8b8c5d3c5f1f4f12', session_name: s-1}, source: {pod: {}}}",
        "{role: {urn: 'iam::1:agency:a', external_id: ext, policy: {}}}",
        "{password: {domain: acme, user: ops, password: {env: PW}}}",
        "{password: {domain: acme, user: '1', password: {file: pw}}}",
    ],
];

#[test]
fn every_source_of_credentials_is_written_and_read_again() {
    let sts = "sts: sts.example.com, metadata: 'http://169.254.169.254'";
    for (forms, account) in FORMS.into_iter().zip([
        format!("cloud: alibaba, region: r, endpoints: {{{sts}, oauth: 'http://127.0.0.1:1'}}"),
        format!("cloud: huawei, region: r, endpoints: {{{sts}, iam: 'https://iam.example.com'}}, account_id: D78CBAC186B744899480F25BD022F468"),
    ]) {
        for form in forms {
            let target = if account.contains("alibaba") { "elasticsearch_task, instance_id: x" } else { "drs_job, job_id: x" };
            let plan = read(&format!(
                "version: 1\naccounts: {{a: {{{account}, credentials: {form}}}}}\ndefaults: {{account: a}}\ntargets: [{{kind: {target}}}]\n"
            ));
            let text = written(&plan, &Notes::default());
            assert_eq!(content(&again(&plan, &Notes::default())), content(&plan), "{text}");
        }
    }
}

#[test]
fn what_is_usual_is_left_out() {
    let text = "version: 1
accounts: {ali-prod: {cloud: alibaba, region: cn-hangzhou}}
targets:
  - {kind: fnf_execution, account: ali-prod, flow_name: etl-orders, execution_name: 'sync:0f6c'}
";
    let plan = read(text);
    let note = |_: &Target| Some("Running, for 4 min\n- {kind: x}".to_owned());
    let notes = Notes {
        head: vec!["What ran in\r ali-prod".to_owned()],
        target: Some(&note),
        tail: vec!["é\u{2028}".to_owned()],
        is_bare: false,
    };
    let expected = "# What ran in\\r ali-prod
version: 1
name: p
accounts: {ali-prod: {cloud: alibaba, region: cn-hangzhou}}
guards: {max_targets: 1000}
targets:
  - {kind: fnf_execution, account: ali-prod, flow_name: etl-orders, execution_name: \"sync:0f6c\"}  # Running, for 4 min\\n- {kind: x}
# é\\u{2028}
";
    assert_eq!(written(&plan, &notes), expected);
    assert_eq!(content(&again(&plan, &notes)), content(&plan));
}

fn reviewed() -> Reviewed {
    Reviewed {
        of: Original { path: "a: b.yaml".into(), sha256: "3b1f".repeat(16) },
        listed_at: "2026-11-25T09:00:12Z".parse().unwrap(),
        expires_at: "2026-11-25T13:00:12Z".parse().unwrap(),
        sha256: String::new(),
        selects: Vec::new(),
        missing: vec![Missed { account: "ali".into(), region: "r".into(), what: "flow a\nb".into() }],
        guards: String::new(),
    }
}

/// A target of each kind, with parameters that are made of `texts`.
fn targets(
    texts: &[String],
    labels: &BTreeMap<String, String>,
    selection: Option<&str>,
    seen: &Option<Seen>,
) -> Vec<Target> {
    let mut texts = texts.iter().cycle();
    let target = |(number, kind): (usize, &Kind)| {
        let values = kind.params.iter().map(|param| match param.shape {
            Shape::Text { ascii: true, .. } => None,
            Shape::Text { .. } => Some(Value::Text(texts.next().unwrap())),
            Shape::Flag => Some(Value::Flag(number % 2 == 0)),
        });
        let values: Vec<_> = values.collect();
        let mut labels = labels.clone();
        if let Some(selection) = selection {
            labels.insert("selection".into(), selection.into());
            let name = seen.as_ref().and_then(|seen| seen.name.as_deref());
            labels.extend(name.map(|name| ("name".to_owned(), name.to_owned())));
        }
        Target {
            own_id: None,
            kind: *kind,
            account: u16::from(kind.cloud.name() == "huawei"),
            params: Params::new(values),
            labels: Arc::new(labels),
            stage: None,
            duplicate_of: None,
            selection: selection.map(Into::into),
            seen: seen.clone().map(Box::new),
        }
    };
    Kind::all().iter().enumerate().map(target).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&NAMES[..]).prop_map(str::to_owned),
        "[^\\x00-\\x1f\\x7f-\\u{9f}]{1,20}",
        "[a-z0-9${}:~ -]{1,8}",
    ]
    .prop_filter("names of nothing", |text| text != "." && text != "..")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_is_the_same_when_it_is_read_again(
        texts in proptest::collection::vec(text(), 1..8),
        labels in proptest::collection::btree_map(text(), text(), 0..3),
        shown in proptest::option::of((text(), "[a\\n\\u{1}\\u{85}\" ]{0,4}")),
        name in text(),
    ) {
        let mut plan = read(PLAN);
        plan.name = name;
        plan.targets = targets(&texts, &labels, None, &shown.map(|(state, name)| Seen {
            state: Some(state.into()), name: Some(name.into()), since: None, at: None,
        }));
        prop_assert_eq!(content(&again(&plan, &Notes::default())), content(&plan));
    }

    #[test]
    fn any_reviewed_plan_is_the_same_and_its_seal_holds(
        texts in proptest::collection::vec(text(), 1..8),
        labels in proptest::collection::btree_map(text(), "[a-c\\n\\t\\u{7f}:{]{0,6}", 0..3),
        selection in text(),
        name in proptest::option::of("[a\\n\\u{1}\\u{85}\" ]{0,4}"),
    ) {
        let mut plan = read(PLAN);
        let seen = Seen { state: None, name: name.map(Into::into), since: Some("".into()), at: None };
        plan.targets = targets(&texts, &labels, Some(&selection), &Some(seen));
        plan.reviewed = Some(Arc::new(reviewed()));
        let again = again(&plan, &Notes::default());
        prop_assert_eq!(content(&again), content(&plan));
        let (was, is) = (reviewed(), again.reviewed.unwrap());
        prop_assert_eq!((&is.of, is.listed_at, is.expires_at, &is.missing), (&was.of, was.listed_at, was.expires_at, &was.missing));
    }
}

mod seal {
    use super::*;

    type Change<'c> = &'c dyn Fn(&str) -> String;

    /// Writes a reviewed plan, changes its text, and returns what loading it says.
    fn changed(change: impl Fn(&str) -> String) -> Option<String> {
        let mut plan = read(PLAN);
        plan.targets.truncate(1);
        for id in ["j1", "j2", "j3"] {
            let params = Params::new(
                [Some(Value::Text(id)), None, None].into_iter().take(Kind::named("drs_job").unwrap().params.len()),
            );
            let kind = Kind::named("drs_job").unwrap();
            plan.targets.push(Target { own_id: None, kind, account: 1, params, ..plan.targets[0].clone() });
        }
        plan.reviewed = Some(Arc::new(reviewed()));
        let text = written(&plan, &Notes::default());
        let edited = change(&text);
        assert_ne!(text, edited);
        Plan::parse(edited.as_bytes(), Path::new("r.yaml"), &Variables::default())
            .err()
            .map(|errors| errors.to_string())
    }

    fn without(text: &str, part: &str) -> String {
        text.lines()
            .filter(|line| !(line.contains(part) && line.contains("kind:")))
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn what_was_changed_by_hand_is_named() {
        let table: [(Change<'_>, &[&str]); 7] = [
            (&|text| without(text, "job_id: j2"), &["1 taken out: drs_job:j2", "--skip"]),
            (&|text| format!("{text}  - {{kind: drs_job, account: \"1\", job_id: j9}}\n"), &["1 added: drs_job:j9"]),
            (&|text| text.replace("job_id: j3", "job_id: j4"), &["1 taken out: drs_job:j3; 1 added: drs_job:j4"]),
            (&|text| text.replace("job_id: j3", "job_id: j3, is_force_stop: true"), &["1 changed: drs_job:j3"]),
            (&|text| text.replace("https://127.0.0.1:1", "https://127.0.0.1:2"), &["1 of the accounts changed: ali"]),
            (&|text| text.replace("project_id: p", "project_id: q"), &["1 of the accounts changed: 1"]),
            (&|text| text.replace("  sha256: ", "  sha256: \"0\" #"), &["the seal itself"]),
        ];
        for (change, said) in table {
            let error = changed(change).expect("the change is refused");
            said.iter().for_each(|said| assert!(error.contains(said), "{said}: {error}"));
        }
    }

    #[test]
    fn what_is_not_sealed_may_be_changed() {
        for (from, to) in [
            ("max_targets: 7", "max_targets: 9999"),
            ("team: data", "team: other"),
            ("max_attempts: 2", "max_attempts: 3"),
        ] {
            assert_eq!(changed(|text| text.replace(from, to)), None, "{from}");
        }
    }

    #[test]
    fn one_that_counts_too_long_is_refused() {
        let error = changed(|text| text.replace("2026-11-25T13:00:12Z", "2026-12-25T09:00:13Z")).unwrap();
        assert!(error.contains("more than 30 days"), "{error}");
    }
}
