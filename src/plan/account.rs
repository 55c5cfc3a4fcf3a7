//! Accounts: where targets are, and where credentials come from.

use std::collections::BTreeMap;

use crate::base::environment::Environment;
use crate::provider::{Cloud, FnfSignature, Network};

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
