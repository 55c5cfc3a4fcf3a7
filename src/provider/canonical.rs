//! The canonical request, which both vendors build alike: they differ in the path, in which headers they sign, and
//! in what they put around its hash.

use data_encoding::HEXLOWER;
use http::Method;
use sha2::{Digest, Sha256};

/// The SHA-256 of no bytes.
const SHA256_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The headers that a signature covers, sorted by name.
pub struct SignedHeaders<'a>(Vec<(&'a str, &'a str)>);

impl<'a> SignedHeaders<'a> {
    /// Sorts headers whose names are in lower case and occur once each.
    #[must_use]
    pub fn new(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut headers: Vec<_> = headers.into_iter().collect();
        headers.sort_unstable();
        Self(headers)
    }

    /// Returns the canonical request: method, path, query, headers, their names, and the body's hash, one a line.
    ///
    /// `path` and `query` are the canonical ones, the query without `?`; the path need not be the one on the wire.
    #[must_use]
    pub fn canonical_request(&self, method: &Method, path: &str, query: &str, body_sha256: &str) -> String {
        let mut text = String::with_capacity(1024);
        for part in [method.as_str(), "\n", path, "\n", query, "\n"] {
            text.push_str(part);
        }
        for (name, value) in &self.0 {
            for part in [name, ":", value.trim(), "\n"] {
                text.push_str(part);
            }
        }
        for part in ["\n", &self.names(), "\n", body_sha256] {
            text.push_str(part);
        }
        text
    }

    /// Returns the names as an `Authorization` header lists them, such as `host;x-sdk-date`.
    #[must_use]
    pub fn names(&self) -> String {
        let mut names = String::with_capacity(128);
        for (name, _) in &self.0 {
            if !names.is_empty() {
                names.push(';');
            }
            names.push_str(name);
        }
        names
    }
}

/// Returns the SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    if bytes.is_empty() { SHA256_OF_NOTHING.to_owned() } else { HEXLOWER.encode(&Sha256::digest(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_sorted_and_trimmed() {
        let headers = SignedHeaders::new([("x-b", " 2 "), ("host", "h")]);
        assert_eq!(
            headers.canonical_request(&Method::PUT, "/p", "q=1", "hash"),
            "PUT\n/p\nq=1\nhost:h\nx-b:2\n\nhost;x-b\nhash"
        );
    }

    #[test]
    fn nothing_has_its_well_known_hash() {
        assert_eq!(sha256_hex(b""), HEXLOWER.encode(&Sha256::digest(b"")));
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
