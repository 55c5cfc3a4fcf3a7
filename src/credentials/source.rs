//! One source of credentials, worked out: what is to be asked, with everything that it takes.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::plan::{CredentialUri, Metadata, Oidc, Password, Process, Role};
use crate::provider::Credentials;

/// One source of credentials. Its paths are absolute.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Keys as they stand in variables or in a profile.
    Keys(Keys),
    /// A login of the Alibaba Cloud command line.
    Login(Box<Login>),
    /// A JSON file with keys.
    File(PathBuf),
    /// A program that prints keys.
    Process(Process),
    /// A URL that returns keys.
    Uri(CredentialUri),
    /// The metadata service; `is_guess` tells whether nobody has configured it.
    Metadata { metadata: Metadata, is_guess: bool },
    /// The pod identity of Huawei Cloud CCE.
    Pod { uri: String, token_file: PathBuf },
    /// An OIDC token, exchanged for keys.
    Oidc(Oidc),
    /// An OIDC token that stands in a variable; the `token_file` of the other is not read.
    OidcToken(Oidc, SecretString),
    /// A role, assumed with the keys of another source.
    Role(Role, Box<RoleBase>),
    /// A user's password.
    Password(Password),
}

impl Source {
    /// Returns the keys that a chain of roles begins with, where they stand somewhere.
    pub(super) fn first_keys(&self) -> Option<&Keys> {
        match self {
            Self::Keys(keys) => Some(keys),
            Self::Role(_, base) => base.source.first_keys(),
            Self::Login(_)
            | Self::File(_)
            | Self::Process(_)
            | Self::Uri(_)
            | Self::Metadata { .. }
            | Self::Pod { .. }
            | Self::Oidc(_)
            | Self::OidcToken(..)
            | Self::Password(_) => None,
        }
    }
}

/// What a role is assumed with, and where.
#[derive(Debug, Clone)]
pub(super) struct RoleBase {
    /// The source of the keys.
    pub(super) source: Source,
    /// The STS endpoint that a profile names, such as `sts.cn-shanghai.aliyuncs.com`, or its region.
    pub(super) endpoint: Option<String>,
}

/// Keys as they stand somewhere.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    pub(super) credentials: Credentials,
    pub(super) expires_at: Option<Timestamp>,
    /// Whether others may stand there later.
    pub(super) is_renewable: bool,
    /// The Huawei Cloud project that stands beside them.
    pub(super) project_id: Option<String>,
    /// The IAM endpoint that stands beside them.
    pub(super) iam_endpoint: Option<String>,
}

/// A login of the Alibaba Cloud command line, as it is cached in a profile: the keys while they live, else the access token
/// that one exchange takes.
#[derive(Debug, Clone)]
pub(super) struct Login {
    /// The name of the profile, for the command that renews the login.
    pub(super) profile: String,
    /// The cached keys and their expiry.
    pub(super) cached: Option<(Credentials, Timestamp)>,
    /// The access token and its expiry.
    pub(super) access_token: Option<(SecretString, Option<Timestamp>)>,
    pub(super) service: LoginService,
}

/// Who exchanges the access token of a login.
#[derive(Debug, Clone)]
pub(super) enum LoginService {
    /// CloudSSO: `POST {origin of sign_in_url}/cloud-credentials`.
    CloudSso { sign_in_url: String, account_id: String, access_config: String },
    /// OAuth of the site `CN` or `INTL`: `POST /v1/exchange`.
    OAuth { site: String },
}

/// The usual time of a program that prints keys.
pub(super) const PROCESS_TIMEOUT: Duration = Duration::from_secs(60);
