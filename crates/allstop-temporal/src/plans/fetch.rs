//! Where a run's plan is read from: the first event of the run, or the parts that a workflow holds.

use allstop::Timestamp;
use allstop::session::{Bundle, BundleError};
use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use temporalio_client::errors::WorkflowInteractionError;
use temporalio_client::{
    Client, HistoryEventFilterType, NamespacedClient, WorkflowExecutionInfo, WorkflowFetchHistoryOptions,
    WorkflowHistory,
};
use temporalio_common::SignalDefinition as _;
use temporalio_common::data_converters::{
    PayloadConversionError, SerializationContextData, TemporalDeserializable, WorkflowSerializationContext,
};
use temporalio_common::protos::temporal::api::common::v1::Payloads;
use temporalio_common::protos::temporal::api::history::v1::HistoryEvent;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::client::DecryptError;
use crate::wire::{HeldAt, OtherVersion, Packed, PackedError, PlanAt, RunInput, RunRef, Signal, read_versioned};
use crate::workflow::PlanFlow;

/// A run or its plan that cannot be read from the engine.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The engine does not know the run.
    #[error("there is no run {0}")]
    NoSuchRun(String),
    /// The engine knows other runs of this name only.
    #[error("there is a run {name}, but not with Temporal's id {run_id}")]
    NoSuchRunId {
        /// What names the run for commands.
        name: String,
        /// The id that was asked for.
        run_id: String,
    },
    /// The engine could not be asked.
    #[error("cannot read the history of {workflow}: {cause}")]
    Engine {
        /// The id of the workflow.
        workflow: String,
        /// What went wrong.
        cause: WorkflowInteractionError,
    },
    /// A payload cannot be decoded.
    #[error("cannot decode a payload of {workflow}: {}", undecoded(cause))]
    Payload {
        /// The id of the workflow.
        workflow: String,
        /// What went wrong, such as the key that is missing.
        cause: PayloadConversionError,
    },
    /// Another version of the program submitted the run.
    #[error(transparent)]
    Version(#[from] OtherVersion),
    /// What was read is not a run of this program.
    #[error("{0} is no run of allstop")]
    Foreign(String),
    /// A packed part cannot be read.
    #[error(transparent)]
    Packed(#[from] PackedError),
    /// The bundled run cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// What to do about a payload that this version does not know.
const VERSIONS: &str = "use the version of allstop-temporal that submitted the run";

/// Returns why a payload could not be decrypted, if that is it.
fn decrypt_error(cause: &PayloadConversionError) -> Option<&DecryptError> {
    let PayloadConversionError::EncodingError(cause) = cause else { return None };
    cause.downcast_ref()
}

/// Says why a payload cannot be decoded.
fn undecoded(cause: &PayloadConversionError) -> String {
    decrypt_error(cause).map_or_else(|| cause.to_string(), DecryptError::what)
}

impl FetchError {
    /// Tells whether a payload is encrypted with a key that is not here.
    pub(crate) fn is_of_key(&self) -> bool {
        matches!(self, Self::Payload { cause, .. } if decrypt_error(cause).is_some())
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoSuchRun(_) => {
                "`allstop-temporal status` lists the runs of the namespace; it forgets a run some time after its end"
            }
            Self::NoSuchRunId { .. } => {
                "leave --run-id out for the latest one; `allstop-temporal status` lists earlier ones with their ids"
            }
            Self::Foreign(_) => "`allstop-temporal status` lists the runs of the namespace",
            Self::Engine { .. } => "try again; if it stays so, look at the server's log",
            Self::Payload { cause, .. } => decrypt_error(cause).map_or(VERSIONS, DecryptError::hint),
            Self::Version(_) | Self::Packed(_) | Self::Bundle(_) => VERSIONS,
        }
    }
}

/// Returns the first event of a workflow's run; of its latest one, without a run id.
///
/// # Errors
///
/// Fails when the engine does not know it or cannot be asked.
pub async fn first_event(client: &Client, workflow: &str, run: Option<&str>) -> Result<HistoryEvent, FetchError> {
    let mut history = history(client, workflow, run);
    match history.next().await {
        Some(Ok(event)) => Ok(event),
        Some(Err(cause)) => Err(failed(workflow, cause)),
        None => Err(FetchError::NoSuchRun(workflow.to_owned())),
    }
}

/// Returns when an event happened; the first one of a workflow says when that was started.
#[must_use]
pub fn started_at(event: &HistoryEvent) -> Timestamp {
    event.event_time.as_ref().and_then(|at| Timestamp::new(at.seconds, at.nanos).ok()).unwrap_or_default()
}

/// Returns the input of a run from the first event of its workflow.
///
/// # Errors
///
/// Fails when it is the event of something else, of another version, or encrypted with a key that is not here.
pub async fn run_input(client: &Client, workflow: &str, event: &HistoryEvent) -> Result<RunInput, FetchError> {
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &event.attributes else {
        return Err(FetchError::Foreign(workflow.to_owned()));
    };
    decode_versioned(client, workflow, started.input.clone()).await
}

/// Returns the bundled run: from the workflow that holds it, else from the input of the run's workflow.
///
/// # Errors
///
/// Fails when its parts cannot be read.
pub async fn bundle(client: &Client, run: &RunRef) -> Result<Bundle, FetchError> {
    let packed = match &run.held {
        Some(held) => parts(client, held).await?,
        None => {
            let event = first_event(client, &run.workflow_id, Some(&run.run_id)).await?;
            match run_input(client, &run.workflow_id, &event).await?.plan {
                PlanAt::Here(packed) => packed,
                PlanAt::Held(held) => parts(client, &held).await?,
            }
        }
    };
    Ok(Bundle::from_bytes(&packed.unpack()?)?)
}

/// Puts the parts together that were signalled to the workflow that holds a plan.
async fn parts(client: &Client, held: &HeldAt) -> Result<Packed, FetchError> {
    let (workflow, run) = (held.workflow_id.as_str(), held.run_id.as_str());
    let mut events = history(client, workflow, Some(run));
    let mut parts = Vec::new();
    while let Some(event) = events.try_next().await.map_err(|cause| failed(workflow, cause))? {
        if let Some(Attributes::WorkflowExecutionSignaledEventAttributes(signal)) = event.attributes {
            if signal.signal_name != PlanFlow::part.name() {
                continue;
            }
            parts.extend(decode::<Signal<String>>(client, workflow, signal.input).await?.read());
        }
    }
    Ok(Packed::joined(parts))
}

/// Returns the events of a workflow's run in their order, fetched as they are read; of its latest run, without a run id.
pub(crate) fn history(client: &Client, workflow: &str, run: Option<&str>) -> WorkflowHistory {
    events(client, workflow, run, WorkflowFetchHistoryOptions::default())
}

/// Returns the event that ended a workflow's run.
pub(crate) fn closing(client: &Client, workflow: &str, run: Option<&str>) -> WorkflowHistory {
    let filter = HistoryEventFilterType::CloseEvent;
    events(client, workflow, run, WorkflowFetchHistoryOptions::builder().event_filter_type(filter).build())
}

fn events(client: &Client, workflow: &str, run: Option<&str>, options: WorkflowFetchHistoryOptions) -> WorkflowHistory {
    let info = WorkflowExecutionInfo::builder()
        .namespace(client.namespace())
        .workflow_id(workflow)
        .maybe_run_id(run.map(str::to_owned))
        .build();
    info.bind_untyped(client.clone()).fetch_history(options)
}

/// Decodes a payload as JSON.
pub(crate) async fn decode<T: TemporalDeserializable + 'static>(
    client: &Client,
    workflow: &str,
    payloads: Option<Payloads>,
) -> Result<T, FetchError> {
    let context = SerializationContextData::Workflow(WorkflowSerializationContext::new());
    let payloads = payloads.map(|payloads| payloads.payloads).unwrap_or_default();
    let decoded = client.options().data_converter.from_payloads(&context, payloads).await;
    decoded.map_err(|cause| FetchError::Payload { workflow: workflow.to_owned(), cause })
}

/// Decodes a payload that has a version.
///
/// # Errors
///
/// Fails when it is of another version, or something else.
pub(crate) async fn decode_versioned<T: DeserializeOwned>(
    client: &Client,
    workflow: &str,
    payloads: Option<Payloads>,
) -> Result<T, FetchError> {
    let value: serde_json::Value = decode(client, workflow, payloads).await?;
    let read = read_versioned(value).map_err(|_| FetchError::Foreign(workflow.to_owned()))?;
    Ok(read?)
}

/// Returns why a workflow could not be asked about.
pub(crate) fn failed(workflow: &str, cause: WorkflowInteractionError) -> FetchError {
    match cause {
        WorkflowInteractionError::NotFound(_) => FetchError::NoSuchRun(workflow.to_owned()),
        cause => FetchError::Engine { workflow: workflow.to_owned(), cause },
    }
}
