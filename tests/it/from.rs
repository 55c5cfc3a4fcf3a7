//! Targets that stand in files of their own, named by `from`.

use std::fs;
use std::path::{Path, PathBuf};

use allstop::plan::{Diagnostics, Loaded, Look, Plan, PlanErrors, Target, Variables};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const COLOURED: Look = Look { colour: true, ..Look::PLAIN };

const ACCOUNTS: &str = "version: 1\naccounts:\n  prod: {cloud: alibaba, region: cn-hangzhou}\n  \
                        other: {cloud: alibaba, region: cn-beijing}\n  hw: {cloud: huawei, region: cn-north-4}\n\
                        defaults: {account: prod, labels: {team: data, env: prod}}\ntargets:\n";

fn folder(name: &str) -> PathBuf {
    Path::new("tests/plans/from").join(name)
}

/// Reads a plan with these targets that lies in `folder`.
fn parse(targets: &str, folder: &Path) -> Result<Loaded, PlanErrors> {
    let variables = Variables {
        set: Default::default(),
        environment: [("FILE", "executions.csv"), ("NOT", "replaced"), ("RUN", "hush-hush"), ("ACCOUNT", "hush-hush")]
            .into_iter()
            .collect(),
    };
    Plan::parse(format!("{ACCOUNTS}{targets}").as_bytes(), &folder.join("plan.yaml"), &variables)
}

/// Reads a file with this text in a folder of its own.
fn parse_file(name: &str, bytes: &[u8]) -> (Result<Loaded, PlanErrors>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    (parse(&format!("  - {{kind: fnf_execution, from: {name}}}\n"), folder.path()), folder)
}

fn shown(targets: &[Target]) -> String {
    format!("{targets:#?}")
}

#[test]
fn every_bad_file_gets_its_messages() {
    let folder = folder("invalid");
    let mut names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".snap"));
    names.sort();
    assert!(names.len() > 25);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for name in names {
        let targets = format!(
            "  - {{kind: fnf_execution, from: {name}}}\n  \
             - {{id: in-the-plan, kind: fnf_execution, flow_name: order-import, execution_name: plain}}\n"
        );
        let errors = parse(&targets, &folder).unwrap_err();
        let text = errors.render(Look::PLAIN);
        assert!(!text.contains("hush"), "a secret is shown: {text}");
        assert!(!text.contains(['\u{1b}', '\u{7}', '\0']), "a control character is shown: {text}");
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn an_entry_that_names_a_file_is_as_strict_as_a_target() {
    let targets = "  - {kind: fnf_execution, from: nowhere.csv}\n  \
                   - {kind: fnf_execution, from: .}\n  \
                   - {kind: fnf_execution, from: \"-\"}\n  \
                   - {kind: fnf_execution, from: }\n  \
                   - {kind: fnf_execution, from: executions.csv, account: nobody, labels: {a: []}, cause: x, id: y}\n  \
                   - {kind: fnf_execution, from: executions.csv, account: hw}\n  \
                   - {kind: drs_job, from: jobs.csv}\n";
    let errors = parse(targets, &folder("valid")).unwrap_err();
    insta::assert_snapshot!(errors.render(Look::PLAIN));
}

/// Whatever the notation, a file is what the same targets in the plan itself are.
#[test]
fn every_notation_is_the_same_as_the_plan_itself() {
    let written_out = "  - {kind: fnf_execution, flow_name: order-import, execution_name: run-1, labels: {team: web, from: file}, \
                       cause: \"because \\\"of\\\"\\r\\nthis, $${NOT} that\"}\n  \
                       - {kind: fnf_execution, flow_name: 'null', execution_name: 0012, account: other, id: mine, labels: {from: file}}\n  \
                       - {kind: fnf_execution, flow_name: order-import, execution_name: run-3, labels: {from: file}}\n";
    let expected = parse(written_out, &folder("valid")).unwrap().plan;
    for file in ["${FILE}", "executions.ndjson", "executions.json", "../valid/executions.csv"] {
        let targets = format!("  - {{kind: fnf_execution, from: \"{file}\", labels: {{from: file}}}}\n");
        let Loaded { plan, warnings, .. } = parse(&targets, &folder("valid")).unwrap();
        assert!(warnings.is_empty());
        assert_eq!(shown(&plan.targets), shown(&expected.targets), "{file}");
        assert!(std::sync::Arc::ptr_eq(&plan.targets[1].labels, &plan.targets[2].labels));
    }
    let jobs = parse("  - {kind: drs_job, from: jobs.csv, account: hw}\n", &folder("valid")).unwrap().plan;
    let flags: Vec<_> = jobs.targets.iter().map(|target| target.params.flag(1)).collect();
    assert_eq!(flags, [Some(true), Some(false), None]);
}

#[test]
fn files_may_lie_anywhere_and_are_named_by_variables() {
    let (loaded, folder) = parse_file("a.csv", b"flow_name,execution_name,account\nf,e,other\n");
    assert_eq!(loaded.unwrap().plan.targets[0].account, 1);
    let path = folder.path().join("a.csv");
    let targets = format!("  - {{kind: fnf_execution, from: '{}'}}\n", path.display());
    assert_eq!(parse(&targets, Path::new("")).unwrap().plan.targets.len(), 1);
}

/// A default account that does not fit is no mistake as long as every row names its own.
#[test]
fn the_default_account_is_looked_at_only_where_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = |text: &str| {
        fs::write(folder.path().join("jobs.csv"), text).unwrap();
        parse("  - {kind: drs_job, from: jobs.csv}\n", folder.path())
    };
    assert_eq!(jobs("job_id,account\nj1,hw\n").unwrap().plan.targets.len(), 1);
    let errors = jobs("job_id,account\nj1,\nj2,\n").unwrap_err();
    assert_eq!(errors.errors().len(), 1);
    assert_eq!(errors.errors().iter().next().unwrap().position(), Some((8, 5)));
}

#[test]
fn the_digest_covers_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let digest = |first: &str| {
        fs::write(folder.path().join("a.csv"), first).unwrap();
        fs::write(folder.path().join("b.ndjson"), r#"{"flow_name":"f","execution_name":"b"}"#).unwrap();
        let targets = "  - {kind: fnf_execution, from: a.csv}\n  - {kind: fnf_execution, from: b.ndjson}\n";
        (parse(targets, folder.path()).unwrap().plan.sha256, format!("{ACCOUNTS}{targets}"))
    };
    let first = "flow_name,execution_name\nf,a\n";
    let (sha256, plan) = digest(first);
    let of_files = [first.as_bytes(), br#"{"flow_name":"f","execution_name":"b"}"#].map(Sha256::digest);
    let whole = Sha256::new().chain_update(plan).chain_update(of_files[0]).chain_update(of_files[1]);
    assert_eq!(sha256, data_encoding::HEXLOWER.encode(&whole.finalize()));
    assert_ne!(sha256, digest("flow_name,execution_name\nf,c\n").0);
}

#[test]
fn the_same_resource_in_several_places_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "flow_name,execution_name\nf,1\nf,2\nf,1\nf,0\nf,3\n").unwrap();
    let targets = "  - {kind: fnf_execution, flow_name: f, execution_name: 0}\n  \
                   - {kind: fnf_execution, from: a.csv}\n  \
                   - {kind: fnf_execution, flow_name: f, execution_name: 3}\n";
    let Loaded { plan, warnings, .. } = parse(targets, folder.path()).unwrap();
    let duplicates: Vec<_> = plan.targets.iter().map(|target| target.duplicate_of).collect();
    assert_eq!(duplicates, [None, None, None, Some(1), Some(0), None, Some(5)]);
    assert_eq!(plan.targets[3].id(), "fnf_execution:f/1#2");
    let root = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
    insta::assert_snapshot!(warnings.to_string().replace(&root, ""));
}

#[test]
fn many_warnings_and_many_errors_are_counted() {
    let (same, _folder) = parse_file("a.csv", format!("flow_name,execution_name\n{}", "f,e\n".repeat(5000)).as_bytes());
    let Loaded { plan, warnings, .. } = same.unwrap();
    assert_eq!((warnings.iter().count(), warnings.len()), (Diagnostics::MOST, 4999));
    assert_eq!(plan.targets[4999].id(), "fnf_execution:f/e#5000");
    let (bad, _folder) = parse_file("a.csv", format!("flow_name,execution_name\n{}", "f\n".repeat(5000)).as_bytes());
    let errors = bad.unwrap_err();
    assert_eq!((errors.errors().iter().count(), errors.errors().len()), (Diagnostics::MOST, 5000));
    let (same_ids, _folder) =
        parse_file("a.csv", format!("flow_name,execution_name,id\n{}", "f,e,x\n".repeat(5000)).as_bytes());
    assert_eq!(same_ids.unwrap_err().errors().len(), 4999);
}

/// What the vendors' command lines print of things that run, shortened.
#[test]
fn what_the_vendors_command_lines_print_is_a_list_of_targets() {
    for (kind, rest, text, wanted) in [
        (
            "fnf_execution",
            "",
            r#"{"Executions": [{"FlowName": "etl", "Name": "run-1", "Status": "Running", "StartedTime": "2026-11-22T05:30:00Z", "Environment": {"Variables": []}}], "RequestId": "r"}"#,
            "fnf_execution:etl/run-1",
        ),
        (
            "elasticsearch_task",
            "",
            "{\n  \"Headers\": {\"X-Total-Count\": 1},\n  \"RequestId\": \"r\",\n  \"Result\": [\n    {\n      \"instanceId\": \"es-1\",\n      \"status\": \"activating\",\n      \"tags\": [{\"tagKey\": \"a\"}]\n    }\n  ]\n}\n",
            "elasticsearch_task:es-1",
        ),
        (
            "opensearch_task",
            "",
            r#"{"requestId": "r", "result": [{"instanceId": "ha-1", "fsmId": "x@y", "status": "retry", "taskNodes": []}]}"#,
            "opensearch_task:ha-1/x@y",
        ),
        (
            "live_flow",
            ", account: hw",
            r#"{"total": 1, "flows": [{"flow_id": "f-1", "name": "n", "region": "cn-north-4", "status": "ACTIVE"}]}"#,
            "live_flow:f-1",
        ),
        (
            "drs_job",
            ", account: hw",
            r#"{"total_record": 1, "jobs": [{"id": "j-1", "name": "n", "status": "INCRE_TRANSFER_STARTED", "children": []}]}"#,
            "drs_job:j-1",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("list.json"), text).unwrap();
        let Loaded { plan, warnings, .. } =
            parse(&format!("  - {{kind: {kind}, from: list.json{rest}}}\n"), folder.path()).unwrap();
        assert!(warnings.is_empty(), "{warnings}");
        assert_eq!(plan.targets.iter().map(Target::id).collect::<Vec<_>>(), [wanted]);
    }
    let (empty, _folder) = parse_file("list.json", br#"{"Executions": [], "RequestId": "r"}"#);
    assert!(empty.unwrap_err().to_string().contains("lists no targets"));
    let (other, _folder) = parse_file("list.json", br#"{"flows": [{"flow_id": "f", "name": "n"}]}"#);
    assert!(other.unwrap_err().to_string().contains("has none of the keys of fnf_execution"));
}

#[test]
fn names_that_nobody_can_mean_are_told_with_their_places() {
    let rows = "flow_name,execution_name\nf,e\nf,*\nf,e\u{a0}\nf,1.23E+12\nf,${RUN}\n";
    let (loaded, folder) = parse_file("a.csv", rows.as_bytes());
    let warnings = loaded.unwrap().warnings;
    let found: Vec<_> = warnings.iter().map(|warning| (warning.position().unwrap(), warning.title())).collect();
    assert_eq!(
        found,
        [
            ((3, 3), "`execution_name` contains `*` or `?`, which is literal here"),
            ((4, 3), "`execution_name` starts or ends with a blank or an invisible character"),
            ((5, 3), "`execution_name` looks like a number that a spreadsheet has rounded"),
            ((6, 3), "`execution_name` contains `${`, which is literal in a `from` file"),
        ]
    );
    assert!(warnings.to_string().contains(&format!("{}:3:3", folder.path().join("a.csv").display())), "{warnings}");
    let targets =
        "  - {kind: drs_job, account: hw, job_id: '*'}\n  - {kind: elasticsearch_task, instance_id: \"es-1\\u200b\"}\n";
    let warnings = parse(targets, Path::new("")).unwrap().warnings;
    let found: Vec<_> = warnings.iter().map(|warning| (warning.position().unwrap(), warning.title())).collect();
    assert_eq!(
        found,
        [
            ((8, 42), "`job_id` contains `*` or `?`, which is literal here"),
            ((9, 45), "`instance_id` starts or ends with a blank or an invisible character"),
        ]
    );
}

#[test]
fn a_line_of_ten_megabytes_is_refused() {
    let long = "x".repeat(10 << 20);
    for (name, text, line) in [
        ("a.csv", format!("flow_name,execution_name\nf,{long}\nf,e\n"), 2),
        ("a.ndjson", format!("{{\"flow_name\":\"f\",\"execution_name\":\"{long}\"}}"), 1),
        ("a.json", format!("[\n{{\"flow_name\":\"f\",\"execution_name\":\"{long}\"}}]"), 2),
        ("b.csv", format!("flow_name,{long}\n"), 1),
    ] {
        let (result, _folder) = parse_file(name, text.as_bytes());
        let errors = result.unwrap_err();
        let error = errors.errors().iter().next().unwrap();
        assert!(error.title().ends_with("is longer than 1 MiB"), "{}", error.title());
        assert_eq!((error.position(), errors.errors().len()), (Some((line, 1)), 1), "{name}");
        assert!(errors.render(Look::PLAIN).len() < 1000);
    }
}

#[test]
fn a_hundred_thousand_rows_load() {
    for (name, head, row) in [
        ("a.csv", "flow_name,execution_name\n", "flow,run-{}\n"),
        ("a.ndjson", "", "{\"flow_name\":\"flow\",\"execution_name\":\"run-{}\"}\n"),
    ] {
        let mut text = head.to_owned();
        for number in 0..100_000 {
            text.push_str(&row.replace("{}", &number.to_string()));
        }
        let (loaded, _folder) = parse_file(name, text.as_bytes());
        let Loaded { plan, warnings, .. } = loaded.unwrap();
        assert_eq!((plan.targets.len(), warnings.len()), (100_000, 0));
        assert_eq!(plan.targets[99_999].id(), "fnf_execution:flow/run-99999");
    }
}

/// The examples of the reference are files that can be read, and both are the same.
#[test]
fn the_reference_shows_what_works() {
    let reference = include_str!("../../docs/plan.md");
    let example = |notation: &str| {
        let (_, rest) = reference.split_once(&format!("```{notation}\n")).unwrap();
        let (loaded, _folder) = parse_file("example", rest.split_once("```").unwrap().0.as_bytes());
        shown(&loaded.unwrap().plan.targets)
    };
    assert_eq!(example("csv"), example("json"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), name in "a\\.(csv|json|ndjson)") {
        let (result, _folder) = parse_file(&name, &bytes);
        let _ = result.map_err(|errors| errors.render(COLOURED));
    }

    #[test]
    fn no_damaged_row_makes_it_panic(start in 0..200_usize, len in 0..9_usize, piece in "[,\"{}\\[\\]:\n\r\0é-]{0,4}") {
        for name in ["executions.csv", "executions.json", "executions.ndjson"] {
            let mut bytes = fs::read(folder("valid").join(name)).unwrap();
            let start = start.min(bytes.len());
            let end = (start + len).min(bytes.len());
            bytes.splice(start..end, piece.bytes());
            let (result, _folder) = parse_file(name, &bytes);
            let _ = result.map_err(|errors| errors.to_string());
        }
    }
}
