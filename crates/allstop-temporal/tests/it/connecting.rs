//! Connecting to a real server.

use allstop::environment::Environment;
use allstop::simulator::Config;
use allstop_temporal::cli::ConnectionArgs;
use allstop_temporal::client::{ConnectError, Settings, connect};
use temporalio_client::Client;

use crate::harness::{Ended, Server, Site, Storage, TestPlan};

async fn connected(args: &ConnectionArgs) -> Result<Client, ConnectError> {
    connect(&Settings::load(args, &Environment::default()).unwrap(), "test").await
}

#[tokio::test]
async fn a_server_lets_in_who_names_a_namespace_that_is_there() {
    let Some(server) = Server::shared() else { return };
    for namespace in [None, Some(server.namespace())] {
        let client = connected(&ConnectionArgs { namespace: namespace.clone(), ..server.connection() }).await.unwrap();
        assert_eq!(client.options().namespace, namespace.as_deref().unwrap_or("default"));
        assert_eq!(client.connection().identity(), "test");
    }
}

#[tokio::test]
async fn a_namespace_that_is_not_there_is_named_with_the_command_that_creates_it() {
    let Some(server) = Server::shared() else { return };
    let args = ConnectionArgs { namespace: Some("nope".into()), ..server.connection() };
    let error = connected(&args).await.err().unwrap();
    let address = server.address();
    assert_eq!(error, ConnectError::NoSuchNamespace { address: address.clone(), namespace: "nope".into() });
    let command = format!("temporal operator namespace create --address {address} --namespace nope");
    assert!(error.hint().contains(&command), "{}", error.hint());
}

#[tokio::test]
async fn a_server_without_tls_tells_who_expects_it() {
    let Some(server) = Server::shared() else { return };
    let error = connected(&ConnectionArgs { tls: Some(true), ..server.connection() }).await.err().unwrap();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_gone_or_frozen_is_told_within_five_seconds() {
    let Some(server) = Server::own(Storage::Memory) else { return };
    let args = server.connection();
    server.freeze();
    let error = connected(&args).await.err().unwrap();
    assert_eq!(error, ConnectError::TimedOut { address: server.address(), seconds: 5 });
    server.thaw();
    connected(&args).await.unwrap();
    server.kill();
    let error = connected(&args).await.err().unwrap();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
}

#[test]
fn no_command_begins_without_the_configuration_file_that_it_is_told_to_read() {
    let Some(site) = Site::new(&Config::default(), &TestPlan::of(1)) else { return };
    for command in [&["submit", "plan.yaml", "--yes"][..], &["status"], &["worker"]] {
        let ended = site.run(command.iter().copied().chain(["--config-file", "absent.toml"]));
        assert_eq!(ended.code, 2, "{command:?}: {}", ended.stderr);
        let error = "error: the configuration file absent.toml does not exist\n  hint: check the path in --config-file";
        assert!(ended.stderr.starts_with(error), "{}", ended.stderr);
    }
    let ended = Ended::of(site.command(["status"]).env("TEMPORAL_CONFIG_FILE", "absent.toml"));
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(site.run(["status"]).stdout.starts_with("There is no run"));
}
