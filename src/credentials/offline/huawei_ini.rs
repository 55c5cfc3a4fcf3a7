//! The ini file of the Huawei Cloud SDKs, `~/.huaweicloud/credentials`.

use std::path::{Path, PathBuf};

use super::file::Content;
use super::found::Found;
use super::ini::Section;
use super::machine::Machine;
use super::profile::{self, KeyFields, Listed, Profile, shown_key};
use super::shown;
use crate::base::escape::Escaped;
use crate::credentials::error::SourceError;
use crate::credentials::source::{Keys, Source};
use crate::plan::Oidc;

/// The variable that names the file.
pub(super) const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

const KEY: KeyFields = KeyFields { id: "ak", secret: "sk", token: "security_token" };

/// A file that was read.
pub(super) struct HuaweiIni {
    pub(super) shown: String,
    sections: Vec<Section>,
    warning: Option<String>,
}

/// Returns the file that is read where the plan names none.
pub(super) fn usual_file(machine: &Machine<'_>) -> Result<Option<PathBuf>, SourceError> {
    match machine.value(FILE) {
        Some(path) => machine.path(path).map(Some),
        None => Ok(machine.at_home(".huaweicloud/credentials")),
    }
}

/// Reads a file; `None` where none is there.
pub(super) fn read(machine: &Machine<'_>, path: &Path) -> Result<Option<HuaweiIni>, SourceError> {
    profile::read(machine, path)?.map(|(shown, content)| HuaweiIni::of(shown, content)).transpose()
}

impl HuaweiIni {
    /// Takes a file for one of these.
    pub(super) fn of(shown: String, content: Content) -> Result<Self, SourceError> {
        let sections = profile::sections(&shown, &content)?;
        Ok(Self { shown, sections, warning: content.warning })
    }

    pub(super) fn listed(&self) -> Listed {
        Listed { shown: self.shown.clone(), names: self.sections.iter().map(|section| section.name.clone()).collect() }
    }

    /// Returns the source that a section names; `None` where there is no such section.
    pub(super) fn source(&self, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
        let Some(section) = self.sections.iter().find(|section| section.name == name) else { return Ok(None) };
        let place = format!("{}:{}", self.shown, section.line);
        let profile = Profile { name, place: &place, fields: &section.fields };
        let (source, words) = source(machine, &profile)?;
        let words = format!("SDK profile {} ({}) → {words}", shown::quoted(name), self.shown);
        Ok(Some(Found::new(source, words).with_notes(self.warning.iter().cloned())))
    }
}

/// As in the SDKs, an identity provider comes before a key.
fn source(machine: &Machine<'_>, profile: &Profile<'_>) -> Result<(Source, String), SourceError> {
    if let Some(idp_id) = profile.get("idp_id") {
        let token_file = machine.path(profile.need("id_token_file")?)?;
        let words = format!("identity provider {}", Escaped(idp_id));
        return Ok((Source::Oidc(Oidc::Federated { idp_id: idp_id.to_owned(), token_file }), words));
    }
    let keys = Keys {
        project_id: profile.get("project_id").map(str::to_owned),
        iam_endpoint: profile.get("iam_endpoint").map(str::to_owned),
        ..profile.keys(&KEY)?
    };
    let words = format!("AK {}", shown_key(&keys.credentials));
    Ok((Source::Keys(keys), words))
}
