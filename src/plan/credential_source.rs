//! Where an account's credentials come from: the forms of `accounts.NAME.credentials`.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Where an account's credentials come from, as a plan says it. It never has a secret in it.
///
/// Paths are absolute: a plan has them relative to its own directory. Only one that begins with `~/` is as it is written:
/// the home directory is known where the credentials are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CredentialSource {
    /// The default chain: the first source that is configured on this machine.
    Default,
    /// Environment variables that the plan names.
    Env(CredentialNames),
    /// A profile of the vendor's command line or SDK.
    Profile(Profile),
    /// A JSON file with keys, which is read again when they are renewed.
    File(PathBuf),
    /// A program that prints keys.
    Process(Process),
    /// A URL that returns keys.
    Uri(CredentialUri),
    /// The metadata service of the machine.
    Metadata(Metadata),
    /// The pod identity of Huawei Cloud CCE.
    Pod,
    /// An OIDC token in a file, exchanged for keys.
    Oidc(Oidc),
    /// A role or an agency, assumed with the keys of another source.
    Role(Box<AssumedRole>),
    /// A user's password at Huawei Cloud IAM, exchanged for an auth token.
    Password(Password),
}

impl CredentialSource {
    /// Returns the id of the account that the credentials belong to, where the name of a role says it.
    pub(super) fn account_id(&self) -> Option<&str> {
        let name = match self {
            Self::Oidc(Oidc::Alibaba { role_arn: name, .. } | Oidc::Huawei { agency_urn: name, .. }) => name,
            Self::Role(assumed) => match &assumed.role {
                Role::Alibaba { arn: name, .. } | Role::AgencyUrn { urn: name, .. } => name,
                Role::Agency { domain: Domain::Id(id), .. } => return Some(id),
                Role::Agency { domain: Domain::Name(_), .. } => return None,
            },
            Self::Default
            | Self::Env(_)
            | Self::Profile(_)
            | Self::File(_)
            | Self::Process(_)
            | Self::Uri(_)
            | Self::Metadata(_)
            | Self::Pod
            | Self::Oidc(Oidc::Federated { .. })
            | Self::Password(_) => return None,
        };
        // `acs:ram::ACCOUNT_ID:role/NAME`, `iam::ACCOUNT_ID:agency:NAME`.
        let (_, rest) = name.split_once("::")?;
        rest.split(':').next()
    }
}

/// The names of the environment variables that hold an account's credentials; either the key pair or the token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// A profile of the vendor's command line or SDK.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The file that has it; `None` for the vendor's usual files.
    pub file: Option<PathBuf>,
}

/// A program that prints keys; it is started without a shell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Process {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
}

/// A URL that returns keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CredentialUri {
    /// The URL; its query is not shown.
    pub url: String,
    /// Whether plain `http` may go to another machine.
    pub insecure_http: bool,
}

/// The metadata service of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Metadata {
    /// The role; `None` for the one that the service names. Huawei Cloud has one agency a machine.
    pub role: Option<String>,
}

/// What a session of a role is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoleSession {
    /// Its name; `None` for one with the run's id.
    pub name: Option<String>,
    /// How long its keys live; `None` for the default, one hour.
    pub duration: Option<Duration>,
    /// A policy that narrows what it may do, as compact JSON.
    pub policy: Option<String>,
}

/// An OIDC token in a file, exchanged for keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Oidc {
    /// Alibaba Cloud STS `AssumeRoleWithOIDC`.
    Alibaba {
        /// The role.
        role_arn: String,
        /// The identity provider.
        provider_arn: String,
        /// The file with the token, read again each time.
        token_file: PathBuf,
        /// The session.
        session: RoleSession,
    },
    /// Huawei Cloud STS v5 `AssumeAgencyWithOIDC`.
    Huawei {
        /// The agency.
        agency_urn: String,
        /// The identity provider.
        provider_urn: String,
        /// The file with the token, read again each time.
        token_file: PathBuf,
        /// The session.
        session: RoleSession,
    },
    /// A federated token of Huawei Cloud IAM v3.0, exchanged for keys.
    Federated {
        /// The identity provider.
        idp_id: String,
        /// The file with the token, read again each time.
        token_file: PathBuf,
    },
}

/// A role or an agency, and where the keys that assume it come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssumedRole {
    /// The role.
    pub role: Role,
    /// The source of the keys that assume it; at most four roles follow each other.
    pub source: CredentialSource,
}

/// A role or an agency.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Alibaba Cloud STS `AssumeRole`.
    Alibaba {
        /// The role.
        arn: String,
        /// What its trust policy asks for besides.
        external_id: Option<String>,
        /// The session.
        session: RoleSession,
    },
    /// Huawei Cloud IAM v3.0: an agency by its name.
    Agency {
        /// The agency's name.
        agency: String,
        /// The account that has it.
        domain: Domain,
        /// How long its keys live; `None` for one hour.
        duration: Option<Duration>,
    },
    /// Huawei Cloud STS v5: an agency by its URN.
    AgencyUrn {
        /// The URN, `iam::DOMAIN_ID:agency:NAME`.
        urn: String,
        /// What its trust policy asks for besides.
        external_id: Option<String>,
        /// The session.
        session: RoleSession,
    },
}

/// Who gives the keys of an agency out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgencyApi {
    /// IAM v3.0, by the agency's name.
    V3,
    /// STS v5, by the agency's URN.
    V5,
}

/// A Huawei Cloud account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Domain {
    /// By its name.
    Name(String),
    /// By its id.
    Id(String),
}

/// A user's password at Huawei Cloud IAM.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Password {
    /// The name of the account.
    pub domain: String,
    /// The name of the user.
    pub user: String,
    /// Where the password is.
    pub password: SecretAt,
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SecretAt {
    /// In this environment variable.
    Env(String),
    /// In this file.
    File(PathBuf),
}
