//! An engine that has histories and descriptions, and nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use futures::FutureExt;
use prost::Message;
use temporalio_client::callback_based::{CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse};
use temporalio_client::tonic::Status;
use temporalio_client::{Client, ClientOptions, Connection, ConnectionOptions, Url};
use temporalio_common::protos::temporal::api::common::v1::{Memo, Payload, WorkflowExecution, WorkflowType};
use temporalio_common::protos::temporal::api::enums::v1::{HistoryEventFilterType, WorkflowExecutionStatus};
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;
use temporalio_common::protos::temporal::api::history::v1::{History, HistoryEvent};
use temporalio_common::protos::temporal::api::workflow::v1::{
    PendingActivityInfo, PendingWorkflowTaskInfo, WorkflowExecutionExtendedInfo, WorkflowExecutionInfo,
};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse, GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse, GetWorkflowExecutionHistoryReverseRequest,
    GetWorkflowExecutionHistoryReverseResponse, ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse,
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
    /// The engine's id of the run that began it.
    pub(super) parent: &'static str,
    /// The engine's id of the first run of the workflow, where this is a later one.
    pub(super) first: &'static str,
    pub(super) memo: HashMap<String, Payload>,
    pub(super) task: Option<PendingWorkflowTaskInfo>,
    pub(super) cancel_requested: bool,
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
                let flow = self.flow(asked.execution.clone())?.1;
                if asked.history_event_filter_type() == HistoryEventFilterType::CloseEvent {
                    let history = Some(History { events: flow.events.last().cloned().into_iter().collect() });
                    return Ok(GetWorkflowExecutionHistoryResponse { history, ..Default::default() }.encode_to_vec());
                }
                let page = asked.next_page_token.first().copied().unwrap_or_default();
                let mut pages = flow.events.chunks(PAGE).skip(usize::from(page));
                let events = pages.next().unwrap_or_default().to_vec();
                let next_page_token = if pages.next().is_some() { vec![page + 1] } else { Vec::new() };
                let history = Some(History { events });
                Ok(GetWorkflowExecutionHistoryResponse { history, next_page_token, ..Default::default() }
                    .encode_to_vec())
            }
            "GetWorkflowExecutionHistoryReverse" => {
                let asked = GetWorkflowExecutionHistoryReverseRequest::decode(&*request.proto).unwrap();
                let history =
                    Some(History { events: self.flow(asked.execution)?.1.events.iter().rev().cloned().collect() });
                Ok(GetWorkflowExecutionHistoryReverseResponse { history, ..Default::default() }.encode_to_vec())
            }
            "ListWorkflowExecutions" => {
                let asked = ListWorkflowExecutionsRequest::decode(&*request.proto).unwrap();
                let all = self.0.iter().flat_map(|(id, flows)| flows.iter().map(move |flow| (id, flow)));
                let asked_for = |flow: &Flow| asked.query == format!("WorkflowType = '{}'", flow.kind);
                let executions = all.filter(|(_, flow)| asked_for(flow)).map(|(id, flow)| flow.info(id)).collect();
                Ok(ListWorkflowExecutionsResponse { executions, ..Default::default() }.encode_to_vec())
            }
            "DescribeWorkflowExecution" => {
                let asked = DescribeWorkflowExecutionRequest::decode(&*request.proto).unwrap();
                let (workflow_id, flow) = self.flow(asked.execution)?;
                Ok(DescribeWorkflowExecutionResponse {
                    workflow_execution_info: Some(flow.info(&workflow_id)),
                    pending_activities: flow.pending.clone(),
                    pending_workflow_task: flow.task,
                    workflow_extended_info: Some(WorkflowExecutionExtendedInfo {
                        cancel_requested: flow.cancel_requested,
                        ..Default::default()
                    }),
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

impl Flow {
    fn info(&self, workflow: &str) -> WorkflowExecutionInfo {
        let close = self.events.last().and_then(|event| event.attributes.clone());
        let is_terminated = matches!(close, Some(Attributes::WorkflowExecutionTerminatedEventAttributes(_)));
        let status = match (self.goes_on, is_terminated) {
            (true, _) => WorkflowExecutionStatus::Running,
            (false, true) => WorkflowExecutionStatus::Terminated,
            (false, false) => WorkflowExecutionStatus::Completed,
        };
        let execution = |workflow_id: &str, run: &str| WorkflowExecution {
            workflow_id: workflow_id.to_owned(),
            run_id: run.to_owned(),
        };
        WorkflowExecutionInfo {
            execution: Some(execution(workflow, self.run)),
            r#type: Some(WorkflowType { name: self.kind.to_owned() }),
            status: status.into(),
            start_time: self.events.first().and_then(|event| event.event_time),
            close_time: self.events.last().and_then(|event| event.event_time).filter(|_| !self.goes_on),
            parent_execution: (!self.parent.is_empty()).then(|| execution("parent", self.parent)),
            memo: Some(Memo { fields: self.memo.clone() }),
            first_run_id: self.first.to_owned(),
            ..Default::default()
        }
    }
}
