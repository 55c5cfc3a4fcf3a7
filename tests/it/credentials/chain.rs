//! Which source is used: the order of the default chains, explicit forms, and what is never completed or skipped.

use serde_json::{Value, json};

use super::case::{Case, FEDERATED, HW_INI, HW_OIDC, INI, OIDC, POD, URI, all_find, all_refuse};
use super::ground::{HW_OPS, HW_OTHER, OPS, OTHER, ROLE, RRSA};

const OTHER_INI: &str =
    "[default]\ntype = access_key\naccess_key_id = LTAI5tOther\naccess_key_secret = other-key-hush\n";
const HW_OTHER_INI: &str = "[basic]\nak = HWOTHERACCESSKEY0001\nsk = hw-other-hush\n";

fn profile() -> Value {
    json!({"mode": "RamRoleArn", "ram_role_arn": ROLE, "ram_session_name": "ops",
        "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"})
}

/// A machine with everything below the environment: a profile that assumes a role, an ini file and metadata.
fn ali(name: &'static str) -> Case {
    Case::ali(name).cli(&[profile()]).file(INI, OTHER_INI).metadata()
}

/// A machine without a profile.
fn ini(name: &'static str) -> Case {
    Case::ali(name).file(INI, OTHER_INI).metadata().other()
}

fn hw(name: &'static str) -> Case {
    Case::hw(name).file(HW_INI, HW_OTHER_INI).metadata()
}

#[test]
fn row_2_the_chain_of_alibaba_cloud_has_an_order() {
    let is_disabled = [("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")];
    let untouched = json!({"mode": "AK", "access_key_id": "", "access_key_secret": ""});
    all_find([
        ("LTAI5tOps", ali("environment before all").env(&OPS).env(&OIDC).env(&[URI])),
        (
            "LTAI5tOps",
            ali("environment before a profile's name").env(&OPS).env(&[("ALIBABA_CLOUD_PROFILE", "default")]),
        ),
        ("ali:AssumeRoleWithOIDC", ali("OIDC before a profile").env(&OIDC).env(&[URI])),
        ("ali:AssumeRole", ali("incomplete OIDC is none").env(&[("ALIBABA_CLOUD_ROLE_ARN", RRSA)])),
        ("ali:AssumeRole", ali("profile before ini").env(&[URI])),
        ("LTAI5tOther", ali("profiles switched off").other().env(&is_disabled)),
        ("LTAI5tOther", ini("the command line's untouched default is none").cli(&[untouched])),
        ("LTAI5tOther", ini("ini before the URI").env(&[URI])),
        (
            "ali:uri",
            Case::ali("URI before metadata").metadata().env(&[URI]).calls(&[("ali:uri", 1), ("ali:meta-token", 0)]),
        ),
        ("ali:meta-keys", Case::ali("metadata at last").metadata()),
    ]);
}

#[test]
fn row_2_the_chain_of_huawei_cloud_has_an_order() {
    all_find([
        ("hw:assume-oidc", hw("OIDC before keys").env(&HW_OIDC).env(&HW_OTHER)),
        ("hw:by-token", hw("federated before keys").env(&FEDERATED).env(&HW_OTHER)),
        ("HWOPSACCESSKEY000001", hw("keys before ini").env(&HW_OPS).env(&POD)),
        ("HWOTHERACCESSKEY0001", hw("ini before pod").env(&POD).other()),
        ("hw:pod", Case::hw("pod before metadata").metadata().env(&POD).calls(&[("hw:pod", 1), ("hw:meta-token", 0)])),
        ("hw:meta-keys", Case::hw("metadata at last").metadata()),
    ]);
}

#[test]
fn row_2_an_explicit_form_beats_everything() {
    let env = json!({"env": {"access_key_id": "A", "access_key_secret": "B"}});
    all_find([
        ("ali:AssumeRole", ali("profile").env(&OTHER).env(&[URI]).credentials(json!({"profile": "default"}))),
        ("LTAI5tOps", ali("env").env(&OTHER).env(&[("A", "LTAI5tOps"), ("B", "ops-key-hush")]).credentials(env)),
        ("ali:uri", ali("uri").env(&OTHER).credentials(json!({"uri": "$SIM/creds/uri"}))),
        ("ali:meta-keys", ali("metadata").env(&OTHER).credentials(json!({"metadata": {}}))),
        ("LTAI5tOps", ali("the chain by its name").env(&OPS).credentials(json!("default"))),
        ("HWOTHERACCESSKEY0001", hw("huawei: profile").env(&HW_OPS).credentials(json!({"profile": "basic"})).other()),
        ("hw:pod", hw("huawei: pod").env(&HW_OTHER).env(&POD).credentials(json!({"pod": {}}))),
        ("hw:meta-keys", hw("huawei: metadata").env(&HW_OTHER).credentials(json!({"metadata": {}}))),
    ]);
}

#[test]
fn row_2_what_is_configured_and_does_not_work_is_never_skipped_or_completed() {
    let keys = json!({"mode": "AK", "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"});
    let ops =
        || json!({"name": "ops", "mode": "AK", "access_key_id": "LTAI5tOps", "access_key_secret": "ops-key-hush"});
    all_refuse([
        (
            &["ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, ALIBABA_CLOUD_ACCESS_KEY_ID is not"],
            ali("secret alone").env(&OPS[1..]),
        ),
        (&["ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"], Case::ali("id alone").env(&OPS[..1]).cli(&[keys]).metadata()),
        (&["HUAWEICLOUD_SDK_SK"], hw("half a pair").env(&HW_OPS[..1])),
        (
            &["\"op\"", "did you mean \"ops\"?"],
            ali("no such profile").env(&OPS).cli(&[ops()]).credentials(json!({"profile": "op"})),
        ),
        (
            &["A, B not set"],
            ali("variables that are not there")
                .env(&OPS)
                .credentials(json!({"env": {"access_key_id": "A", "access_key_secret": "B"}})),
        ),
        (&["gone.json"], ali("a file that is not there").env(&OPS).credentials(json!({"file": "$HOME/gone.json"}))),
        (
            &["NotFound", "credentials URI"],
            ali("a URI with nothing")
                .env(&OPS)
                .world(json!({"uri": null}))
                .credentials(json!({"uri": "$SIM/creds/uri"}))
                .calls(&[("ali:uri", 1)]),
        ),
    ]);
}
