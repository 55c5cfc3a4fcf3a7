mod pings;
mod proxies;
pub(crate) mod server;
mod trust;

use std::time::Duration;

use super::{HttpTransport, SendError, Transport, TransportError};
use crate::wire::{Reply, Signed};

/// A client with these variables, as patient as by default.
fn client(variables: &[(&str, &str)]) -> Result<HttpTransport, TransportError> {
    let environment = variables.iter().copied().collect();
    HttpTransport::in_environment(&environment, Duration::from_secs(3), Duration::from_secs(10))
}

async fn get(client: &HttpTransport, url: &str) -> Result<Reply, SendError> {
    let (method, url) = (http::Method::GET, url.parse().unwrap());
    client
        .send(Signed {
            method,
            url,
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            longest_answer: crate::wire::SHORT_ANSWER,
            keeps_connection: true,
        })
        .await
}
