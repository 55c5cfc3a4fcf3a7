//! The sockets: one thread, one runtime of its own, HTTP/1.1 on loopback.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::cloud::Cloud;
use super::connection;
use super::entry::Moment;
use super::handle::Handle;
use crate::base::clock::{Clock, SystemClock};

/// How many connections may wait to be accepted: a run may open hundreds at once.
const BACKLOG: u32 = 4096;

/// How long to wait after a connection could not be accepted, as when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(20);

/// Starts serving a cloud.
pub(super) fn start(port: u16, cloud: Cloud, clock_offset: jiff::SignedDuration) -> io::Result<Handle> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _entered = runtime.enter();
        let socket = TcpSocket::new_v4()?;
        // Elsewhere this option would let a second server take the same port.
        socket.set_reuseaddr(cfg!(unix))?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        socket.listen(BACKLOG)?
    };
    let address = listener.local_addr()?;
    let server = Arc::new(Server { cloud, clock_offset });
    let (stop, stopped) = oneshot::channel();
    let serving = Arc::clone(&server);
    let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept(&listener, &serving) => {}
                _ = stopped => {}
            }
        });
    })?;
    Ok(Handle::new(address, server, stop, thread))
}

/// A cloud and its clock.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) cloud: Cloud,
    clock_offset: jiff::SignedDuration,
}

impl Server {
    /// Returns the present moment.
    pub(super) fn now(&self) -> Moment {
        let system = SystemClock.now();
        // An offset beyond the end of time leaves the clock as it is.
        let wall = system.checked_add(self.clock_offset).unwrap_or(system);
        Moment { instant: Instant::now(), wall }
    }
}

async fn accept(listener: &TcpListener, server: &Arc<Server>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection::serve(ready(stream), Arc::clone(server)));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Makes a connection send each answer at once; one that cannot is merely slower.
fn ready(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}
