//! Where a run goes.

use crate::client;

/// Names the task queue, the namespace and the server that a run goes to.
pub(crate) fn place(queue: &str, connection: &client::Settings) -> String {
    let (namespace, address) = (connection.namespace(), connection.address());
    format!("the task queue {queue} of the namespace {namespace} at {address}")
}
