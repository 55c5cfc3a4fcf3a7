//! A notification with its address and its secrets.

use std::fmt;
use std::path::Path;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::{NotifyError, Place};
use crate::base::environment::Environment;
use crate::credentials::secret_at;
use crate::http::is_loopback;
use crate::plan::{Chat, Notification, SecretAt};

/// A notification of a plan with its address and its secrets, which its `Debug` does not show.
pub struct Hook {
    pub(super) notification: Notification,
    pub(super) url: SecretString,
    /// The secret of the signature.
    pub(super) sign: Option<SecretString>,
    pub(super) headers: Vec<(String, SecretString)>,
}

impl Hook {
    /// Reads the address and the secrets of a notification; `plan` is the file that has it.
    ///
    /// # Errors
    ///
    /// Fails when a variable or a file is missing, and when the address is not `https`, or `http` on this machine.
    pub fn new(notification: &Notification, plan: &Path, environment: &Environment) -> Result<Self, NotifyError> {
        let wrong = |message: String, hint: &str| NotifyError {
            place: Place { file: plan.display().to_string(), line: notification.line, name: notification.name.clone() },
            message,
            hint: format!("{hint}, or run without notifications with --no-notify; nothing was sent"),
        };
        let read = |at: &SecretAt, what: &str| {
            secret_at(at, what, environment).map_err(|error| wrong(error.message().to_owned(), &remedy(at)))
        };
        let url = read(&notification.url, "the address")?;
        if let Err(reason) = check(url.expose_secret()) {
            return Err(wrong(format!("the address in {} {reason}", place(&notification.url)), ADDRESS));
        }
        let (sign, headers) = match &notification.chat {
            Chat::DingTalk { secret } | Chat::Feishu { secret } => {
                (secret.as_ref().map(|at| read(at, "the secret of the signature")).transpose()?, Vec::new())
            }
            Chat::Webhook { headers, .. } => {
                let headers =
                    headers.iter().map(|(name, at)| Ok((name.clone(), read(at, &format!("the header {name}"))?)));
                (None, headers.collect::<Result<Vec<_>, _>>()?)
            }
            Chat::WeCom | Chat::Slack => (None, Vec::new()),
        };
        if let Some((name, _)) = headers.iter().find(|(_, value)| HeaderValue::from_str(value.expose_secret()).is_err())
        {
            return Err(wrong(
                format!("the header {name} has a value that no header can have"),
                "write it in ASCII, on one line",
            ));
        }
        Ok(Self { notification: notification.clone(), url, sign, headers })
    }

    /// Returns the notification.
    #[must_use]
    pub const fn notification(&self) -> &Notification {
        &self.notification
    }

    /// Returns everything that nobody may see.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let mut secrets = vec![self.url.clone()];
        secrets.extend(self.sign.clone());
        secrets.extend(self.headers.iter().map(|(_, value)| value.clone()));
        secrets
    }
}

const ADDRESS: &str = "write the address as the chat shows it, https://HOST/PATH";

/// Says what to do where a secret is missing.
fn remedy(at: &SecretAt) -> String {
    let verb = match at {
        SecretAt::Env(_) => "set",
        SecretAt::File(_) => "write",
    };
    format!("{verb} {}", place(at))
}

/// Names where a secret is.
pub(super) fn place(at: &SecretAt) -> String {
    match at {
        SecretAt::Env(variable) => variable.clone(),
        SecretAt::File(path) => path.display().to_string(),
    }
}

/// Checks an address, or says what is wrong with it.
fn check(address: &str) -> Result<(), &'static str> {
    let url = Url::parse(address).map_err(|_| "is not a URL")?;
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        _ if host.is_empty() => Err("has no host"),
        _ if !url.username().is_empty() || url.password().is_some() => Err("has a user or password in it"),
        _ if url.fragment().is_some() => Err("has a fragment"),
        "https" => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err("is plain http to another machine"),
        _ => Err("is not https"),
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("notification", &self.notification).finish_non_exhaustive()
    }
}
