//! The operations that hand credentials out or tell whose they are, and which of them a request is for.

use super::super::request::Request;
use super::super::response::Problem;
use super::super::service::{Auth, Refusals};

/// How Alibaba Cloud STS refuses what is wrong with a signature.
static REFUSALS: Refusals = Refusals {
    unknown_key: Problem::fixed(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
    mismatch: Problem::fixed(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation."),
    skewed: Problem::fixed(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
    token: Problem::fixed(
        400,
        "InvalidSecurityToken.MismatchWithAccessKey",
        "Specified SecurityToken mismatch with the AccessKey.",
    ),
    expired: Problem::fixed(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
};

/// Declares the operations with their names.
macro_rules! operations {
    ($($(#[$doc:meta])* $operation:ident = $name:literal,)*) => {
        /// An operation that hands credentials out or tells whose they are.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(in crate::simulator) enum Operation {
            $($(#[$doc])* $operation,)*
        }

        impl Operation {
            /// Every operation.
            pub(super) const ALL: &'static [Self] = &[$(Self::$operation),*];

            /// Returns the name used in ledgers and settings.
            pub(in crate::simulator) const fn name(self) -> &'static str {
                match self {
                    $(Self::$operation => $name,)*
                }
            }
        }
    };
}

operations! {
    /// STS: a role for a key.
    AssumeRole = "ali:AssumeRole",
    /// STS: a role for an id token.
    AssumeRoleWithOidc = "ali:AssumeRoleWithOIDC",
    /// STS: whose key it is.
    GetCallerIdentity = "ali:GetCallerIdentity",
    /// ECS metadata: the token that version 2 requires.
    AlibabaMetadataToken = "ali:meta-token",
    /// ECS metadata: the name of the instance's role.
    AlibabaMetadataRole = "ali:meta-role",
    /// ECS metadata: the keys of the instance's role.
    AlibabaMetadataKeys = "ali:meta-keys",
    /// A credentials URI.
    Uri = "ali:uri",
    /// CloudSSO: keys for an access token.
    Sso = "ali:sso",
    /// OAuth: new tokens for a refresh token.
    OauthToken = "ali:oauth-token",
    /// OAuth: keys for an access token.
    OauthExchange = "ali:oauth-exchange",
    /// IAM: a token for a password.
    Password = "hw:password",
    /// IAM: whose token it is.
    ValidateToken = "hw:validate",
    /// IAM: the projects of a region.
    Projects = "hw:projects",
    /// IAM: whose key it is.
    Domains = "hw:domains",
    /// IAM: a token for an id token.
    IdToken = "hw:id-token",
    /// IAM: keys for a token.
    KeysByToken = "hw:by-token",
    /// IAM: keys of an agency.
    Agency = "hw:agency",
    /// STS: whose key it is.
    CallerIdentity = "hw:caller",
    /// STS: an agency for a key.
    AssumeAgency = "hw:assume",
    /// STS: an agency for an id token.
    AssumeAgencyWithOidc = "hw:assume-oidc",
    /// ECS metadata: the token that version 2 requires.
    HuaweiMetadataToken = "hw:meta-token",
    /// ECS metadata: the keys of the instance's agency.
    HuaweiMetadataKeys = "hw:meta-keys",
    /// The keys of a CCE pod.
    Pod = "hw:pod",
}

impl Operation {
    /// Finds an operation by its name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// Finds the operation that a request is for: all services share one address.
    pub(in crate::simulator) fn of(request: &Request) -> Option<Self> {
        let method = request.method.as_str();
        Some(match (method, request.route().as_slice()) {
            ("GET" | "POST", [""]) => {
                return match request.header("x-acs-action").or_else(|| request.parameter("Action"))? {
                    "AssumeRole" => Some(Self::AssumeRole),
                    "AssumeRoleWithOIDC" => Some(Self::AssumeRoleWithOidc),
                    "GetCallerIdentity" => Some(Self::GetCallerIdentity),
                    _ => None,
                };
            }
            ("PUT", ["latest", "api", "token"]) => Self::AlibabaMetadataToken,
            ("GET", ["latest", "meta-data", "ram", "security-credentials", ""]) => Self::AlibabaMetadataRole,
            ("GET", ["latest", "meta-data", "ram", "security-credentials", _]) => Self::AlibabaMetadataKeys,
            ("GET", ["creds", "uri"]) => Self::Uri,
            ("POST", ["cloud-credentials"]) => Self::Sso,
            ("POST", ["v1", "token"]) => Self::OauthToken,
            ("POST", ["v1", "exchange"]) => Self::OauthExchange,
            ("POST", ["v3", "auth", "tokens"]) => Self::Password,
            ("GET", ["v3", "auth", "tokens"]) => Self::ValidateToken,
            ("GET", ["v3", "projects"] | ["v3", "auth", "projects"]) => Self::Projects,
            ("GET", ["v3", "auth", "domains"]) => Self::Domains,
            ("POST", ["v3.0", "OS-AUTH", "id-token", "tokens"]) => Self::IdToken,
            ("POST", ["v3.0", "OS-CREDENTIAL", "securitytokens"]) if is_by_token(&request.body) => Self::KeysByToken,
            ("POST", ["v3.0", "OS-CREDENTIAL", "securitytokens"]) => Self::Agency,
            ("GET", ["v5", "caller-identity"]) => Self::CallerIdentity,
            ("POST", ["v5", "agencies", "assume"]) => Self::AssumeAgency,
            ("POST", ["v5", "agencies", "assume-with-oidc"]) => Self::AssumeAgencyWithOidc,
            ("PUT", ["meta-data", "latest", "api", "token"]) => Self::HuaweiMetadataToken,
            ("GET", ["openstack", "latest", "securitykey"]) => Self::HuaweiMetadataKeys,
            ("POST", ["pod", "v1", "credentials"]) => Self::Pod,
            _ => return None,
        })
    }

    /// Returns which signatures it requires; `None` if it requires none.
    pub(in crate::simulator) const fn auth(self) -> Option<Auth> {
        match self {
            Self::AssumeRole | Self::GetCallerIdentity => Some(Auth::Rpc(&REFUSALS)),
            Self::ValidateToken
            | Self::Projects
            | Self::Domains
            | Self::Agency
            | Self::CallerIdentity
            | Self::AssumeAgency => Some(Auth::Iam),
            Self::AssumeRoleWithOidc
            | Self::AlibabaMetadataToken
            | Self::AlibabaMetadataRole
            | Self::AlibabaMetadataKeys
            | Self::Uri
            | Self::Sso
            | Self::OauthToken
            | Self::OauthExchange
            | Self::Password
            | Self::IdToken
            | Self::KeysByToken
            | Self::AssumeAgencyWithOidc
            | Self::HuaweiMetadataToken
            | Self::HuaweiMetadataKeys
            | Self::Pod => None,
        }
    }

    /// Returns how long what it issues lives if nobody asks for less, in seconds.
    pub(super) const fn lifetime(self) -> u64 {
        match self {
            Self::AlibabaMetadataToken | Self::HuaweiMetadataToken | Self::AlibabaMetadataKeys => 6 * 3600,
            Self::HuaweiMetadataKeys | Self::Password | Self::IdToken => 24 * 3600,
            Self::Agency | Self::KeysByToken => 900,
            Self::AssumeRole
            | Self::AssumeRoleWithOidc
            | Self::GetCallerIdentity
            | Self::AlibabaMetadataRole
            | Self::Uri
            | Self::Sso
            | Self::OauthToken
            | Self::OauthExchange
            | Self::ValidateToken
            | Self::Projects
            | Self::Domains
            | Self::CallerIdentity
            | Self::AssumeAgency
            | Self::AssumeAgencyWithOidc
            | Self::Pod => 3600,
        }
    }

    /// Returns whether it is one of a configured source, which may fail for a while: metadata is only looked for.
    pub(super) const fn is_configured(self) -> bool {
        match self {
            Self::AssumeRole
            | Self::AssumeRoleWithOidc
            | Self::Uri
            | Self::Sso
            | Self::OauthExchange
            | Self::Password
            | Self::IdToken
            | Self::KeysByToken
            | Self::Agency
            | Self::AssumeAgency
            | Self::AssumeAgencyWithOidc
            | Self::Pod => true,
            Self::GetCallerIdentity
            | Self::AlibabaMetadataToken
            | Self::AlibabaMetadataRole
            | Self::AlibabaMetadataKeys
            | Self::OauthToken
            | Self::ValidateToken
            | Self::Projects
            | Self::Domains
            | Self::CallerIdentity
            | Self::HuaweiMetadataToken
            | Self::HuaweiMetadataKeys => false,
        }
    }

    /// Returns the envelope of its refusals.
    pub(super) const fn envelope(self) -> Envelope {
        match self {
            Self::AssumeRole | Self::AssumeRoleWithOidc | Self::GetCallerIdentity | Self::Uri | Self::Sso => {
                Envelope::Alibaba
            }
            Self::OauthToken | Self::OauthExchange => Envelope::Oauth,
            Self::AlibabaMetadataToken
            | Self::AlibabaMetadataRole
            | Self::AlibabaMetadataKeys
            | Self::HuaweiMetadataToken
            | Self::HuaweiMetadataKeys => Envelope::Plain,
            Self::Password
            | Self::ValidateToken
            | Self::Projects
            | Self::Domains
            | Self::IdToken
            | Self::KeysByToken
            | Self::Agency
            | Self::CallerIdentity
            | Self::AssumeAgency
            | Self::AssumeAgencyWithOidc
            | Self::Pod => Envelope::Huawei,
        }
    }
}

/// How a refusal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Envelope {
    /// As Alibaba Cloud's gateway writes it.
    Alibaba,
    /// As OAuth has it.
    Oauth,
    /// As text.
    Plain,
    /// As IAM writes it, or the gateway in front of it.
    Huawei,
}

/// Returns whether a request asks for keys by a token, and not by an agency.
fn is_by_token(body: &[u8]) -> bool {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    body["auth"]["identity"]["methods"][0] == "token"
}
