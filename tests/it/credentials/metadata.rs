//! Metadata services: both versions, none, and those that do not answer. How long each may take is tested in `lib`, on a
//! clock that does not run: `credentials::guess`.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::case::{Case, INI, POD, all_find, all_refuse};
use super::ground::{A1, D1, Ground, HW_OPS, OPS, executions, jobs, side_by_side, stop_executions, stop_jobs};

/// Every request would go over this proxy, where nobody listens.
const DEAD_PROXY: [(&str, &str); 5] = [
    ("HTTP_PROXY", "http://127.0.0.1:9"),
    ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ("http_proxy", "http://127.0.0.1:9"),
    ("https_proxy", "http://127.0.0.1:9"),
    ("ALL_PROXY", "http://127.0.0.1:9"),
];

const ONCE: [(&str, u64); 3] = [("ali:meta-token", 1), ("ali:meta-role", 1), ("ali:meta-keys", 1)];

/// Changes the metadata service of Alibaba Cloud.
fn with(more: &Value) -> Value {
    let mut metadata = json!({"role": "ecs-role", "account": A1});
    metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"alibaba_metadata": metadata})
}

fn ali(name: &'static str) -> Case {
    Case::ali(name).metadata()
}

fn hw(name: &'static str) -> Case {
    Case::hw(name).metadata()
}

#[test]
fn row_10_versions_of_metadata() {
    let without_token = json!({"huawei_metadata": {"agency": "ecs-agency", "account": D1, "v2": false}});
    let ini = "[default]\ntype = ecs_ram_role\nrole_name = ecs-role\n";
    all_find([
        ("ali:meta-keys", ali("version 2").calls(&ONCE)),
        ("ali:meta-keys", ali("version 2 alone").world(with(&json!({"v1": false}))).calls(&ONCE)),
        ("ali:meta-keys", ali("version 1 alone").world(with(&json!({"v2": false}))).calls(&ONCE)),
        ("ali:meta-keys", ali("a line break after the role").world(with(&json!({"role": "ecs-role\n"}))).calls(&ONCE)),
        (
            "ali:meta-keys",
            ali("the role is named").env(&[("ALIBABA_CLOUD_ECS_METADATA", "ecs-role")]).calls(&[("ali:meta-role", 0)]),
        ),
        (
            "ali:meta-keys",
            ali("explicit").credentials(json!({"metadata": {"role": "ecs-role"}})).calls(&[("ali:meta-role", 0)]),
        ),
        ("ali:meta-keys", ali("an ini file").file(INI, ini)),
        ("hw:meta-keys", hw("huawei").calls(&[("hw:meta-token", 1), ("hw:meta-keys", 1)])),
        ("hw:meta-keys", hw("huawei, without token").world(without_token)),
        ("hw:meta-keys", hw("huawei, explicit").credentials(json!({"metadata": {}}))),
    ]);
}

#[test]
fn row_10_metadata_that_does_not_serve() {
    let v1_disabled = [("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")];
    let off = [("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")];
    let no_agency = json!({"huawei_metadata": {"agency": null, "account": D1, "v2": true}});
    all_refuse([
        (
            &["no credentials for ali"],
            ali("the user allows no version 1")
                .world(with(&json!({"v2": false})))
                .env(&v1_disabled)
                .calls(&[("ali:meta-token", 1)]),
        ),
        (
            &["no RAM role is attached to this instance"],
            ali("no role")
                .world(with(&json!({"role": null})))
                .credentials(json!({"metadata": {}}))
                .calls(&[("ali:meta-role", 1), ("ali:meta-token", 1)]),
        ),
        (&["hw"], hw("no agency").world(no_agency).calls(&[("hw:meta-keys", 1), ("hw:meta-token", 1)])),
        (&["no credentials for ali", "switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED"], ali("off").env(&off)),
    ]);
}

/// A plan of both clouds on a machine that has nothing.
fn nothing(metadata: Option<String>) -> Ground {
    let ground = Ground::new(executions(1).chain(jobs(1)));
    let ground = match metadata {
        Some(metadata) => ground.with_metadata_at(metadata),
        None => ground,
    };
    let accounts = json!({"ali": ground.ali(&json!({})), "hw": ground.hw(&json!({}))});
    ground.plan(&accounts, &[stop_executions("ali", 1), stop_jobs("hw", 1)].concat(), &json!({}));
    ground
}

#[test]
fn row_10_no_credentials_anywhere_are_told_source_by_source() {
    // One takes connections and says nothing, one refuses them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let metadata =
        [Some(format!("http://{}", silent.local_addr().unwrap())), Some("http://127.0.0.1:9".to_owned()), None];
    side_by_side(&metadata, |metadata| {
        let ground = nothing(metadata.clone());
        let foreign =
            [("ALICLOUD_ACCESS_KEY", "LTAI5tOps"), ("ALICLOUD_SECRET_KEY", "ops-key-hush"), ("HW_ACCESS_KEY", "x")];
        let ran = ground.run(&foreign, &[]);
        let texts = [
            "no credentials for ali",
            "no credentials for hw",
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "HUAWEICLOUD_SDK_AK",
            "ALICLOUD_ACCESS_KEY is set",
            "HW_ACCESS_KEY is set",
            "config.json",
            "credentials: {",
        ];
        ran.refused(&ground, 2, &texts);
        assert!(!ran.stderr.contains("hush"), "{}", ran.stderr);
        assert!(ground.credentials().calls.is_empty());
    });
}

#[test]
fn row_10_a_page_of_a_captive_portal_is_no_metadata() {
    for mode in ["html", "garbage", "empty", "nokeys", "truncated", "reset"] {
        let ground = nothing(None).with_metadata();
        let fault = json!({"fail": -1, "mode": mode});
        ground.faults(&json!({"*": fault}));
        let accounts = json!({"ali": ground.ali(&json!({})), "hw": ground.hw(&json!({}))});
        ground.plan(&accounts, &[stop_executions("ali", 1), stop_jobs("hw", 1)].concat(), &json!({}));
        let ran = ground.run(&[], &[]);
        ran.refused(&ground, 2, &["no credentials for ali", "no credentials for hw"]);
    }
}

#[test]
fn row_11_metadata_pods_and_this_machine_are_not_asked_over_a_proxy() {
    let pod = [&DEAD_PROXY[..], &POD].concat();
    all_find([
        ("ali:meta-keys", ali("metadata").env(&DEAD_PROXY)),
        ("hw:meta-keys", hw("huawei: metadata").env(&DEAD_PROXY)),
        ("hw:pod", Case::hw("huawei: pod").env(&pod)),
        ("ali:uri", Case::ali("uri").env(&DEAD_PROXY).credentials(json!({"uri": "$SIM/creds/uri"}))),
        ("LTAI5tOps", Case::ali("keys").env(&DEAD_PROXY).env(&OPS)),
        ("HWOPSACCESSKEY000001", Case::hw("huawei: keys").env(&DEAD_PROXY).env(&HW_OPS)),
    ]);
}

#[test]
fn the_metadata_service_keeps_its_keys_until_shortly_before_they_end() {
    let ground = Ground::new(executions(40)).with_metadata();
    ground.set(&with(&json!({"caches": true})));
    ground.faults(&json!({"ali:meta-keys": {"lifetime_s": 3}}));
    let account = ground.ali(&json!({"account_id": A1}));
    let limits = json!({"limits": {"rate": "10/s", "burst": 1}, "retry": {"credentials_wait": "30s"}});
    ground.plan(&json!({"ali": account}), &stop_executions("ali", 20), &limits);
    let ran = ground.run(&[], &[]);
    assert_eq!((ran.code, ground.credentials().late_uses()), (0, 0), "{}", ran.stderr);
}
