//! A service on loopback that answers as a test says.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A service on loopback that answers as a test says.
pub(in crate::credentials) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Received>>>,
}

/// What decides its answers.
type Answering = dyn Fn(&Received) -> Answer + Send + Sync;

/// A request that it got.
#[derive(Debug, Clone)]
pub(in crate::credentials) struct Received {
    pub(in crate::credentials) method: String,
    /// Path and query.
    pub(in crate::credentials) target: String,
    headers: Vec<(String, String)>,
    pub(in crate::credentials) body: String,
}

/// What it answers.
#[derive(Debug, Clone)]
pub(in crate::credentials) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    /// Whether the connection ends before the body does.
    is_cut: bool,
}

impl Received {
    /// Returns a header's value.
    pub(in crate::credentials) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    async fn read(request: http::Request<Incoming>) -> Self {
        let (head, body) = request.into_parts();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            method: head.method.to_string(),
            target: head.uri.path_and_query().unwrap().to_string(),
            headers: headers.collect(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

impl Answer {
    /// Answers with JSON.
    pub(in crate::credentials) fn json(status: u16, body: &str) -> Self {
        Self::text(status, body).header("content-type", "application/json")
    }

    /// Answers with a page.
    pub(in crate::credentials) fn html(status: u16, body: &str) -> Self {
        Self::text(status, body).header("content-type", "text/html")
    }

    /// Answers with a text of no type.
    pub(in crate::credentials) fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.to_owned(), is_cut: false }
    }

    /// Begins an answer and closes the connection.
    pub(in crate::credentials) fn cut(body: &str) -> Self {
        Self { is_cut: true, ..Self::json(200, body) }
    }

    /// Adds a header.
    pub(in crate::credentials) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl Server {
    /// Starts one that answers each request as `answer` says.
    pub(in crate::credentials) async fn start(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answer, received): (Arc<Answering>, _) = (Arc::new(answer), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&received)));
            }
        });
        Self { port, requests }
    }

    /// Returns its port.
    pub(in crate::credentials) const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the URL of a path.
    pub(in crate::credentials) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Returns the requests that it got.
    pub(in crate::credentials) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns method and path of the requests that it got, without queries.
    pub(in crate::credentials) fn calls(&self) -> Vec<String> {
        let path = |target: &str| target.split('?').next().unwrap().to_owned();
        self.requests().iter().map(|sent| format!("{} {}", sent.method, path(&sent.target))).collect()
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<Answering>, requests: Arc<Mutex<Vec<Received>>>) {
    // An answer that is cut short is written by hand; whether it is to be one is known beforehand only by asking.
    let probe = Received { method: String::new(), target: "/".to_owned(), headers: Vec::new(), body: String::new() };
    if let Answer { is_cut: true, body, .. } = answer(&probe) {
        let _ = stream.read(&mut [0; 4096]).await;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n";
        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        return;
    }
    let service = service_fn(move |request| {
        let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
        async move {
            let received = Received::read(request).await;
            let Answer { status, headers, body, .. } = answer(&received);
            requests.lock().unwrap().push(received);
            let response = headers
                .into_iter()
                .fold(http::Response::builder().status(status), |response, (name, value)| response.header(name, value));
            Ok::<_, Infallible>(response.body(Full::new(Bytes::from(body))).unwrap())
        }
    });
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Starts one that takes connections and never answers.
pub(in crate::credentials) async fn silent() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}
