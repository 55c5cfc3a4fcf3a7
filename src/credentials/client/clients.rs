//! The HTTP clients of all sources.

use std::net::IpAddr;
use std::sync::{Mutex, OnceLock, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::address::{address, shown};
use super::call::{Call, SignedCall, Way};
use super::reply::{Known, Reply};
use crate::base::clock::{Clock, SystemClock};
use crate::base::duration::spoken;
use crate::base::environment::Environment;
use crate::credentials::error::{Nature, SourceError};
use crate::error::ErrorClass;
use crate::http::{Body, Request, Response, Signature, SignedRequest};
use crate::provider::{Origin, Signing, USER_AGENT, encode, huawei, sign};
use crate::transport::{Blame, HttpTransport, SendError, Transport, TransportError};

/// The longest response that is read.
const MOST_BYTES: usize = 64 << 10;

/// How far the cloud's clock must be from ours before requests are dated by it.
const LEAST_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// The HTTP clients of all sources, built when they are first needed: what goes over plain `http` needs no certificates.
#[derive(Debug, Default)]
pub(in crate::credentials) struct Clients {
    /// The variables with the proxy and the certificates.
    environment: Environment,
    plain: Built,
    plain_metadata: Built,
    secure: Built,
    /// Without a proxy.
    direct: Built,
    direct_metadata: Built,
    /// How far the clouds' clocks are from ours.
    offset: Mutex<SignedDuration>,
}

type Built = OnceLock<Result<HttpTransport, SourceError>>;

impl Clients {
    /// Makes clients that find the proxy and the certificates in `environment`. Builds none yet.
    pub(in crate::credentials) fn new(environment: Environment) -> Self {
        Self { environment, ..Self::default() }
    }

    /// Sends a request that is not signed.
    pub(in crate::credentials) async fn send(&self, call: Call<'_>) -> Result<Reply, SourceError> {
        let Call { method, url, headers, body, secrets, way, insecure_http } = call;
        let url = address(url, way, insecure_http)?;
        let (content_type, bytes) = match body {
            Body::Empty => (None, Vec::new()),
            Body::Form(pairs) => {
                (Some("application/x-www-form-urlencoded"), encode::form(encode::lend(&pairs)).into_bytes())
            }
            Body::Json(text) => (Some("application/json"), text.into_bytes()),
        };
        let known = Known::secrets(secrets);
        let mut map = HeaderMap::new();
        if let Ok(host) = HeaderValue::from_str(&shown(&url)) {
            map.insert(header::HOST, host);
        }
        map.insert(header::USER_AGENT, USER_AGENT);
        if let Some(content_type) = content_type {
            map.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if bytes.is_empty() && method != Method::GET {
            map.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in headers {
            map.insert(
                HeaderName::from_static(name),
                header_value(name, secrecy::ExposeSecret::expose_secret(&value))?,
            );
        }
        let request = SignedRequest {
            method,
            url,
            headers: map,
            body: bytes.into(),
            max_response_bytes: MOST_BYTES,
            keeps_connection: true,
        };
        self.exchange(request, way, known).await
    }

    /// Signs a request and sends it; once more where the clock was the reason that it was refused.
    pub(in crate::credentials) async fn send_signed(&self, call: &SignedCall<'_>) -> Result<Reply, SourceError> {
        self.send_signed_with(call, &[]).await
    }

    /// Does the same with headers of the request's own, which Huawei Cloud's signature covers.
    pub(in crate::credentials) async fn send_signed_with(
        &self,
        call: &SignedCall<'_>,
        headers: &[(&'static str, &str)],
    ) -> Result<Reply, SourceError> {
        let offset = self.offset();
        let reply = self.sign_and_send(call, headers, offset).await?;
        match reply.is_about_clock(call.cloud()).then(|| self.learn(reply.date())) {
            Some(learnt) if learnt != offset => self.sign_and_send(call, headers, learnt).await,
            Some(_) | None => Ok(reply),
        }
    }

    /// Tells whether a host's name is one that the system knows.
    pub(in crate::credentials) async fn resolves(endpoint: &str) -> bool {
        let Ok(url) = Url::parse(endpoint) else { return false };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
        tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.is_ok()
    }

    async fn sign_and_send(
        &self,
        call: &SignedCall<'_>,
        headers: &[(&'static str, &str)],
        offset: SignedDuration,
    ) -> Result<Reply, SourceError> {
        address(call.endpoint, Way::Usual, false)?;
        let at = SystemClock.now();
        let at = at.checked_add(offset).unwrap_or(at);
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let signed = signed(call, headers, at, &nonce)?;
        let known = Known::of_signed(call.credentials, &signed);
        self.exchange(signed, Way::Usual, known).await
    }

    fn offset(&self) -> SignedDuration {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns how far the cloud's clock is off; returns what is known now.
    fn learn(&self, theirs: Option<Timestamp>) -> SignedDuration {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = theirs.map(|theirs| theirs.duration_since(SystemClock.now()))
            && (seen - *offset).abs() >= LEAST_SKEW
        {
            *offset = seen;
        }
        *offset
    }

    async fn exchange(&self, request: SignedRequest, way: Way, known: Known) -> Result<Reply, SourceError> {
        let host = shown(&request.url);
        let response = self.client(&request.url, way)?.send(request).await;
        response
            .map(|response: Response| Reply { response, host: host.clone(), known })
            .map_err(|error| failed(&error, &host, way))
    }

    fn client(&self, url: &Url, way: Way) -> Result<&HttpTransport, SourceError> {
        let (connect, whole) = way.times();
        let is_name = url.host_str().is_some_and(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().is_err());
        let build_direct = || HttpTransport::without_proxy(&self.environment, connect, whole);
        let build_plain = || HttpTransport::plain(connect, whole);
        match (url.scheme(), way) {
            ("https", Way::Usual) if is_name => {
                built(&self.secure, || HttpTransport::in_environment(&self.environment, connect, whole))
            }
            ("https", Way::Usual) => built(&self.direct, build_direct),
            ("https", Way::Metadata) => built(&self.direct_metadata, build_direct),
            (_, Way::Usual) => built(&self.plain, build_plain),
            (_, Way::Metadata) => built(&self.plain_metadata, build_plain),
        }
    }
}

/// Signs a request.
pub(in crate::credentials) fn signed(
    call: &SignedCall<'_>,
    headers: &[(&'static str, &str)],
    at: Timestamp,
    nonce: &str,
) -> Result<SignedRequest, SourceError> {
    let SignedCall { api, endpoint, method, path, query, body, credentials } = call;
    let unsigned = |error: &dyn std::fmt::Display| SourceError::new(Nature::Final, error.to_string(), "");
    let origin = Origin::parse(endpoint).map_err(|error| unsigned(&error))?;
    let (query, body, path) = (query.clone(), body.clone(), (*path).to_owned());
    let request = Request { api, method: method.clone(), path, query, body };
    let signature = api.signature;
    let signing = Signing { origin: &origin, credentials, project_id: None, signature, at, nonce };
    let signed = match signature {
        Signature::RpcV1 | Signature::Acs3 => sign(&request, &signing),
        Signature::SdkHmac => huawei::sign_with(&request, &signing, headers),
    };
    let signed = signed.map_err(|error| unsigned(&error))?;
    Ok(SignedRequest { max_response_bytes: MOST_BYTES, keeps_connection: true, ..signed })
}

fn built(
    to: &Built,
    build: impl FnOnce() -> Result<HttpTransport, TransportError>,
) -> Result<&HttpTransport, SourceError> {
    let unbuilt = |error: TransportError| SourceError::new(Nature::Final, error.to_string(), error.hint());
    to.get_or_init(|| build().map_err(unbuilt)).as_ref().map_err(Clone::clone)
}

fn header_value(name: &'static str, value: &str) -> Result<HeaderValue, SourceError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        let message = format!("what is to be sent as {name} contains characters that HTTP does not allow");
        SourceError::new(Nature::Final, message, "check it for line breaks")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says why there is no response.
fn failed(error: &SendError, host: &str, way: Way) -> SourceError {
    let (connect, whole) = way.times();
    let message = match (error.class, error.blame) {
        (_, Blame::Length) => format!("the response of {host} is longer than {} KiB", MOST_BYTES >> 10),
        (ErrorClass::Timeout, _) => {
            let time = spoken(if error.surely_not_sent { connect } else { whole });
            match way {
                Way::Usual => format!("{host} did not respond within {time}"),
                Way::Metadata => format!("no answer from {host} in {time}"),
            }
        }
        _ => format!("{host}: {}", error.message),
    };
    SourceError::new(Nature::Passing, message, error.blame.hint().unwrap_or_default())
}
