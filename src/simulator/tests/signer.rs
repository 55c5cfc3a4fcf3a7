//! Signatures of the tests' own.

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::super::encoding::encode;
use crate::provider::Credentials;

/// An access key.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
}

impl Key {
    pub(super) fn new(id: &str, secret: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned(), token: None }
    }

    /// Takes a key of the simulator's own.
    pub(super) fn of(credentials: &Credentials) -> Self {
        match credentials {
            Credentials::AccessKey { id, secret, security_token } => Self {
                id: id.clone(),
                secret: secret.expose_secret().to_owned(),
                token: security_token.as_ref().map(|token| token.expose_secret().to_owned()),
            },
            Credentials::AuthToken(_) => panic!("not a key"),
        }
    }

    /// Takes a key that was issued, from fields of these names.
    pub(super) fn issued(from: &Value, names: [&str; 3]) -> Self {
        let [id, secret, token] =
            names.map(|name| from[name].as_str().unwrap_or_else(|| panic!("no {name} in {from}")));
        Self { id: id.to_owned(), secret: secret.to_owned(), token: Some(token.to_owned()) }
    }

    /// Returns the query of an RPC request for an action of a version.
    pub(super) fn rpc(
        &self,
        method: &str,
        (action, version): (&str, &str),
        parameters: &[(&str, &str)],
        (date, nonce): (Timestamp, &str),
    ) -> String {
        let date = date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut all = vec![
            ("AccessKeyId", self.id.as_str()),
            ("Action", action),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &date),
            ("Version", version),
        ];
        all.extend(self.token.as_deref().map(|token| ("SecurityToken", token)));
        all.extend_from_slice(parameters);
        all.sort_unstable();
        let query: Vec<_> = all.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let query = query.join("&");
        let mut code = Hmac::<Sha1>::new_from_slice(format!("{}&", self.secret).as_bytes()).unwrap();
        code.update(format!("{method}&%2F&{}", encode(&query)).as_bytes());
        let signature = BASE64.encode(&code.finalize().into_bytes());
        format!("{query}&Signature={}", encode(&signature))
    }

    /// Returns the headers of an ROA request without a body, for an action of a version.
    pub(super) fn acs3(
        &self,
        method: &str,
        (action, version): (&str, &str),
        (path, query): (&str, &str),
        (date, nonce): (Timestamp, &str),
    ) -> Vec<(&'static str, String)> {
        let hash = HEXLOWER.encode(&Sha256::digest(""));
        let mut headers = vec![
            ("host", "127.0.0.1".to_owned()),
            ("x-acs-action", action.to_owned()),
            ("x-acs-content-sha256", hash.clone()),
            ("x-acs-date", date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ];
        headers.extend(self.token.clone().map(|token| ("x-acs-security-token", token)));
        headers.extend([("x-acs-signature-nonce", nonce.to_owned()), ("x-acs-version", version.to_owned())]);
        let (lines, signed) = lines(&headers);
        let canonical = format!("{method}\n{path}\n{query}\n{lines}\n{signed}\n{hash}");
        let signature = self.seal(&format!("ACS3-HMAC-SHA256\n{}", HEXLOWER.encode(&Sha256::digest(canonical))));
        let id = &self.id;
        let authorization = format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={signed},Signature={signature}");
        headers.push(("authorization", authorization));
        headers
    }

    /// Returns the headers of a request to Huawei Cloud, whose path has no character that is encoded; the project is that
    /// of the path.
    pub(super) fn sdk_hmac(
        &self,
        method: &str,
        target: &str,
        body: &str,
        date: Timestamp,
    ) -> Vec<(&'static str, String)> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let date = date.strftime("%Y%m%dT%H%M%SZ").to_string();
        let mut headers = vec![("host", "127.0.0.1".to_owned())];
        headers.push(("x-project-id", path.split('/').nth(2).unwrap_or_default().to_owned()));
        headers.push(("x-sdk-date", date.clone()));
        headers.extend(self.token.clone().map(|token| ("x-security-token", token)));
        let (lines, signed) = lines(&headers);
        let hash = HEXLOWER.encode(&Sha256::digest(body));
        let canonical = format!("{method}\n{path}/\n{query}\n{lines}\n{signed}\n{hash}");
        let text = format!("SDK-HMAC-SHA256\n{date}\n{}", HEXLOWER.encode(&Sha256::digest(canonical)));
        let authorization =
            format!("SDK-HMAC-SHA256 Access={}, SignedHeaders={signed}, Signature={}", self.id, self.seal(&text));
        headers.push(("authorization", authorization));
        headers
    }

    fn seal(&self, text: &str) -> String {
        let mut code = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        code.update(text.as_bytes());
        HEXLOWER.encode(&code.finalize().into_bytes())
    }
}

/// Writes the signed headers, and their names.
fn lines(headers: &[(&'static str, String)]) -> (String, String) {
    let lines = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    (lines, headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";"))
}
