//! A validated plan.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::base::environment::Environment;
use crate::base::rate::Rate;
use crate::provider::{Cloud, FnfSignature, Network};
use crate::service::{Kind, Params};

use super::guards::Guards;
use super::shard::Shard;

/// A plan that was checked as a whole.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The plan's name; the file's stem where it has none.
    pub name: String,
    /// Where it was read from.
    pub path: PathBuf,
    /// The SHA-256 of the file, 64 hexadecimal digits; where it names other files with `from`, that of its bytes followed
    /// by the SHA-256 (32 bytes) of each of them.
    pub sha256: String,
    /// The accounts that targets refer to by number.
    pub accounts: Vec<Account>,
    /// Rates and concurrency.
    pub limits: Limits,
    /// When and how often to try again.
    pub retry: Retry,
    /// Whether to read states back.
    pub verify: Verify,
    /// What must not happen.
    pub guards: Guards,
    /// The targets, in the file's order; at least one.
    pub targets: Vec<Target>,
    /// Which part of it to carry out; all of it where it is `None`. No plan's file says so.
    pub shard: Option<Shard>,
}

/// An account of a cloud in one region.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its name in the plan.
    pub name: String,
    /// The cloud.
    pub cloud: Cloud,
    /// The region.
    pub region: String,
    /// The id the credentials must belong to, where that can be known.
    pub account_id: Option<String>,
    /// The Huawei Cloud project.
    pub project_id: Option<String>,
    /// Where its credentials come from.
    pub credentials: CredentialSource,
    /// Which endpoints to use.
    pub network: Network,
    /// Base URLs that replace the vendor's, by product, without a trailing slash.
    pub endpoints: BTreeMap<String, String>,
    /// How fnf requests are signed.
    pub fnf_signature: FnfSignature,
}

impl Account {
    /// Returns the base URL of a product, without a trailing slash.
    #[must_use]
    pub fn endpoint(&self, product: &str) -> String {
        self.endpoints.get(product).cloned().unwrap_or_else(|| self.cloud.endpoint(product, &self.region, self.network))
    }

    /// Returns the products whose endpoint is not the vendor's, each with the base URL that replaces it.
    pub fn replaced_endpoints(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_other = |product: &str, url: &str| self.cloud.endpoint(product, &self.region, self.network) != url;
        let endpoints = self.endpoints.iter().map(|(product, url)| (product.as_str(), url.as_str()));
        endpoints.filter(move |(product, url)| is_other(product, url))
    }

    /// Returns the project: the plan's, or the one in the vendor's own variable.
    #[must_use]
    pub fn project<'a>(&'a self, environment: &'a Environment) -> Option<&'a str> {
        let of_environment = || environment.get(self.cloud.project_variable()?).map(str::trim);
        self.project_id.as_deref().or_else(of_environment).filter(|id| !id.is_empty())
    }

    /// Returns the variable that holds the access key's id, or the auth token; `None` where the plan names none.
    #[must_use]
    pub fn key_variable(&self) -> Option<&str> {
        match &self.credentials {
            CredentialSource::Default => self.cloud.key_variables().first().copied(),
            CredentialSource::Env(names) => names.access_key_id.as_deref().or(names.auth_token.as_deref()),
        }
    }
}

/// Where an account's credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// The vendor's own default chain.
    Default,
    /// Environment variables that the plan names.
    Env(CredentialNames),
}

/// The names of the environment variables that hold an account's credentials; either the key pair or the token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CredentialNames {
    /// Names the variable with the access key id.
    pub access_key_id: Option<String>,
    /// Names the variable with the access key secret.
    pub access_key_secret: Option<String>,
    /// Names the variable with the security token of a temporary key.
    pub security_token: Option<String>,
    /// Names the variable with a Huawei Cloud `X-Auth-Token`.
    pub auth_token: Option<String>,
}

/// Rates and concurrency.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most requests in flight over the whole run.
    pub concurrency: usize,
    /// Replaces the default rate of every lane.
    pub rate: Option<Rate>,
    /// Replaces the default burst of every lane.
    pub burst: Option<u32>,
    /// Whether a lane may slow down below its rate when the service throttles, and recover.
    pub adaptive: bool,
    /// Limits of one kind's stop lane, by the kind's name.
    pub per_kind: BTreeMap<&'static str, KindLimits>,
    /// How many runs share every rate and burst at the same time: each takes an equal part.
    pub shared_by: u32,
}

/// Limits of one kind's stop lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindLimits {
    /// The rate.
    pub rate: Option<Rate>,
    /// The burst.
    pub burst: Option<u32>,
    /// The most requests in flight.
    pub concurrency: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { concurrency: 64, rate: None, burst: None, adaptive: true, per_kind: BTreeMap::new(), shared_by: 1 }
    }
}

/// When and how often to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The most stop requests for one target, throttled ones not counted.
    pub max_attempts: u32,
    /// The most that the first wait can be.
    pub initial_delay: Duration,
    /// The most that any wait can be, unless the service asks for more.
    pub max_delay: Duration,
    /// No new try after this time since the target's first request.
    pub max_elapsed: Duration,
    /// The time one request may take, from connecting to the last byte.
    pub request_timeout: Duration,
    /// The time connecting may take.
    pub connect_timeout: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: 8,
            initial_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(20),
            max_elapsed: Duration::from_secs(600),
            request_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
        }
    }
}

/// Whether to read states back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verify {
    /// When.
    pub mode: VerifyMode,
    /// How long to wait for a stop to end, from the moment it was accepted.
    pub timeout: Duration,
}

impl Default for Verify {
    fn default() -> Self {
        Self { mode: VerifyMode::Auto, timeout: Duration::from_secs(300) }
    }
}

/// When to read states back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VerifyMode {
    /// Where the answer proves nothing.
    #[default]
    Auto,
    /// After every stop.
    Always,
    /// Only to settle lost answers.
    Off,
}

/// One thing to stop.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its id where that is not [made](Self::id) of what it is.
    pub own_id: Option<Arc<str>>,
    /// What it is.
    pub kind: Kind,
    /// The number of its account in [`Plan::accounts`].
    pub account: u16,
    /// Its parameters.
    pub params: Params,
    /// Its labels, sorted by key; the plan's defaults included.
    pub labels: Labels,
    /// The number of the earlier target that names the same resource.
    pub duplicate_of: Option<u32>,
}

impl Target {
    /// Returns its unique id: its own one, else the kind and the identifying fields, as in `drs_job:c7debc9c`.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        match &self.own_id {
            Some(id) => Cow::Borrowed(id),
            None => Cow::Owned(self.made_id()),
        }
    }

    /// Returns the id of a target that has no own one; targets that name the same resource have the same.
    pub(crate) fn made_id(&self) -> String {
        let mut id = String::with_capacity(64);
        id.push_str(self.kind.name());
        for (name, separator) in self.params.identity(self.kind.params()).zip(iter::once(':').chain(iter::repeat('/')))
        {
            id.push(separator);
            id.push_str(name);
        }
        id
    }
}

/// Labels, shared between the targets that have the same ones.
pub type Labels = Arc<BTreeMap<String, String>>;
