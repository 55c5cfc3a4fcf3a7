//! Notifications: the built program, and a stand-in for the chats.

mod chats;

#[cfg(unix)]
use std::io::{BufRead, BufReader};
#[cfg(unix)]
use std::process::Stdio;

use allstop::simulator::Config;
use chats::{Chats, SECRET, TOKEN};
use serde_json::{Value, json};

use crate::environment::{Ended, RUN, TestEnvironment};

/// One notification of each chat.
const ALL: &str = "
  ding: {dingtalk: {url: {env: DING}, secret: {env: SIGN}}, when: [start, end]}
  fei: {feishu: {url: {env: FEI}, secret: {file: sign.txt}}, when: end}
  we: {wecom: {url: {env: WE}}, when: end}
  slack: {slack: {url: {file: slack.txt}}, when: end}
  hook: {webhook: {url: {env: HOOK}, headers: {Authorization: {env: TOKEN}}}, when: [start, end, refused]}
";

struct Place {
    env: TestEnvironment,
    chats: Chats,
}

impl Place {
    /// A plan of these notifications, whose targets a simulator stops.
    fn new(notify: &str, more: &str) -> Self {
        let (mut env, chats) = (TestEnvironment::new(), Chats::start());
        env.simulate_anything(Config { stop_delay: Default::default(), ..Config::default() });
        let endpoint = env.simulator().endpoint();
        env.write("plan.yaml", format!(
            "version: 1\nname: nightly\naccounts: {{a: {{cloud: alibaba, region: cn-hangzhou, endpoints: {{fnf: '{endpoint}'}}}}}}\n\
             {more}notify:{notify}\ntargets:\n\
             - {{kind: fnf_execution, account: a, flow_name: etl, execution_name: '<at id=all></at> @all'}}\n\
             - {{kind: fnf_execution, account: a, flow_name: etl, execution_name: b}}\n"
        ));
        env.write("sign.txt", format!("{SECRET}\n"));
        env.write("slack.txt", chats.address("slack"));
        Self { env, chats }
    }

    #[track_caller]
    fn run(&self, args: &[&str]) -> Ended {
        let [ding, fei, we, hook, hang, revoked] =
            ["dingtalk", "feishu", "wecom", "hook", "hang", "revoked"].map(|chat| self.chats.address(chat));
        let variables = [
            ("DING", &*ding),
            ("FEI", &fei),
            ("WE", &we),
            ("HOOK", &hook),
            ("HANG", &hang),
            ("REVOKED", &revoked),
            ("SIGN", SECRET),
            ("TOKEN", TOKEN),
        ];
        let ended = self.env.run_with(variables, args);
        let shown = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!shown.contains("hush"), "a secret is shown: {shown}");
        ended
    }

    fn events(&self) -> Vec<Value> {
        self.chats.shown("hook").iter().map(|body| body["event"].clone()).collect()
    }
}

#[test]
fn every_chat_is_told_of_a_run_in_its_own_way() {
    let place = Place::new(ALL, "");
    let Ended { code, stderr, .. } = place.run(&RUN);
    assert_eq!(code, 0, "{stderr}");
    assert!(!stderr.contains("notification"), "{stderr}");
    for (chat, count) in [("dingtalk", 2), ("feishu", 1), ("wecom", 1), ("slack", 1), ("hook", 2)] {
        assert_eq!(place.chats.shown(chat).len(), count, "{chat}");
    }
    let ding = place.chats.shown("dingtalk");
    assert_eq!(ding[0]["markdown"]["title"], "nightly: stopping 2 targets.");
    assert_eq!(ding[1]["markdown"]["title"], "nightly: All 2 targets are stopped.");
    let hook = place.chats.shown("hook");
    let report = place.env.report("plan.report.json");
    assert_eq!(
        (&hook[0]["event"], &hook[0]["run_id"], &hook[0]["targets"]),
        (&json!("start"), &report["run"]["id"], &json!(2))
    );
    assert_eq!(
        (&hook[1]["event"], &hook[1]["run_id"], &hook[1]["exit_code"]),
        (&json!("end"), &report["run"]["id"], &json!(0))
    );
    let text = place.chats.shown("feishu")[0].to_string();
    assert!(text.contains("plan.report.json"), "{text}");
}

#[test]
fn a_rehearsal_tells_nobody_unless_it_is_asked_to() {
    let place = Place::new(ALL, "");
    let rehearse = ["run", "plan.yaml", "--progress", "off", "--rehearse", "--faults", "none", "--speed", "1000"];
    assert_eq!(place.env.run(rehearse).code, 0, "no secret is needed");
    assert_eq!(place.events(), [] as [Value; 0]);
    let Ended { code, stderr, .. } = place.run(&[&rehearse[..], &["--notify", "hook"]].concat());
    assert_eq!((code, place.events()), (0, vec![json!("start"), json!("end")]), "{stderr}");
    let told = place.chats.shown("hook");
    assert_eq!(told[1]["mode"], "rehearsal");
    assert!(told.iter().all(|told| told["text"].as_str().unwrap().contains("ehearsal, no cloud")), "{told:?}");
    assert!(place.chats.shown("wecom").is_empty(), "only that one");
    let Ended { code, stderr, .. } = place.run(&[&rehearse[..], &["--notify", "hok"]].concat());
    assert_eq!(code, 2);
    assert!(stderr.contains("no notification `hok`\n  hint: did you mean `hook`?"), "{stderr}");
}

#[test]
fn a_run_that_is_refused_says_why() {
    let place = Place::new(ALL, "guards: {max_targets: 1}\n");
    assert_eq!(place.run(&RUN).code, 3);
    assert_eq!(place.events(), ["refused"], "nothing began");
    let told = &place.chats.shown("hook")[0];
    let text = told["text"].as_str().unwrap();
    assert!(text.starts_with("nightly: not run: ") && text.contains("max_targets"), "{text}");
    assert!(text.contains("\nNothing was sent to the 2 targets.\n") && !text.contains("NOT stopped"), "{text}");
    assert!(text.contains("\nNext: when the guard allows it, run"), "{text}");
    // Nobody can be asked: the run never begins.
    place.env.edit("plan.yaml", "guards: {max_targets: 1}\n", "");
    assert_eq!(place.run(&["run", "plan.yaml"]).code, 2);
    let ding = place.chats.shown("dingtalk");
    assert_eq!(ding.last().unwrap()["markdown"]["title"], "nightly: the run did not begin.");
    assert_eq!(place.events(), ["refused", "not_begun"]);
}

#[test]
fn what_is_not_stopped_is_named_and_mentions_nobody() {
    let place = Place::new(
        "\n  we: {wecom: {url: {env: WE}}}\n  end: {slack: {url: {file: slack.txt}}, when: refused}",
        "retry: {max_attempts: 1}\n",
    );
    // Nobody answers there.
    let endpoint = place.env.simulator().endpoint();
    place.env.edit("plan.yaml", &format!("fnf: '{endpoint}'"), "fnf: 'http://127.0.0.1:1'");
    let Ended { code, stderr, .. } = place.run(&RUN);
    assert_eq!(code, 1, "{stderr}");
    let text = place.chats.shown("wecom")[0]["markdown"]["content"].as_str().unwrap().to_owned();
    assert!(text.starts_with("**nightly: 2 of 2 targets are NOT stopped.**\n"), "{text}");
    assert!(text.contains("＜at id=all＞＜/at＞ ＠all") && !text.contains(['<', '@']), "{text}");
    assert!(text.ends_with("`allstop retry plan.report.json --yes`"), "{text}");
    assert!(text.contains("\n2 failed\n") && text.contains("Next: fix the causes, then run in /"), "{text}");
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    assert!(text.contains(&format!(" on {}", host.trim())), "{text}");
    assert!(place.chats.shown("slack").is_empty(), "no guard refused it");
}

#[test]
fn a_message_that_is_not_taken_is_a_warning() {
    let place = Place::new(
        "\n  gone: {dingtalk: {url: {env: REVOKED}, secret: {env: SIGN}}, when: end}\n  we: {wecom: {url: {env: WE}}, when: end}",
        "",
    );
    let Ended { code, stderr, .. } = place.run(&RUN);
    assert_eq!(code, 0, "{stderr}");
    let (summary, warning) = (
        stderr.find("targets are stopped").unwrap(),
        stderr.find("warning: the notification `gone` was not sent (DingTalk, `end`): errcode 310000").unwrap(),
    );
    assert!(summary < warning, "{stderr}");
    assert!(stderr.contains("check the security settings of the robot"), "{stderr}");
    assert_eq!(place.chats.shown("wecom").len(), 1);
    assert!(
        !place.env.text("plan.report.json").contains("hush")
            && !place.env.text("plan.report.json.journal").contains("hush")
    );
}

#[cfg(unix)]
#[test]
fn a_chat_that_hangs_keeps_nobody_from_the_report_and_a_second_signal_ends_the_program() {
    let place = Place::new("\n  slow: {wecom: {url: {env: HANG}}, when: end}", "");
    let mut command = place.env.command(RUN);
    command.env("HANG", place.chats.address("hang")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    place.chats.wait_for_a_hang();
    assert_eq!(place.env.report("plan.report.json")["run"]["exit_code"], 0);
    let pid = rustix::process::Pid::from_child(&child);
    let interrupt = || rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    interrupt();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let lines: Vec<_> = stderr
        .lines()
        .map(Result::unwrap)
        .inspect(|line| {
            if line.contains("the notifications are being sent. Press Ctrl-C again") {
                interrupt();
            }
        })
        .collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("ll 2 targets are stopped")), "{lines:?}");
}

#[test]
fn a_secret_that_is_missing_is_an_error_before_anything_is_sent() {
    let place = Place::new(ALL, "");
    let Ended { code, stderr, .. } = place.env.run(RUN);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("plan.yaml:5: notification `ding`: DING, which is to hold the address, is not set"),
        "{stderr}"
    );
    let hint = "hint: set DING, or run without notifications with --no-notify; nothing was sent";
    assert!(stderr.contains(hint), "{stderr}");
    assert_eq!(place.env.simulator().ledger().requests.stops, 0);
    assert!(!place.env.exists("plan.report.json"));
    let checked = place.env.run(["check", "plan.yaml"]);
    assert!(
        checked.code == 0 && checked.stdout.contains("DING, which is to hold the address, is not set"),
        "{}",
        checked.stdout
    );
    assert_eq!(place.env.run(["check", "plan.yaml", "--credentials"]).code, 2);
    let line = place.env.run(["check", "plan.yaml", "--output", "json"]).line();
    assert_eq!(
        (&line["notifications"][0]["name"], &line["notifications"][0]["when"]),
        (&json!("ding"), &json!(["start", "end"]))
    );
    assert!(line["notifications"][0]["problem"].is_string() && line["notifications"][3]["problem"].is_null(), "{line}");
}

#[test]
fn a_missing_secret_is_told_to_the_other_chats_and_counted() {
    let notify = "\n  gone: {slack: {url: {env: NONE}}}\n  hook: {webhook: {url: {env: HOOK}, headers: {Authorization: {env: TOKEN}}}}";
    let place = Place::new(notify, "");
    let Ended { code, stderr, .. } = place.run(&[&RUN[..], &["--metrics", "plan.prom"]].concat());
    assert_eq!((code, place.events()), (2, vec![json!("not_begun")]), "{stderr}");
    let told = place.chats.shown("hook");
    assert!(told[0]["text"].as_str().unwrap().contains("NONE, which is to hold the address, is not set"), "{told:?}");
    assert!(place.env.text("plan.prom").contains("allstop_"), "the run is counted");
    let Ended { code, .. } = place.run(&["watch", "plan.yaml", "--for", "2h", "--yes"]);
    assert_eq!((code, place.events().len()), (2, 2), "a watch does so, too");
    assert_eq!(place.env.simulator().ledger().requests.stops, 0);
}

#[test]
fn a_run_without_notifications_needs_no_secret_and_tells_nobody() {
    let place = Place::new(ALL, "");
    let Ended { code, stderr, .. } = place.env.run([&RUN[..], &["--no-notify"]].concat());
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(place.run(&[&RUN[..], &["--no-notify"]].concat()).code, 0);
    assert_eq!(place.events(), [] as [Value; 0]);
    let both = place.run(&[&RUN[..], &["--no-notify", "--notify", "hook"]].concat());
    assert!(both.code == 2 && both.stderr.contains("cannot be used with"), "{}", both.stderr);
}

#[test]
fn notifications_are_shown_and_tested() {
    let place = Place::new(
        &format!("{ALL}  gone: {{wecom: {{url: {{env: REVOKED}}}}}}\n  unset: {{slack: {{url: {{env: NONE}}}}}}\n"),
        "",
    );
    let Ended { code, stdout, stderr } = place.run(&["notify", "plan.yaml", "--notify", "slack", "--notify", "hook"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("slack: Slack, address and secrets from "), "{stdout}");
    assert!(
        stdout
            .contains("  EXAMPLE of `end`, with an invented result:\n    *`nightly`: All 214 targets are stopped.*\n"),
        "{stdout}"
    );
    let events = ["start", "end", "refused"].map(|event| stdout.contains(&format!("{{\"event\":\"{event}\"")));
    assert_eq!(events, [true; 3], "{stdout}");
    let missed = place.run(&["notify", "plan.yaml", "--notify", "gone"]).stdout;
    assert!(
        missed.contains(
            "EXAMPLE of `not_stopped`, with an invented result:\n    **nightly: 3 of 214 targets are NOT stopped.**"
        ) && missed.contains("3 failed, 211 stopped\n")
            && missed.contains("**nightly: not run: 214 targets would be stopped, and guards.max_targets is 100.**"),
        "{missed}"
    );
    assert!(!missed.contains("a test"), "{stdout}");
    assert!(place.events().is_empty(), "nothing is sent");
    let Ended { code, stdout, stderr } = place.run(&["notify", "plan.yaml", "--test"]);
    assert_eq!(code, 1, "{stderr}");
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "ding (DingTalk): sent",
            "fei (Feishu): sent",
            "we (WeCom): sent",
            "slack (Slack): sent",
            "hook (webhook): sent"
        ]
    );
    assert!(lines[5].starts_with("gone (WeCom): NOT sent: errcode 93000: no robot "), "{stdout}");
    assert!(
        lines[6].starts_with("unset (Slack): NOT sent: NONE, which is to hold the address, is not set"),
        "{stdout}"
    );
    assert_eq!(
        place.run(&["notify", "plan.yaml", "--test", "--notify", "fei"]),
        Ended { code: 0, stdout: "fei (Feishu): sent\n".into(), stderr: String::new() }
    );
    let without = TestEnvironment::new().with(
        "plan.yaml",
        "version: 1\naccounts: {h: {cloud: huawei, region: r}}\ntargets: [{kind: drs_job, account: h, job_id: j}]\n",
    );
    let Ended { code, stderr, .. } = without.run(["notify", "plan.yaml"]);
    assert!(code == 2 && stderr.contains("the plan has no notifications"), "{stderr}");
}
