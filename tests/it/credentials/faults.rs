//! Everything that a service of credentials may answer instead of credentials.

use serde_json::{Value, json};

use super::case::{FEDERATED, HW_OIDC, OIDC, POD, URI};
use super::ground::{
    A1, D1, Ground, HW_OPS, HW_ROLE, OPS, PASSWORD, executions, jobs, role, side_by_side, stop_executions, stop_jobs,
};

/// An operation, and what asks for it: whether the account is of Huawei Cloud, the form, variables, and whether the
/// operation is needed to go on.
pub(super) struct Asking {
    pub(super) operation: &'static str,
    is_huawei: bool,
    account: Value,
    pub(super) variables: Vec<(&'static str, &'static str)>,
    files: Vec<(&'static str, String)>,
    has_metadata: bool,
}

fn ali(operation: &'static str, form: Value, variables: &[(&'static str, &'static str)]) -> Asking {
    let account = json!({"account_id": A1, "credentials": form});
    Asking {
        operation,
        is_huawei: false,
        account,
        variables: variables.to_vec(),
        files: Vec::new(),
        has_metadata: false,
    }
}

fn hw(operation: &'static str, form: Value, variables: &[(&'static str, &'static str)]) -> Asking {
    let account = json!({"account_id": D1, "credentials": form});
    Asking { is_huawei: true, account, ..ali(operation, json!(null), variables) }
}

/// Every operation that this program calls.
pub(super) fn all() -> Vec<Asking> {
    let default = || json!("default");
    let metadata = || json!({"metadata": {}});
    let soon = super::ground::now() + 3600;
    let cli = |profile: Value| vec![(super::case::CLI, json!({"current": "p", "profiles": [profile]}).to_string())];
    let sso = json!({"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": "$SIM/start/login", "cloud_sso_account_id": A1,
        "cloud_sso_access_config": "ac-1", "access_token": "sso-access-hush", "cloud_sso_access_token_expire": soon});
    let oauth = json!({"name": "p", "mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "oauth-access-hush",
        "oauth_access_token_expire": soon});
    let password = json!({"password": {"domain": "acme", "user": "ops", "password": {"env": "PW"}}});
    let v3 = json!({"role": {"agency": "stopper", "domain": "acme"}});
    let mut projects = hw("hw:projects", default(), &HW_OPS);
    projects.account["project_id"] = Value::Null;
    let mut all = vec![
        ali("ali:AssumeRole", role(), &OPS),
        ali("ali:AssumeRoleWithOIDC", default(), &OIDC),
        ali("ali:GetCallerIdentity", default(), &OPS),
        ali("ali:uri", default(), &[URI]),
        Asking { files: cli(sso), ..ali("ali:sso", default(), &[]) },
        Asking { files: cli(oauth), ..ali("ali:oauth-exchange", default(), &[]) },
        hw("hw:password", password, &[("PW", PASSWORD)]),
        projects,
        hw("hw:id-token", default(), &FEDERATED),
        hw("hw:by-token", default(), &FEDERATED),
        hw("hw:agency", v3, &HW_OPS),
        hw("hw:caller", default(), &HW_OPS),
        hw("hw:assume", json!({"role": {"urn": HW_ROLE}}), &HW_OPS),
        hw("hw:assume-oidc", default(), &HW_OIDC),
        hw("hw:pod", default(), &POD),
    ];
    let of_metadata =
        ["ali:meta-token", "ali:meta-role", "ali:meta-keys"].map(|operation| ali(operation, metadata(), &[]));
    let of_huawei = ["hw:meta-token", "hw:meta-keys"].map(|operation| hw(operation, metadata(), &[]));
    all.extend(of_metadata.into_iter().chain(of_huawei).map(|asking| Asking { has_metadata: true, ..asking }));
    all
}

impl Asking {
    pub(super) fn ground(&self, count: usize, more: &Value) -> Ground {
        let resources: Vec<_> = if self.is_huawei { jobs(count).collect() } else { executions(count).collect() };
        let ground = Ground::new(resources);
        self.planned(ground, count, more)
    }

    /// Lets a machine have what is needed, and a plan for so many resources.
    pub(super) fn planned(&self, ground: Ground, count: usize, more: &Value) -> Ground {
        let ground = if self.has_metadata { ground.with_metadata() } else { ground };
        ground.write("jwt", super::ground::JWT);
        ground.write("sa", "pod.sa.hush");
        self.files.iter().for_each(|(name, text)| ground.write(name, text));
        if self.is_huawei {
            ground.plan(&json!({"hw": ground.hw(&self.account)}), &stop_jobs("hw", count), more);
        } else {
            ground.plan(&json!({"ali": ground.ali(&self.account)}), &stop_executions("ali", count), more);
        }
        ground
    }

    /// What stands in the way at the beginning is told in clear words, and nothing is sent.
    fn fails(&self, mode: &str) {
        let ground = self.ground(2, &json!({}));
        ground.faults(&json!({self.operation: {"fail": -1, "mode": mode}}));
        let ran = ground.run(&self.variables, &["-vv"]);
        let what = format!("{} {mode}: exit {}: {}", self.operation, ran.code, ran.stderr);
        // A list without projects, and a name without a token, are answers: there is none.
        assert_eq!((ran.code, ground.stops()), (2, 0), "{what}");
        assert!(ran.stderr.starts_with("error: "), "{what}");
        assert!(!ran.stderr.contains("hush") && !ran.stderr.contains("<html>"), "{what}");
    }
}

/// How a service fails for ever.
const MODES: [&str; 6] = ["garbage", "html", "empty", "nokeys", "truncated", "reset"];

#[test]
fn row_12_an_answer_without_credentials_is_told() {
    let all = all();
    for mode in MODES {
        // The metadata service without a token is asked in its first version.
        let askings: Vec<_> = all.iter().filter(|asking| !asking.operation.ends_with("meta-token")).collect();
        askings.chunks(8).for_each(|few| side_by_side(few, |asking| asking.fails(mode)));
    }
}

#[test]
fn row_12_services_that_hang_are_given_up() {
    // All wait at the same time.
    side_by_side(&all(), |asking| asking.fails("hang"));
}

#[test]
fn row_12_keys_that_are_over_when_they_come() {
    let issuing = [
        "ali:AssumeRole",
        "ali:AssumeRoleWithOIDC",
        "ali:uri",
        "ali:sso",
        "ali:oauth-exchange",
        "ali:meta-keys",
        "hw:by-token",
        "hw:agency",
        "hw:assume",
        "hw:assume-oidc",
        "hw:pod",
        "hw:meta-keys",
    ];
    let all: Vec<_> = all().into_iter().filter(|asking| issuing.contains(&asking.operation)).collect();
    all.chunks(6).for_each(|few| {
        side_by_side(few, |asking| {
            let ground = asking.ground(2, &json!({"retry": {"credentials_wait": "0s"}}));
            ground.faults(&json!({asking.operation: {"fail": -1, "mode": "past"}}));
            let ran = ground.run(&asking.variables, &["-vv"]);
            let what = format!("{}: exit {}: {}", asking.operation, ran.code, ran.stderr);
            let stopped = ground.simulator.ledger().resources.iter().any(|record| record.counts.taken > 0);
            assert!([1, 2].contains(&ran.code) && !stopped, "{what}");
            assert!(ground.counts([asking.operation])[0] <= 5, "{what}");
            assert!(!ran.stderr.contains("hush"), "{what}");
        });
    });
}

#[test]
fn row_12_a_renewal_without_credentials_is_tried_again() {
    let issuing = ["ali:AssumeRole", "ali:AssumeRoleWithOIDC", "ali:uri", "hw:assume", "hw:pod"];
    let all: Vec<_> = all().into_iter().filter(|asking| issuing.contains(&asking.operation)).collect();
    for mode in MODES {
        side_by_side(&all, |asking| {
            let ground = asking.ground(20, &json!({"limits": {"rate": "8/s", "burst": 1}}));
            ground.faults(&json!({asking.operation: {"lifetime_s": 2, "after": 1, "fail": 1, "mode": mode}}));
            let ran = ground.run(&asking.variables, &["-vv"]);
            ran.stopped_all(&ground);
            let ledger = ground.credentials();
            assert_eq!(ledger.late_uses(), 0, "{} {mode}", asking.operation);
        });
    }
}
