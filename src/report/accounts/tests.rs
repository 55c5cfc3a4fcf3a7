use super::*;
use crate::credentials::Identity;

const NOW: &str = "2026-11-26T18:05:00Z";

fn row(name: &str, cloud: Cloud, region: &str, identity: Option<Identity>) -> AccountRow {
    let account = Account { name: name.to_owned(), ..Account::in_region(cloud, region.to_owned()) };
    let signed = SignedAccount { identity, ..SignedAccount::unknown(&account) };
    AccountRow { account, signed, is_temporary: false }
}

fn pinned(mut row: AccountRow, pin: &str) -> AccountRow {
    row.account.account_id = Some(pin.to_owned());
    row
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rows() -> Vec<AccountRow> {
    let role = Identity::new("1865410598556969", "role stopper, session allstop-1");
    let mut ali = pinned(row("ali-prod", Cloud::Alibaba, "cn-hangzhou", Some(role)), "1865410598556969");
    ali.signed.source = Some("profile \"ops\" → RamRoleArn".to_owned());
    (ali.signed.expires_at, ali.signed.is_renewable) = (Some(at("2026-11-26T19:04:30Z")), true);
    let mut user = Identity::new("d78cbac186b744899480f25bd022f468", "user ops");
    user.account_name = Some("acme".to_owned());
    let mut hw = row("hw-prod", Cloud::Huawei, "cn-north-4", Some(user));
    hw.signed.source = Some("HUAWEICLOUD_SDK_AK (HWOP…0001)".to_owned());
    (hw.signed.project_id, hw.signed.is_project_found) = (Some("054ba152".to_owned()), true);
    let guest = Identity::new("1234567890123456", "user guest");
    let mut other = pinned(row("other", Cloud::Alibaba, "cn-hangzhou", Some(guest)), "1865410598556969");
    other.signed.closed = Some("account other is pinned to 1865410598556969".to_owned());
    let mut none = row("none", Cloud::Huawei, "cn-north-4", None);
    none.signed.closed = Some("no credentials for none.".to_owned());
    vec![ali, hw, other, none]
}

fn shown(rows: &[AccountRow], width: Option<usize>) -> String {
    let mut out = Vec::new();
    AccountsTable { rows, now: at(NOW), width }.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_table_says_whose_where_from_and_until_when() {
    insta::assert_snapshot!(shown(&rows(), None));
}

#[test]
fn a_narrow_terminal_gets_the_ids_whole() {
    let text = shown(&rows(), Some(100));
    assert!(text.contains("1234567890123456 ✗ pinned to 1865410598556969"), "{text}");
    assert!(text.contains("role stopper, s…"), "{text}");
}

#[test]
fn the_end_of_keys_is_told_by_what_is_known_of_it() {
    let table = [
        (None, false, false, "no expiry"),
        (None, true, true, "not known"),
        (Some("2026-11-26T18:05:45Z"), true, false, "18:05Z (45 s)"),
        (Some("2026-11-26T20:10:59Z"), true, true, "20:10Z (2 h 5 min, renewed)"),
        (Some("2026-11-27T18:05:00Z"), true, false, "2026-11-27 18:05Z (1 d)"),
        (Some("2026-11-26T18:00:00Z"), true, true, "18:00Z (over, renewed)"),
    ];
    for (expires_at, is_temporary, is_renewable, expected) in table {
        let mut row = row("a", Cloud::Alibaba, "r", None);
        row.is_temporary = is_temporary;
        (row.signed.expires_at, row.signed.is_renewable) = (expires_at.map(at), is_renewable);
        assert_eq!(row.until(at(NOW)), expected);
    }
}

#[test]
fn programs_get_the_accounts_of_a_report() {
    let mut out = Vec::new();
    AccountsTable { rows: &rows(), now: at(NOW), width: None }.write_json(2, &mut out).unwrap();
    let object: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((&object["version"], &object["exit_code"]), (&1.into(), &2.into()));
    let accounts = object["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 4);
    assert_eq!((&accounts[0]["pinned"], &accounts[1]["pinned"]), (&true.into(), &false.into()));
    assert_eq!(accounts[1]["project_id"], "054ba152");
    assert_eq!(
        (&accounts[1]["expires_at"], &accounts[1]["closed"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert_eq!(accounts[2]["account_id"], "1234567890123456");
    assert!(accounts[3]["closed"].as_str().unwrap().starts_with("no credentials for none"));
}
