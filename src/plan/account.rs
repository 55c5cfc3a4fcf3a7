//! Accounts: where targets are, and where credentials come from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::credential_source::{CredentialNames, CredentialSource};
use crate::base::environment::Environment;
use crate::http::{Api, Product, Signature};
use crate::provider::{Cloud, Network};
use crate::service;

/// An account of a cloud in one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name in the plan; `NAME@REGION` for one of the regions of an account that has several.
    pub name: String,
    /// The name of the account whose region it is; `None` where the account has one region.
    pub base: Option<String>,
    /// The cloud.
    pub cloud: Cloud,
    /// The region.
    pub region: String,
    /// The id of the account, which the credentials must belong to: two accounts with the same one are one account for
    /// duplicates and `protect`.
    pub account_id: Option<String>,
    /// The Huawei Cloud project that the plan names.
    pub project_id: Option<String>,
    /// The Huawei Cloud project that was found for the region, where the plan names none.
    #[serde(default)]
    pub found_project: Option<String>,
    /// Where its credentials come from.
    pub credentials: CredentialSource,
    /// Which endpoints to use.
    pub network: Network,
    /// Base URLs that replace the vendor's, by product or by what gives credentials out, without a trailing slash.
    pub endpoints: BTreeMap<String, String>,
    /// Signatures that replace those of the APIs, by product.
    pub signatures: BTreeMap<String, Signature>,
}

impl Account {
    /// Makes an account with the vendor's own credentials and endpoints; its name is that of its cloud.
    #[must_use]
    pub fn in_region(cloud: Cloud, region: String) -> Self {
        Self {
            name: cloud.name().to_owned(),
            base: None,
            cloud,
            region,
            account_id: None,
            project_id: None,
            found_project: None,
            credentials: CredentialSource::Default,
            network: Network::Public,
            endpoints: BTreeMap::new(),
            signatures: BTreeMap::new(),
        }
    }

    /// Returns the name that the plan writes it under: all regions of an account have the same one, and the same keys.
    #[must_use]
    pub fn base_name(&self) -> &str {
        self.base.as_deref().unwrap_or(&self.name)
    }

    /// Returns the names that select it: its own, and where it is a region of an account, that of the account.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.name).chain(self.base.as_deref())
    }

    /// Returns the base URL of a product, without a trailing slash.
    #[must_use]
    pub fn endpoint(&self, product: &Product) -> String {
        let own = self.endpoints.get(product.name).cloned();
        own.unwrap_or_else(|| self.cloud.endpoint(product, &self.region, self.network))
    }

    /// Returns the base URL that the plan gives in place of the vendor's, by the name of a product or of what gives
    /// credentials out ([`Cloud::credential_endpoints`]).
    #[must_use]
    pub fn endpoint_of(&self, name: &str) -> Option<&str> {
        self.endpoints.get(name).map(String::as_str)
    }

    /// Returns how requests to an API are signed.
    #[must_use]
    pub fn signature(&self, api: &Api) -> Signature {
        self.signatures.get(api.product.name).copied().unwrap_or(api.signature)
    }

    /// Returns the products whose endpoint is not the vendor's, each with the base URL that replaces it, and what else
    /// is replaced: the endpoints that credentials come from.
    pub fn replaced_endpoints(&self) -> impl Iterator<Item = (&str, &str)> {
        let usual = |product: &Product| (product.name, self.cloud.endpoint(product, &self.region, self.network));
        let usual: BTreeMap<_, _> = service::products(self.cloud).into_iter().map(usual).collect();
        let endpoints = self.endpoints.iter().map(|(name, url)| (name.as_str(), url.as_str()));
        endpoints.filter(move |(name, url)| usual.get(name).is_none_or(|usual| usual != url))
    }

    /// Returns the Huawei Cloud project that requests are for: the plan's, or the one that was found.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref().or(self.found_project.as_deref())
    }

    /// Returns the project, as far as it is known without asking: that of the requests, or the one in the vendor's own
    /// variable. That one belongs to the vendor's own keys beside it, and to no other credentials.
    #[must_use]
    pub fn project<'a>(&'a self, environment: &'a Environment) -> Option<&'a str> {
        let set = |name| environment.get(name).map(str::trim).filter(|value| !value.is_empty());
        let [key, ..] = self.cloud.key_variables();
        let has_keys = self.credentials == CredentialSource::Default && set(key).is_some();
        let of_environment = || self.cloud.project_variable().filter(|_| has_keys).and_then(set);
        self.project_id().filter(|id| !id.is_empty()).or_else(of_environment)
    }

    /// Returns the environment variables that hold its keys, with that of the access key's id or the auth token first; none
    /// where the keys come from elsewhere.
    #[must_use]
    pub fn key_variables(&self) -> Vec<&str> {
        match &self.credentials {
            CredentialSource::Default => self.cloud.key_variables().to_vec(),
            CredentialSource::Env(names) => {
                let CredentialNames { access_key_id, access_key_secret, security_token, auth_token } = names;
                let names = [access_key_id, access_key_secret, security_token, auth_token];
                names.into_iter().flatten().map(String::as_str).collect()
            }
            CredentialSource::Profile(_)
            | CredentialSource::File(_)
            | CredentialSource::Process(_)
            | CredentialSource::Uri(_)
            | CredentialSource::Metadata(_)
            | CredentialSource::Pod
            | CredentialSource::Oidc(_)
            | CredentialSource::Role(_)
            | CredentialSource::Password(_) => Vec::new(),
        }
    }

    /// Returns the id of the account as far as the plan says it: the one that it is pinned to, or that of the role which it
    /// is used with.
    pub(super) fn known_id(&self) -> Option<&str> {
        self.account_id.as_deref().or_else(|| self.credentials.account_id())
    }
}
