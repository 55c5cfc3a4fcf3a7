//! Templates of the bodies of webhooks: JSON with `{{ placeholders }}`.

use std::fmt;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::suggest::quote;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// Text: what is told, `start`, `end`, `refused`, `not_begun` or `test`.
    Event,
    /// Text: the name of the notification.
    Notification,
    /// Text: the name of the plan.
    Plan,
    /// Text: the id of the run.
    RunId,
    /// Text: `live`, `rehearsal` or `dry_run`.
    Mode,
    /// Text: the reason for the stop.
    Reason,
    /// Text: the verdict in one sentence.
    Title,
    /// Text: the whole message, several lines.
    Text,
    /// Text: the place of the report.
    Report,
    /// Text: the command that goes on.
    Next,
    /// A number: the exit status.
    ExitCode,
    /// A number: how many targets the run was about.
    Targets,
    /// A number: how many of them are stopped, or count as done.
    Done,
    /// A number: how many of them are not stopped, or not known to be.
    NotStopped,
    /// A number: how long the run took, in milliseconds.
    DurationMs,
    /// An object: the body that is sent without a template.
    Json,
}

impl Placeholder {
    /// All of them with their names, in the order to list them.
    pub const ALL: [(&'static str, Self); 16] = [
        ("event", Self::Event),
        ("notification", Self::Notification),
        ("plan", Self::Plan),
        ("run_id", Self::RunId),
        ("mode", Self::Mode),
        ("reason", Self::Reason),
        ("title", Self::Title),
        ("text", Self::Text),
        ("report", Self::Report),
        ("next", Self::Next),
        ("exit_code", Self::ExitCode),
        ("targets", Self::Targets),
        ("done", Self::Done),
        ("not_stopped", Self::NotStopped),
        ("duration_ms", Self::DurationMs),
        ("json", Self::Json),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(own, _)| *own == name).map(|(_, placeholder)| placeholder)
    }

    /// Returns a value as one that could stand there, to try the template with.
    const fn sample(self) -> &'static str {
        match self {
            Self::ExitCode | Self::Targets | Self::Done | Self::NotStopped | Self::DurationMs => "1",
            Self::Json => "{\"a\":\"b\"}",
            // Outside of quotes, this is no JSON.
            Self::Event
            | Self::Notification
            | Self::Plan
            | Self::RunId
            | Self::Mode
            | Self::Reason
            | Self::Title
            | Self::Text
            | Self::Report
            | Self::Next => "a text",
        }
    }
}

/// JSON with placeholders. What is put in the place of text is escaped, so that the quotes around it hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template(String);

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateError {
    /// It has a placeholder that does not exist.
    Unknown(String),
    /// A placeholder has no end.
    Open,
    /// With its placeholders filled in, it is no JSON.
    NotJson(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "has the unknown placeholder {}", quote(name)),
            Self::Open => f.write_str("has `{{` without `}}`"),
            Self::NotJson(error) => write!(f, "is not JSON once its placeholders are filled in: {error}"),
        }
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// Fails when it has unknown placeholders, or is no JSON once they are filled in.
    pub fn new(text: impl Into<String>) -> Result<Self, TemplateError> {
        let template = Self(text.into());
        for part in template.parts() {
            match part {
                Part::Text(_) => {}
                Part::Placeholder(name) if Placeholder::named(name).is_some() => {}
                Part::Placeholder(name) => return Err(TemplateError::Unknown(name.to_owned())),
                Part::Open => return Err(TemplateError::Open),
            }
        }
        let tried = template.filled(|placeholder| placeholder.sample().to_owned());
        match serde_json::from_str::<IgnoredAny>(&tried) {
            Ok(_) if tried.trim_start().starts_with(['{', '[']) => Ok(template),
            Ok(_) => Err(TemplateError::NotJson("expected an object or a list".to_owned())),
            Err(error) => Err(TemplateError::NotJson(error.to_string())),
        }
    }

    /// Returns the template as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts values in the place of the placeholders. `value` returns text with its JSON escapes and without quotes, and
    /// anything else as JSON.
    pub(crate) fn filled(&self, value: impl Fn(Placeholder) -> String) -> String {
        let mut filled = String::with_capacity(self.0.len());
        for part in self.parts() {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Placeholder(name) => filled.extend(Placeholder::named(name).map(&value)),
                Part::Open => {}
            }
        }
        filled
    }

    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let mut rest = Some(self.0.as_str()).filter(|text| !text.is_empty());
        let mut inside: Option<&str> = None;
        std::iter::from_fn(move || {
            if let Some(text) = inside.take() {
                let Some((name, behind)) = text.split_once("}}") else { return Some(Part::Open) };
                rest = Some(behind).filter(|text| !text.is_empty());
                return Some(Part::Placeholder(name.trim()));
            }
            let text = rest.take()?;
            match text.split_once("{{") {
                Some((before, behind)) => {
                    inside = Some(behind);
                    Some(Part::Text(before))
                }
                None => Some(Part::Text(text)),
            }
        })
    }
}

enum Part<'t> {
    Text(&'t str),
    Placeholder(&'t str),
    Open,
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        Self::new(text)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, text: &str) -> String {
        let value = |placeholder| {
            let own = [(Placeholder::Targets, "3"), (Placeholder::Json, "{}")];
            own.iter().find(|(own, _)| *own == placeholder).map_or(text, |(_, value)| value).to_owned()
        };
        Template::new(template).unwrap().filled(value)
    }

    #[test]
    fn placeholders_are_filled_in_wherever_they_stand() {
        let table = [
            (r#"{"a": "{{ title }}"}"#, r#"{"a": "x"}"#),
            (r#"{"a": "{{title}}{{  plan  }}.", "n": {{ targets }}}"#, r#"{"a": "xx.", "n": 3}"#),
            ("{{ json }}", "{}"),
            (r#"{"}} } {": "{ {"}"#, r#"{"}} } {": "{ {"}"#),
            ("[1]", "[1]"),
        ];
        for (template, expected) in table {
            assert_eq!(filled(template, "x"), expected);
        }
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused() {
        let unknown = |name: &str| TemplateError::Unknown(name.to_owned());
        for (template, error) in [
            (r#"{"a": "{{ tilte }}"}"#, unknown("tilte")),
            (r#"{"a": "{{ }}"}"#, unknown("")),
            (r#"{"a": "{{ Title }}"}"#, unknown("Title")),
            (r#"{"a": "{{ title"}"#, TemplateError::Open),
        ] {
            assert_eq!(Template::new(template), Err(error), "{template}");
        }
        // Text outside of quotes, an object within them, and what is no JSON at all.
        for template in [
            r#"{"a": {{ title }}}"#,
            r#"{"a": "{{ json }}"}"#,
            "",
            "a: {{ targets }}",
            "{{ targets }}",
            "\"{{ title }}\"",
            "{{ json }} {{ json }}",
        ] {
            assert!(matches!(Template::new(template), Err(TemplateError::NotJson(_))), "{template}");
        }
    }

    #[test]
    fn every_placeholder_has_a_name_of_its_own() {
        for (name, placeholder) in Placeholder::ALL {
            assert_eq!(Placeholder::named(name), Some(placeholder));
        }
    }
}
