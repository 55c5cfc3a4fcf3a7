//! Where requests go: the scheme and the host of a URL.

use std::net::Ipv4Addr;

use http::Uri;
use http::uri::Authority;
use url::Url;

use crate::http::{is_adjacent, is_loopback};

/// The scheme, the host and the port of a URL.
pub(super) struct Address<'t> {
    pub(super) scheme: &'t str,
    authority: Authority,
    /// Whether it has a path or a query.
    pub(super) has_more: bool,
    pub(super) has_fragment: bool,
}

impl<'t> Address<'t> {
    /// Reads a URL, or says what is wrong with it.
    pub(super) fn of(text: &'t str) -> Result<Self, &'static str> {
        let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
        let (Some(_), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err("is not a URL with a scheme and a host");
        };
        if authority.as_str().contains('@') {
            return Err("must not have a user or password in it");
        }
        let has_port = authority.as_str() != authority.host();
        // What requests go to is read by this parser, which knows what an address is.
        let is_host = Url::parse(text).is_ok_and(|url| url.has_host());
        if !is_host || authority.host().is_empty() || (has_port && authority.port_u16().is_none_or(|port| port == 0)) {
            return Err("has no valid host and port");
        }
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        let has_more = uri.path() != "/" || uri.query().is_some();
        Ok(Self { scheme, authority: authority.clone(), has_more, has_fragment: text.contains('#') })
    }

    /// Tells whether it is on this machine.
    pub(super) fn is_here(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// Tells whether plain `http` may go there: to this machine, or to what is directly beside it.
    pub(super) fn is_adjacent(&self) -> bool {
        is_adjacent(self.authority.host())
    }

    /// Tells whether the host is an address, `localhost` or a name with a domain: a single word could be anything.
    pub(super) fn has_full_name(&self) -> bool {
        let host = self.authority.host();
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        let is_name =
            host.contains('.') && host.split('.').all(is_label) && host.contains(|ch: char| ch.is_alphabetic());
        is_name || host == "localhost" || host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
    }

    /// Returns the scheme, the host and the port, without a trailing slash.
    pub(super) fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }
}
