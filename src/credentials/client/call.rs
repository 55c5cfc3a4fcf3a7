//! Requests to whoever hands credentials out.

use std::time::Duration;

use http::Method;
use secrecy::{ExposeSecret, SecretString};

use crate::http::{Api, Body, Signature};
use crate::provider::{Cloud, Credentials};

/// A request that is not signed.
pub(in crate::credentials) struct Call<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: Vec<(&'static str, SecretString)>,
    pub(super) body: Body,
    pub(super) secrets: Vec<SecretString>,
    pub(super) way: Way,
    pub(super) insecure_http: bool,
}

/// A request that is signed, or that carries the auth token in place of a signature.
pub(in crate::credentials) struct SignedCall<'a> {
    pub(in crate::credentials) api: &'static Api,
    /// The base URL, such as `https://sts.cn-hangzhou.aliyuncs.com`.
    pub(in crate::credentials) endpoint: &'a str,
    pub(in crate::credentials) method: Method,
    /// Percent-encoded, starting with `/`.
    pub(in crate::credentials) path: &'a str,
    pub(in crate::credentials) query: Vec<(&'static str, String)>,
    pub(in crate::credentials) body: Body,
    pub(in crate::credentials) credentials: &'a Credentials,
}

/// How a request gets to where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::credentials) enum Way {
    /// As to any service of a vendor: over the system's proxy, where it goes over TLS.
    Usual,
    /// Never over a proxy, and with the short times of a metadata service.
    Metadata,
}

impl Way {
    /// Returns how long connecting may take, and how long the whole request.
    pub(in crate::credentials) const fn times(self) -> (Duration, Duration) {
        match self {
            Self::Usual => (Duration::from_secs(3), Duration::from_secs(10)),
            Self::Metadata => (Duration::from_secs(1), Duration::from_secs(2)),
        }
    }
}

impl<'a> Call<'a> {
    /// Makes a request without a body.
    pub(in crate::credentials) const fn new(method: Method, url: &'a str) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Body::Empty,
            secrets: Vec::new(),
            way: Way::Usual,
            insecure_http: false,
        }
    }

    /// Makes a POST.
    pub(in crate::credentials) fn post(url: &'a str, body: Body) -> Self {
        Self { body, ..Self::new(Method::POST, url) }
    }

    /// Adds a header that is no secret; its name is in lower case.
    pub(in crate::credentials) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header with a secret, which is taken out of the response.
    pub(in crate::credentials) fn secret_header(mut self, name: &'static str, value: &SecretString) -> Self {
        self.headers.push((name, value.clone()));
        self.secret(value)
    }

    /// Adds `authorization: Bearer TOKEN`.
    pub(in crate::credentials) fn bearer(mut self, token: &SecretString) -> Self {
        self.headers.push(("authorization", format!("Bearer {}", token.expose_secret()).into()));
        self.secret(token)
    }

    /// Says what in the URL or the body is secret: it is taken out of the response.
    pub(in crate::credentials) fn secret(mut self, secret: &SecretString) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// Sends it as to a metadata service.
    pub(in crate::credentials) const fn metadata(mut self) -> Self {
        self.way = Way::Metadata;
        self
    }

    /// Lets it go over plain `http` to another machine.
    pub(in crate::credentials) const fn insecure_http(mut self, is_allowed: bool) -> Self {
        self.insecure_http = is_allowed;
        self
    }
}

impl SignedCall<'_> {
    /// Returns whose errors the response has.
    pub(super) const fn cloud(&self) -> Cloud {
        match self.api.signature {
            Signature::RpcV1 | Signature::Acs3 => Cloud::Alibaba,
            Signature::SdkHmac => Cloud::Huawei,
        }
    }
}
