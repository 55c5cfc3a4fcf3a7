//! Reads an account's `endpoints`: base URLs that replace the vendor's.

use std::collections::BTreeMap;

use http::Uri;
use url::Url;

use crate::http::is_loopback;
use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Span;
use crate::provider::Cloud;
use crate::service::products;

/// Reads the endpoints by product; if the cloud is unknown, any cloud's products are accepted.
pub(super) fn endpoints(
    field: Field<'_, '_>,
    cloud: Option<Cloud>,
    reader: &mut Reader<'_>,
) -> BTreeMap<String, String> {
    let mut endpoints = BTreeMap::new();
    let clouds = cloud.map_or_else(|| Cloud::ALL.to_vec(), |cloud| vec![cloud]);
    let products: Vec<&str> = clouds.iter().flat_map(|cloud| products(*cloud)).map(|product| product.name).collect();
    for entry in reader.entries(field).unwrap_or_default() {
        let product = entry.name();
        if !products.contains(&product) {
            let of = cloud.map(|cloud| format!(" of the cloud {}", quote(cloud.name()))).unwrap_or_default();
            let hint = suggest::hint(product, products.iter().copied());
            let title = format!("{} is not a product{of}", quote(product));
            reader.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
            continue;
        }
        let field = Field { name: product, node: &entry.value };
        let Some(text) = reader.name(field) else { continue };
        match base_url(&text.value) {
            Ok(url) => {
                endpoints.insert(product.to_owned(), url);
            }
            Err(reason) => {
                if text.value.contains('@') {
                    reader.found.mask(&entry.value);
                }
                let title = format!("the endpoint of {} {reason}", quote(product));
                reader.wrong(text.span, title, Some("write it as `https://host` or `https://host:port`".into()));
            }
        }
    }
    endpoints
}

/// Warns where all regions of an account would send their requests to one endpoint: a vendor's endpoint is that of one
/// region, which may have resources of the same names. On this machine it is something made for tests.
pub(super) fn warn_shared(place: Span, endpoints: &BTreeMap<String, String>, reader: &mut Reader<'_>) {
    let is_here = |url: &String| {
        url.parse::<Uri>().is_ok_and(|uri| uri.authority().is_some_and(|authority| is_loopback(authority.host())))
    };
    if !endpoints.values().all(is_here) {
        let title = "all regions of this account send their requests to the same `endpoints`";
        let hint = "if an endpoint is that of one region, give that region an account of its own";
        reader.found.push(Finding::warning(place, title).hint(hint));
    }
}

/// Returns the URL without a trailing slash, or its error.
fn base_url(text: &str) -> Result<String, &'static str> {
    let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
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
    if uri.path() != "/" || uri.query().is_some() || text.contains('#') {
        return Err("must have neither a path nor a query");
    }
    match scheme {
        "https" => {}
        "http" if is_loopback(authority.host()) => {}
        "http" => return Err("must be https; plain http goes to this machine only"),
        _ => return Err("must be https"),
    }
    Ok(format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_base_urls() {
        let table = [
            ("https://fnf.example.com", "https://fnf.example.com"),
            ("https://fnf.example.com:8443/", "https://fnf.example.com:8443"),
            ("http://127.0.0.1:18080", "http://127.0.0.1:18080"),
            ("http://127.8.9.1/", "http://127.8.9.1"),
            ("http://[::1]:80", "http://[::1]:80"),
            ("http://localhost:1", "http://localhost:1"),
        ];
        for (text, expected) in table {
            assert_eq!(base_url(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        let wrong = [
            "",
            "fnf.example.com",
            "example.com:443",
            "/path",
            "https://",
            "https:///x",
            "ftp://example.com",
            "http://example.com",
            "http://128.0.0.1",
            "http://localhost.example.com",
            "https://a:b@example.com",
            "https://user@example.com",
            "https://example.com/v1",
            "https://example.com?x",
            "https://example.com/#f",
            "https://example.com:",
            "https://example.com:99999",
            "https://example.com:0",
            "https://exa mple.com",
            "http://127.0.0.1@example.com",
            "http://[127.0.0.1]",
            "http://[127.0.0.1]:80",
            "https://[127.0.0.1]",
            "https://[localhost]",
            "http://[localhost]",
            "https://[]",
            "https://[::1",
            "https://[::1::]",
            "https://[fe80::1%eth0]",
            "https://1.2.3.4.5",
            "https://1.2.3.999",
            "http://::1",
            "http://[::ffff:10.0.0.1]",
        ];
        for text in wrong {
            assert!(base_url(text).is_err(), "{text}");
        }
    }
}
