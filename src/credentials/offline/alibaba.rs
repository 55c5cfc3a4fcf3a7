//! The default chain and the profiles of Alibaba Cloud.

use std::path::Path;

use super::chain::Link;
use super::config::{self, Config, Holds};
use super::file;
use super::found::{Found, Step};
use super::ini_file::IniFile;
use super::machine::Machine;
use super::profile::{self, Listed, shown_key};
use super::sdk_ini;
use super::variables::{self, Set};
use super::{key_id, shown};
use crate::base::escape::Escaped;
use crate::credentials::error::SourceError;
use crate::credentials::source::{Keys, Source};
use crate::plan::{CredentialUri, Metadata, Oidc, RoleSession};
use crate::provider::{Cloud, Credentials};

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";
const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
const SESSION: &str = "ALIBABA_CLOUD_ROLE_SESSION_NAME";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const NO_PROFILE: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";
const ECS_ROLE: &str = "ALIBABA_CLOUD_ECS_METADATA";
const NO_ECS: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";

/// The variables that configure sources.
pub(super) const SETS: [Set; 4] =
    [&[&[ID], &[SECRET]], &[&[ROLE], &[PROVIDER], &[TOKEN_FILE]], &[&[URI]], &[&[ECS_ROLE]]];

/// The default chain, in the order of the SDKs but for the last two: a URI is configured, a metadata service is a guess.
pub(super) const CHAIN: [Link; 6] = [
    Link { label: "environment keys", variables: &[ID, SECRET, TOKEN], attempt: keys },
    Link { label: "OIDC token", variables: &[ROLE, PROVIDER, TOKEN_FILE], attempt: oidc },
    Link { label: "CLI profile", variables: &[], attempt: cli_profile },
    Link { label: "SDK profile", variables: &[], attempt: sdk_profile },
    Link { label: "credentials URI", variables: &[URI], attempt: uri },
    Link { label: "metadata service", variables: &[ECS_ROLE], attempt: metadata },
];

fn keys(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let Some(credentials) = variables::default_keys(machine.environment, Cloud::Alibaba)? else {
        return Step::is_not(shown::are_not(&[ID, SECRET], "set"));
    };
    let mut notes = Vec::new();
    if let Credentials::AccessKey { id, security_token, .. } = &credentials {
        notes.extend(key_id::oddity(id, security_token.is_some(), TOKEN));
    }
    if machine.value(PROFILE).is_some() {
        notes.push(format!(
            "{PROFILE} is set and not used: the keys in {ID} come first, as in the SDKs (the command line does it the other way round)"
        ));
    }
    let words = format!("{ID} ({})", shown_key(&credentials));
    let keys = Keys { credentials, expires_at: None, is_renewable: false, project_id: None, iam_endpoint: None };
    Found::new(Source::Keys(keys), words).with_notes(notes).serves()
}

fn oidc(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let names = [ROLE, PROVIDER, TOKEN_FILE];
    let (Some(role), Some(provider), Some(file)) =
        (machine.value(ROLE), machine.value(PROVIDER), machine.value(TOKEN_FILE))
    else {
        return Step::is_not(shown::are_not(&machine.unset(&names), "set"));
    };
    let token_file = machine.path(file)?;
    let words = format!(
        "OIDC token {} ({TOKEN_FILE}) → {}, {}",
        machine.shown(&token_file),
        Escaped(role),
        shown::lifetime(None)
    );
    let session = RoleSession { name: machine.value(SESSION).map(str::to_owned), ..RoleSession::default() };
    let oidc = Oidc::Alibaba { role_arn: role.to_owned(), provider_arn: provider.to_owned(), token_file, session };
    Found::new(Source::Oidc(oidc), words).serves()
}

fn cli_profile(machine: &Machine<'_>) -> Result<Step, SourceError> {
    if machine.is_true(NO_PROFILE) {
        return Step::is_not(format!("switched off by {NO_PROFILE}"));
    }
    let Some(path) = config::usual_file(machine)? else { return Step::is_not("HOME is not set") };
    let Some(config) = config::read(machine, &path)? else { return absent(machine, &path, config::FILE) };
    let named = machine.value(PROFILE);
    let name = named.unwrap_or_else(|| config.current());
    let none = || Step::is_not(format!("no profile {} in {}", shown::quoted(name), config.shown()));
    match (config.holds(name), named) {
        (Holds::Profile, _) | (Holds::Empty, Some(_)) => config.source(machine, name)?.serves(),
        (Holds::Empty, None) => Step::is_not(format!("profile {} in {} is empty", shown::quoted(name), config.shown())),
        // The SDKs' file may have it.
        (Holds::Nothing, Some(_)) => none(),
        (Holds::Nothing, None) if name == "default" => none(),
        (Holds::Nothing, None) => Err(profile::not_there(name, &[config.listed()], &[])),
    }
}

/// Says that a file is not there: an error where a variable names it.
fn absent(machine: &Machine<'_>, path: &Path, variable: &str) -> Result<Step, SourceError> {
    if machine.value(variable).is_some() {
        Err(missing(machine, path, variable))
    } else {
        Step::is_not(format!("{} is not there", machine.shown(path)))
    }
}

fn missing(machine: &Machine<'_>, path: &Path, variable: &str) -> SourceError {
    file::missing(&format!("{} of {variable}", machine.shown(path)))
}

fn sdk_profile(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let named = machine.value(PROFILE);
    let name = named.unwrap_or("default");
    let mut looked = Looked::default();
    if let Some(found) = looked.in_sdk_files(machine, name)? {
        return found.serves();
    }
    let is_explicit = named.is_some() || machine.value(sdk_ini::FILE).is_some();
    if is_explicit {
        if named.is_some() && !machine.is_true(NO_PROFILE) {
            looked.in_config(machine, name)?;
        }
        return Err(looked.not_there(name));
    }
    let mut reasons: Vec<_> =
        looked.read.iter().map(|file| format!("no profile {} in {}", shown::quoted(name), file.shown)).collect();
    if !looked.absent.is_empty() {
        reasons.push(shown::are_not(&looked.absent, "there"));
    }
    if reasons.is_empty() {
        reasons.push("HOME is not set".to_owned());
    }
    Ok(Step::IsNot(reasons))
}

fn uri(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let Some(url) = machine.value(URI) else { return Step::is_not(shown::are_not(&[URI], "set")) };
    let shown = shown::url(url).ok_or_else(|| shown::no_url(URI))?;
    let source = Source::Uri(CredentialUri { url: url.to_owned(), insecure_http: false });
    Found::new(source, format!("credentials URI {shown} ({URI})")).serves()
}

fn metadata(machine: &Machine<'_>) -> Result<Step, SourceError> {
    if machine.is_true(NO_ECS) {
        return Step::is_not(format!("switched off by {NO_ECS}"));
    }
    let role = machine.value(ECS_ROLE).map(str::to_owned);
    let is_guess = role.is_none();
    let of_role = role.as_ref().map_or_else(String::new, |role| format!(", role {}", Escaped(role)));
    let words = format!("{}{of_role}", machine.metadata_service());
    Found::new(Source::Metadata { metadata: Metadata { role }, is_guess }, words).serves()
}

/// Finds the source of a profile that the plan names: in the configuration of the command line, else in the files of the
/// SDKs.
pub(super) fn named_profile(machine: &Machine<'_>, name: &str) -> Result<Found, SourceError> {
    let mut looked = Looked::default();
    if let Some(found) = looked.in_config(machine, name)? {
        return Ok(found);
    }
    looked.in_sdk_files(machine, name)?.ok_or_else(|| looked.not_there(name))
}

/// Finds the source of a profile in a file that the plan names.
pub(super) fn profile_of_file(machine: &Machine<'_>, name: &str, path: &Path) -> Result<Found, SourceError> {
    let Some((shown, content)) = profile::read(machine, path)? else {
        return Err(file::missing(&machine.shown(path)));
    };
    if content.text().trim_start().starts_with('{') {
        return Config::of(shown, content)?.source(machine, name);
    }
    let ini = IniFile::of(shown, content)?;
    sdk_ini::source(&ini, machine, name)?.ok_or_else(|| profile::not_there(name, &[ini.listed()], &[]))
}

/// Where a profile was looked for without success.
#[derive(Default)]
struct Looked {
    read: Vec<Listed>,
    absent: Vec<String>,
}

impl Looked {
    fn in_config(&mut self, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
        let Some(path) = config::usual_file(machine)? else { return Ok(None) };
        match config::read(machine, &path)? {
            Some(config) if config.holds(name) != Holds::Nothing => return config.source(machine, name).map(Some),
            Some(config) => self.read.push(config.listed()),
            None if machine.value(config::FILE).is_some() => return Err(missing(machine, &path, config::FILE)),
            None => self.absent.push(machine.shown(&path)),
        }
        Ok(None)
    }

    fn in_sdk_files(&mut self, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
        for path in sdk_ini::usual_files(machine)? {
            match IniFile::read(machine, &path)? {
                Some(ini) => match sdk_ini::source(&ini, machine, name)? {
                    Some(found) => return Ok(Some(found)),
                    None => self.read.push(ini.listed()),
                },
                None if machine.value(sdk_ini::FILE).is_some() => return Err(missing(machine, &path, sdk_ini::FILE)),
                None => self.absent.push(machine.shown(&path)),
            }
        }
        Ok(None)
    }

    fn not_there(&self, name: &str) -> SourceError {
        profile::not_there(name, &self.read, &self.absent)
    }
}
