//! Failures of requests: what happened and what is to blame.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::error::root;
use super::send_error::{Blame, SendError};
use super::tunnel::ProxyError;
use crate::error::ErrorClass;

/// Whom a request was for, and whose certificates are believed.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) host: &'a str,
    pub(super) trusted: &'a str,
}

/// A failure of one of the two clients.
pub(super) enum Failed {
    Direct(reqwest::Error),
    Tunnelled(hyper_util::client::legacy::Error),
}

impl Failed {
    /// Tells whether the request never left.
    fn is_unsent(&self) -> bool {
        match self {
            Self::Direct(error) => error.is_connect() || error.is_builder(),
            Self::Tunnelled(error) => error.is_connect(),
        }
    }

    fn error(&self) -> &(dyn Error + 'static) {
        match self {
            Self::Direct(error) => error,
            Self::Tunnelled(error) => error,
        }
    }

    /// Tells whether the connection was closed after a ping timeout.
    pub(super) fn is_ping_timeout(&self) -> bool {
        !self.is_unsent() && find::<hyper::Error>(self.error()).is_some_and(hyper::Error::is_timeout)
    }

    /// Describes the failure by its root cause; the URL, which may carry a signature, is left out.
    pub(super) fn described(self, http_status: Option<u16>, context: Context<'_>) -> SendError {
        let failed = match self {
            Self::Direct(error) => Self::Direct(error.without_url()),
            Self::Tunnelled(_) => self,
        };
        let error = failed.error();
        let is_timeout = find::<hyper::Error>(error).is_some_and(hyper::Error::is_timeout)
            || matches!(&failed, Self::Direct(error) if error.is_timeout())
            || matches!(find(error), Some(ProxyError::Late(_)));
        let class = if is_timeout { ErrorClass::Timeout } else { ErrorClass::Network };
        let surely_not_sent = failed.is_unsent();
        let (blame, what) = match failed.is_ping_timeout() {
            true => (Blame::Unknown, "no response to an HTTP/2 ping".to_owned()),
            false => cause(error, context),
        };
        let message = if http_status.is_some() {
            format!("the response was cut off: {what}")
        } else if surely_not_sent {
            format!("no connection: {what}")
        } else {
            format!("the connection broke before a response: {what}")
        };
        SendError { class, surely_not_sent, http_status, message, blame }
    }
}

/// Returns what is to blame, and what happened in words.
fn cause(error: &(dyn Error + 'static), context: Context<'_>) -> (Blame, String) {
    if let Some(error) = find::<io::Error>(error).filter(|_| is_short(error)) {
        return (Blame::Descriptors, format!("out of file descriptors ({error})"));
    }
    if is_untrusted(error) {
        let Context { host, trusted } = context;
        return (Blame::Issuer, format!("the certificate of {host} is signed by no CA in {trusted}"));
    }
    match find::<ProxyError>(error) {
        None if is_resolving(error) && is_short_now() => {
            (Blame::Descriptors, format!("out of file descriptors ({})", root(error)))
        }
        Some(proxy @ ProxyError::Refused(_, 407)) => (Blame::ProxyLogin, proxy.to_string()),
        Some(proxy) => (Blame::Proxy, proxy.to_string()),
        None => (Blame::Unknown, root(error).to_string()),
    }
}

/// Tells whether the process or the system has no file descriptor left.
fn is_short(error: &(dyn Error + 'static)) -> bool {
    let code = find::<io::Error>(error).and_then(io::Error::raw_os_error);
    code.is_some_and(|code| SHORT.contains(&code))
}

/// Tells whether the failure may be one to look a name up, which does not say what the system said.
fn is_resolving(error: &(dyn Error + 'static)) -> bool {
    find::<io::Error>(error).is_some_and(|error| error.raw_os_error().is_none())
}

/// Tells whether nothing can be opened at this moment.
fn is_short_now() -> bool {
    std::fs::File::open("/dev/null").is_err_and(|error| is_short(&error))
}

#[cfg(unix)]
const SHORT: [i32; 2] = [rustix::io::Errno::MFILE.raw_os_error(), rustix::io::Errno::NFILE.raw_os_error()];

#[cfg(not(unix))]
const SHORT: [i32; 0] = [];

fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let found = find::<rustls::Error>(error);
    matches!(found, Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)))
}

/// Looks for an error of a sort behind another one.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // What an I/O error carries is not its source.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| find(inner)) {
            return Some(found);
        }
        at = error.source();
    }
    None
}
