//! `allstop accounts`: whose the keys of a plan are; and what a run and its reports say of it.

use serde_json::{Value, json};

use super::ground::{A1, D1, D2, Ground, HW_OPS, OPS, PROJECT, executions, jobs, role, stop_executions, stop_jobs};
use crate::environment::Ended;

/// A plan of both clouds, whose account of Alibaba Cloud is pinned and whose other account has no project.
fn both(hw: &Value) -> Ground {
    let ground = Ground::new(executions(1).chain(jobs(1)));
    let ali = json!({"account_id": A1, "credentials": role()});
    let accounts = json!({"ali": ground.ali(&ali), "hw": ground.hw(hw)});
    ground.plan(&accounts, &[stop_executions("ali", 1), stop_jobs("hw", 1)].concat(), &json!({}));
    ground
}

fn without_project() -> Value {
    json!({"project_id": null})
}

fn keys() -> Vec<(&'static str, &'static str)> {
    [OPS, HW_OPS].concat()
}

/// Returns an account of the JSON.
fn account(ended: &Ended, name: &str) -> Value {
    let line = ended.line();
    let accounts = line["accounts"].as_array().unwrap();
    accounts.iter().find(|account| account["name"] == name).unwrap().clone()
}

const JSON: [&str; 3] = ["accounts", "plan.yaml", "--json"];

#[test]
fn each_account_is_asked_about_with_one_request() {
    let ground = both(&without_project());
    let ended = ground.allstop(&JSON, &keys());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let (ali, hw) = (account(&ended, "ali"), account(&ended, "hw"));
    assert_eq!((&ali["account_id"], &ali["pinned"], &ali["cloud"]), (&json!(A1), &json!(true), &json!("alibaba")));
    assert!(ali["identity"].as_str().unwrap().contains("stopper") && ali["expires_at"].is_string(), "{ali}");
    assert_eq!((&hw["account_id"], &hw["pinned"], &hw["project_id"]), (&json!(D1), &json!(false), &json!(PROJECT)));
    assert!(hw["identity"].as_str().unwrap().contains("ops") && hw["expires_at"].is_null(), "{hw}");
    let operations = ["ali:AssumeRole", "ali:GetCallerIdentity", "hw:caller", "hw:projects"];
    assert_eq!(ground.counts(operations), [1, 0, 1, 1]);
    assert_eq!(ground.stops(), 0);
}

#[test]
fn the_table_shows_no_whole_key_id() {
    let ground = both(&without_project());
    let ended = ground.allstop(&["accounts", "plan.yaml"], &keys());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for words in [A1, " ✓ pinned", D1, PROJECT, "stopper", "HWOP…0001", "(looked up)", ", renewed)", "no expiry"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    assert!(!format!("{}{}", ended.stdout, ended.stderr).contains("HWOPSACCESSKEY000001"));
    let only = ground.allstop(&["whoami", "plan.yaml", "--account", "hw"], &keys());
    assert!(only.stdout.contains(D1) && !only.stdout.contains(A1), "{}", only.stdout);
}

#[test]
fn an_account_that_is_not_usable_does_not_hide_the_other() {
    let wrong = [&OPS[..1], &[("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong")], &HW_OPS].concat();
    let cases = [
        (json!({"project_id": null, "account_id": D2}), keys(), "ali", "hw", &["is pinned to", D2, D1][..]),
        (without_project(), OPS.to_vec(), "ali", "hw", &["no credentials for hw"]),
        (without_project(), wrong, "hw", "ali", &["SignatureDoesNotMatch"]),
        (json!({"project_id": null, "region": "cn-east-9"}), keys(), "ali", "hw", &["no project cn-east-9"]),
    ];
    for (hw, keys, good, bad, texts) in cases {
        let ground = both(&hw);
        let ended = ground.allstop(&JSON, &keys);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(account(&ended, good)["closed"].is_null() && account(&ended, good)["account_id"].is_string());
        let closed = account(&ended, bad)["closed"].as_str().unwrap().to_owned();
        for text in texts {
            assert!(ended.stderr.contains(text) && closed.contains(text), "{text}: {} {closed}", ended.stderr);
        }
        assert_eq!(ground.stops(), 0);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_while_a_program_hangs() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use tokio::time::Instant;

    let ground = Ground::new(executions(1));
    let hanging = json!({"credentials": {"process": ["sh", "-c", "touch begun; sleep 60"]}});
    ground.plan(&json!({"ali": ground.ali(&hanging)}), &stop_executions("ali", 1), &json!({}));
    let mut command = ground.command(&["accounts", "plan.yaml"], &[]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    ground.wait_for(|_| ground.env.exists("begun"));
    let began = Instant::now();
    let kill = format!("kill -s INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success(), "{kill}");
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!((ended.code, ended.stdout.as_str()), (130, ""), "{}", ended.stderr);
}

#[test]
fn a_run_and_its_reports_say_whose_the_accounts_were() {
    let ground = both(&without_project());
    let ran = ground.run(&keys(), &["-v", "--markdown", "run.md", "--html", "run.html"]);
    ran.stopped_all(&ground);
    let told = format!("ali = account {A1}, as role stopper");
    ran.says(&[&told, &format!("hw = account {D1}, as user ops")]);
    for name in ["run.md", "run.html"] {
        let page = std::fs::read_to_string(ground.env.path(name)).unwrap();
        assert!(page.contains(&told) && page.contains(&format!("hw = account {D1}, as user ops")), "{name}: {page}");
    }
    let quiet = ground.run(&keys(), &[]);
    assert!(!quiet.stderr.contains("= account"), "{}", quiet.stderr);
}
