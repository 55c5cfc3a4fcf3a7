//! One connection: bytes to requests, responses to bytes.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::net::TcpStream;

use super::access;
use super::cloud::Cloud;
use super::control;
use super::identity::Operation;
use super::request::Request;
use super::response::{Ending, Response};

/// The body of a response.
type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The largest body of a request to a service, in bytes.
const MOST_BODY: usize = 1 << 20;

/// The largest body of a request to the simulator itself, in bytes.
const MOST_LOAD: usize = 64 << 20;

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, cloud: Arc<Cloud>) {
    let service = service_fn(move |request| -> BoxFuture<'static, io::Result<http::Response<Body>>> {
        Box::pin(respond(request, Arc::clone(&cloud)))
    });
    let mut connection = http1::Builder::new()
        .pipeline_flush(true)
        // Every response has the simulator's own.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let end = poll_fn(|context| Pin::new(&mut connection).poll_without_shutdown(context)).await;
    if end.is_err_and(|error| is_reset(&error)) {
        // Closing with nothing left to linger for sends a reset in place of a proper end.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Counts a request for as long as it lives, which may end at any wait.
struct InFlight(Arc<Cloud>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Counts a call of an operation for as long as it lives.
struct Calling(Arc<Cloud>, Operation);

impl Calling {
    fn begin(cloud: &Arc<Cloud>, operation: Operation) -> Self {
        cloud.begin(operation);
        Self(Arc::clone(cloud), operation)
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

async fn respond(request: hyper::Request<Incoming>, cloud: Arc<Cloud>) -> io::Result<http::Response<Body>> {
    let (head, body) = request.into_parts();
    let refusal = access::refusal(&head);
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let is_control = control::is_control(&target);
    let _in_flight = (!is_control && refusal.is_none()).then(|| {
        cloud.enter();
        InFlight(Arc::clone(&cloud))
    });
    let most = if is_control && refusal.is_none() { MOST_LOAD } else { MOST_BODY };
    // The body is read in any case: who closes a connection with something unread may lose the response.
    let mut _calling = None;
    let response = match (Limited::new(body, most).collect().await, refusal) {
        (_, Some(refusal)) => refusal,
        (Err(_), None) => Response::new(413, "text/plain", "the body is too large or incomplete\n"),
        (Ok(body), None) => match Request::read(head.method, &target, head.headers, body.to_bytes()) {
            None => Response::new(404, "text/plain", "the request is not UTF-8\n"),
            Some(request) if is_control => control::respond(&request, &cloud),
            Some(request) => {
                _calling = Operation::of(&request).map(|operation| Calling::begin(&cloud, operation));
                cloud.respond(&request, cloud.now())
            }
        },
    };
    // The date is that of the response, however late it comes.
    let date = cloud.now().wall;
    if !response.delay.is_zero() {
        tokio::time::sleep(response.delay).await;
    }
    deliver(response, date)
}

/// Puts a response into HTTP, with the simulator's own date.
fn deliver(from: Response, date: Timestamp) -> io::Result<http::Response<Body>> {
    let body = match from.ending {
        Ending::Reset => return Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        Ending::Cut => cut(&from.body),
        Ending::Whole => Full::new(from.body.clone()).map_err(|never| match never {}).boxed_unsync(),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(from.status).map_err(io::Error::other)?;
    let headers = response.headers_mut();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.insert(DATE, value(date)?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(from.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(from.body.len()));
    for (name, text) in from.headers {
        headers.insert(HeaderName::from_static(name), value(text)?);
    }
    Ok(response)
}

/// Builds a body that delivers half of the bytes and then closes the connection.
fn cut(bytes: &Bytes) -> Body {
    let half = Ok(Frame::data(bytes.slice(..bytes.len() / 2)));
    let end = async {
        // hyper writes out what it has before it asks again.
        tokio::task::yield_now().await;
        Err(io::Error::other("the response is cut here"))
    };
    StreamBody::new(stream::iter([half]).chain(stream::once(end))).boxed_unsync()
}

fn value(text: String) -> io::Result<HeaderValue> {
    HeaderValue::from_maybe_shared(Bytes::from(text)).map_err(io::Error::other)
}

/// Returns whether a connection ended because a response was to be a reset.
fn is_reset(error: &hyper::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset) {
            return true;
        }
        source = error.source();
    }
    false
}
