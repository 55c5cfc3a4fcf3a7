//! The ini files of the Alibaba Cloud SDKs, `~/.alibabacloud/credentials.ini` and `~/.alibabacloud/credentials`.

use std::path::PathBuf;

use super::found::Found;
use super::ini_file::IniFile;
use super::machine::Machine;
use super::profile::{KeyFields, Profile, shown_key};
use super::shown;
use crate::base::escape::Escaped;
use crate::credentials::error::SourceError;
use crate::credentials::source::{RoleBase, Source};
use crate::plan::{Metadata, Oidc, Role, RoleSession};

/// The variable that names the file.
pub(super) const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";

const KEY: KeyFields = KeyFields { id: "access_key_id", secret: "access_key_secret", token: "security_token" };

/// Returns the files that are read where the plan names none.
pub(super) fn usual_files(machine: &Machine<'_>) -> Result<Vec<PathBuf>, SourceError> {
    match machine.value(FILE) {
        Some(path) => Ok(vec![machine.path(path)?]),
        None => {
            let names = [".alibabacloud/credentials.ini", ".alibabacloud/credentials"];
            Ok(names.iter().filter_map(|name| machine.at_home(name)).collect())
        }
    }
}

/// Returns the source that a section of a file names; `None` where there is no such section.
pub(super) fn source(file: &IniFile, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
    file.source(name, |profile| {
        let (source, words) = of_profile(machine, profile)?;
        Ok(Found::new(source, words).with_notes(profile.oddity(&KEY)))
    })
}

fn of_profile(machine: &Machine<'_>, profile: &Profile<'_>) -> Result<(Source, String), SourceError> {
    let by_fields = profile.get(KEY.id).map(|_| "access_key");
    let kind = profile.get("type").or(by_fields).ok_or_else(|| profile.error("has no type"))?.to_lowercase();
    match kind.as_str() {
        "access_key" | "sts" => {
            if kind == "sts" {
                profile.need(KEY.token)?;
            }
            let keys = profile.keys(&KEY)?;
            let words = format!("{kind} {}", shown_key(&keys.credentials));
            Ok((Source::Keys(keys), words))
        }
        "ram_role_arn" => {
            let role = Role::Alibaba {
                arn: profile.owned("role_arn")?,
                external_id: profile.get("external_id").map(str::to_owned),
                session: session(profile)?,
            };
            let source = Source::Keys(profile.keys(&KEY)?);
            let endpoint = profile.get("sts_endpoint").or_else(|| profile.get("sts_region")).map(str::to_owned);
            Ok((Source::Role(role, Box::new(RoleBase { source, endpoint })), role_words(profile, &kind)?))
        }
        "oidc_role_arn" => {
            let oidc = Oidc::Alibaba {
                role_arn: profile.owned("role_arn")?,
                provider_arn: profile.owned("oidc_provider_arn")?,
                token_file: machine.path(profile.need("oidc_token_file_path")?)?,
                session: session(profile)?,
            };
            Ok((Source::Oidc(oidc), role_words(profile, &kind)?))
        }
        "ecs_ram_role" => {
            let role = profile.get("role_name").map(str::to_owned);
            let words = format!("{kind} {}", machine.metadata_service());
            Ok((Source::Metadata { metadata: Metadata { role }, is_guess: false }, words))
        }
        "rsa_key_pair" | "bearer" => {
            Err(profile.error(&format!("cannot be used: type {kind} cannot sign these calls")))
        }
        _ => Err(profile.error(&format!("has the unknown type {}", shown::quoted(&kind)))),
    }
}

fn role_words(profile: &Profile<'_>, kind: &str) -> Result<String, SourceError> {
    let arn = Escaped(profile.need("role_arn")?);
    Ok(format!("{kind} {arn}, {}", shown::lifetime(duration(profile)?)))
}

fn session(profile: &Profile<'_>) -> Result<RoleSession, SourceError> {
    Ok(RoleSession {
        name: profile.get("role_session_name").map(str::to_owned),
        duration: duration(profile)?,
        policy: profile.policy("policy")?,
    })
}

fn duration(profile: &Profile<'_>) -> Result<Option<std::time::Duration>, SourceError> {
    profile.seconds("role_session_expiration")
}
