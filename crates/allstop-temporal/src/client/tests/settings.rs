//! What the command line, the variables and the file say, and which of them wins.

use std::fs;

use allstop::environment::Environment;
use tempfile::TempDir;

use crate::cli::ConnectionArgs;
use crate::client::{KeyFileError, Settings, SettingsError};

/// A directory with a `temporal.toml`.
struct Machine {
    directory: TempDir,
    args: ConnectionArgs,
    env: Vec<(&'static str, String)>,
}

impl Machine {
    fn new(toml: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("temporal.toml");
        fs::write(&file, toml).unwrap();
        let args = ConnectionArgs { config_file: Some(file), ..ConnectionArgs::default() };
        Self { directory, args, env: Vec::new() }
    }

    fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn with(mut self, change: impl FnOnce(&mut ConnectionArgs)) -> Self {
        change(&mut self.args);
        self
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    fn load(&self) -> Result<Settings, SettingsError> {
        Settings::load(&self.args, &self.env.iter().cloned().collect::<Environment>())
    }

    fn error(&self) -> SettingsError {
        self.load().unwrap_err()
    }
}

const FILE: &str = "
[profile.default]
address = 'file:1'
namespace = 'of-file'
[profile.cloud]
address = 'cloud:2'
api_key = 'hushhush'
";

fn place(settings: &Settings) -> (&str, &str) {
    (settings.address(), settings.namespace())
}

#[test]
fn the_defaults_are_a_development_server() {
    let settings = Machine::new("").load().unwrap();
    assert_eq!(place(&settings), ("127.0.0.1:7233", "default"));
    assert!(!settings.uses_tls() && settings.notes().is_empty(), "{:?}", settings.notes());
    assert_eq!(settings.options.target.as_str(), "http://127.0.0.1:7233/");
}

#[test]
fn an_option_wins_over_its_variable_and_that_over_the_file() {
    assert_eq!(place(&Machine::new(FILE).load().unwrap()), ("file:1", "of-file"));
    let env = Machine::new(FILE).set("TEMPORAL_ADDRESS", "env:3").set("TEMPORAL_NAMESPACE", "");
    assert_eq!(place(&env.load().unwrap()), ("env:3", "of-file"));
    let args = env.with(|args| (args.address, args.namespace) = (Some("args:4".into()), Some("of-args".into())));
    assert_eq!(place(&args.load().unwrap()), ("args:4", "of-args"));
}

#[test]
fn a_profile_is_chosen_by_option_or_variable() {
    let env = Machine::new(FILE).set("TEMPORAL_PROFILE", "cloud");
    assert_eq!(place(&env.load().unwrap()), ("cloud:2", "default"));
    let args = env.with(|args| args.profile = Some("default".into()));
    assert_eq!(place(&args.load().unwrap()), ("file:1", "of-file"));
    let none = args.with(|args| args.profile = Some("nope".into())).error();
    assert_eq!(none, SettingsError::NoSuchProfile("nope".into()));
}

#[test]
fn tls_is_on_where_something_needs_it() {
    let on = |machine: Machine| machine.load().unwrap().uses_tls();
    assert!(on(Machine::new(FILE).set("TEMPORAL_PROFILE", "cloud")), "an API key");
    assert!(on(Machine::new(FILE).set("TEMPORAL_TLS", "true")));
    assert!(on(Machine::new(FILE).set("TEMPORAL_TLS_SERVER_NAME", "temporal")));
    assert!(on(Machine::new(FILE).with(|args| args.tls = Some(true))));
    assert!(on(Machine::new(FILE).with(|args| args.tls_server_name = Some("temporal".into()))));
    assert!(on(Machine::new(FILE).with(|args| args.address = Some("https://temporal:7233".into()))));
    assert!(!on(Machine::new(FILE).set("TEMPORAL_TLS", "true").with(|args| args.tls = Some(false))));
    assert!(!on(Machine::new(FILE).with(|args| args.address = Some("http://temporal:7233/".into()))));
    let plain = Machine::new(FILE).with(|args| args.address = Some("http://temporal:7233".into()));
    assert_eq!(plain.set("TEMPORAL_TLS", "1").error(), SettingsError::PlainAddress);
    assert_eq!(Machine::new("").set("TEMPORAL_TLS", "yes").error(), SettingsError::NotBoolean("TEMPORAL_TLS"));
}

#[test]
fn files_of_certificates_are_read_and_named_if_they_cannot() {
    let machine =
        Machine::new("[profile.default.tls]\nclient_cert_path = 'absent.crt'\nclient_key_path = 'absent.key'\n");
    let SettingsError::Unreadable { path, .. } = machine.error() else { panic!() };
    assert_eq!(path, std::path::Path::new("absent.crt"));
    let [cert, key] = ["cert", "key"].map(|name| machine.file(name, name));
    let machine = machine.with(|args| (args.tls_cert_path, args.tls_key_path) = (Some(cert.clone()), Some(key)));
    let settings = machine.load().unwrap();
    let tls = settings.options.tls_options.as_ref().unwrap().client_tls_options.as_ref().unwrap();
    assert_eq!((&tls.client_cert[..], &tls.client_private_key[..]), (&b"cert"[..], &b"key"[..]));
    let half = Machine::new("").with(|args| args.tls_cert_path = Some(cert));
    assert_eq!(half.error(), SettingsError::HalfIdentity);
}

#[test]
fn headers_come_from_the_variables_and_the_file() {
    let machine = Machine::new("[profile.default.grpc_meta]\nteam = 'a'\nold = 'b'\n");
    let machine = machine.set("TEMPORAL_GRPC_META_X_TEAM", "c").set("TEMPORAL_GRPC_META_OLD", "");
    let headers = machine.load().unwrap().options.headers.unwrap();
    let mut headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.sort_unstable();
    assert_eq!(headers, [("team", "a"), ("x-team", "c")]);
}

#[test]
fn notes_tell_what_is_ignored_and_what_is_not_safe() {
    let notes = |machine: Machine| machine.load().unwrap().notes().join("\n");
    let both = Machine::new("").set("TEMPORAL_CODEC_ENDPOINT", "http://c").set("TEMPORAL_CODEC_AUTH", "hushhush");
    let both = notes(both);
    assert!(both.starts_with("TEMPORAL_CODEC_ENDPOINT and TEMPORAL_CODEC_AUTH: ignored"), "{both}");
    assert!(!both.contains("hush"), "{both}");
    assert!(notes(Machine::new("[profile.default.codec]\nendpoint = 'http://c'\n")).starts_with("codec in the"));
    let plain = Machine::new("").set("TEMPORAL_API_KEY", "hushhush").with(|args| args.tls = Some(false));
    assert_eq!(notes(plain), "the API key is sent without encryption, because TLS is off");
    let any = Machine::new("").with(|args| args.tls_disable_host_verification = Some(true));
    assert_eq!(notes(any), "the certificate of the Temporal server is not verified");
}

#[test]
fn a_configuration_file_that_is_named_must_be_there() {
    let by_option = Machine::new("").with(|args| args.config_file = Some("absent.toml".into()));
    let mut by_variable = Machine::new("").set("TEMPORAL_CONFIG_FILE", "absent.toml");
    by_variable.args.config_file = None;
    for machine in [by_option, by_variable] {
        let error = machine.error();
        assert_eq!(error, SettingsError::NoSuchFile("absent.toml".into()));
        assert_eq!(error.to_string(), "the configuration file absent.toml does not exist");
        assert!(error.hint().contains("--config-file or TEMPORAL_CONFIG_FILE"), "{}", error.hint());
    }
}

#[test]
fn an_address_needs_a_host_and_a_port() {
    for good in ["temporal:7233", "[::1]:7233", "ns.acct.tmprl.cloud:7233", "https://a:443", "localhost:80"] {
        assert!(Machine::new("").with(|args| args.address = Some(good.into())).load().is_ok(), "{good}");
    }
    for bad in ["temporal", ":7233", "::1", "[::1]", "a:99999", "a:1/path", "a:1?q:1", "ftp://a:1", "a b:1", "a:1//"] {
        let error = Machine::new("").with(|args| args.address = Some(bad.into())).error();
        assert_eq!(error, SettingsError::InvalidAddress(bad.into()));
    }
    let error = Machine::new("").set("TEMPORAL_ADDRESS", "http://me:hushhush@a:1").error();
    assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
}

#[test]
fn secrets_are_in_no_text() {
    let shown = |result: Result<Settings, SettingsError>| match result {
        Ok(settings) => format!("{settings:?} {:?}", settings.notes()),
        Err(error) => format!("{error} {error:?} {}", error.hint()),
    };
    for toml in [
        "[profile.default]\napi_key = 'hushhush'\n[profile.default.grpc_meta]\ntoken = 'hushhush'\n",
        "[profile.default]\napi_key = 'hushhush\n",
        "[profile.default]\napi_key = {hushhush = 1}\n",
        "[profile.default.tls]\nclient_key_data = 'hushhush'\n",
    ] {
        let shown = shown(Machine::new(toml).load());
        assert!(!shown.contains("hush"), "{shown}");
    }
    let machine = Machine::new("");
    let key = machine.file("payload.key", "hushhush");
    let error = machine.with(|args| args.payload_key_file = Some(key.clone())).error();
    assert_eq!(error, SettingsError::KeyFile(KeyFileError::NoKeyInLine { path: key, line: 1 }));
    assert!(!shown(Err(error)).contains("hush"));
}

#[cfg(unix)]
#[test]
fn a_payload_key_file_comes_from_the_variable_and_should_be_private() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::new("");
    let key = machine.file("payload.key", &"ab".repeat(32));
    let machine = machine.set("ALLSTOP_PAYLOAD_KEY_FILE", key.to_str().unwrap());
    for (mode, notes) in [(0o600, 0), (0o644, 1)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(machine.load().unwrap().notes().len(), notes);
    }
}
