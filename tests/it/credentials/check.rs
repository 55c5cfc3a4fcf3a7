//! `check` holds no keys, asks nobody, and starts nothing.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::case::{CLI, FEDERATED, HW_INI, HW_OIDC, INI, OIDC, POD, URI};
use super::ground::{A1, D1, Ground, HW_OPS, HW_ROLE, OPS, role, stop_executions, stop_jobs};

/// A source that must not be asked: each answer would be a connection, a program or a file.
fn forms() -> Vec<(&'static str, Value)> {
    let file = json!({"file": "$HOME/fifo"});
    vec![
        ("ali", json!("default")),
        ("ali", json!({"env": {"access_key_id": "A", "access_key_secret": "B"}})),
        ("ali", json!({"profile": "ops"})),
        ("ali", file.clone()),
        ("ali", json!({"process": "$HOME/trap.sh"})),
        ("ali", json!({"uri": "$TRAP/creds"})),
        ("ali", json!({"metadata": {}})),
        (
            "ali",
            json!({"oidc": {"role_arn": super::ground::RRSA, "provider_arn": super::ground::IDP, "token_file": "$HOME/fifo"}}),
        ),
        ("ali", json!({"role": {"arn": super::ground::ROLE}, "source": {"process": "$HOME/trap.sh"}})),
        ("hw", json!("default")),
        ("hw", json!({"profile": "basic"})),
        ("hw", file),
        ("hw", json!({"process": "$HOME/trap.sh"})),
        ("hw", json!({"metadata": {}})),
        ("hw", json!({"pod": {}})),
        ("hw", json!({"oidc": {"idp_id": "cce", "token_file": "$HOME/fifo"}})),
        ("hw", json!({"role": {"urn": HW_ROLE}, "source": {"uri": "$TRAP/creds"}})),
        ("hw", json!({"password": {"domain": "acme", "user": "ops", "password": {"file": "$HOME/fifo"}}})),
    ]
}

/// Writes a plan in which every address is the trap's.
fn plan(ground: &Ground, trap: &str, cloud: &str, form: &Value) {
    let endpoints =
        |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), json!(trap))).collect::<serde_json::Map<_, _>>();
    let (account, target) = match cloud {
        "ali" => (
            json!({"cloud": "alibaba", "region": "cn-hangzhou", "account_id": A1, "credentials": form,
            "endpoints": endpoints(&["fnf", "sts", "oauth", "metadata"])}),
            stop_executions("ali", 1),
        ),
        _ => (
            json!({"cloud": "huawei", "region": "cn-north-4", "account_id": D1, "credentials": form,
            "endpoints": endpoints(&["drs", "sts", "iam", "metadata"])}),
            stop_jobs("hw", 1),
        ),
    };
    let text = json!({"version": 1, "accounts": {cloud: account}, "targets": target}).to_string();
    ground.env.write("plan.yaml", ground.fill(&text.replace("$TRAP", trap)));
}

/// Whether somebody has connected.
fn is_touched(trap: &TcpListener) -> bool {
    trap.accept().is_ok()
}

#[test]
#[cfg(unix)]
fn row_18_check_touches_nothing() {
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let address = format!("http://{}", trap.local_addr().unwrap());
    let ground = Ground::new([]).with_metadata_at(address.clone());
    // Who reads the pipe would wait for ever, and who starts the program leaves a mark.
    assert!(std::process::Command::new("mkfifo").arg(ground.home().join("fifo")).status().unwrap().success());
    ground.write("trap.sh", "#!/bin/sh\ntouch $HOME/sprung\n");
    std::fs::set_permissions(ground.home().join("trap.sh"), std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .unwrap();
    let ops = json!({"name": "ops", "mode": "External", "process_command": "$HOME/trap.sh"});
    let files = [
        (CLI, json!({"current": "ops", "profiles": [ops]}).to_string()),
        (INI, "[default]\ntype = access_key\naccess_key_id = LTAI5tOps\naccess_key_secret = ops-key-hush\n".to_owned()),
        (HW_INI, "[basic]\nak = HWOPSACCESSKEY000001\nsk = hw-key-hush\n".to_owned()),
    ];
    let fifo = [
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$HOME/fifo"),
        ("HUAWEICLOUD_OIDC_TOKEN_FILE", "$HOME/fifo"),
        ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "$HOME/fifo"),
        ("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", "$HOME/fifo"),
        ("HC_CONTAINER_CREDENTIALS_FULL_URI", &*address),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", &*address),
    ];
    let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, &*address));
    let everything = [&OPS[..], &HW_OPS, &OIDC, &HW_OIDC, &FEDERATED, &POD, &[URI], &fifo, &proxies].concat();
    for is_full in [false, true] {
        if is_full {
            files.iter().for_each(|(name, text)| ground.write(name, text));
        }
        let sets = [&proxies[..], &everything, &[&fifo[..], &OIDC[..2], &HW_OIDC[..2], &FEDERATED[..1]].concat()]
            .map(<[_]>::to_vec);
        for variables in sets {
            for (cloud, form) in forms() {
                plan(&ground, &address, cloud, &form);
                let ended = ground.allstop(&["check", "plan.yaml"], &variables);
                let text = format!("{form}: {ended:?}");
                assert_eq!(ended.code, 0, "{text}");
                assert!(!is_touched(&trap) && !ground.home().join("sprung").exists(), "{text}");
                assert!(!ended.stdout.contains("hush") && !ended.stderr.contains("hush"), "{text}");
            }
        }
    }
}

#[test]
fn check_says_where_credentials_would_come_from() {
    let ground = Ground::new([]);
    let account = ground.ali(&json!({"account_id": A1, "credentials": role()}));
    ground.plan(
        &json!({"ali": account, "hw": ground.hw(&json!({}))}),
        &[stop_executions("ali", 1), stop_jobs("hw", 1)].concat(),
        &json!({}),
    );
    let ended = ground.allstop(&["check", "plan.yaml"], &OPS);
    let text = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!(ended.code, 0, "{text}");
    for part in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "role/stopper", A1, "nothing configured here"] {
        assert!(text.contains(part), "{part:?} is missing: {text}");
    }
    let ended = ground.allstop(&["check", "plan.yaml", "--credentials"], &OPS[..1]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ground.credentials().calls.is_empty());
}
