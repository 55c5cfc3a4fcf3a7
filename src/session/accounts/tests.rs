//! Accounts that sign in for their own sake, with a provider that answers as it is told.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::{BoxFuture, pending, ready};

use super::*;
use crate::base::environment::Environment;
use crate::credentials::{CredentialError, Identity, Issued, Nature, SourceError};
use crate::plan::Account;
use crate::session::Ui;

const OPS: &str = "1865410598556969";

/// What is asked of it, by the source that is asked.
#[derive(Default)]
struct Provider {
    /// Whose the keys of a source are; a source without an entry has none.
    owners: BTreeMap<&'static str, Owner>,
    asked: Mutex<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Owner {
    /// The source says whose its keys are.
    Known(&'static str),
    /// Somebody else is asked, and says it.
    Asked(&'static str),
    Refused,
    Unreachable,
    Silent,
    Hanging,
}

impl Provider {
    fn owner(&self, account: &Account) -> Option<Owner> {
        self.owners.get(&*source_of(account)).copied()
    }

    fn note(&self, what: &str, account: &Account) {
        self.asked.lock().unwrap().push(format!("{what} {}", source_of(account)));
    }
}

fn failed(account: &Account, nature: Nature, message: &str) -> CredentialError {
    CredentialError::new(account.base_name(), SourceError::new(nature, message, ""))
}

fn keys() -> Credentials {
    Credentials::AccessKey { id: "id".to_owned(), secret: "secret".into(), security_token: None }
}

impl CredentialProvider for Shared {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        self.0.note("keys", account);
        let issued = match self.0.owner(account) {
            None => Err(failed(account, Nature::Absent, "Tried:\n  A")),
            Some(Owner::Hanging) => return pending().boxed(),
            Some(Owner::Known(id)) => {
                Ok(Issued { identity: Some(Identity::new(id, "role stopper")), ..Issued::new(keys()) })
            }
            Some(Owner::Asked(_) | Owner::Refused | Owner::Unreachable | Owner::Silent) => Ok(Issued::new(keys())),
        };
        ready(issued).boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        _: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        self.0.note("identity", account);
        let identity = match self.0.owner(account) {
            Some(Owner::Asked(id) | Owner::Known(id)) => Ok(Some(Identity::new(id, "user ops"))),
            Some(Owner::Refused) => Err(failed(account, Nature::Refused, "SignatureDoesNotMatch")),
            Some(Owner::Unreachable) => Err(failed(account, Nature::Passing, "no connection")),
            Some(Owner::Silent | Owner::Hanging) | None => Ok(None),
        };
        ready(identity).boxed()
    }

    fn project<'a>(
        &'a self,
        account: &'a Account,
        _: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        self.0.note("project", account);
        let project = (account.region != "nowhere").then(|| format!("project-of-{}", account.region));
        ready(Ok(project)).boxed()
    }

    fn source(&self, account: &Account) -> Option<String> {
        Some(format!("source {}", source_of(account)))
    }

    fn shared_by(&self, account: &Account) -> String {
        source_of(account)
    }
}

/// Accounts share a source by the first letter of their names.
fn source_of(account: &Account) -> String {
    account.name.chars().take(1).collect()
}

/// A provider that the test keeps.
#[derive(Clone)]
struct Shared(Arc<Provider>);

#[derive(Default)]
struct Recorded(Mutex<Vec<String>>);

impl Ui for Recorded {
    fn status(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

/// What a check of some accounts came to.
struct Outcome {
    verified: Result<Verified, SessionError>,
    asked: Vec<String>,
    told: Vec<String>,
}

impl Outcome {
    fn verified(&self) -> &Verified {
        self.verified.as_ref().unwrap()
    }

    /// Returns an account of the JSON.
    fn account(&self, name: &str) -> serde_json::Value {
        let mut out = Vec::new();
        self.verified().write_json(&mut out).unwrap();
        let object: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let accounts = object["accounts"].as_array().unwrap();
        accounts.iter().find(|account| account["name"] == name).unwrap().clone()
    }

    fn errors(&self) -> String {
        self.verified().errors().iter().map(SessionError::text).collect::<Vec<_>>().join("\n")
    }
}

/// Asks about the accounts of a plan that the patterns take.
fn ask(accounts: &str, owners: &[(&'static str, Owner)], patterns: &[&str], drain: CancellationToken) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    let text = format!(
        "version: 1\naccounts: {{{accounts}}}\ntargets:\n  - {{kind: fnf_execution, account: a, flow_name: f, execution_name: e}}\n"
    );
    std::fs::write(&path, text).unwrap();
    let provider = Shared(Arc::new(Provider { owners: owners.iter().copied().collect(), ..Provider::default() }));
    let ui = Arc::new(Recorded::default());
    let environment: Environment = [("ALLSTOP_DENY_ACCOUNTS", "666, 667")].into_iter().collect();
    let context = Context::new(environment, Arc::clone(&ui) as Arc<dyn Ui>).with_credentials(provider.clone());
    let mut options = AccountsOptions::new(Input::File(path));
    options.accounts = patterns.iter().map(|pattern| pattern.parse().unwrap()).collect();
    let verified = Accounts::new(options, &context)
        .and_then(|accounts| accounts.verify(drain).now_or_never().expect("nobody waits for long"));
    let asked = provider.0.asked.lock().unwrap().clone();
    let told = ui.0.lock().unwrap().clone();
    Outcome { verified, asked, told }
}

fn asked(accounts: &str, owners: &[(&'static str, Owner)]) -> Outcome {
    ask(accounts, owners, &[], CancellationToken::new())
}

const A: &str = "a: {cloud: alibaba, region: cn-hangzhou, account_id: 1865410598556969}";

#[test]
fn accounts_that_share_a_source_are_asked_about_once() {
    let accounts = format!(
        "{A}, a2: {{cloud: alibaba, regions: [cn-beijing, cn-shanghai]}}, h: {{cloud: huawei, region: cn-north-4}}, h2: {{cloud: huawei, region: cn-east-3}}"
    );
    let outcome = asked(&accounts, &[("a", Owner::Known(OPS)), ("h", Owner::Asked("d78c"))]);
    let mut requests = outcome.asked.clone();
    requests.sort();
    assert_eq!(requests, ["identity h", "keys a", "keys h", "project h", "project h"]);
    assert_eq!((outcome.verified().exit_code(), outcome.errors().as_str()), (0, ""));
    let [ali, other, hw] = ["a", "a2@cn-shanghai", "h2"].map(|name| outcome.account(name));
    assert_eq!(
        (&ali["account_id"], &ali["pinned"], &ali["identity"]),
        (&OPS.into(), &true.into(), &"role stopper".into())
    );
    assert_eq!((&other["account_id"], &other["pinned"]), (&OPS.into(), &false.into()));
    assert_eq!((&hw["project_id"], &hw["source"]), (&"project-of-cn-east-3".into(), &"source h".into()));
    assert!(hw["closed"].is_null() && hw["expires_at"].is_null());
}

#[test]
fn an_account_that_is_not_usable_does_not_hide_the_others() {
    let accounts = format!(
        "{A}, a2: {{cloud: alibaba, region: r}}, n: {{cloud: alibaba, region: r}}, r: {{cloud: alibaba, region: r}}"
    );
    let outcome = asked(&accounts, &[("a", Owner::Asked("1234567890123456")), ("r", Owner::Refused)]);
    assert_eq!(outcome.verified().exit_code(), 2);
    // The other account's id is known, although the plan states another one; the account with the same keys is fine.
    assert_eq!(outcome.account("a")["account_id"], "1234567890123456");
    assert!(outcome.account("a")["closed"].as_str().unwrap().contains("a is pinned to 1865410598556969"));
    assert!(outcome.account("a2")["closed"].is_null());
    assert!(outcome.account("n")["closed"].as_str().unwrap().starts_with("no credentials for n"));
    assert!(outcome.account("r")["closed"].as_str().unwrap().contains("SignatureDoesNotMatch"));
    let errors = outcome.errors();
    let at = |words: &str| errors.find(words).unwrap_or_else(|| panic!("{words}: {errors}"));
    assert!(
        at("is pinned to") < at("no credentials for n") && at("no credentials for n") < at("SignatureDoesNotMatch")
    );
    assert_eq!(outcome.asked.iter().filter(|asked| asked.ends_with(" r")).count(), 2, "{:?}", outcome.asked);
}

#[test]
fn an_account_that_nobody_knows_is_an_error_and_one_that_is_denied_a_refusal() {
    let plain = "a: {cloud: alibaba, region: r}";
    for (owner, status, words) in [
        (Owner::Unreachable, 2, "no connection"),
        (Owner::Silent, 2, "could be one that is denied"),
        (Owner::Asked("666"), 3, "a is 666 (user ops), which is denied"),
        (Owner::Asked("668"), 0, ""),
    ] {
        let outcome = asked(plain, &[("a", owner)]);
        assert_eq!(outcome.verified().exit_code(), status, "{words}");
        assert!(outcome.errors().contains(words), "{words}: {}", outcome.errors());
    }
    // Without the list of denied accounts, it is an error all the same.
    let unknown = unknown("a", &[]);
    assert_eq!(unknown.status(), ExitStatus::BadInput);
    assert!(unknown.to_string().contains("it is not known which account a is"));
}

#[test]
fn a_project_that_is_not_found_closes_its_region_alone() {
    let outcome = ask(
        &format!("{A}, h: {{cloud: huawei, region: cn-north-4}}, h2: {{cloud: huawei, region: nowhere}}"),
        &[("h", Owner::Asked("d78c"))],
        &["h*"],
        CancellationToken::new(),
    );
    assert_eq!(outcome.verified().exit_code(), 2);
    assert_eq!(outcome.account("h")["project_id"], "project-of-cn-north-4");
    let nowhere = outcome.account("h2");
    assert_eq!((&nowhere["account_id"], &nowhere["project_id"]), (&"d78c".into(), &serde_json::Value::Null));
    assert!(nowhere["closed"].as_str().unwrap().contains("no project id for h2"), "{nowhere}");
}

#[test]
fn only_the_accounts_that_are_named_are_asked_about() {
    let accounts = format!("{A}, h: {{cloud: huawei, region: cn-north-4}}, h2: {{cloud: huawei, region: cn-east-3}}");
    let owners = [("a", Owner::Known(OPS)), ("h", Owner::Known("d78c"))];
    let outcome = ask(&accounts, &owners, &["h*"], CancellationToken::new());
    assert!(outcome.asked.iter().all(|asked| asked.ends_with(" h")), "{:?}", outcome.asked);
    assert_eq!(outcome.verified().rows.len(), 2);
    let none = ask(&accounts, &owners, &["x*"], CancellationToken::new());
    let error = none.verified.unwrap_err();
    assert!(error.text().contains("no account of the plan matches --account"), "{}", error.text());
    assert!(none.asked.is_empty() && none.told.is_empty());
}

#[test]
fn a_signal_ends_it_while_a_source_hangs() {
    let drain = CancellationToken::new();
    drain.cancel();
    let outcome = ask(A, &[("a", Owner::Hanging)], &[], drain);
    assert_eq!(outcome.verified.unwrap_err().status(), ExitStatus::Interrupt);
}
