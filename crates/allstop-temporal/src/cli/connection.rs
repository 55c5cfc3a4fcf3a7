//! The options that say where Temporal is. Names, variables and files are those of Temporal's own command line.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use secrecy::SecretString;

/// Where the Temporal server is, and how to connect to it. An option wins over its variable, and that over the file.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Connect to the Temporal server at this address [env: TEMPORAL_ADDRESS] [default: 127.0.0.1:7233].
    #[arg(long, value_name = "HOST:PORT", value_parser = NonEmptyStringValueParser::new())]
    pub address: Option<String>,

    /// Use this namespace of the Temporal server [env: TEMPORAL_NAMESPACE] [default: default].
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub namespace: Option<String>,

    /// Authenticate with this API key; the variable keeps it out of the list of processes [env: TEMPORAL_API_KEY].
    #[arg(long, value_name = "KEY", value_parser = secret())]
    pub api_key: Option<SecretString>,

    /// Use TLS [env: TEMPORAL_TLS] [default: true with an API key or another TLS option].
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub tls: Option<bool>,

    /// Authenticate with the client certificate in this PEM file [env: TEMPORAL_TLS_CLIENT_CERT_PATH].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tls_cert_path: Option<PathBuf>,

    /// Authenticate with this client certificate, as PEM [env: TEMPORAL_TLS_CLIENT_CERT_DATA].
    #[arg(long, value_name = "PEM", conflicts_with = "tls_cert_path", value_parser = NonEmptyStringValueParser::new())]
    pub tls_cert_data: Option<String>,

    /// Use the private key in this PEM file for the client certificate [env: TEMPORAL_TLS_CLIENT_KEY_PATH].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tls_key_path: Option<PathBuf>,

    /// Use this private key for the client certificate, as PEM [env: TEMPORAL_TLS_CLIENT_KEY_DATA].
    #[arg(long, value_name = "PEM", conflicts_with = "tls_key_path", value_parser = secret())]
    pub tls_key_data: Option<SecretString>,

    /// Trust the CA certificates in this PEM file instead of the system's [env: TEMPORAL_TLS_SERVER_CA_CERT_PATH].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tls_ca_path: Option<PathBuf>,

    /// Trust these CA certificates instead of the system's, as PEM [env: TEMPORAL_TLS_SERVER_CA_CERT_DATA].
    #[arg(long, value_name = "PEM", conflicts_with = "tls_ca_path", value_parser = NonEmptyStringValueParser::new())]
    pub tls_ca_data: Option<String>,

    /// Expect this name in the server's certificate [env: TEMPORAL_TLS_SERVER_NAME] [default: the host].
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub tls_server_name: Option<String>,

    /// Accept any certificate of the server [env: TEMPORAL_TLS_DISABLE_HOST_VERIFICATION].
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub tls_disable_host_verification: Option<bool>,

    /// Use this profile of the configuration file [env: TEMPORAL_PROFILE] [default: default].
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub profile: Option<String>,

    /// Read this configuration file of Temporal's command line
    /// [env: TEMPORAL_CONFIG_FILE] [default: temporalio/temporal.toml in the user's configuration directory].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config_file: Option<PathBuf>,

    /// Encrypt everything that Temporal stores with the key in this file, 32 random bytes as base64 or hexadecimal
    /// digits; all workers and clients need it [env: ALLSTOP_PAYLOAD_KEY_FILE].
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub payload_key_file: Option<PathBuf>,
}

/// Parses a value that must not be shown. No value is wrong, so that none is quoted in an error.
fn secret() -> impl clap::builder::TypedValueParser<Value = SecretString> {
    use clap::builder::{StringValueParser, TypedValueParser};
    StringValueParser::new().map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        connection: ConnectionArgs,
    }

    fn parsed(args: &[&str]) -> ConnectionArgs {
        Program::try_parse_from([&["program"], args].concat()).unwrap().connection
    }

    #[test]
    fn no_two_options_conflict() {
        Program::command().debug_assert();
    }

    #[test]
    fn flags_may_be_switched_off() {
        assert_eq!(parsed(&[]).tls, None);
        assert_eq!(parsed(&["--tls"]).tls, Some(true));
        assert_eq!(parsed(&["--tls=false"]).tls, Some(false));
        assert_eq!(parsed(&["--tls-disable-host-verification"]).tls_disable_host_verification, Some(true));
    }

    #[test]
    fn secrets_are_never_shown() {
        let args = ["--api-key", "hushhush", "--tls-key-data", "hushhush"];
        assert!(!format!("{:?}", parsed(&args)).contains("hush"));
        for more in [["--profile", ""], ["--nonsense", "x"]] {
            let error = Program::try_parse_from([&["program"], &args[..], &more].concat()).unwrap_err();
            assert!(!error.to_string().contains("hush"), "{error}");
        }
    }
}
