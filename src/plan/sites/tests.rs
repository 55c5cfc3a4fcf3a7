use std::path::Path;

use crate::plan::{Choice, Plan, Variables};
use crate::provider::Credentials;

/// A plan of one Elasticsearch instance under two accounts: under the second one with a label that protects it.
fn plan(accounts: [&str; 2], environment: &[(&'static str, &'static str)]) -> Plan {
    let [one, other] = accounts;
    let kind = if one.contains("huawei") { "drs_job, job_id: x" } else { "elasticsearch_task, instance_id: x" };
    let text = format!(
        "version: 1\naccounts: {{a: {{{one}}}, b: {{{other}}}}}\nguards: {{protect: [team=billing]}}\ntargets:\n\
         \x20 - {{id: one, account: a, kind: {kind}}}\n\
         \x20 - {{id: two, account: b, kind: {kind}, labels: {{team: billing}}}}\n"
    );
    let variables = Variables { environment: environment.iter().copied().collect(), ..Variables::default() };
    Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &variables).unwrap().plan
}

/// Tells whether both accounts are one place: what is protected under the one name is protected under the other.
fn is_one(plan: &Plan) -> bool {
    let first: Vec<_> = plan.choices(|_, _| true).collect();
    assert_eq!(plan.targets[1].duplicate_of, (first[0] == Choice::Protected).then_some(0));
    // The one that is protected need not be selected.
    let alone: Vec<_> = plan.choices(|number, _| number == 0).collect();
    assert_eq!(first[0], alone[0]);
    match first.as_slice() {
        [Choice::Protected, Choice::Duplicate] => true,
        [Choice::Stop, Choice::Protected] => false,
        other => panic!("{other:?}"),
    }
}

/// What is tried, both accounts and what each of them has besides, the environment, and whether they are one place.
type Case<'a> = (&'a str, [&'a str; 4], &'a [(&'static str, &'static str)], bool);

#[test]
fn the_same_account_in_the_same_region_is_one_place() {
    const ALI: &str = "cloud: alibaba, region: cn-hangzhou";
    const HW: &str = "cloud: huawei, region: cn-north-4";
    let keys = "credentials: {env: {access_key_id: ID, access_key_secret: SK}}";
    let others = "credentials: {env: {access_key_id: OTHER_ID, access_key_secret: OTHER_SK}}";
    let token = "credentials: {env: {auth_token: TOKEN}}";
    let same = [("ID", "LTAI"), ("OTHER_ID", " LTAI\n")].as_slice();
    let apart = [("ID", "LTAI"), ("OTHER_ID", "LTAX")].as_slice();
    let of_vendor = [("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI"), ("ID", "LTAI")].as_slice();
    let project = [("HUAWEICLOUD_SDK_PROJECT_ID", "p"), ("HUAWEICLOUD_SDK_AK", "a")].as_slice();
    let without_key = [("HUAWEICLOUD_SDK_PROJECT_ID", "p")].as_slice();
    let profile = "credentials: {profile: ops}";
    let file = "credentials: {profile: ops, file: other.json}";
    let role = "credentials: {role: {arn: 'acs:ram::1865410598556969:role/stopper'}}";
    let oidc = "credentials: {oidc: {role_arn: 'acs:ram::1865410598556969:role/other', provider_arn: 'acs:ram::1:oidc-provider/p', token_file: t}}";
    let table: &[Case] = &[
        ("the vendor's variables", [ALI, "", ALI, ""], &[], true),
        ("the same variables", [ALI, keys, ALI, keys], &[], true),
        ("a region in capitals", [ALI, keys, "cloud: alibaba, region: CN-Hangzhou", keys], &[], true),
        ("another region", [ALI, keys, "cloud: alibaba, region: cn-beijing", keys], same, false),
        ("other variables", [ALI, keys, ALI, others], &[], false),
        ("the same key in other variables", [ALI, keys, ALI, others], same, true),
        ("the vendor's variables, and others", [ALI, "", ALI, keys], of_vendor, true),
        ("another key", [ALI, keys, ALI, others], apart, false),
        (
            "one account, pinned",
            [ALI, "account_id: 1, credentials: {env: {access_key_id: A, access_key_secret: B}}", ALI, "account_id: 1"],
            &[],
            true,
        ),
        (
            "two accounts, pinned",
            [ALI, "account_id: 1, credentials: {env: {access_key_id: A, access_key_secret: B}}", ALI, "account_id: 2"],
            &[],
            false,
        ),
        ("another network", [ALI, "network: vpc", ALI, "network: public"], &[], true),
        ("one project", [HW, "project_id: p", HW, "project_id: p"], &[], true),
        (
            "one project and two keys",
            [HW, "project_id: p, credentials: {env: {auth_token: TOKEN}}", HW, "project_id: p"],
            &[],
            true,
        ),
        ("two projects", [HW, "project_id: p", HW, "project_id: q"], &[], false),
        ("the same profile", [ALI, profile, ALI, profile], &[], true),
        ("one profile in two files", [ALI, profile, ALI, file], &[], false),
        ("a role, and keys", [ALI, role, ALI, ""], &[], false),
        ("two roles of one account", [ALI, role, ALI, oidc], &[], true),
        ("a role, and its account", [ALI, role, ALI, "account_id: 1865410598556969"], &[], true),
        ("a role, and another account", [ALI, role, ALI, "account_id: 1"], &[], false),
        ("a project of the environment", [HW, "project_id: p", HW, ""], project, true),
        ("another project than that of the environment", [HW, "project_id: q", HW, ""], project, false),
        ("a project in the environment without a key", [HW, "project_id: p", HW, ""], without_key, false),
        ("a project in the environment, and other variables", [HW, "project_id: p", HW, token], project, false),
        ("no project, the vendor's keys", [HW, "", HW, ""], &[], true),
        ("no project, the same source", [HW, profile, HW, profile], &[], true),
        ("no project, two sources", [HW, token, HW, ""], &[], false),
        ("a project and none", [HW, "project_id: p", HW, ""], &[], false),
    ];
    for (what, [one, of_one, other, of_other], environment, expected) in table {
        let join = |account: &str, more: &str| [account, more].join(if more.is_empty() { "" } else { ", " });
        let plan = plan([&join(one, of_one), &join(other, of_other)], environment);
        assert_eq!(is_one(&plan), *expected, "{what}");
    }
}

/// Three accounts of which the third shows that the first two are one place, too.
#[test]
fn what_is_the_same_as_a_third_is_the_same() {
    let text = "version: 1\naccounts:\n\
                \x20 a: {cloud: alibaba, region: r, credentials: {env: {access_key_id: A, access_key_secret: S}}}\n\
                \x20 b: {cloud: alibaba, region: r, credentials: {env: {access_key_id: B, access_key_secret: S}}, account_id: 1}\n\
                \x20 c: {cloud: alibaba, region: r, credentials: {env: {access_key_id: A, access_key_secret: S}}, account_id: 1}\n\
                targets:\n\
                \x20 - {kind: elasticsearch_task, account: b, instance_id: x}\n\
                \x20 - {kind: elasticsearch_task, account: a, instance_id: x}\n\
                \x20 - {kind: elasticsearch_task, account: c, instance_id: x}\n";
    let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
    let firsts: Vec<_> = plan.targets.iter().map(|target| target.duplicate_of).collect();
    assert_eq!(firsts, [None, Some(0), Some(0)]);
}

#[test]
fn a_warning_says_which_accounts_are_one() {
    let text = "version: 1\naccounts: {a: {cloud: alibaba, region: r}, b: {cloud: alibaba, region: r}}\ntargets:\n\
                \x20 - {kind: elasticsearch_task, account: a, instance_id: x}\n\
                \x20 - {kind: elasticsearch_task, account: b, instance_id: x}\n";
    let loaded = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap();
    let hints: Vec<_> = loaded.warnings.iter().filter_map(|warning| warning.hint()).collect();
    assert!(hints[0].starts_with("the accounts `a` and `b` are the same account of the cloud"), "{hints:?}");
}

#[test]
fn accounts_that_are_one_place_are_found_among_those_that_are_listed() {
    let text = "version: 1\naccounts:\n\
                \x20 a: {cloud: alibaba, region: r, credentials: {env: {access_key_id: A, access_key_secret: S}}}\n\
                \x20 b: {cloud: alibaba, regions: [q, r], credentials: {env: {access_key_id: B, access_key_secret: S}}}\n\
                \x20 hw: {cloud: huawei, projects: {r: p, q: p}}\n\
                \x20 old: {cloud: huawei, region: r, project_id: p}\n\
                targets: [{kind: elasticsearch_task, account: a, instance_id: x}]\n";
    let plan = Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan;
    let key =
        |id: &str| Some(Credentials::AccessKey { id: id.into(), secret: "s".into(), security_token: None }.principal());
    let same = |accounts: &[u16], a: &str, b: &str| {
        let said = plan.same_place(accounts, &[key(a), key(b), key(b), None, None, None])?;
        Some(said.strip_suffix(": a selection of both would list everything there twice").unwrap().to_owned())
    };
    let two = |first: &str, again: &str| {
        Some(format!("the accounts `{first}` and `{again}` are the same account of the cloud in the same region"))
    };
    assert_eq!(same(&[0, 1, 2], "1", "2"), None);
    assert_eq!(same(&[0, 1, 2], "1", "1"), two("a", "b@r"));
    assert_eq!(same(&[2, 1, 0], "1", "1"), two("b@r", "a"));
    assert_eq!(same(&[0, 1], "1", "1"), None, "two regions");
    assert_eq!(plan.same_place(&[0, 1, 2], &[]), None, "no key is known");
    assert_eq!(same(&[3, 4], "1", "2"), None, "one project in two regions");
    assert_eq!(same(&[4, 5, 3], "1", "2"), two("old", "hw@r"));
}

#[test]
fn projects_that_were_found_count() {
    let both =
        ["cloud: huawei, region: r, credentials: {profile: a}", "cloud: huawei, region: r, credentials: {profile: b}"];
    let mut plan = plan(both, &[]);
    assert!(!is_one(&plan));
    let find = |plan: &mut Plan, projects: [&str; 2]| {
        for (account, project) in plan.accounts.iter_mut().zip(projects) {
            account.found_project = Some(project.to_owned());
        }
    };
    find(&mut plan, ["p", "q"]);
    assert!(plan.with_keys(&[]).is_none());
    assert_eq!(plan.accounts[0].project_id(), Some("p"));
    find(&mut plan, ["p", "p"]);
    assert!(is_one(&plan.with_keys(&[]).unwrap()));
}

#[test]
fn keys_of_another_provider_count_as_soon_as_they_are_known() {
    let account = |name: &str| {
        format!("cloud: alibaba, region: r, credentials: {{env: {{access_key_id: {name}, access_key_secret: S}}}}")
    };
    let plan = plan([&account("A"), &account("B")], &[]);
    assert!(!is_one(&plan));
    let key =
        |id: &str| Some(Credentials::AccessKey { id: id.into(), secret: "s".into(), security_token: None }.principal());
    assert!(plan.with_keys(&[key("1"), key("2")]).is_none());
    assert!(plan.with_keys(&[key("1"), None]).is_none());
    let known = plan.with_keys(&[key("1"), key("1")]).unwrap();
    assert!(is_one(&known));
    assert!(known.with_keys(&[key("1"), key("1")]).is_none(), "there is nothing more to find");
}
