//! Payloads in a real server: encrypted where a key is set, and readable for who has the key.

use std::path::{Path, PathBuf};

use allstop::environment::Environment;
use allstop_temporal::client::{Settings, connect};
use temporalio_client::{
    Client, UntypedWorkflow, WorkflowDescribeOptions, WorkflowFetchHistoryOptions, WorkflowStartOptions,
};
use temporalio_common::MemoValues;
use temporalio_common::data_converters::{PayloadConverter, RawValue, SerializationContextData};
use temporalio_common::protos::temporal::api::common::v1::Payload;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::harness::{Server, Storage};

const CANARY: &str = "canary-of-the-plan";

async fn client(server: &Server, namespace: &str, payload_key_file: Option<PathBuf>) -> Client {
    let args = server.connection();
    let args = allstop_temporal::cli::ConnectionArgs { namespace: Some(namespace.into()), payload_key_file, ..args };
    connect(&Settings::load(&args, &Environment::default()).unwrap(), "test").await.unwrap()
}

/// Starts a workflow that nobody runs, with the canary as its input and in its memo.
async fn start(client: &Client, id: &str) {
    let mut memo = MemoValues::new();
    memo.insert("plan", CANARY.to_owned());
    let input = RawValue::from_value(&CANARY.to_owned(), &PayloadConverter::default());
    let options = WorkflowStartOptions::new("nobody", id).memo(memo).build();
    client.start_workflow(UntypedWorkflow::new("test"), input, options).await.unwrap();
}

/// Returns the input of a workflow as the server has it.
async fn stored(client: &Client, id: &str) -> Payload {
    let handle = client.get_workflow_handle::<UntypedWorkflow>(id);
    let events = handle.fetch_history(WorkflowFetchHistoryOptions::default()).into_events().await.unwrap();
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &events[0].attributes else { panic!() };
    started.input.as_ref().unwrap().payloads[0].clone()
}

async fn decoded(client: &Client, payload: Payload) -> Result<String, String> {
    let converter = &client.options().data_converter;
    converter.from_payload(&SerializationContextData::None, payload).await.map_err(|error| error.to_string())
}

async fn memo(client: &Client, id: &str) -> Result<String, String> {
    let handle = client.get_workflow_handle::<UntypedWorkflow>(id);
    let described = handle.describe(WorkflowDescribeOptions::default()).await.map_err(|error| error.to_string())?;
    Ok(described.memo().get::<String>("plan").unwrap().unwrap())
}

fn key(directory: &Path, name: &str, byte: &str) -> Option<PathBuf> {
    let path = directory.join(name);
    std::fs::write(&path, byte.repeat(32)).unwrap();
    Some(path)
}

/// Tells whether the server's files have the canary.
fn is_on_disk(server: &Server) -> bool {
    let database = server.database();
    let files = std::fs::read_dir(database.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let mut bytes = files.filter(|path| path.is_file()).map(|path| std::fs::read(path).unwrap());
    bytes.any(|bytes| bytes.windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes()))
}

#[tokio::test]
async fn what_is_encrypted_is_nowhere_in_the_server_and_comes_back() {
    let Some(server) = Server::own(Storage::File) else { return };
    let files = tempfile::tempdir().unwrap();
    let namespace = server.namespace();
    let with = client(&server, &namespace, key(files.path(), "a", "aa")).await;
    let without = client(&server, &namespace, None).await;
    let other = client(&server, &namespace, key(files.path(), "b", "bb")).await;

    start(&with, "secret").await;
    let payload = stored(&without, "secret").await;
    assert_eq!(payload.metadata["encoding"], b"binary/encrypted");
    assert!(!is_on_disk(&server));
    assert_eq!(decoded(&with, payload.clone()).await.as_deref(), Ok(CANARY));
    assert_eq!(memo(&with, "secret").await.as_deref(), Ok(CANARY));

    let needed = std::str::from_utf8(&payload.metadata["encryption-key-id"]).unwrap();
    for (client, hint) in [(&without, "ALLSTOP_PAYLOAD_KEY_FILE"), (&other, "use the file that the other workers")] {
        for error in [decoded(client, payload.clone()).await, memo(client, "secret").await].map(Result::unwrap_err) {
            assert!(error.contains(needed) && error.contains(hint), "{error}");
        }
    }

    // What was begun without a key goes on with one.
    start(&without, "plain").await;
    assert!(is_on_disk(&server), "the canary is found where it is");
    assert_eq!(decoded(&with, stored(&with, "plain").await).await.as_deref(), Ok(CANARY));
    assert_eq!(memo(&with, "plain").await.as_deref(), Ok(CANARY));
}
