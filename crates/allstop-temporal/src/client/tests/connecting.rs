//! Connections to what is no Temporal server: each error names the cause.

use allstop::environment::Environment;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::cli::ConnectionArgs;
use crate::client::{ConnectError, Settings, connect};

fn args(address: impl ToString) -> ConnectionArgs {
    // No file: that of whoever runs the tests has no part in them.
    let config_file = Some("/dev/null".into());
    ConnectionArgs { address: Some(address.to_string()), config_file, ..ConnectionArgs::default() }
}

async fn error(args: &ConnectionArgs) -> ConnectError {
    let settings = Settings::load(args, &Environment::default()).unwrap();
    let Err(error) = connect(&settings, "test").await else { panic!("connected") };
    assert!(error.to_string().contains(settings.address()), "{error}");
    assert!(!error.hint().is_empty());
    error
}

/// Listens, and gives every connection to `serve`. Returns the address.
async fn listen<F: Future<Output = ()> + Send + 'static>(
    serve: impl Fn(TcpStream) -> F + Send + 'static,
) -> std::net::SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// Responds as a web server that does not know HTTP/2.
async fn old_http(mut stream: TcpStream) {
    let mut request = [0; 1024];
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
}

#[tokio::test]
async fn where_nobody_listens_the_address_and_a_way_out_are_told() {
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    for address in [free.to_string(), format!("localhost:{}", free.port())] {
        let error = error(&args(&address)).await;
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
        assert!(error.hint().contains("temporal server start-dev"));
    }
}

#[tokio::test]
async fn who_never_responds_is_waited_for_five_seconds() {
    let address = listen(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let error = error(&args(address)).await;
    assert_eq!(error, ConnectError::TimedOut { address: address.to_string(), seconds: 5 });
    assert!(begun.elapsed().as_secs_f64() < 5.5, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn another_protocol_is_told() {
    let address = listen(old_http).await;
    let plain = error(&args(address)).await;
    assert!(matches!(plain, ConnectError::OtherProtocol { uses_tls: false, .. }), "{plain:?}");
    assert!(plain.hint().contains("--tls"), "{}", plain.hint());
    let tls = error(&ConnectionArgs { tls: Some(true), ..args(address) }).await;
    assert!(matches!(tls, ConnectError::Tls { .. }), "{tls:?}");
    assert!(tls.hint().contains("--tls=false"), "{}", tls.hint());
}
