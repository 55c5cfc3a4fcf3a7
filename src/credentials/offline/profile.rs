//! What the profiles of all tools have in common: a file, a name, fields that must be there.

use std::path::Path;
use std::time::Duration;

use super::fields::{Fields, Value, parse_json};
use super::file::{self, Content};
use super::machine::Machine;
use super::variables::{access_key, is_plain};
use super::{key_id, shown};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::source::Keys;
use crate::plan::nearest;
use crate::provider::Credentials;

/// How many roles may follow each other.
pub(super) const MOST_ROLES: usize = 4;

/// A profile, and where it stands: for messages.
#[derive(Clone, Copy)]
pub(super) struct Profile<'a> {
    pub(super) name: &'a str,
    /// The file, as it is shown, with the line of the profile where the file has lines.
    pub(super) place: &'a str,
    pub(super) fields: &'a Fields,
}

/// The names of the fields of a key.
pub(super) struct KeyFields {
    pub(super) id: &'static str,
    pub(super) secret: &'static str,
    pub(super) token: &'static str,
}

/// Profiles that a file has, in whichever format.
pub(super) struct Listed {
    /// The file, as it is shown.
    pub(super) shown: String,
    pub(super) names: Vec<String>,
}

impl<'a> Profile<'a> {
    /// Returns the text of a field.
    pub(super) fn get(&self, field: &str) -> Option<&'a str> {
        self.fields.get(field)
    }

    /// Returns the text of a field that must be there.
    pub(super) fn need(&self, field: &str) -> Result<&'a str, SourceError> {
        self.get(field).ok_or_else(|| self.error(&format!("has no {field}")))
    }

    /// Returns the text of a field as a `String` that must be there.
    pub(super) fn owned(&self, field: &str) -> Result<String, SourceError> {
        self.need(field).map(str::to_owned)
    }

    /// Says what is wrong with it.
    pub(super) fn error(&self, what: &str) -> SourceError {
        self.error_with_hint(what, "")
    }

    /// Says what is wrong with it, and what to do.
    pub(super) fn error_with_hint(&self, what: &str, hint: impl Into<std::borrow::Cow<'static, str>>) -> SourceError {
        let message = format!("profile {} ({}) {what}", shown::quoted(self.name), self.place);
        SourceError::new(Nature::Final, message, hint)
    }

    /// Reads a duration in seconds; `0` says nothing.
    pub(super) fn seconds(&self, field: &str) -> Result<Option<Duration>, SourceError> {
        let Some(text) = self.get(field) else { return Ok(None) };
        let seconds = text.parse::<u64>().map_err(|_| self.error(&format!("has no number of seconds in {field}")))?;
        Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
    }

    /// Reads a policy, and returns it without the blanks in it.
    pub(super) fn policy(&self, field: &str) -> Result<Option<String>, SourceError> {
        self.get(field).map(compact).transpose().map_err(|()| self.error(&format!("has no JSON in {field}")))
    }

    /// Reads a key. Temporary ones may be replaced by others later.
    pub(super) fn keys(&self, names: &KeyFields) -> Result<Keys, SourceError> {
        let (id, secret, token) = (self.need(names.id)?, self.need(names.secret)?, self.get(names.token));
        for (text, name) in [(Some(id), names.id), (Some(secret), names.secret), (token, names.token)] {
            if text.is_some_and(|text| !is_plain(text)) {
                return Err(self.error(&format!("has an invalid character in {name}")));
            }
        }
        Ok(Keys {
            credentials: access_key(id, secret, token),
            expires_at: None,
            is_renewable: token.is_some(),
            project_id: None,
            iam_endpoint: None,
        })
    }

    /// Says what is odd about its key.
    pub(super) fn oddity(&self, names: &KeyFields) -> Option<String> {
        let token = format!("{} of profile {} ({})", names.token, shown::quoted(self.name), self.place);
        key_id::oddity(self.get(names.id)?, self.get(names.token).is_some(), &token)
    }
}

/// Returns JSON without the blanks in it.
pub(super) fn compact(json: &str) -> Result<String, ()> {
    serde_json::from_str::<serde_json::Value>(json).map(|value| value.to_string()).map_err(|_| ())
}

/// Returns the shown id of an access key; nothing for a token.
pub(super) fn shown_key(credentials: &Credentials) -> String {
    match credentials {
        Credentials::AccessKey { id, .. } => key_id::shown_key_id(id),
        Credentials::AuthToken(_) => "an auth token".to_owned(),
    }
}

/// Reads a file of profiles; `None` where none is there.
pub(super) fn read(machine: &Machine<'_>, path: &Path) -> Result<Option<(String, Content)>, SourceError> {
    let shown = machine.shown(path);
    Ok(file::read(path, &shown)?.map(|content| (shown, content)))
}

/// Reads the JSON object of a file of profiles, and the profiles in it.
pub(super) fn json(shown: &str, content: &Content) -> Result<Fields, SourceError> {
    let fault = |what: String| SourceError::new(Nature::Final, format!("{shown}{what}"), "");
    let value = parse_json(content.text().as_bytes())
        .map_err(|at| fault(format!(":{}:{}: {}", at.line, at.column, at.expected)))?;
    match value {
        Value::Fields(fields) if fields.list("profiles").is_some() => Ok(fields),
        Value::Fields(_) | Value::Nothing | Value::Text(_) | Value::List(_) => {
            Err(fault(":1:1: expected {\"profiles\": […]}".to_owned()))
        }
    }
}

/// Returns the profiles in the JSON object of a file, each with its name.
pub(super) fn profiles(fields: &Fields) -> impl Iterator<Item = (&str, &Fields)> {
    let profiles = fields.list("profiles").unwrap_or_default().iter().filter_map(Value::as_fields);
    profiles.map(|fields| (fields.get("name").unwrap_or("default"), fields))
}

/// Says that no file has a profile: those that were read, with their profiles, and those that are not there.
pub(super) fn not_there(name: &str, read: &[Listed], absent: &[String]) -> SourceError {
    let quoted = shown::quoted(name);
    if read.is_empty() {
        let message = format!("no profile {quoted}: {}", shown::are_not(absent, "there"));
        return SourceError::new(Nature::Final, message, "");
    }
    let files: Vec<_> = read.iter().map(|file| file.shown.as_str()).collect();
    let names: Vec<_> = read.iter().flat_map(|file| &file.names).map(String::as_str).collect();
    let hint = match (nearest(name, names.iter().copied()), names.as_slice()) {
        (Some(near), _) => format!("did you mean {}?", shown::quoted(near)),
        (None, []) => "it has no profile at all".to_owned(),
        (None, names) => {
            format!("there: {}", names.iter().map(|name| shown::quoted(name)).collect::<Vec<_>>().join(", "))
        }
    };
    SourceError::new(Nature::Final, format!("no profile {quoted} in {}", shown::list(&files)), hint)
}
