//! Reads an account's `endpoints`: base URLs that replace the vendor's.

use std::collections::BTreeMap;

use crate::plan::finding::Finding;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::Span;
use crate::provider::{Cloud, METADATA};
use crate::service::products;

use super::address::Address;

/// What an endpoint is of, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A product: `https`, or `http` on this machine.
    Product,
    /// What gives credentials out: `https`, also without saying so, or `http` on this machine and beside it.
    Credentials,
    /// The metadata service: on this machine or beside it.
    Metadata,
}

/// Reads the endpoints by name; if the cloud is unknown, any cloud's are accepted.
pub(super) fn endpoints(
    field: Field<'_, '_>,
    cloud: Option<Cloud>,
    reader: &mut Reader<'_>,
) -> BTreeMap<String, String> {
    let mut endpoints = BTreeMap::new();
    let clouds = cloud.map_or_else(|| Cloud::ALL.to_vec(), |cloud| vec![cloud]);
    let known: Vec<(&str, Sort)> = clouds.iter().flat_map(|cloud| names(*cloud)).collect();
    for entry in reader.entries(field).unwrap_or_default() {
        let name = entry.name();
        let Some((_, sort)) = known.iter().find(|(known, _)| *known == name) else {
            let of = cloud.map(|cloud| format!(" of the cloud {}", quote(cloud.name()))).unwrap_or_default();
            let hint = suggest::hint(name, known.iter().map(|(known, _)| *known));
            let title = format!("{} is not an endpoint{of}", quote(name));
            reader.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
            continue;
        };
        let field = Field { name, node: &entry.value };
        let Some(text) = reader.name(field) else { continue };
        match base_url(&text.value, *sort) {
            Ok(url) => {
                endpoints.insert(name.to_owned(), url);
            }
            Err(reason) => {
                if text.value.contains('@') {
                    reader.found.mask(&entry.value);
                }
                let title = format!("the endpoint of {} {reason}", quote(name));
                let hint = match sort {
                    Sort::Metadata => {
                        "write it as `http://host` or `http://host:port`, such as `http://127.0.0.1:8080`"
                    }
                    Sort::Product | Sort::Credentials => "write it as `https://host` or `https://host:port`",
                };
                reader.wrong(text.span, title, Some(hint.into()));
            }
        }
    }
    endpoints
}

/// Returns the names of a cloud's endpoints.
fn names(cloud: Cloud) -> impl Iterator<Item = (&'static str, Sort)> {
    let of_credentials = cloud.credential_endpoints().iter().map(|name| {
        let sort = if *name == METADATA { Sort::Metadata } else { Sort::Credentials };
        (*name, sort)
    });
    products(cloud).into_iter().map(|product| (product.name, Sort::Product)).chain(of_credentials)
}

/// Warns where all regions of an account would send their requests to one endpoint of a product: a vendor's endpoint is
/// that of one region, which may have resources of the same names. On this machine it is something made for tests.
pub(super) fn warn_shared(place: Span, cloud: Cloud, endpoints: &BTreeMap<String, String>, reader: &mut Reader<'_>) {
    let mut products = products(cloud).into_iter().filter_map(|product| endpoints.get(product.name));
    if !products.all(|url| Address::of(url).is_ok_and(|address| address.is_here())) {
        let title = "all regions of this account send their requests to the same `endpoints`";
        let hint = "if an endpoint is that of one region, give that region an account of its own";
        reader.found.push(Finding::warning(place, title).hint(hint));
    }
}

/// Returns the URL without a trailing slash, or its error.
fn base_url(text: &str, sort: Sort) -> Result<String, &'static str> {
    if sort != Sort::Product && !text.contains("://") {
        let url = format!("https://{text}");
        let is_host = Address::of(&url).is_ok_and(|address| address.has_full_name());
        return if is_host { base_url(&url, sort) } else { Err("is neither a URL nor a host") };
    }
    let address = Address::of(text)?;
    if address.has_more || address.has_fragment {
        return Err("must have neither a path nor a query");
    }
    match (address.scheme, sort) {
        ("http" | "https", Sort::Metadata) if address.is_adjacent() => {}
        ("http" | "https", Sort::Metadata) => return Err("must be on this machine or have a link-local address"),
        ("https", _) => {}
        ("http", Sort::Product) if address.is_here() => {}
        ("http", Sort::Product) => return Err("must be https; plain http goes to this machine only"),
        ("http", Sort::Credentials) if address.is_adjacent() => {}
        ("http", Sort::Credentials) => {
            return Err("must be https; plain http goes to this machine and to link-local addresses only");
        }
        _ => return Err("must be https"),
    }
    Ok(address.base())
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
            assert_eq!(base_url(text, Sort::Product).as_deref(), Ok(expected), "{text}");
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
            assert!(base_url(text, Sort::Product).is_err(), "{text}");
            // These need no scheme, and are no less strict.
            let is_fine = ["fnf.example.com", "example.com:443"].contains(&text);
            assert_eq!(base_url(text, Sort::Credentials).is_ok(), is_fine, "{text}");
            assert!(base_url(text, Sort::Metadata).is_err(), "{text}");
        }
    }

    #[test]
    fn what_gives_credentials_out_may_be_beside_the_machine() {
        for (text, expected) in [
            ("sts.example.com", "https://sts.example.com"),
            ("sts.example.com:8443/", "https://sts.example.com:8443"),
            ("http://169.254.169.254", "http://169.254.169.254"),
            ("http://[fe80::1]:80", "http://[fe80::1]:80"),
            ("http://100.100.100.200", "http://100.100.100.200"),
        ] {
            assert_eq!(base_url(text, Sort::Credentials).as_deref(), Ok(expected), "{text}");
        }
        for text in ["http://10.0.0.1", "1.5", "sts", "20:00", "sts..example.com", "*.example.com", "1"] {
            assert!(base_url(text, Sort::Credentials).is_err(), "{text}");
        }
        for (text, expected) in [
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("https://localhost/", "https://localhost"),
            ("169.254.169.254", "https://169.254.169.254"),
        ] {
            assert_eq!(base_url(text, Sort::Metadata).as_deref(), Ok(expected), "{text}");
        }
        for text in ["https://metadata.example.com", "http://100.100.100.201", "10.0.0.1"] {
            assert!(base_url(text, Sort::Metadata).is_err(), "{text}");
        }
    }
}
