use std::path::Path;

use crate::plan::{Plan, Selection, Variables};

/// Reads a plan with these patterns, and returns what its warnings say.
fn warnings(protect: &str) -> Vec<(String, String)> {
    let text = format!(
        "version: 1\naccounts: {{hw: {{cloud: huawei, region: cn-north-4}}}}\ndefaults: {{account: hw}}\n\
         guards: {{protect: [{protect}]}}\ntargets:\n\
         \x20 - {{kind: drs_job, job_id: payments-sync}}\n\
         \x20 - {{kind: drs_job, job_id: other, labels: {{team: 'billing '}}}}\n\
         \x20 - {{kind: drs_job, job_id: 'job[1]', labels: {{team: \"Caf\\u00e9\"}}}}\n\
         \x20 - {{kind: drs_job, job_id: job1}}\n"
    );
    let loaded = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap();
    let warnings = loaded.warnings.iter();
    assert!(loaded.warnings.iter().all(|warning| warning.position().is_some_and(|(line, _)| line == 4)));
    warnings.map(|warning| (warning.title().to_owned(), warning.hint().unwrap().to_owned())).collect()
}

#[test]
fn a_pattern_that_protects_nothing_is_a_warning_with_what_it_was_meant_for() {
    for (pattern, near) in [
        ("paymnets-*", "did you mean `payments-sync`?"),
        ("'*paymnets*'", "did you mean `payments-sync`?"),
        ("payment-sync", "did you mean `payments-sync`?"),
        ("PAYMENTS-*", "did you mean `payments-sync`? Names are case-sensitive"),
        (
            "' payments-sync'",
            "did you mean `payments-sync`? The pattern starts or ends with a blank or an invisible character",
        ),
        (
            r#""payments-*\u00a0""#,
            "did you mean `payments-sync`? The pattern starts or ends with a blank or an invisible character",
        ),
        ("team=billing", "did you mean `team=billing `? It starts or ends with a blank or an invisible character"),
        ("team=biling", "did you mean `team=billing `?"),
        ("team=café*x", "did you mean `team=Café`?"),
        ("nothing-like-it", "a pattern is matched with the whole of an id, an identifying field or `label=value`"),
        ("'*zz*'", "a pattern is matched with the whole of an id, an identifying field or `label=value`"),
    ] {
        let found = warnings(pattern);
        assert_eq!(found.len(), 1, "{pattern}: {found:?}");
        assert!(found[0].0.ends_with("protects no target of the plan"), "{found:?}");
        assert_eq!(found[0].1, near, "{pattern}");
    }
}

#[test]
fn a_pattern_that_protects_something_is_none() {
    for pattern in ["'payments-*'", "'*'", "'job[1]'", r#""team=Cafe\u0301""#, "team=Café", "'job[0-9]'", "'{x,job1}'"]
    {
        assert_eq!(warnings(pattern), [], "{pattern}");
    }
    let titles: Vec<_> = warnings("a-one, job1, b-two").into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["`a-one` protects no target of the plan", "`b-two` protects no target of the plan"]);
}

/// The options of the command line go by the same rules.
#[test]
fn options_that_select_nothing_say_what_was_meant() {
    let text = "version: 1\naccounts: {hw: {cloud: huawei, region: r}}\ndefaults: {account: hw, labels: {team: \"Cafe\\u0301\"}}\n\
                targets: [{kind: drs_job, job_id: 'job[1]'}, {kind: drs_job, job_id: payments-sync}]\n";
    let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
    let select = |only: &[&str], labels: &[(&str, &str)]| {
        let only = only.iter().map(|text| text.parse().unwrap()).collect();
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let selection = Selection::new(crate::plan::Filters { only, labels, ..Default::default() }, &plan).unwrap();
        let taken: Vec<_> = plan.targets.iter().map(|target| selection.takes(target)).collect();
        (taken, selection.unmatched(&plan).iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(select(&["job[1]"], &[]), (vec![true, false], vec![]));
    assert_eq!(select(&["team=Caf\u{e9}"], &[]), (vec![true, true], vec![]));
    assert_eq!(select(&[], &[("team", "Caf\u{e9}")]), (vec![true, true], vec![]));
    let said = |only: &[&str], labels: &[(&str, &str)]| select(only, labels).1.join("\n");
    assert_eq!(
        said(&["PAYMENTS-*"], &[]),
        "--only `PAYMENTS-*` matches no target of the plan; did you mean `payments-sync`? Names are case-sensitive"
    );
    assert_eq!(
        said(&[], &[("team", "caf\u{e9}")]),
        "--label `team=café` matches no target of the plan; did you mean `team=Cafe\u{301}`? Names are case-sensitive"
    );
    assert_eq!(said(&[], &[("payments", "sync")]), "--label `payments=sync` matches no target of the plan");
}
