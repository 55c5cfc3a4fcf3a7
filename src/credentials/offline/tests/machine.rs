//! A machine with a temporary home directory.

use std::path::Path;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use crate::base::environment::Environment;
use crate::credentials::offline::{Reads, Resolution, resolve};
use crate::credentials::source::{Keys, Login, LoginService, Source};
use crate::plan::{Account, CredentialSource, Oidc, Role, RoleSession};
use crate::provider::{Cloud, Credentials};

/// A machine with a temporary home directory and some variables.
pub(super) struct Machine {
    home: TempDir,
    variables: Vec<(String, String)>,
}

impl Machine {
    /// Makes a machine with these files in its home directory; `$HOME` in a text is filled in.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let machine = Self { home: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for (name, text) in files {
            let path = machine.home().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, machine.filled(text)).unwrap();
            close(&path);
        }
        machine
    }

    pub(super) fn empty() -> Self {
        Self::with(&[])
    }

    /// Sets variables besides those that are set.
    pub(super) fn set(mut self, variables: &[(&str, &str)]) -> Self {
        let filled: Vec<_> = variables.iter().map(|(name, value)| ((*name).to_owned(), self.filled(value))).collect();
        self.variables.extend(filled);
        self
    }

    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    fn filled(&self, text: &str) -> String {
        text.replace("$HOME", self.home().to_str().unwrap())
    }

    pub(super) fn environment(&self) -> Environment {
        let home = [("HOME".to_owned(), self.home().to_str().unwrap().to_owned())];
        let usual = [("USERPROFILE".to_owned(), self.home().to_str().unwrap().to_owned())];
        home.into_iter().chain(usual).chain(self.variables.iter().cloned()).collect()
    }

    pub(super) fn resolve(&self, cloud: Cloud, form: CredentialSource, reads: Reads) -> Resolution {
        let account = Account { credentials: form, ..Account::in_region(cloud, "cn-north-4".to_owned()) };
        resolve(&account, &self.environment(), reads)
    }

    /// Resolves the default chain of Alibaba Cloud.
    pub(super) fn alibaba(&self) -> Resolution {
        self.resolve(Cloud::Alibaba, CredentialSource::Default, Reads::Everything)
    }

    /// Resolves the default chain of Huawei Cloud.
    pub(super) fn huawei(&self) -> Resolution {
        self.resolve(Cloud::Huawei, CredentialSource::Default, Reads::Everything)
    }

    /// Shows what was found as text, with `~` for the home directory, or what is wrong.
    pub(super) fn shown(&self, resolution: &Resolution) -> String {
        let shown = match &resolution.source {
            Ok(source) => shown(source),
            Err(error) => format!("{:?}: {}", error.nature(), error.message()),
        };
        shown.replace(self.home().to_str().unwrap(), "~")
    }
}

#[cfg(unix)]
fn close(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn close(_path: &Path) {}

/// Shows a source with its secrets, which nothing but a test may do.
pub(super) fn shown(source: &Source) -> String {
    match source {
        Source::Keys(keys) => shown_keys(keys),
        Source::Login(login) => {
            let Login { profile, cached, access_token, service } = &**login;
            let cached =
                cached.as_ref().map(|(credentials, at)| format!("{} until {at}", shown_credentials(credentials)));
            let token = access_token.as_ref().map(|(token, at)| format!("{} until {at:?}", token.expose_secret()));
            let service = match service {
                LoginService::CloudSso { sign_in_url, account_id, access_config } => {
                    format!("{sign_in_url} {account_id} {access_config}")
                }
                LoginService::OAuth { site } => site.clone(),
            };
            format!("login {profile} {cached:?} {token:?} {service}")
        }
        Source::File(path) => format!("file {}", path.display()),
        Source::Process(process) => format!("process {:?} {:?}", process.command, process.timeout),
        Source::Uri(uri) => format!("uri {} {}", uri.url, uri.insecure_http),
        Source::Metadata { metadata, is_guess } => format!("metadata {:?} guess {is_guess}", metadata.role),
        Source::Pod { uri, token_file } => format!("pod {uri} {}", token_file.display()),
        Source::Oidc(oidc) => shown_oidc(oidc),
        Source::OidcToken(oidc, token) => format!("{} token {}", shown_oidc(oidc), token.expose_secret()),
        Source::Role(role, base) => {
            let role = match role {
                Role::Alibaba { arn, external_id, session } => {
                    format!("{arn} {external_id:?} {}", shown_session(session))
                }
                Role::Agency { agency, domain, duration } => format!("{agency} {domain:?} {duration:?}"),
                Role::AgencyUrn { urn, external_id, session } => {
                    format!("{urn} {external_id:?} {}", shown_session(session))
                }
            };
            format!("role {role} at {:?} by [{}]", base.endpoint, shown(&base.source))
        }
        Source::Password(password) => format!("{password:?}"),
    }
}

fn shown_keys(keys: &Keys) -> String {
    let Keys { credentials, expires_at, is_renewable, project_id, iam_endpoint } = keys;
    let mut text = shown_credentials(credentials);
    text += &expires_at.map_or_else(String::new, |at| format!(" until {at}"));
    text += if *is_renewable { " renewable" } else { "" };
    text += &project_id.as_ref().map_or_else(String::new, |project| format!(" project {project}"));
    text += &iam_endpoint.as_ref().map_or_else(String::new, |endpoint| format!(" iam {endpoint}"));
    text
}

fn shown_credentials(credentials: &Credentials) -> String {
    match credentials {
        Credentials::AccessKey { id, secret, security_token } => {
            let token = security_token.as_ref().map_or("-", |token| token.expose_secret());
            format!("{id} {} {token}", secret.expose_secret())
        }
        Credentials::AuthToken(token) => format!("auth token {}", token.expose_secret()),
    }
}

fn shown_oidc(oidc: &Oidc) -> String {
    match oidc {
        Oidc::Alibaba { role_arn: goal, provider_arn: provider, token_file, session }
        | Oidc::Huawei { agency_urn: goal, provider_urn: provider, token_file, session } => {
            format!("oidc {goal} {provider} {} {}", token_file.display(), shown_session(session))
        }
        Oidc::Federated { idp_id, token_file } => format!("federated {idp_id} {}", token_file.display()),
    }
}

fn shown_session(session: &RoleSession) -> String {
    let RoleSession { name, duration, policy } = session;
    format!("{} {duration:?} {}", name.as_deref().unwrap_or("-"), policy.as_deref().unwrap_or("-"))
}
