//! The world that credentials are of: who is there, and who trusts whom.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::provider::Cloud;

/// The parts of a world; each can be replaced by itself.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    /// The accounts, by their ids.
    pub(super) accounts: BTreeMap<String, Account>,
    /// Users with permanent keys besides the simulator's own, by key id.
    pub(super) users: BTreeMap<String, User>,
    /// Roles, by their ARN.
    pub(super) roles: BTreeMap<String, Role>,
    /// Agencies, by their URN.
    pub(super) agencies: BTreeMap<String, Role>,
    /// What id tokens are.
    pub(super) id_tokens: BTreeMap<String, IdToken>,
    /// Identity providers of IAM, by their ids, and the account of each.
    pub(super) idps: BTreeMap<String, String>,
    /// Passwords, by `ACCOUNT NAME/USER`.
    pub(super) passwords: BTreeMap<String, String>,
    /// Whether IAM shows no account to a key.
    pub(super) hide_domains: bool,
    /// The projects of accounts, by region.
    pub(super) projects: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The metadata service of an Alibaba Cloud instance.
    pub(super) alibaba_metadata: Option<AlibabaMetadata>,
    /// The metadata service of a Huawei Cloud instance.
    pub(super) huawei_metadata: Option<HuaweiMetadata>,
    /// The credentials of a pod.
    pub(super) pod: Option<Door>,
    /// The account of the credentials URI.
    pub(super) uri: Option<Open>,
    /// The CloudSSO login.
    pub(super) sso: Option<Login>,
    /// The OAuth login.
    pub(super) oauth: Option<Oauth>,
    /// When a Huawei Cloud key is locked.
    pub(super) lock: Locking,
    /// How a temporary key is refused when its time is over.
    pub(super) expired: Expired,
}

/// An account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    /// The cloud.
    pub(super) cloud: CloudName,
    /// The number that the simulator's resources name it by.
    #[serde(default)]
    pub(super) number: u16,
    /// The name, which Huawei Cloud shows.
    #[serde(default)]
    pub(super) name: String,
}

/// The name of a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CloudName {
    /// Alibaba Cloud.
    Alibaba,
    /// Huawei Cloud.
    Huawei,
}

/// A user.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    /// The cloud.
    pub(super) cloud: CloudName,
    /// The access key secret.
    pub(super) secret: String,
    /// The id of the account.
    pub(super) account: String,
    /// The name; `None` for the account itself.
    pub(super) name: Option<String>,
}

/// A role or an agency.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    /// The accounts whose keys may assume it.
    #[serde(default)]
    pub(super) trust: Vec<String>,
    /// The provider whose id tokens may assume it.
    #[serde(default)]
    pub(super) provider: Option<String>,
    /// The longest that its keys may live, in seconds.
    #[serde(default = "hour")]
    pub(super) max_duration_s: u64,
    /// The external id that a request must name.
    #[serde(default)]
    pub(super) external_id: Option<String>,
}

/// What an id token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum IdToken {
    /// It is valid.
    Good,
    /// Its time is over.
    Expired,
}

/// The metadata service of an Alibaba Cloud instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlibabaMetadata {
    /// The role of the instance; `None` if it has none.
    pub(super) role: Option<String>,
    /// The id of the account.
    pub(super) account: String,
    /// Whether it hands tokens out.
    #[serde(default = "yes")]
    pub(super) v2: bool,
    /// Whether it responds without a token.
    #[serde(default = "yes")]
    pub(super) v1: bool,
    /// Whether it shows the same keys until their time is over.
    #[serde(default)]
    pub(super) caches: bool,
}

/// The metadata service of a Huawei Cloud instance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HuaweiMetadata {
    /// The agency of the instance; `None` if it has none.
    pub(super) agency: Option<String>,
    /// The id of the account.
    pub(super) account: String,
    /// Whether it hands tokens out and requires them.
    #[serde(default = "yes")]
    pub(super) v2: bool,
    /// Whether it shows the same keys until their time is over.
    #[serde(default)]
    pub(super) caches: bool,
}

/// What opens to a token.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Door {
    /// The token.
    pub(super) token: String,
    /// The id of the account.
    pub(super) account: String,
}

/// What opens to everybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    /// The id of the account.
    pub(super) account: String,
}

/// A CloudSSO login.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    /// The access token.
    pub(super) access_token: String,
    /// The id of the account.
    pub(super) account: String,
}

/// An OAuth login.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Oauth {
    /// The access token.
    pub(super) access_token: String,
    /// The refresh token, which is replaced when it is spent.
    pub(super) refresh_token: String,
    /// The id of the account.
    pub(super) account: String,
    /// Whether keys come in names that begin with a small letter.
    #[serde(default)]
    pub(super) lower_case: bool,
}

/// When a Huawei Cloud key is locked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Locking {
    /// After how many refusals in a row; 0 for never.
    pub(super) after: u32,
    /// For how long, in seconds.
    pub(super) for_s: u64,
}

/// How a temporary key is refused when its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Expired {
    /// As expired.
    Expired,
    /// As a key that never was, which the clouds do at times.
    Unknown,
}

const fn hour() -> u64 {
    3600
}

const fn yes() -> bool {
    true
}

impl From<CloudName> for Cloud {
    fn from(name: CloudName) -> Self {
        match name {
            CloudName::Alibaba => Self::Alibaba,
            CloudName::Huawei => Self::Huawei,
        }
    }
}

impl World {
    /// Replaces parts of it.
    ///
    /// # Errors
    ///
    /// Fails if a part is not known, or is not as it must be.
    pub(super) fn with(&self, parts: &Map<String, Value>) -> Result<Self, serde_json::Error> {
        let mut whole = serde_json::to_value(self)?;
        if let Some(whole) = whole.as_object_mut() {
            whole.extend(parts.clone());
        }
        serde_json::from_value(whole)
    }

    /// Returns the number of an account; an id that the world does not know is that of account 0.
    pub(super) fn number(&self, account: &str) -> u16 {
        self.accounts.get(account).map_or(0, |account| account.number)
    }

    /// Finds the account of a number.
    pub(super) fn account(&self, cloud: Cloud, number: u16) -> Option<&str> {
        let is_it = |account: &Account| Cloud::from(account.cloud) == cloud && account.number == number;
        self.accounts.iter().find(|(_, account)| is_it(account)).map(|(id, _)| id.as_str())
    }

    /// Finds the Huawei Cloud account of a name.
    pub(super) fn domain(&self, name: &str) -> Option<&str> {
        let is_it = |account: &Account| account.cloud == CloudName::Huawei && account.name == name;
        self.accounts.iter().find(|(_, account)| is_it(account)).map(|(id, _)| id.as_str())
    }

    /// Returns the name of an account.
    pub(super) fn name(&self, account: &str) -> &str {
        self.accounts.get(account).map_or("", |account| account.name.as_str())
    }

    /// Finds the project of a region, or by its id.
    pub(super) fn project(&self, account: &str, name: Option<&str>, id: Option<&str>) -> Option<(&str, &str)> {
        let regions = self.projects.get(account)?.iter();
        let mut all = regions.flat_map(|(region, ids)| ids.iter().map(move |id| (id.as_str(), region.as_str())));
        all.find(|(project, region)| Some(*project) == id || Some(*region) == name)
    }
}

/// Shows no secret.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("accounts", &self.accounts.len()).finish_non_exhaustive()
    }
}
