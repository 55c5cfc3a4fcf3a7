use std::path::Path;

use super::*;
use crate::plan::finding::Findings;
use crate::plan::reader::Reader;
use crate::plan::resolve::account;
use crate::plan::secrets::Known;
use crate::plan::variables::Variables;
use crate::plan::yaml;

const ACCOUNTS: &str = "accounts:
  ali-prod: {cloud: alibaba, regions: [cn-hangzhou, cn-shanghai]}
  hw-test: {cloud: huawei, projects: {cn-north-4: p-north, cn-east-3: p-east}}
  ali-new: {cloud: alibaba, region: cn-hangzhou, credentials: {env: {access_key_id: A, access_key_secret: B}}}
  hw-old: {cloud: huawei, region: cn-north-4, project_id: p-old}
";

/// Returns the names of the accounts that a selection of a kind lists, or the first error and its hint.
fn places(accounts: &str, kind: &str, selection: &str) -> Result<Vec<String>, (String, String)> {
    let source = format!("{accounts}\nselect: {selection}\n");
    let mut found = Findings::default();
    let tree = yaml::read(&source, &mut found).unwrap();
    let variables =
        Variables { environment: [("ONE", "LTAI"), ("TWO", "LTAI")].into_iter().collect(), ..Variables::default() };
    let known = Known::of(&tree, &variables);
    let mut reader = Reader { source: &source, variables: Some(&known), found };
    let root = Field { name: "the plan", node: &tree };
    let fields = reader.fields(root, "the plan", &["accounts", "defaults", "select"]).unwrap();
    let accounts = account::accounts(&fields, Path::new(""), &mut reader);
    let owners = Owners::new(&accounts, fields.get("defaults"), &mut reader);
    let select = fields.get("select").unwrap();
    let fields = reader.fields(select, "the selection", &["account", "accounts"]).unwrap();
    let stated = Stated { account: fields.get("account"), accounts: fields.get("accounts"), place: fields.place };
    let numbers = owners.places(Kind::named(kind).unwrap(), &stated, &mut reader);
    let name = |number: u16| accounts.list[usize::from(number)].name.clone();
    let (errors, ..) = reader.found.into_parts();
    match (numbers, errors.kept.into_iter().next()) {
        (Some(numbers), None) => Ok(numbers.into_iter().map(name).collect()),
        (None, Some(error)) => Err((error.title, error.hint.unwrap_or_default())),
        (numbers, error) => panic!("{selection}: {numbers:?} {error:?}"),
    }
}

#[test]
fn a_name_takes_all_its_regions_and_a_pattern_those_of_the_cloud() {
    const ALI: [&str; 3] = ["ali-prod@cn-hangzhou", "ali-prod@cn-shanghai", "ali-new"];
    const HW: [&str; 3] = ["hw-test@cn-north-4", "hw-test@cn-east-3", "hw-old"];
    for (kind, selection, expected) in [
        ("fnf_execution", "{account: ali-prod}", &ALI[..2]),
        ("fnf_execution", "{account: ali-prod@cn-shanghai}", &ALI[1..2]),
        ("fnf_execution", "{account: ali-new}", &ALI[2..]),
        ("drs_job", "{account: hw-test}", &HW[..2]),
        ("drs_job", "{accounts: [hw-old, hw-test]}", &HW),
        ("drs_job", "{accounts: ['hw-*']}", &HW),
        ("drs_job", "{accounts: ['*']}", &HW),
        ("fnf_execution", "{accounts: ['*-*']}", &ALI),
        ("drs_job", "{accounts: ['hw-test']}", &HW[..2]),
        ("drs_job", "{accounts: ['*@cn-north-4']}", &HW[..1]),
        ("drs_job", "{accounts: ['hw-{old,new}']}", &HW[2..]),
        ("drs_job", "{accounts: ['hw-t*', hw-test@cn-east-3, hw-test]}", &HW[..2]),
    ] {
        assert_eq!(places(ACCOUNTS, kind, selection).unwrap(), expected, "{selection}");
    }
    let with_default = format!("{ACCOUNTS}defaults: ali-prod");
    assert_eq!(places(&with_default, "live_flow", "{account: hw-old}").unwrap(), &HW[2..]);
    assert_eq!(places(&with_default, "fnf_execution", "{}").unwrap(), &ALI[..2]);
}

#[test]
fn what_names_no_account_of_the_cloud_is_an_error() {
    for (kind, selection, title, hint) in [
        ("fnf_execution", "{}", "fnf_execution needs an account, and the plan has no default account", "account: ali-"),
        (
            "fnf_execution",
            "{account: ali-new, accounts: [ali-new]}",
            "a selection has either `account` or `accounts`",
            "remove one",
        ),
        ("fnf_execution", "{accounts: []}", "`accounts` is empty", "write `account: ali-"),
        ("fnf_execution", "{accounts: ali-new}", "`accounts` must be a list, not a single value", ""),
        ("fnf_execution", "{accounts: ['']}", "`accounts` is empty", ""),
        ("fnf_execution", "{account: ali-nw}", "unknown account `ali-nw`", "did you mean `ali-new`?"),
        ("fnf_execution", "{accounts: [ali-new, ali-nw]}", "unknown account `ali-nw`", "did you mean `ali-new`?"),
        (
            "fnf_execution",
            "{account: 'ali-*'}",
            "`account` takes one name, not a pattern",
            "write `accounts: [\"ali-*\"]`",
        ),
        ("fnf_execution", "{accounts: ['hw*']}", "no account of the cloud `alibaba` matches `hw*`", "account: ali-"),
        (
            "drs_job",
            "{accounts: ['hw-*', 'hw-odl*']}",
            "no account of the cloud `huawei` matches `hw-odl*`",
            "`hw-old`",
        ),
        (
            "drs_job",
            "{accounts: ['hw-[']}",
            "`hw-[` is not a pattern: unclosed character class; missing ']'",
            "are special",
        ),
        (
            "fnf_execution",
            "{accounts: [ali-new, hw-test]}",
            "fnf_execution needs an account of the cloud `alibaba`, but the account `hw-test` is of `huawei`",
            "write `account: ali-prod@cn-hangzhou`",
        ),
        (
            "drs_job",
            "{account: ali-prod@cn-shanghai}",
            "drs_job needs an account of the cloud `huawei`, but the account `ali-prod@cn-shanghai` is of `alibaba`",
            "write `account: hw-test@cn-north-4`",
        ),
    ] {
        let (said, advice) = places(ACCOUNTS, kind, selection).unwrap_err();
        assert_eq!(said, title, "{selection}");
        assert!(advice.contains(hint), "{selection}: {advice}");
    }
    let default = format!("{ACCOUNTS}defaults: hw-test");
    let (title, _) = places(&default, "fnf_execution", "{}").unwrap_err();
    assert!(title.ends_with("but the default account `hw-test` is of `huawei`"), "{title}");
}

#[test]
fn an_account_with_an_error_is_reported_once_at_its_own_place() {
    let accounts = "accounts: {hw-a: {cloud: huawei, regoin: r}, ali: {cloud: alibaba, region: r}}";
    for selection in [
        "{account: hw-a}",
        "{account: hw-a@cn-north-4}",
        "{accounts: [hw-a]}",
        "{accounts: ['hw-*']}",
        "{accounts: ['*']}",
    ] {
        let (title, _) = places(accounts, "drs_job", selection).unwrap_err();
        assert_eq!(title, "unknown key `regoin` in the account `hw-a`", "{selection}");
    }
}

#[test]
fn two_accounts_that_are_one_place_are_refused() {
    const HW: &str = "cloud: huawei, region: cn-north-4, project_id: p";
    const ALI: &str = "cloud: alibaba, region: cn-hangzhou";
    let key = |name: &str| format!("credentials: {{env: {{access_key_id: {name}, access_key_secret: SK}}}}");
    for (kind, one, other, is_one) in [
        ("drs_job", HW.to_owned(), HW.to_owned(), true),
        ("drs_job", HW.to_owned(), HW.replace("cn-north-4", "CN-North-4"), true),
        ("drs_job", HW.to_owned(), HW.replace("cn-north-4", "cn-east-3"), false),
        ("drs_job", HW.to_owned(), HW.replace("project_id: p", "project_id: q"), false),
        ("drs_job", HW.to_owned(), "cloud: huawei, projects: {cn-east-3: q, cn-north-4: p}".to_owned(), true),
        (
            "fnf_execution",
            format!("{ALI}, account_id: 1, {}", key("A")),
            format!("{ALI}, account_id: 1, {}", key("B")),
            true,
        ),
        (
            "fnf_execution",
            format!("{ALI}, account_id: 1, {}", key("A")),
            format!("{ALI}, account_id: 2, {}", key("B")),
            false,
        ),
        ("fnf_execution", format!("{ALI}, {}", key("A")), format!("{ALI}, {}", key("A")), true),
        ("fnf_execution", format!("{ALI}, {}", key("ONE")), format!("{ALI}, {}", key("TWO")), true),
        ("fnf_execution", format!("{ALI}, {}", key("ONE")), format!("{ALI}, {}", key("B")), false),
    ] {
        let accounts = format!("accounts: {{a: {{{one}}}, b: {{{other}}}}}");
        for selection in ["{accounts: [a, b]}", "{accounts: ['*']}"] {
            let found = places(&accounts, kind, selection);
            assert_eq!(found.is_err(), is_one, "{accounts} {found:?}");
            if let Err((title, hint)) = found {
                let again = if other.contains("projects") { "b@cn-north-4" } else { "b" };
                let same =
                    format!("the accounts `a` and `{again}` are the same account of the cloud in the same region");
                assert_eq!(title, format!("{same}: a selection of both would list everything there twice"));
                assert_eq!(hint, "leave one of them out");
            }
        }
        places(&accounts, kind, "{accounts: [b]}").unwrap();
    }
}
