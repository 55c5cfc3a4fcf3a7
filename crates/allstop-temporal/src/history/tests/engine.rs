//! An engine that has histories and descriptions, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use futures::FutureExt;
use prost::Message;
use temporalio_client::callback_based::{CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse};
use temporalio_client::tonic::Status;
use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_common::protos::temporal::api::common::v1::{WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::WorkflowExecutionStatus;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_common::protos::temporal::api::workflow::v1::{PendingActivityInfo, WorkflowExecutionInfo};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse, GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse,
};

use crate::client::PayloadEncryption;

/// How many events a page has.
const PAGE: usize = 3;

/// One run of a workflow.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    pub(super) kind: &'static str,
    pub(super) run: &'static str,
    pub(super) events: Vec<HistoryEvent>,
    pub(super) goes_on: bool,
    pub(super) pending: Vec<PendingActivityInfo>,
}

/// The runs of workflows by id, the latest one last.
#[derive(Debug, Clone, Default)]
pub(super) struct Engine(HashMap<String, Vec<Flow>>);

impl Engine {
    pub(super) fn with(mut self, workflow: &str, flow: Flow) -> Self {
        self.0.entry(workflow.to_owned()).or_default().push(flow);
        self
    }

    pub(super) async fn client(self) -> Client {
        let callback = move |request| {
            let response = self.response(&request);
            let answer = response.map(|proto| GrpcSuccessResponse { headers: Default::default(), proto });
            futures::future::ready(answer).boxed()
        };
        let options = ConnectionOptions::new(Url::parse("http://127.0.0.1:9").unwrap())
            .service_override(CallbackBasedGrpcService { callback: Arc::new(callback) })
            .skip_get_system_info(true)
            .dns_load_balancing(None)
            .build();
        let converter = PayloadEncryption::new(None).converter();
        let options_of_client = ClientOptions::new("default").data_converter(converter).build();
        Client::new(Connection::connect(options).await.unwrap(), options_of_client).unwrap()
    }

    fn response(&self, request: &GrpcRequest) -> Result<Vec<u8>, Status> {
        match &*request.rpc {
            "GetWorkflowExecutionHistory" => {
                let asked = GetWorkflowExecutionHistoryRequest::decode(&*request.proto).unwrap();
                let flow = self.flow(asked.execution)?.1;
                let page = asked.next_page_token.first().copied().unwrap_or_default();
                let mut pages = flow.events.chunks(PAGE).skip(usize::from(page));
                let events = pages.next().unwrap_or_default().to_vec();
                let next_page_token = if pages.next().is_some() { vec![page + 1] } else { Vec::new() };
                let history = Some(History { events });
                Ok(GetWorkflowExecutionHistoryResponse { history, next_page_token, ..Default::default() }
                    .encode_to_vec())
            }
            "DescribeWorkflowExecution" => {
                let asked = DescribeWorkflowExecutionRequest::decode(&*request.proto).unwrap();
                let (workflow_id, flow) = self.flow(asked.execution)?;
                let running = WorkflowExecutionStatus::Running;
                let info = WorkflowExecutionInfo {
                    execution: Some(WorkflowExecution { workflow_id, run_id: flow.run.to_owned() }),
                    r#type: Some(WorkflowType { name: flow.kind.to_owned() }),
                    status: if flow.goes_on { running } else { WorkflowExecutionStatus::Completed }.into(),
                    ..Default::default()
                };
                Ok(DescribeWorkflowExecutionResponse {
                    workflow_execution_info: Some(info),
                    pending_activities: flow.pending.clone(),
                    ..Default::default()
                }
                .encode_to_vec())
            }
            other => Err(Status::unimplemented(other.to_owned())),
        }
    }

    fn flow(&self, execution: Option<WorkflowExecution>) -> Result<(String, &Flow), Status> {
        let WorkflowExecution { workflow_id, run_id } = execution.unwrap();
        let flows = self.0.get(&workflow_id).map(Vec::as_slice).unwrap_or_default();
        let flow = flows.iter().rev().find(|flow| run_id.is_empty() || flow.run == run_id);
        flow.map(|flow| (workflow_id, flow)).ok_or_else(|| Status::not_found("workflow not found"))
    }
}
