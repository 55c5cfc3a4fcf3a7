//! The sockets: one thread, one runtime of its own, HTTP/1.1 on loopback.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio::sync::oneshot;

use super::cloud::Cloud;
use super::config::Config;
use super::connection;
use super::handle::Handle;
use super::resource::Resource;

/// How many connections may wait to be accepted: a run may open hundreds at once.
const BACKLOG: u32 = 4096;

/// How long to wait after a connection could not be accepted, as when there are no file descriptors left.
const PAUSE: Duration = Duration::from_millis(20);

/// Starts a simulator with resources on a thread of its own.
///
/// # Errors
///
/// Fails if the port is taken, or if the system is out of threads or sockets.
pub fn start(config: &Config, resources: impl IntoIterator<Item = Resource>) -> io::Result<Handle> {
    let cloud = Arc::new(Cloud::new(config, resources));
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _entered = runtime.enter();
        let socket = TcpSocket::new_v4()?;
        // Elsewhere this option would let a second server take the same port.
        socket.set_reuseaddr(cfg!(unix))?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, config.port)))?;
        socket.listen(BACKLOG)?
    };
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let serving = Arc::clone(&cloud);
    let thread = thread::Builder::new().name("simulator".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept(&listener, &serving) => {}
                _ = stopped => {}
            }
        });
    })?;
    Ok(Handle { address, cloud, wishes: Vec::new(), warnings: Vec::new(), stop: Some(stop), thread: Some(thread) })
}

async fn accept(listener: &TcpListener, cloud: &Arc<Cloud>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // One that cannot send each response at once is merely slower.
                let _ = stream.set_nodelay(true);
                tokio::spawn(connection::serve(stream, Arc::clone(cloud)));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
