//! The scheme and host that a request goes to.

use http::Uri;
use url::Url;

use super::sign_error::SignError;

/// An endpoint, taken apart once for all requests to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    base: Url,
    /// The host as the `host` header has it, with the port where it is not the scheme's own.
    pub(super) host: String,
}

impl Origin {
    /// Takes an endpoint such as `https://live.cn-north-4.myhuaweicloud.com` apart.
    ///
    /// # Errors
    ///
    /// Fails when it is no absolute URL, or has more than a scheme, a host and a port: a path or a query would
    /// not be covered by the signature.
    pub fn parse(endpoint: &str) -> Result<Self, SignError> {
        Self::read(endpoint).ok_or_else(|| {
            let without_user = endpoint.rsplit_once('@').map_or(endpoint, |(_, rest)| rest);
            SignError::Endpoint(without_user.to_owned())
        })
    }

    fn read(endpoint: &str) -> Option<Self> {
        let uri: Uri = endpoint.parse().ok()?;
        let scheme = uri.scheme_str()?;
        let authority = uri.authority()?;
        let port = authority.port_u16();
        let has_odd_port = port.is_none() && authority.as_str() != authority.host();
        let has_more = authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some();
        if authority.host().is_empty() || has_odd_port || has_more {
            return None;
        }
        // Clients leave a scheme's own port out of what they send, and signatures cover what is sent.
        let host = match (scheme, port) {
            ("https", Some(443)) | ("http", Some(80)) => authority.host(),
            _ => authority.as_str(),
        };
        Some(Self { base: Url::parse(endpoint).ok()?, host: host.to_ascii_lowercase() })
    }

    /// Returns the absolute URL of an encoded path and an encoded query.
    pub(super) fn url(&self, path: &str, query: &str) -> Url {
        let mut url = self.base.clone();
        if path != "/" {
            url.set_path(path);
        }
        url.set_query((!query.is_empty()).then_some(query));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_as_clients_send_them() {
        for (endpoint, url) in [
            ("https://cn-hangzhou.fnf.aliyuncs.com", "https://cn-hangzhou.fnf.aliyuncs.com/p?q"),
            ("https://Live.Example.com:443/", "https://live.example.com/p?q"),
            ("https://example.com:8443", "https://example.com:8443/p?q"),
            ("http://127.0.0.1:18080", "http://127.0.0.1:18080/p?q"),
            ("http://[::1]:80", "http://[::1]/p?q"),
        ] {
            assert_eq!(Origin::parse(endpoint).unwrap().url("/p", "q").as_str(), url, "{endpoint}");
        }
    }

    #[test]
    fn a_query_is_marked_only_where_there_is_one() {
        assert_eq!(Origin::parse("https://h").unwrap().url("/p", "").as_str(), "https://h/p");
    }

    #[test]
    fn everything_else_is_refused() {
        for endpoint in
            ["", "example.com", "/path", "https://", "https://h/base", "https://h?q=1", "https://h:port", "h\n"]
        {
            assert_eq!(Origin::parse(endpoint), Err(SignError::Endpoint(endpoint.into())), "{endpoint}");
        }
    }

    #[test]
    fn a_password_is_not_repeated() {
        assert_eq!(Origin::parse("https://me:hush@h"), Err(SignError::Endpoint("h".into())));
    }
}
