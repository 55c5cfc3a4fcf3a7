//! Where a run goes.

use std::collections::BTreeMap;

use crate::client;

/// Names the task queue, the namespace and the server that a run goes to, and the task queues of accounts that have their own.
pub(crate) fn place(queue: &str, routes: &BTreeMap<String, String>, connection: &client::Settings) -> String {
    let (namespace, address) = (connection.namespace(), connection.address());
    let routes = routes.iter().map(|(account, route)| format!(", the lanes of {account} to the task queue {route}"));
    format!("the task queue {queue} of the namespace {namespace} at {address}{}", routes.collect::<String>())
}
