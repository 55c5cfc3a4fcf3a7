//! One connection: bytes to requests, answers to bytes.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderName};
use http::{HeaderValue, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::answer::{Answer, Ending};
use super::control;
use super::delivery::Delivery;
use super::door;
use super::request::Request;
use super::server::Server;

/// The largest body of a request to a service, in bytes.
const MOST_BODY: usize = 1 << 20;

/// The largest body of a request to the simulator itself, in bytes.
const MOST_LOAD: usize = 64 << 20;

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, server: Arc<Server>) {
    let service = service_fn(move |request| -> BoxFuture<'static, io::Result<Response<Delivery>>> {
        Box::pin(respond(request, Arc::clone(&server)))
    });
    let mut connection = http1::Builder::new()
        .pipeline_flush(true)
        // Every answer has the simulator's own.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let end = poll_fn(|context| Pin::new(&mut connection).poll_without_shutdown(context)).await;
    if end.is_err_and(|error| is_reset(&error)) {
        // Closing with nothing left to linger for sends a reset in place of a proper end.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Counts a request for as long as it lives, which may end at any wait.
struct InFlight(Arc<Server>);

impl InFlight {
    fn new(server: Arc<Server>) -> Self {
        server.cloud.enter();
        Self(server)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.cloud.leave();
    }
}

async fn respond(request: hyper::Request<Incoming>, server: Arc<Server>) -> io::Result<Response<Delivery>> {
    let (head, body) = request.into_parts();
    let refusal = door::refusal(&head);
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let is_control = control::is_control(&target);
    let _in_flight = (!is_control && refusal.is_none()).then(|| InFlight::new(Arc::clone(&server)));
    let most = if is_control && refusal.is_none() { MOST_LOAD } else { MOST_BODY };
    // The body is read in any case: who closes a connection with something unread may lose the answer.
    let answer = match (Limited::new(body, most).collect().await, refusal) {
        (_, Some(refusal)) => refusal,
        (Err(_), None) => Answer::new(413, "text/plain", "the body is too large or broke off\n"),
        (Ok(body), None) => match Request::read(head.method, &target, head.headers, body.to_bytes()) {
            None => Answer::new(404, "text/plain", "the request is not UTF-8\n"),
            Some(request) if is_control => control::answer(&request, &server),
            Some(request) => server.cloud.answer(&request, server.now()),
        },
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    deliver(answer, &server)
}

/// Puts an answer into HTTP, with the simulator's own date.
fn deliver(answer: Answer, server: &Server) -> io::Result<Response<Delivery>> {
    let body = match answer.ending {
        Ending::Reset => return Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        Ending::Cut => Delivery::cut(&answer.body),
        Ending::Whole => Delivery::whole(answer.body.clone()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(answer.status).map_err(io::Error::other)?;
    let headers = response.headers_mut();
    let date = server.now().wall.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.insert(DATE, value(date)?);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(answer.body.len()));
    for (name, text) in answer.headers {
        headers.insert(HeaderName::from_static(name), value(text)?);
    }
    Ok(response)
}

fn value(text: String) -> io::Result<HeaderValue> {
    HeaderValue::from_maybe_shared(Bytes::from(text)).map_err(io::Error::other)
}

/// Tells whether a connection ended because an answer was to be a reset.
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
