//! The configuration of the Alibaba Cloud command line, `~/.aliyun/config.json`.

use std::path::{Path, PathBuf};

use super::config_mode::{self, Mode};
use super::fields::Fields;
use super::file::Content;
use super::found::Found;
use super::machine::Machine;
use super::profile::{self, Listed, MOST_ROLES, Profile};
use super::shown;
use crate::base::escape::Escaped;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::source::Source;

/// The variable that names the file.
pub(super) const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";

/// A configuration that was read.
pub(super) struct Config {
    shown: String,
    fields: Fields,
    warning: Option<String>,
}

/// Returns the file that is read where the plan names none; `None` where there is no home directory.
pub(super) fn usual_file(machine: &Machine<'_>) -> Result<Option<PathBuf>, SourceError> {
    match machine.value(FILE) {
        Some(path) => machine.path(path).map(Some),
        None => Ok(machine.at_home(".aliyun/config.json")),
    }
}

/// Reads a configuration; `None` where none is there.
pub(super) fn read(machine: &Machine<'_>, path: &Path) -> Result<Option<Config>, SourceError> {
    profile::read(machine, path)?.map(|(shown, content)| Config::of(shown, content)).transpose()
}

impl Config {
    /// Takes a file for a configuration.
    pub(super) fn of(shown: String, content: Content) -> Result<Self, SourceError> {
        let fields = profile::json(&shown, &content)?;
        Ok(Self { shown, fields, warning: content.warning })
    }

    /// Returns the file as it is shown.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the name of the profile that is used where nobody names one.
    pub(super) fn current(&self) -> &str {
        self.fields.get("current").unwrap_or("default")
    }

    pub(super) fn listed(&self) -> Listed {
        let names = profile::profiles(&self.fields).map(|(name, _)| name.to_owned()).collect();
        Listed { shown: self.shown.clone(), names }
    }

    /// Tells whether it has a profile, and whether there is anything in it: the command line writes an empty one at its
    /// first use.
    pub(super) fn holds(&self, name: &str) -> Holds {
        match self.fields_of(name) {
            None => Holds::Nothing,
            Some(fields) if config_mode::is_untouched(fields) => Holds::Empty,
            Some(_) => Holds::Profile,
        }
    }

    /// Returns the source that a profile of it names.
    pub(super) fn source(&self, machine: &Machine<'_>, name: &str) -> Result<Found, SourceError> {
        let mut notes: Vec<String> = self.warning.iter().cloned().collect();
        let (source, words) = self.follow(machine, &mut vec![name.to_owned()], 0, &mut notes)?;
        let words = format!("CLI profile {} ({}) → {words}", shown::quoted(name), self.shown);
        Ok(Found::new(source, words).with_notes(notes))
    }

    /// Returns the source of the last profile of a path, and its words.
    fn follow(
        &self,
        machine: &Machine<'_>,
        path: &mut Vec<String>,
        roles: usize,
        notes: &mut Vec<String>,
    ) -> Result<(Source, String), SourceError> {
        let name = path.last().cloned().unwrap_or_default();
        let fields = self.fields_of(&name).ok_or_else(|| profile::not_there(&name, &[self.listed()], &[]))?;
        let profile = Profile { name: &name, place: &self.shown, fields };
        let mode = Mode::of(&profile)?;
        let roles = roles + usize::from(mode.is_role());
        if roles > MOST_ROLES {
            let message = format!("at most {MOST_ROLES} roles follow each other: {} ({})", chain(path), self.shown);
            return Err(SourceError::new(Nature::Final, message, ""));
        }
        if mode != Mode::ChainableRamRoleArn {
            notes.extend(config_mode::oddity(&profile, mode));
            return config_mode::source(machine, &profile, mode);
        }
        let next = profile.need("source_profile")?;
        let is_circle = path.iter().any(|name| name == next);
        path.push(next.to_owned());
        if is_circle {
            let message = format!("source_profile leads in a circle: {} ({})", chain(path), self.shown);
            return Err(SourceError::new(Nature::Final, message, ""));
        }
        let (source, words) = self.follow(machine, path, roles, notes)?;
        let (role, role_words) = config_mode::assumed(&profile, source)?;
        Ok((role, format!("{role_words}, assumed by profile {} → {words}", shown::quoted(next))))
    }

    fn fields_of(&self, name: &str) -> Option<&Fields> {
        profile::profiles(&self.fields).find_map(|(own, fields)| (own == name).then_some(fields))
    }
}

/// What a configuration has under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Profile,
    Empty,
    Nothing,
}

/// Shows a path of profiles: `a → b → a`.
fn chain(path: &[String]) -> String {
    path.iter().map(|name| Escaped(name).to_string()).collect::<Vec<_>>().join(" → ")
}
