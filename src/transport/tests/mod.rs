mod pings;
mod proxies;
pub(crate) mod server;
mod trust;

use std::time::Duration;

use super::{HttpTransport, SendError, Transport, TransportError};
use crate::http::{Response, SignedRequest};

/// A client with these variables, as patient as by default.
fn client(variables: &[(&str, &str)]) -> Result<HttpTransport, TransportError> {
    let environment = variables.iter().copied().collect();
    HttpTransport::in_environment(&environment, Duration::from_secs(3), Duration::from_secs(10))
}

async fn get(client: &HttpTransport, url: &str) -> Result<Response, SendError> {
    let (method, url) = (http::Method::GET, url.parse().unwrap());
    client
        .send(SignedRequest {
            method,
            url,
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            max_response_bytes: crate::http::SHORT_RESPONSE,
            keeps_connection: true,
        })
        .await
}
