//! What the command line, the environment and `temporal.toml` say together, in this order.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use allstop::environment::Environment;
use secrecy::ExposeSecret;
use temporalio_common::envconfig::{
    ClientConfigProfile, ClientConfigTLS, ConfigError, DataSource, LoadClientConfigProfileOptions,
    load_client_config_profile,
};

use super::settings_error::SettingsError;
use crate::cli::ConnectionArgs;

/// The variable with the path of `temporal.toml`.
const CONFIG_FILE: &str = "TEMPORAL_CONFIG_FILE";

/// The variables that are true or false. The SDK takes other values for nothing.
const FLAGS: [&str; 2] = ["TEMPORAL_TLS", "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION"];

/// Reads the configuration, in which all files are replaced by what they contain, and adds what is to be told to `notes`.
pub(super) fn load(
    args: &ConnectionArgs,
    env: &Environment,
    notes: &mut Vec<String>,
) -> Result<ClientConfigProfile, SettingsError> {
    if let Some(name) = FLAGS.into_iter().find(|name| env.get(name).is_some_and(|value| !is_flag(value))) {
        return Err(SettingsError::NotBoolean(name));
    }
    let file = args.config_file.clone().or_else(|| env.get(CONFIG_FILE).map(PathBuf::from));
    // The SDK takes one that is missing for an empty one, and that leads to the default server.
    if let Some(file) = file.filter(|file| !file.exists()) {
        return Err(SettingsError::NoSuchFile(file));
    }
    let path = |file: &PathBuf| DataSource::Path(file.to_string_lossy().into_owned());
    let options = LoadClientConfigProfileOptions::builder()
        .maybe_config_source(args.config_file.as_ref().map(path))
        .maybe_config_file_profile(args.profile.clone())
        .build();
    let mut profile = load_client_config_profile(options, Some(&variables(env))).map_err(told)?;
    override_with(args, &mut profile)?;
    if let Some(tls) = &mut profile.tls {
        for source in [&mut tls.client_cert, &mut tls.client_key, &mut tls.server_ca_cert].into_iter().flatten() {
            if let DataSource::Path(path) = source {
                *source = content(Path::new(path.as_str()))?;
            }
        }
    }
    if profile.codec.is_some() {
        notes.push(ignored_codec(env));
    }
    Ok(profile)
}

/// Tells whether the SDK takes this for true or false.
fn is_flag(value: &str) -> bool {
    ["true", "false", "1", "0"].iter().any(|flag| flag.eq_ignore_ascii_case(value))
}

/// Returns Temporal's variables. Only a header may be empty: that removes the header of the file.
fn variables(env: &Environment) -> HashMap<String, String> {
    let kept = |name: &str| {
        let value = env.get(name);
        let is_header = name.starts_with("TEMPORAL_GRPC_META_");
        value.or(is_header.then_some("")).map(|value| (name.to_owned(), value.to_owned()))
    };
    env.names().filter(|name| name.starts_with("TEMPORAL_")).filter_map(kept).collect()
}

/// Replaces what the command line says otherwise.
fn override_with(args: &ConnectionArgs, profile: &mut ClientConfigProfile) -> Result<(), SettingsError> {
    let ConnectionArgs { address, namespace, api_key, .. } = args;
    let api_key = api_key.as_ref().map(|key| key.expose_secret().to_owned());
    for (wanted, value) in [
        (address.clone(), &mut profile.address),
        (namespace.clone(), &mut profile.namespace),
        (api_key, &mut profile.api_key),
    ] {
        *value = wanted.or_else(|| value.take());
    }
    let source = |path: &Option<PathBuf>, data: Option<&str>| match (path, data) {
        (Some(path), _) => content(path).map(Some),
        (None, data) => Ok(data.map(|data| DataSource::Data(data.as_bytes().to_vec()))),
    };
    let key = args.tls_key_data.as_ref().map(ExposeSecret::expose_secret);
    let client_cert = source(&args.tls_cert_path, args.tls_cert_data.as_deref())?;
    let client_key = source(&args.tls_key_path, key)?;
    let server_ca_cert = source(&args.tls_ca_path, args.tls_ca_data.as_deref())?;
    let named = client_cert.is_some() || client_key.is_some() || server_ca_cert.is_some();
    if named || args.tls.is_some() || args.tls_server_name.is_some() || args.tls_disable_host_verification.is_some() {
        let tls = profile.tls.get_or_insert_with(ClientConfigTLS::default);
        for (wanted, value) in [
            (client_cert, &mut tls.client_cert),
            (client_key, &mut tls.client_key),
            (server_ca_cert, &mut tls.server_ca_cert),
        ] {
            *value = wanted.or_else(|| value.take());
        }
        tls.disabled = args.tls.map(|tls| !tls).or(tls.disabled);
        tls.server_name = args.tls_server_name.clone().or_else(|| tls.server_name.take());
        tls.disable_host_verification = args.tls_disable_host_verification.unwrap_or(tls.disable_host_verification);
    }
    Ok(())
}

/// Reads a file with a certificate or a key.
fn content(path: &Path) -> Result<DataSource, SettingsError> {
    let unreadable =
        |error: std::io::Error| SettingsError::Unreadable { path: path.to_owned(), error: error.to_string() };
    fs::read(path).map(DataSource::Data).map_err(unreadable)
}

/// Words an error of the SDK. An error of TOML also quotes the line, which may be an API key.
fn told(error: ConfigError) -> SettingsError {
    match error {
        ConfigError::ProfileNotFound(name) => SettingsError::NoSuchProfile(name),
        ConfigError::InvalidConfig(text) => SettingsError::Configuration(text),
        ConfigError::LoadError(error) => {
            SettingsError::Configuration(error.to_string().lines().next().unwrap_or_default().to_owned())
        }
    }
}

/// Returns the note that a codec server is not asked, with the names that set it.
fn ignored_codec(env: &Environment) -> String {
    let names = ["TEMPORAL_CODEC_ENDPOINT", "TEMPORAL_CODEC_AUTH"];
    let set: Vec<_> = names.into_iter().filter(|name| env.get(name).is_some()).collect();
    let what = if set.is_empty() { "codec in the configuration file".to_owned() } else { set.join(" and ") };
    format!("{what}: ignored, because codec servers are not supported; --payload-key-file encrypts payloads")
}
