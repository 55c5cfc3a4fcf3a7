//! An ini file of profiles: what the files of the SDKs of both clouds have in common.

use std::path::Path;

use super::file::Content;
use super::found::Found;
use super::ini::{self, Section};
use super::machine::Machine;
use super::profile::{self, Listed, Profile};
use super::shown;
use crate::credentials::error::{Nature, SourceError};

/// A file that was read.
pub(super) struct IniFile {
    /// Its path, as it is shown.
    pub(super) shown: String,
    sections: Vec<Section>,
    warning: Option<String>,
}

impl IniFile {
    /// Reads a file; `None` where none is there.
    pub(super) fn read(machine: &Machine<'_>, path: &Path) -> Result<Option<Self>, SourceError> {
        profile::read(machine, path)?.map(|(shown, content)| Self::of(shown, content)).transpose()
    }

    /// Takes a file for one of these.
    pub(super) fn of(shown: String, content: Content) -> Result<Self, SourceError> {
        let sections = ini::parse(content.text()).map_err(|at| {
            let message = format!("{shown}:{}:{}: {}", at.line, at.column, at.expected);
            SourceError::new(Nature::Final, message, "")
        })?;
        Ok(Self { shown, sections, warning: content.warning })
    }

    pub(super) fn listed(&self) -> Listed {
        Listed { shown: self.shown.clone(), names: self.sections.iter().map(|section| section.name.clone()).collect() }
    }

    /// Returns what `read` makes of a section; `None` where there is no such section.
    pub(super) fn source(
        &self,
        name: &str,
        read: impl FnOnce(&Profile<'_>) -> Result<Found, SourceError>,
    ) -> Result<Option<Found>, SourceError> {
        let Some(section) = self.sections.iter().find(|section| section.name == name) else { return Ok(None) };
        let place = format!("{}:{}", self.shown, section.line);
        let found = read(&Profile { name, place: &place, fields: &section.fields })?;
        let words = format!("SDK profile {} ({}) → {}", shown::quoted(name), self.shown, found.words);
        let notes = self.warning.iter().cloned().chain(found.notes);
        Ok(Some(Found::new(found.source, words).with_notes(notes)))
    }
}
