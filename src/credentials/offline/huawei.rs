//! The default chain and the profiles of Huawei Cloud.

use std::path::{Path, PathBuf};

use super::chain::Link;
use super::file;
use super::found::{Found, Step};
use super::huawei_ini;
use super::ini_file::IniFile;
use super::koocli::{self, Koocli};
use super::machine::Machine;
use super::profile::{self, compact, shown_key};
use super::shown;
use super::variables::{self, Set};
use crate::base::escape::Escaped;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::source::{Keys, Source};
use crate::plan::{Metadata, Oidc, RoleSession};
use crate::provider::Cloud;

const PROVIDER: &str = "HUAWEICLOUD_OIDC_PROVIDER_URN";
const AGENCY: &str = "HUAWEICLOUD_OIDC_AGENCY_URN";
const ID_TOKEN: &str = "HUAWEICLOUD_OIDC_ID_TOKEN";
const TOKEN_FILE: &str = "HUAWEICLOUD_OIDC_TOKEN_FILE";
const SESSION: &str = "HUAWEICLOUD_OIDC_SESSION_NAME";
const DURATION: &str = "HUAWEICLOUD_OIDC_DURATION_SECONDS";
const POLICY: &str = "HUAWEICLOUD_OIDC_POLICY";
const POLICY_IDS: &str = "HUAWEICLOUD_OIDC_POLICY_IDS";
const IDP: &str = "HUAWEICLOUD_SDK_IDP_ID";
const IDP_FILE: &str = "HUAWEICLOUD_SDK_ID_TOKEN_FILE";
const AK: &str = "HUAWEICLOUD_SDK_AK";
const SK: &str = "HUAWEICLOUD_SDK_SK";
const TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const PROJECT: &str = "HUAWEICLOUD_SDK_PROJECT_ID";
const POD_URI: &str = "HC_CONTAINER_CREDENTIALS_FULL_URI";
const POD_FILE: &str = "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// The section that the default chain reads.
const SECTION: &str = "basic";

/// The variables that configure sources.
pub(super) const SETS: [Set; 4] = [
    &[&[PROVIDER], &[AGENCY], &[ID_TOKEN, TOKEN_FILE]],
    &[&[IDP], &[IDP_FILE]],
    &[&[AK], &[SK]],
    &[&[POD_URI], &[POD_FILE]],
];

/// The default chain, in the order of the SDKs but for the last two: a pod identity is configured, a metadata service is a
/// guess.
pub(super) const CHAIN: [Link; 6] = [
    Link { label: "OIDC token", variables: &[PROVIDER, AGENCY, ID_TOKEN, TOKEN_FILE], attempt: oidc },
    Link { label: "federated OIDC token", variables: &[IDP, IDP_FILE], attempt: federated },
    Link { label: "environment keys", variables: &[AK, SK, TOKEN], attempt: keys },
    Link { label: "SDK profile", variables: &[], attempt: sdk_profile },
    Link { label: "pod identity", variables: &[POD_URI, POD_FILE], attempt: pod },
    Link { label: "metadata service", variables: &[], attempt: metadata },
];

fn oidc(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let token = machine.value(ID_TOKEN);
    let file = machine.value(TOKEN_FILE);
    let (Some(provider), Some(agency), Some(_)) = (machine.value(PROVIDER), machine.value(AGENCY), token.or(file))
    else {
        let mut unset: Vec<String> = machine.unset(&[PROVIDER, AGENCY]).into_iter().map(str::to_owned).collect();
        if token.or(file).is_none() {
            unset.push(format!("{ID_TOKEN} or {TOKEN_FILE}"));
        }
        return Step::is_not(shown::are_not(&unset, "set"));
    };
    let session = session(machine)?;
    let lifetime = shown::lifetime(session.duration);
    let token_file = file.map_or_else(|| Ok(PathBuf::new()), |file| machine.path(file))?;
    let from =
        if token.is_some() { ID_TOKEN.to_owned() } else { format!("{} ({TOKEN_FILE})", machine.shown(&token_file)) };
    let words = format!("OIDC token {from} → {}, {lifetime}", Escaped(agency));
    let oidc = Oidc::Huawei { agency_urn: agency.to_owned(), provider_urn: provider.to_owned(), token_file, session };
    let source = match token {
        Some(token) => Source::OidcToken(oidc, token.into()),
        None => Source::Oidc(oidc),
    };
    let note = machine.value(POLICY_IDS).map(|_| format!("{POLICY_IDS} is set and not used: write {POLICY}"));
    Found::new(source, words).with_notes(note).serves()
}

fn session(machine: &Machine<'_>) -> Result<RoleSession, SourceError> {
    let invalid = |variable: &str, what: &str| SourceError::new(Nature::Final, format!("{variable} {what}"), "");
    let duration = match machine.value(DURATION) {
        Some(text) => {
            let seconds = text.parse().map_err(|_| invalid(DURATION, "is no number of seconds"))?;
            Some(std::time::Duration::from_secs(seconds))
        }
        None => None,
    };
    let policy = machine.value(POLICY).map(compact).transpose().map_err(|()| invalid(POLICY, "is no JSON"))?;
    Ok(RoleSession { name: machine.value(SESSION).map(str::to_owned), duration, policy })
}

fn federated(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let (Some(idp_id), Some(file)) = (machine.value(IDP), machine.value(IDP_FILE)) else {
        return Step::is_not(shown::are_not(&machine.unset(&[IDP, IDP_FILE]), "set"));
    };
    let token_file = machine.path(file)?;
    let words =
        format!("OIDC token {} ({IDP_FILE}) → identity provider {}", machine.shown(&token_file), Escaped(idp_id));
    Found::new(Source::Oidc(Oidc::Federated { idp_id: idp_id.to_owned(), token_file }), words).serves()
}

fn keys(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let Some(credentials) = variables::default_keys(machine.environment, Cloud::Huawei)? else {
        return Step::is_not(shown::are_not(&[AK, SK], "set"));
    };
    let words = format!("{AK} ({})", shown_key(&credentials));
    let project_id = machine.value(PROJECT).map(str::to_owned);
    let keys = Keys { credentials, expires_at: None, is_renewable: false, project_id, iam_endpoint: None };
    Found::new(Source::Keys(keys), words).serves()
}

fn sdk_profile(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let Some(path) = huawei_ini::usual_file(machine)? else { return Step::is_not("HOME is not set") };
    let is_named = machine.value(huawei_ini::FILE).is_some();
    let Some(ini) = IniFile::read(machine, &path)? else {
        return if is_named {
            Err(missing(machine, &path))
        } else {
            Step::is_not(format!("{} is not there", machine.shown(&path)))
        };
    };
    match huawei_ini::source(&ini, machine, SECTION)? {
        Some(found) => found.serves(),
        None if is_named => Err(profile::not_there(SECTION, &[ini.listed()], &[])),
        None => Step::is_not(format!("no profile {} in {}", shown::quoted(SECTION), ini.shown)),
    }
}

fn missing(machine: &Machine<'_>, path: &Path) -> SourceError {
    file::missing(&format!("{} of {}", machine.shown(path), huawei_ini::FILE))
}

fn pod(machine: &Machine<'_>) -> Result<Step, SourceError> {
    match machine.unset(&[POD_URI, POD_FILE]).as_slice() {
        [] => pod_identity(machine)?.serves(),
        unset => Step::is_not(shown::are_not(unset, "set")),
    }
}

/// Returns the pod identity that the variables of a pod configure.
pub(super) fn pod_identity(machine: &Machine<'_>) -> Result<Found, SourceError> {
    let (Some(uri), Some(file)) = (machine.value(POD_URI), machine.value(POD_FILE)) else {
        let message = shown::are_not(&machine.unset(&[POD_URI, POD_FILE]), "set");
        let hint = "CCE sets them in a pod whose service account has an identity";
        return Err(SourceError::new(Nature::Final, message, hint));
    };
    let shown = shown::url(uri).ok_or_else(|| shown::no_url(POD_URI))?;
    let source = Source::Pod { uri: uri.to_owned(), token_file: machine.path(file)? };
    Ok(Found::new(source, format!("CCE pod identity {shown} ({POD_URI})")))
}

/// The variables of a pod identity.
pub(super) const POD: [&str; 2] = [POD_URI, POD_FILE];

fn metadata(machine: &Machine<'_>) -> Result<Step, SourceError> {
    let source = Source::Metadata { metadata: Metadata::default(), is_guess: true };
    Found::new(source, machine.metadata_service()).serves()
}

/// Finds the source of a profile that the plan names: in the file of the SDKs, else in the configuration of KooCLI.
pub(super) fn named_profile(machine: &Machine<'_>, name: &str) -> Result<Found, SourceError> {
    let (mut read, mut absent) = (Vec::new(), Vec::new());
    if let Some(path) = huawei_ini::usual_file(machine)? {
        match IniFile::read(machine, &path)? {
            Some(ini) => match huawei_ini::source(&ini, machine, name)? {
                Some(found) => return Ok(found),
                None => read.push(ini.listed()),
            },
            None if machine.value(huawei_ini::FILE).is_some() => return Err(missing(machine, &path)),
            None => absent.push(machine.shown(&path)),
        }
    }
    if let Some(path) = koocli::usual_file(machine) {
        match koocli::read(machine, &path)? {
            Some(config) => match config.source(machine, name)? {
                Some(found) => return Ok(found),
                None => read.push(config.listed()),
            },
            None => absent.push(machine.shown(&path)),
        }
    }
    Err(profile::not_there(name, &read, &absent))
}

/// Finds the source of a profile in a file that the plan names.
pub(super) fn profile_of_file(machine: &Machine<'_>, name: &str, path: &Path) -> Result<Found, SourceError> {
    let Some((shown, content)) = profile::read(machine, path)? else {
        return Err(file::missing(&machine.shown(path)));
    };
    let (found, listed) = if content.text().trim_start().starts_with('{') {
        let config = Koocli::of(shown, content)?;
        (config.source(machine, name)?, config.listed())
    } else {
        let ini = IniFile::of(shown, content)?;
        (huawei_ini::source(&ini, machine, name)?, ini.listed())
    };
    found.ok_or_else(|| profile::not_there(name, &[listed], &[]))
}
