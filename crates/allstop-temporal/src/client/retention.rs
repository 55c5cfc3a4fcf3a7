//! How long the server keeps what has ended.

use std::time::Duration;

use temporalio_client::grpc::WorkflowService;
use temporalio_client::tonic::{IntoRequest, Status};
use temporalio_client::{Client, NamespacedClient};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeNamespaceRequest, DescribeNamespaceResponse,
};

/// Returns how long the namespace keeps closed workflows, and so the rows of lanes; `None` where the server does not say.
///
/// # Errors
///
/// Fails when the server cannot be asked.
pub async fn retention(client: &Client) -> Result<Option<Duration>, Status> {
    let request = DescribeNamespaceRequest { namespace: client.namespace(), ..DescribeNamespaceRequest::default() };
    client.clone().describe_namespace(request.into_request()).await.map(|described| kept(described.into_inner()))
}

/// Returns how long a namespace keeps closed workflows, where the server says so.
pub(super) fn kept(described: DescribeNamespaceResponse) -> Option<Duration> {
    let kept = described.config.and_then(|config| config.workflow_execution_retention_ttl);
    kept.and_then(|kept| kept.try_into().ok())
}
