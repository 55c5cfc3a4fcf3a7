//! The ini file of the Huawei Cloud SDKs, `~/.huaweicloud/credentials`.

use std::path::PathBuf;

use super::found::Found;
use super::ini_file::IniFile;
use super::machine::Machine;
use super::profile::{KeyFields, Profile, shown_key};
use crate::base::escape::Escaped;
use crate::credentials::error::SourceError;
use crate::credentials::source::{Keys, Source};
use crate::plan::Oidc;

/// The variable that names the file.
pub(super) const FILE: &str = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

const KEY: KeyFields = KeyFields { id: "ak", secret: "sk", token: "security_token" };

/// Returns the file that is read where the plan names none.
pub(super) fn usual_file(machine: &Machine<'_>) -> Result<Option<PathBuf>, SourceError> {
    match machine.value(FILE) {
        Some(path) => machine.path(path).map(Some),
        None => Ok(machine.at_home(".huaweicloud/credentials")),
    }
}

/// Returns the source that a section of a file names; `None` where there is no such section.
pub(super) fn source(file: &IniFile, machine: &Machine<'_>, name: &str) -> Result<Option<Found>, SourceError> {
    file.source(name, |profile| {
        let (source, words) = of_profile(machine, profile)?;
        Ok(Found::new(source, words))
    })
}

/// As in the SDKs, an identity provider comes before a key.
fn of_profile(machine: &Machine<'_>, profile: &Profile<'_>) -> Result<(Source, String), SourceError> {
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
