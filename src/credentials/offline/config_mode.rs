//! The modes of a profile of the Alibaba Cloud command line.

use jiff::Timestamp;
use secrecy::SecretString;

use super::fields::Fields;
use super::machine::Machine;
use super::profile::{KeyFields, Profile, shown_key};
use super::{keys, shown};
use crate::base::command_words::command_words;
use crate::base::escape::Escaped;
use crate::credentials::error::SourceError;
use crate::credentials::source::{Keys, Login, LoginService, PROCESS_TIMEOUT, RoleBase, Source};
use crate::plan::{CredentialUri, Metadata, Oidc, Process, Role, RoleSession};
use crate::provider::Credentials;

/// The variable that forbids programs.
const NO_PROCESS: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";

const KEY: KeyFields = KeyFields { id: "access_key_id", secret: "access_key_secret", token: "sts_token" };

/// A mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Ak,
    StsToken,
    RamRoleArn,
    ChainableRamRoleArn,
    RamRoleArnWithRoleName,
    EcsRamRole,
    Oidc,
    CredentialsUri,
    External,
    CloudSso,
    OAuth,
}

impl Mode {
    /// Every mode, with the name that the command line gives it.
    const ALL: [(Self, &str); 11] = [
        (Self::Ak, "AK"),
        (Self::StsToken, "StsToken"),
        (Self::RamRoleArn, "RamRoleArn"),
        (Self::ChainableRamRoleArn, "ChainableRamRoleArn"),
        (Self::RamRoleArnWithRoleName, "RamRoleArnWithRoleName"),
        (Self::EcsRamRole, "EcsRamRole"),
        (Self::Oidc, "OIDC"),
        (Self::CredentialsUri, "CredentialsURI"),
        (Self::External, "External"),
        (Self::CloudSso, "CloudSSO"),
        (Self::OAuth, "OAuth"),
    ];

    /// Those that cannot sign the requests of a stop.
    const UNFIT: [&str; 3] = ["RsaKeyPair", "BearerToken", "Anonymous"];

    /// Returns the mode of a profile, or the one that the command line takes its fields for.
    pub(super) fn of(profile: &Profile<'_>) -> Result<Self, SourceError> {
        let name = profile.get("mode").or_else(|| guess(profile)).ok_or_else(|| profile.error("has no mode"))?;
        if let Some((mode, _)) = Self::ALL.iter().find(|(_, own)| own.eq_ignore_ascii_case(name)) {
            return Ok(*mode);
        }
        match Self::UNFIT.iter().find(|own| own.eq_ignore_ascii_case(name)) {
            Some(unfit) => Err(profile.error(&format!("cannot be used: mode {unfit} cannot sign these calls"))),
            None => Err(profile.error(&format!("has the unknown mode {}", shown::quoted(name)))),
        }
    }

    /// Tells whether a role is assumed.
    pub(super) const fn is_role(self) -> bool {
        matches!(self, Self::RamRoleArn | Self::ChainableRamRoleArn | Self::RamRoleArnWithRoleName)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find_map(|(mode, name)| (*mode == self).then_some(*name)).unwrap_or_default()
    }
}

/// Returns the mode that the command line takes the fields of a profile for.
fn guess(profile: &Profile<'_>) -> Option<&'static str> {
    let has = |fields: &[&str]| fields.iter().all(|field| profile.get(field).is_some());
    let by_fields: [(&[&str], &str); 9] = [
        (&[KEY.id, KEY.secret, KEY.token], "StsToken"),
        (&[KEY.id, KEY.secret, "ram_role_arn"], "RamRoleArn"),
        (&[KEY.id, KEY.secret], "AK"),
        (&["private_key", "key_pair_name"], "RsaKeyPair"),
        (&["ram_role_name"], "EcsRamRole"),
        (&["process_command"], "External"),
        (&["oidc_provider_arn", "oidc_token_file", "ram_role_arn"], "OIDC"),
        (&["cloud_sso_sign_in_url"], "CloudSSO"),
        (&["bearer_token"], "BearerToken"),
    ];
    by_fields.iter().find_map(|(fields, mode)| has(fields).then_some(*mode))
}

/// Tells whether there is nothing in a profile, as the command line writes it at its first use.
pub(super) fn is_untouched(fields: &Fields) -> bool {
    const SAYING: [&str; 12] = [
        KEY.id,
        KEY.secret,
        KEY.token,
        "ram_role_arn",
        "ram_role_name",
        "private_key",
        "source_profile",
        "process_command",
        "credentials_uri",
        "oidc_provider_arn",
        "cloud_sso_sign_in_url",
        "bearer_token",
    ];
    let has_mode = fields.get("mode").is_some_and(|mode| !mode.eq_ignore_ascii_case("AK"));
    !has_mode && SAYING.iter().all(|field| fields.get(field).is_none())
}

/// Says what is odd about the key of a profile.
pub(super) fn oddity(profile: &Profile<'_>, mode: Mode) -> Option<String> {
    match mode {
        // Its token is not looked at.
        Mode::Ak => {
            let is_temporary = profile.get(KEY.id)?.starts_with("STS.");
            let place = (shown::quoted(profile.name), profile.place);
            is_temporary.then(|| format!("a temporary key needs the mode StsToken (profile {}, {})", place.0, place.1))
        }
        Mode::StsToken | Mode::RamRoleArn => profile.oddity(&KEY),
        Mode::ChainableRamRoleArn
        | Mode::RamRoleArnWithRoleName
        | Mode::EcsRamRole
        | Mode::Oidc
        | Mode::CredentialsUri
        | Mode::External
        | Mode::CloudSso
        | Mode::OAuth => None,
    }
}

/// Returns the source of a profile that does not name another one, and its words.
pub(super) fn source(
    machine: &Machine<'_>,
    profile: &Profile<'_>,
    mode: Mode,
) -> Result<(Source, String), SourceError> {
    let named = |source, words: String| Ok((source, format!("{} {words}", mode.name())));
    match mode {
        Mode::Ak => {
            let keys = keys_of(profile, false)?;
            let shown = shown_key(&keys.credentials);
            named(Source::Keys(keys), shown)
        }
        Mode::StsToken => {
            profile.need(KEY.token)?;
            let keys = Keys { expires_at: expiry(profile, "sts_expiration")?, ..keys_of(profile, true)? };
            let shown = shown_key(&keys.credentials);
            named(Source::Keys(keys), shown)
        }
        Mode::RamRoleArn => assumed(profile, Source::Keys(keys_of(profile, true)?)),
        Mode::RamRoleArnWithRoleName | Mode::ChainableRamRoleArn => assumed(profile, metadata(profile)),
        Mode::EcsRamRole => named(metadata(profile), machine.metadata_service()),
        Mode::Oidc => {
            let oidc = Oidc::Alibaba {
                role_arn: profile.owned("ram_role_arn")?,
                provider_arn: profile.owned("oidc_provider_arn")?,
                token_file: machine.path(profile.need("oidc_token_file")?)?,
                session: session(profile)?,
            };
            let words = role_words(profile)?;
            named(Source::Oidc(oidc), words)
        }
        Mode::CredentialsUri => {
            let url = profile.owned("credentials_uri")?;
            let shown = shown::url(&url).ok_or_else(|| profile.error("has no URL in credentials_uri"))?;
            named(Source::Uri(CredentialUri { url, insecure_http: false }), shown)
        }
        Mode::External => external(machine, profile),
        Mode::CloudSso => {
            let account_id = profile.owned("cloud_sso_account_id")?;
            let access_config = profile.owned("cloud_sso_access_config")?;
            let words = format!("account {account_id}, access configuration {access_config}");
            let service = LoginService::CloudSso {
                sign_in_url: profile.owned("cloud_sso_sign_in_url")?,
                account_id,
                access_config,
            };
            named(login(profile, service, ["access_token", "cloud_sso_access_token_expire"])?, words)
        }
        Mode::OAuth => {
            let site = profile.need("oauth_site_type")?.to_uppercase();
            if !["CN", "INTL"].contains(&site.as_str()) {
                return Err(profile.error("has an oauth_site_type other than CN and INTL"));
            }
            let words = format!("of site {site}");
            let service = LoginService::OAuth { site };
            named(login(profile, service, ["oauth_access_token", "oauth_access_token_expire"])?, words)
        }
    }
}

/// Returns the role of a profile, assumed with the keys of a source, and its words.
pub(super) fn assumed(profile: &Profile<'_>, source: Source) -> Result<(Source, String), SourceError> {
    let role = Role::Alibaba {
        arn: profile.owned("ram_role_arn")?,
        external_id: profile.get("external_id").map(str::to_owned),
        session: session(profile)?,
    };
    let words = format!("{} {}", Mode::of(profile)?.name(), role_words(profile)?);
    Ok((Source::Role(role, Box::new(RoleBase { source, endpoint: endpoint(profile) })), words))
}

fn role_words(profile: &Profile<'_>) -> Result<String, SourceError> {
    let arn = Escaped(profile.need("ram_role_arn")?);
    Ok(format!("{arn}, {}", shown::lifetime(profile.seconds("expired_seconds")?)))
}

/// Returns the STS endpoint that a profile names, or its region.
fn endpoint(profile: &Profile<'_>) -> Option<String> {
    let region = profile.get("sts_region");
    let is_vpc = profile.get("enable_vpc").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    match (profile.get("sts_endpoint"), region) {
        (Some(endpoint), _) => Some(endpoint.to_owned()),
        (None, Some(region)) if is_vpc => Some(format!("sts-vpc.{region}.aliyuncs.com")),
        (None, region) => region.map(str::to_owned),
    }
}

fn session(profile: &Profile<'_>) -> Result<RoleSession, SourceError> {
    Ok(RoleSession {
        name: profile.get("ram_session_name").or_else(|| profile.get("role_session_name")).map(str::to_owned),
        duration: profile.seconds("expired_seconds")?,
        policy: profile.policy("policy")?,
    })
}

fn metadata(profile: &Profile<'_>) -> Source {
    let role = profile.get("ram_role_name").map(str::to_owned);
    Source::Metadata { metadata: Metadata { role }, is_guess: false }
}

fn external(machine: &Machine<'_>, profile: &Profile<'_>) -> Result<(Source, String), SourceError> {
    if machine.is_true(NO_PROCESS) || machine.value(NO_PROCESS) == Some("1") {
        return Err(profile.error_with_hint(&format!("starts a program, which {NO_PROCESS} forbids"), "unset it"));
    }
    let command = command_words(profile.need("process_command")?)
        .map_err(|error| profile.error(&format!("has no command in process_command: {error}")))?;
    let program = command.first().map(String::as_str).unwrap_or_default();
    // Its arguments may be secret.
    let words = format!("External {}", Escaped(program));
    Ok((Source::Process(Process { command, timeout: PROCESS_TIMEOUT }), words))
}

fn keys_of(profile: &Profile<'_>, with_token: bool) -> Result<Keys, SourceError> {
    let keys = profile.keys(&KEY)?;
    match keys.credentials {
        Credentials::AccessKey { id, secret, security_token: Some(_) } if !with_token => Ok(Keys {
            credentials: Credentials::AccessKey { id, secret, security_token: None },
            is_renewable: false,
            ..keys
        }),
        Credentials::AccessKey { .. } | Credentials::AuthToken(_) => Ok(keys),
    }
}

/// Reads a login: the keys that it has cached, and its access token. Its refresh token is never read.
fn login(profile: &Profile<'_>, service: LoginService, token: [&str; 2]) -> Result<Source, SourceError> {
    let [token, token_expiry] = token;
    let cached = match (profile.get(KEY.token), expiry(profile, "sts_expiration")?) {
        (Some(_), Some(at)) if profile.get(KEY.id).is_some() && profile.get(KEY.secret).is_some() => {
            Some((profile.keys(&KEY)?.credentials, at))
        }
        (_, _) => None,
    };
    let access_token = match profile.get(token) {
        Some(text) => Some((SecretString::from(text), expiry(profile, token_expiry)?)),
        None => None,
    };
    if cached.is_none() && access_token.is_none() {
        let hint = format!("aliyun configure --profile {}", profile.name);
        return Err(profile.error_with_hint("has no login", hint));
    }
    Ok(Source::Login(Box::new(Login { profile: profile.name.to_owned(), cached, access_token, service })))
}

/// Reads a time; `0` says nothing.
fn expiry(profile: &Profile<'_>, field: &str) -> Result<Option<Timestamp>, SourceError> {
    match profile.get(field) {
        None | Some("0") => Ok(None),
        Some(text) => keys::time(text).map(Some).ok_or_else(|| profile.error(&format!("has no time in {field}"))),
    }
}
