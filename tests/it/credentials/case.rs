//! What a machine has, and which keys a run with one target finds there.

use serde_json::{Value, json};

use super::ground::{A1, D1, Ground, HW_IDP, HW_RRSA, IDP, RRSA, Ran, executions, executions_of, jobs, jobs_in};
use super::ground::{D2, stop_executions, stop_jobs};

/// Sets of variables.
pub(super) const OIDC: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_ROLE_ARN", RRSA),
    ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", IDP),
    ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$HOME/jwt"),
];
pub(super) const HW_OIDC: [(&str, &str); 3] = [
    ("HUAWEICLOUD_OIDC_PROVIDER_URN", HW_IDP),
    ("HUAWEICLOUD_OIDC_AGENCY_URN", HW_RRSA),
    ("HUAWEICLOUD_OIDC_TOKEN_FILE", "$HOME/jwt"),
];
pub(super) const FEDERATED: [(&str, &str); 2] =
    [("HUAWEICLOUD_SDK_IDP_ID", "cce"), ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "$HOME/jwt")];
pub(super) const POD: [(&str, &str); 2] = [
    ("HC_CONTAINER_CREDENTIALS_FULL_URI", "$SIM/pod/v1/credentials"),
    ("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", "$HOME/sa"),
];
pub(super) const URI: (&str, &str) = ("ALIBABA_CLOUD_CREDENTIALS_URI", "$SIM/creds/uri");

/// Files of the home directory.
pub(super) const CLI: &str = ".aliyun/config.json";
pub(super) const INI: &str = ".alibabacloud/credentials.ini";
pub(super) const HW_INI: &str = ".huaweicloud/credentials";

/// What a machine has.
pub(super) struct Case {
    name: &'static str,
    is_huawei: bool,
    is_other: bool,
    has_metadata: bool,
    files: Vec<(&'static str, String)>,
    variables: Vec<(&'static str, &'static str)>,
    account: Value,
    world: Value,
    calls: Vec<(&'static str, u64)>,
}

impl Case {
    /// A machine with nothing, and an account of Alibaba Cloud that is pinned to A1.
    pub(super) fn ali(name: &'static str) -> Self {
        Self {
            name,
            is_huawei: false,
            is_other: false,
            has_metadata: false,
            files: vec![("jwt", format!("{}\n", super::ground::JWT)), ("sa", "pod.sa.hush".to_owned())],
            variables: Vec::new(),
            account: json!({"account_id": A1}),
            world: json!({}),
            calls: Vec::new(),
        }
    }

    /// A machine with nothing, and an account of Huawei Cloud that is pinned to D1.
    pub(super) fn hw(name: &'static str) -> Self {
        Self { is_huawei: true, account: json!({"account_id": D1}), ..Self::ali(name) }
    }

    /// The account is A2 or D2.
    pub(super) fn other(mut self) -> Self {
        self.is_other = true;
        let (id, project) = if self.is_huawei { (D2, "p-guests") } else { (super::ground::A2, "") };
        self.account["account_id"] = id.into();
        if self.is_huawei {
            self.account["project_id"] = project.into();
        }
        self
    }

    /// It has a metadata service.
    pub(super) const fn metadata(mut self) -> Self {
        self.has_metadata = true;
        self
    }

    pub(super) fn env(mut self, variables: &[(&'static str, &'static str)]) -> Self {
        self.variables.extend(variables);
        self
    }

    pub(super) fn file(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.files.push((name, text.into()));
        self
    }

    /// Adds the configuration of the command line; the first profile is the current one.
    pub(super) fn cli(self, profiles: &[Value]) -> Self {
        let named = |profile: &Value| {
            let mut named = json!({"name": "default"});
            named.as_object_mut().unwrap().extend(profile.as_object().unwrap().clone());
            named
        };
        let profiles: Vec<_> = profiles.iter().map(named).collect();
        let config = json!({"current": profiles[0]["name"], "profiles": profiles, "meta_path": ""});
        self.file(CLI, config.to_string())
    }

    /// Names the source in the plan.
    pub(super) fn credentials(mut self, form: Value) -> Self {
        self.account["credentials"] = form;
        self
    }

    /// Replaces parts of the world.
    pub(super) fn world(mut self, parts: Value) -> Self {
        self.world = parts;
        self
    }

    /// Says how often operations are called.
    pub(super) fn calls(mut self, calls: &[(&'static str, u64)]) -> Self {
        self.calls = calls.to_vec();
        self
    }

    fn ran(&self) -> (Ground, Ran) {
        let account = u16::from(self.is_other);
        let project = if self.is_other { "p-guests" } else { super::ground::PROJECT };
        let resources: Vec<_> = match (self.is_huawei, self.is_other) {
            (true, false) => jobs(1).collect(),
            (true, true) => jobs_in(project, account, 1).collect(),
            (false, false) => executions(1).collect(),
            (false, true) => executions_of(account, 1).collect(),
        };
        let ground = Ground::new(resources);
        let ground = if self.has_metadata { ground.with_metadata() } else { ground };
        ground.set(&self.world);
        self.files.iter().for_each(|(name, text)| ground.write(name, text));
        if self.is_huawei {
            ground.plan(&json!({"hw": ground.hw(&self.account)}), &stop_jobs("hw", 1), &json!({}));
        } else {
            ground.plan(&json!({"ali": ground.ali(&self.account)}), &stop_executions("ali", 1), &json!({}));
        }
        let ran = ground.run(&self.variables, &[]);
        (ground, ran)
    }

    /// Runs, and compares what the stop was signed with: keys of this operation, or this permanent key.
    fn finds(&self, origin: &str) -> Option<String> {
        let (ground, ran) = self.ran();
        let found = ground.origins();
        let ledger = ground.credentials();
        let calls: Vec<_> = self.calls.iter().map(|(operation, _)| (*operation, ledger.count(operation))).collect();
        let is_right = ran.code == 0 && found == [origin] && calls == self.calls;
        (!is_right).then(|| format!("{}: exit {}, {found:?}, {calls:?}\n{}", self.name, ran.code, ran.stderr))
    }

    /// Runs, and checks that nothing is sent, and that no other source was asked than those of `calls`.
    fn refuses(&self, texts: &[&str]) -> Option<String> {
        let (ground, ran) = self.ran();
        let ledger = ground.credentials();
        let asked: Vec<_> = ledger.calls.iter().map(|(operation, count)| (*operation, *count)).collect();
        let missing: Vec<_> = texts.iter().filter(|text| !ran.stderr.contains(**text)).collect();
        let is_right = (ran.code, ground.stops()) == (2, 0) && missing.is_empty() && asked == self.calls;
        (!is_right)
            .then(|| format!("{}: exit {}, asked {asked:?}, lacks {missing:?}\n{}", self.name, ran.code, ran.stderr))
    }
}

/// Runs each case, and checks where its keys came from.
#[track_caller]
pub(super) fn all_find(cases: impl IntoIterator<Item = (&'static str, Case)>) {
    let wrong: Vec<_> = cases.into_iter().filter_map(|(origin, case)| case.finds(origin)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs each case, and checks that it says these texts.
#[track_caller]
pub(super) fn all_refuse<const N: usize>(cases: [(&[&str], Case); N]) {
    let wrong: Vec<_> = cases.into_iter().filter_map(|(texts, case)| case.refuses(texts)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
