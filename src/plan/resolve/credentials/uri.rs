//! Reads a URL that returns keys.

use crate::plan::credential_source::CredentialUri;
use crate::plan::reader::{Field, Reader};
use crate::plan::resolve::address::Address;

/// Reads `uri`. A URL with a query is hidden: that may hold a secret.
pub(super) fn read(field: Field<'_, '_>, insecure_http: bool, reader: &mut Reader<'_>) -> Option<CredentialUri> {
    let is_open = field.node.scalar().is_none_or(|scalar| !scalar.text.contains(['?', '@', '#']));
    if !is_open {
        reader.found.mask(field.node);
    }
    // What it is called does not show its value.
    let text = reader.name(field)?;
    match check(&text.value, insecure_http) {
        Ok(()) => Some(CredentialUri { url: text.value.into_owned(), insecure_http }),
        Err((reason, hint)) => {
            reader.wrong(text.span, format!("{field} {reason}"), Some(hint.to_owned()));
            None
        }
    }
}

fn check(text: &str, insecure_http: bool) -> Result<(), (&'static str, &'static str)> {
    const FORM: &str = "write it as `https://host/path`";
    let address = Address::of(text).map_err(|reason| (reason, FORM))?;
    if address.has_fragment {
        return Err(("must not have a fragment", FORM));
    }
    match address.scheme {
        "https" => Ok(()),
        "http" if address.is_adjacent() || insecure_http => Ok(()),
        "http" => Err((
            "must be https; plain http goes to this machine and to link-local addresses only",
            "if the keys may cross that network in plain text, add `insecure_http: true`",
        )),
        _ => Err(("must be https", FORM)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_near_unless_it_may_go_further() {
        for url in [
            "https://keys.example.com/a?b=c",
            "http://127.0.0.1:6666/keys",
            "http://localhost/keys",
            "http://[::1]:1/",
            "http://169.254.170.23/v1/credentials",
            "http://[fe80::1]/",
            "http://100.100.100.200",
        ] {
            assert_eq!(check(url, false), Ok(()), "{url}");
        }
        for url in ["http://keys.example.com/a", "http://10.0.0.1/", "http://127.1/", "http://2130706433/"] {
            assert!(check(url, false).is_err(), "{url}");
            assert_eq!(check(url, true), Ok(()), "{url}");
        }
        for url in [
            "",
            "keys.example.com",
            "/keys",
            "ftp://example.com",
            "https://u:p@example.com",
            "https://",
            "https://a/#b",
        ] {
            assert!(check(url, true).is_err(), "{url}");
        }
    }
}
