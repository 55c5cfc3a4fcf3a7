//! The configuration of KooCLI, the command line of Huawei Cloud, `~/.hcloud/config.json`, where it is not encrypted.

use std::path::{Path, PathBuf};

use super::fields::Fields;
use super::file::Content;
use super::found::Found;
use super::machine::Machine;
use super::profile::{self, KeyFields, Listed, Profile, shown_key};
use super::{keys, shown};
use crate::base::escape::Escaped;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::source::{Keys, RoleBase, Source};
use crate::plan::{Domain, Metadata, Role};

const KEY: KeyFields = KeyFields { id: "accessKeyId", secret: "secretAccessKey", token: "securityToken" };

/// A configuration that was read.
pub(super) struct Koocli {
    pub(super) shown: String,
    fields: Fields,
    warning: Option<String>,
}

/// Returns the file that is read where the plan names none.
pub(super) fn usual_file(machine: &Machine<'_>) -> Option<PathBuf> {
    machine.at_home(".hcloud/config.json")
}

/// Reads a configuration; `None` where none is there.
pub(super) fn read(machine: &Machine<'_>, path: &Path) -> Result<Option<Koocli>, SourceError> {
    profile::read(machine, path)?.map(|(shown, content)| Koocli::of(shown, content)).transpose()
}

impl Koocli {
    /// Takes a file for a configuration.
    pub(super) fn of(shown: String, content: Content) -> Result<Self, SourceError> {
        let fields = profile::json(&shown, &content)?;
        Ok(Self { shown, fields, warning: content.warning })
    }

    pub(super) fn listed(&self) -> Listed {
        let names = profile::profiles(&self.fields).map(|(name, _)| name.to_owned()).collect();
        Listed { shown: self.shown.clone(), names }
    }

    /// Returns the source that a profile names; `None` where there is no such profile.
    pub(super) fn source(&self, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
        let found = profile::profiles(&self.fields).find_map(|(own, fields)| (own == name).then_some(fields));
        let Some(fields) = found else { return Ok(None) };
        let profile = Profile { name, place: &self.shown, fields };
        let (source, words) = self.source_of(machine, &profile)?;
        let words = format!("KooCLI profile {} ({}) → {words}", shown::quoted(name), self.shown);
        Ok(Some(Found::new(source, words).with_notes(self.warning.iter().cloned())))
    }

    fn source_of(&self, machine: &Machine<'_>, profile: &Profile<'_>) -> Result<(Source, String), SourceError> {
        let mode = profile.get("mode").unwrap_or("AKSK");
        let is = |name: &str| mode.eq_ignore_ascii_case(name);
        if is("ecsAgency") {
            let source = Source::Metadata { metadata: Metadata::default(), is_guess: false };
            return Ok((source, format!("ecsAgency {}", machine.metadata_service())));
        }
        // Only what follows is encrypted.
        self.check_plain()?;
        if is("AKSK") {
            let keys = keys_of(profile, profile)?;
            let words = format!("AKSK {}", shown_key(&keys.credentials));
            Ok((Source::Keys(keys), words))
        } else if is("SSO") {
            let cached = profile.fields.fields("ssoAuth").and_then(|login| login.fields("stsToken"));
            let hint = "log in again: hcloud configure sso";
            let cached = cached.filter(|cached| cached.get(KEY.id).is_some());
            let cached = cached.ok_or_else(|| profile.error_with_hint("has no login", hint))?;
            let keys = keys_of(&Profile { fields: cached, ..*profile }, profile)?;
            let words = format!("SSO {}", shown_key(&keys.credentials));
            Ok((Source::Keys(keys), words))
        } else if is("AssumeRole") {
            let agency = profile.owned("agencyName")?;
            let (domain, of) = match (profile.get("agencyDomainId"), profile.get("agencyDomainName")) {
                (Some(id), _) => (Domain::Id(id.to_owned()), id),
                (None, Some(name)) => (Domain::Name(name.to_owned()), name),
                (None, None) => return Err(profile.error("has no agencyDomainId and no agencyDomainName")),
            };
            let words = format!("agency {} of {}, {}", Escaped(&agency), Escaped(of), shown::lifetime(None));
            let source = Source::Keys(keys_of(profile, profile)?);
            let role = Role::Agency { agency, domain, duration: None };
            Ok((Source::Role(role, Box::new(RoleBase { source, endpoint: None })), words))
        } else {
            Err(profile.error(&format!("has the unknown mode {}", shown::quoted(mode))))
        }
    }

    /// Checks that the secrets in it are not encrypted.
    fn check_plain(&self) -> Result<(), SourceError> {
        if self.fields.get("authEncrypt").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            let hint = "run hcloud configure set --cli-auth-encrypt=false, or use ~/.huaweicloud/credentials";
            return Err(SourceError::new(Nature::Final, format!("{} is encrypted", self.shown), hint));
        }
        Ok(())
    }
}

/// Reads the key in some fields; the project is that of the profile.
fn keys_of(fields: &Profile<'_>, profile: &Profile<'_>) -> Result<Keys, SourceError> {
    const EXPIRY: [&str; 4] = ["expiration", "expiresAt", "expires_at", "expireTime"];
    Ok(Keys {
        expires_at: EXPIRY.iter().find_map(|name| fields.get(name)).and_then(keys::time),
        project_id: profile.get("projectId").map(str::to_owned),
        ..fields.keys(&KEY)?
    })
}
