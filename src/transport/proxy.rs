//! The proxy that requests go through, as the environment says.

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

use super::error::TransportError;
use crate::base::environment::Environment;

/// The variables that name a proxy for https, the first that is set counting.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that list hosts that are reached without it.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Says which proxy leads to which host.
#[derive(Debug)]
pub(super) struct Proxies(Matcher);

/// A proxy on the way to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proxy {
    pub(super) is_tls: bool,
    /// Without the brackets of an IPv6 address.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) login: Option<HeaderValue>,
    /// Host and port in words, without user and password.
    pub(super) name: String,
}

impl Proxies {
    /// Reads the variables, else the settings of the system.
    pub(super) fn of(environment: &Environment) -> Result<Self, TransportError> {
        let set = VARIABLES.iter().find_map(|name| Some((*name, environment.get(name)?)));
        let Some((variable, value)) = set else { return Ok(Self(Matcher::from_system())) };
        if !is_proxy(value) {
            return Err(TransportError::Proxy { variable });
        }
        let exceptions = EXCEPTIONS.iter().find_map(|name| environment.get(name)).unwrap_or_default();
        Ok(Self(Matcher::builder().https(value.to_owned()).no(exceptions.to_owned()).build()))
    }

    /// Leads to every host without a proxy.
    pub(super) fn none() -> Self {
        Self(Matcher::builder().build())
    }

    /// Returns the proxy on the way to `url`, if there is one.
    pub(super) fn on_the_way_to(&self, url: &Uri) -> Option<Proxy> {
        let found = self.0.intercept(url)?;
        let uri = found.uri();
        let is_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let host = uri.host()?;
        let name = format!("{host}:{port}");
        let host = host.trim_matches(['[', ']']).to_owned();
        Some(Proxy { is_tls, host, port, login: found.basic_auth().cloned(), name })
    }
}

/// Tells whether a text is the address of a proxy, such as `http://user:password@host:3128` or `host:3128`.
fn is_proxy(text: &str) -> bool {
    let has_host = |uri: &Uri| uri.host().is_some_and(|host| !host.is_empty());
    let is_http = |uri: &Uri| uri.scheme_str().is_none_or(|scheme| ["http", "https"].contains(&scheme));
    text.parse::<Uri>().is_ok_and(|uri| is_http(&uri) && has_host(&uri))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let proxies = Proxies::of(&variables.iter().copied().collect()).unwrap();
        let proxy = proxies.on_the_way_to(&url.parse().unwrap())?;
        Some(format!(
            "{}{}{}",
            if proxy.is_tls { "tls " } else { "" },
            proxy.name,
            if proxy.login.is_some() { " login" } else { "" }
        ))
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let host = "https://fnf.example/";
        for (variables, expected) in [
            (vec![("HTTPS_PROXY", "http://a:3128")], Some("a:3128")),
            (vec![("HTTPS_PROXY", ""), ("https_proxy", "http://a:3128")], Some("a:3128")),
            (vec![("HTTPS_PROXY", "a:3128"), ("ALL_PROXY", "b:3128")], Some("a:3128")),
            (vec![("all_proxy", "a")], Some("a:80")),
            (vec![("HTTPS_PROXY", "https://me:s3cret@a")], Some("tls a:443 login")),
            (vec![("HTTPS_PROXY", "http://[::1]:3128")], Some("[::1]:3128")),
            (vec![("HTTPS_PROXY", "a:1"), ("NO_PROXY", "other, .example")], None),
            (vec![("HTTP_PROXY", "://bad"), ("HTTPS_PROXY", "a:1")], Some("a:1")),
        ] {
            assert_eq!(found(&variables, host).as_deref(), expected, "{variables:?}");
        }
        assert_eq!(found(&[("HTTPS_PROXY", "a:1"), ("NO_PROXY", "::1")], "https://[::1]:8443/"), None);
    }

    #[test]
    fn what_is_no_proxy_is_refused_by_name_and_never_shown() {
        for value in
            ["://bad", "http://", "http://me:s3cret@", "a b", "socks5://me:s3cret@a:1080", "ftp://a", "http:/a", "/a"]
        {
            for variable in VARIABLES {
                let error = Proxies::of(&[(variable, value)].into_iter().collect()).unwrap_err();
                assert!(error.to_string().starts_with(variable), "{error}");
                assert!(error.hint().contains(variable), "{}", error.hint());
                assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
            }
        }
    }
}
