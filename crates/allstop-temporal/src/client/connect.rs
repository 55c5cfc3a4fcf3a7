//! Connecting to Temporal.

use std::time::Duration;

use temporalio_client::tonic::{Code, IntoRequest};
use temporalio_client::{Client, ClientOptions, Connection};
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeNamespaceRequest;
use tokio::time::timeout;

use super::connect_error::ConnectError;
use super::retention::kept;
use super::settings::{Settings, WITHIN};

/// How long each later attempt to connect may take. It must not decide about the first one, which [`WITHIN`] does.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Connects, and makes sure that the server responds and has the namespace. `identity` is what Temporal shows of who did
/// something, such as `worker 17@host`.
///
/// # Errors
///
/// Fails within five seconds if the server cannot be reached, refuses access or has no such namespace.
pub async fn connect(settings: &Settings, identity: impl Into<String>) -> Result<Client, ConnectError> {
    connect_asking(settings, identity).await.map(|(client, _)| client)
}

/// Connects as [`connect`] does, and returns as well how long the namespace keeps closed workflows; `None` where the server
/// does not say.
///
/// # Errors
///
/// Fails as [`connect`] does.
pub async fn connect_asking(
    settings: &Settings,
    identity: impl Into<String>,
) -> Result<(Client, Option<Duration>), ConnectError> {
    let connecting = async {
        let mut options = settings.options.clone();
        options.identity = identity.into();
        options.connect_timeout = Some(ATTEMPT);
        // With it, the SDK tries an unreachable host for ever and does not say why. Without it, the first request connects
        // at once, and a lost connection is made anew with a new look-up of the host.
        options.dns_load_balancing = None;
        let connection =
            Connection::connect(options).await.map_err(|error| ConnectError::of_connecting(&error, settings))?;
        let kept = demand_namespace(&connection, settings).await?;
        let options =
            ClientOptions::new(settings.namespace()).data_converter(settings.encryption.clone().converter()).build();
        let client = Client::new(connection, options).map_err(|error| ConnectError::Settings(error.to_string()))?;
        Ok((client, kept))
    };
    let timed_out = |_| ConnectError::TimedOut { address: settings.address().to_owned(), seconds: WITHIN.as_secs() };
    timeout(WITHIN, connecting).await.map_err(timed_out)?
}

/// Fails if the server has no such namespace; returns how long that keeps closed workflows.
async fn demand_namespace(connection: &Connection, settings: &Settings) -> Result<Option<Duration>, ConnectError> {
    let request = DescribeNamespaceRequest { namespace: settings.namespace().to_owned(), ..Default::default() };
    match connection.workflow_service().describe_namespace(request.into_request()).await {
        Ok(described) => Ok(kept(described.into_inner())),
        Err(status) if status.code() == Code::NotFound => Err(ConnectError::NoSuchNamespace {
            address: settings.address().to_owned(),
            namespace: settings.namespace().to_owned(),
        }),
        Err(status) => Err(ConnectError::of_status(&status, settings)),
    }
}
