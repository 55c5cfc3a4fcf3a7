//! Responses of whoever hands credentials out.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;

use super::key_ids::shorten_in;
use super::refusal::Refusal;
use crate::credentials::error::{Nature, SourceError};
use crate::error::ErrorClass;
use crate::http::{Response, SignedRequest};
use crate::provider::{Cloud, Credentials, Echoes, Object, Secrets, is_html};

/// A response, whatever its status.
pub(in crate::credentials) struct Reply {
    pub(super) response: Response,
    pub(super) host: String,
    pub(super) known: Known,
}

/// What a response may repeat and nobody is to see.
pub(super) struct Known {
    echoes: Echoes,
    /// The id of the key that signed the request.
    key_id: Option<String>,
}

impl Known {
    /// Knows these secrets.
    pub(super) fn secrets(secrets: Vec<SecretString>) -> Self {
        Self { echoes: Echoes::of(None, Arc::new(Secrets::new(secrets))), key_id: None }
    }

    /// Knows what a request was signed with, and its signature.
    pub(super) fn of_signed(credentials: &Credentials, signed: &SignedRequest) -> Self {
        let key_id = match credentials {
            Credentials::AccessKey { id, .. } => Some(id.clone()),
            Credentials::AuthToken(_) => None,
        };
        Self { echoes: Echoes::of(Some(signed), Arc::new(Secrets::of(credentials))), key_id }
    }

    fn out_of(&self, text: &str) -> String {
        self.echoes.out_of(shorten_in(text, self.key_id.as_deref()).into()).into()
    }
}

impl Reply {
    /// Returns when it was sent, by the clock of whoever sent it.
    pub(in crate::credentials) fn date(&self) -> Option<Timestamp> {
        self.response.date()
    }

    /// Returns the status.
    pub(in crate::credentials) const fn status(&self) -> u16 {
        self.response.status
    }

    /// Returns a header's value.
    pub(in crate::credentials) fn header(&self, name: &str) -> Option<&str> {
        self.response.header(name)
    }

    /// Returns who sent it: host and port.
    pub(in crate::credentials) fn host(&self) -> &str {
        &self.host
    }

    /// Tells whether it is a page for people.
    pub(in crate::credentials) fn is_html(&self) -> bool {
        is_html(&self.response)
    }

    /// Returns the JSON object of a success, with `fields` and those in the objects of its fields; or why it is none.
    pub(in crate::credentials) fn object(
        &self,
        cloud: Cloud,
        fields: &'static [&'static str],
    ) -> Result<Object<'_>, Refusal> {
        let read = cloud.read(&self.response, fields, None);
        if let Some(class) = read.error.class {
            return Err(self.refusal(class, read.error.code.as_deref(), read.error.message.as_deref()));
        }
        read.body.map_err(|error| self.refusal(ErrorClass::Protocol, None, error.message.as_deref()))
    }

    /// Returns the text of a success, without white space at its ends; or why it is none.
    pub(in crate::credentials) fn text(&self, cloud: Cloud) -> Result<&str, Refusal> {
        let read = cloud.read(&self.response, &[], None);
        if !self.response.is_success() {
            let class = read.error.class.unwrap_or(ErrorClass::Protocol);
            return Err(self.refusal(class, read.error.code.as_deref(), read.error.message.as_deref()));
        }
        match std::str::from_utf8(&self.response.body) {
            Ok(text) if !is_html(&self.response) => Ok(text.trim()),
            Ok(_) | Err(_) => Err(self.refusal(ErrorClass::Protocol, None, Some("something that is no text"))),
        }
    }

    /// Returns the text of a success as it is, which may hold secrets; or why it is none.
    pub(in crate::credentials) fn body(&self, cloud: Cloud) -> Result<&[u8], Refusal> {
        self.object(cloud, &[])?;
        Ok(&self.response.body)
    }

    /// Tells whether the body has these words, whatever its status.
    pub(in crate::credentials) fn contains(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.response.body).contains(words)
    }

    /// Says that something that must be there is not.
    pub(in crate::credentials) fn lacks(&self, what: &str) -> SourceError {
        SourceError::new(Nature::Passing, format!("the response of {} has no {what}", self.host), "")
    }

    /// Tells whether it refuses a request for its date.
    pub(super) fn is_about_clock(&self, cloud: Cloud) -> bool {
        !self.response.is_success() && cloud.error(&self.response).class == Some(ErrorClass::Clock)
    }

    fn refusal(&self, class: ErrorClass, code: Option<&str>, message: Option<&str>) -> Refusal {
        let clean = |text: &str| self.known.out_of(text);
        Refusal {
            host: self.host.clone(),
            status: self.response.status,
            is_html: is_html(&self.response),
            class,
            code: code.map(clean),
            message: message.map(clean),
            clock: self.date().filter(|_| class == ErrorClass::Clock),
        }
    }
}
