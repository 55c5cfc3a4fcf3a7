//! Where credentials come from, as plans write it.

use std::path::Path;
use std::time::Duration;

use super::flow::{List, Mapping};
use super::scalar::{Text, duration};
use crate::plan::credential_source::{
    AssumedRole, CredentialNames, CredentialSource, Domain, Oidc, Password, Role, RoleSession, SecretAt,
};

/// Returns what `credentials` says of a source; nothing for the default chain.
pub(super) fn credentials(source: &CredentialSource) -> Mapping {
    let mut written = Mapping::default();
    match source {
        CredentialSource::Default => {}
        CredentialSource::Env(names) => written.put("env", env(names)),
        CredentialSource::Profile(profile) => {
            written.text("profile", Some(&profile.name));
            profile.file.iter().for_each(|file| path(&mut written, "file", file));
        }
        CredentialSource::File(file) => path(&mut written, "file", file),
        CredentialSource::Process(process) => {
            written.put("process", List(process.command.clone()));
            time(&mut written, "timeout", Some(process.timeout));
        }
        CredentialSource::Uri(uri) => {
            written.text("uri", Some(&uri.url));
            if uri.insecure_http {
                written.put("insecure_http", true);
            }
        }
        CredentialSource::Metadata(metadata) => {
            let mut inner = Mapping::default();
            inner.text("role", metadata.role.as_deref());
            written.put("metadata", inner);
        }
        CredentialSource::Pod => written.put("pod", Mapping::default()),
        CredentialSource::Oidc(oidc) => written.put("oidc", self::oidc(oidc)),
        CredentialSource::Role(assumed) => {
            let AssumedRole { role, source } = &**assumed;
            written.put("role", self::role(role));
            written.mapping("source", &credentials(source));
        }
        CredentialSource::Password(password) => written.put("password", self::password(password)),
    }
    written
}

fn env(names: &CredentialNames) -> Mapping {
    let mut written = Mapping::default();
    written.text("access_key_id", names.access_key_id.as_deref());
    written.text("access_key_secret", names.access_key_secret.as_deref());
    written.text("security_token", names.security_token.as_deref());
    written.text("auth_token", names.auth_token.as_deref());
    written
}

fn oidc(oidc: &Oidc) -> Mapping {
    let mut written = Mapping::default();
    match oidc {
        Oidc::Alibaba { role_arn, provider_arn, token_file, session } => {
            written.text("role_arn", Some(role_arn));
            written.text("provider_arn", Some(provider_arn));
            path(&mut written, "token_file", token_file);
            self::session(&mut written, session);
        }
        Oidc::Huawei { agency_urn, provider_urn, token_file, session } => {
            written.text("agency_urn", Some(agency_urn));
            written.text("provider_urn", Some(provider_urn));
            path(&mut written, "token_file", token_file);
            self::session(&mut written, session);
        }
        Oidc::Federated { idp_id, token_file } => {
            written.text("idp_id", Some(idp_id));
            path(&mut written, "token_file", token_file);
        }
    }
    written
}

fn role(role: &Role) -> Mapping {
    let mut written = Mapping::default();
    match role {
        Role::Alibaba { arn, external_id, session } => {
            written.text("arn", Some(arn));
            written.text("external_id", external_id.as_deref());
            self::session(&mut written, session);
        }
        Role::AgencyUrn { urn, external_id, session } => {
            written.text("urn", Some(urn));
            written.text("external_id", external_id.as_deref());
            self::session(&mut written, session);
        }
        Role::Agency { agency, domain, duration } => {
            written.text("agency", Some(agency));
            match domain {
                Domain::Name(name) => written.text("domain", Some(name)),
                Domain::Id(id) => {
                    // An id is always quoted: it may look like a number.
                    written.put("domain_id", format_args!("\"{id}\""));
                    written.put("api", "v3");
                }
            }
            time(&mut written, "duration", *duration);
        }
    }
    written
}

fn session(written: &mut Mapping, session: &RoleSession) {
    let RoleSession { name, duration, policy } = session;
    written.text("session_name", name.as_deref());
    time(written, "duration", *duration);
    written.text("policy", policy.as_deref());
}

fn password(password: &Password) -> Mapping {
    let Password { domain, user, password } = password;
    let mut written = Mapping::default();
    written.text("domain", Some(domain));
    written.text("user", Some(user));
    written.put("password", secret(password));
    written
}

/// Returns where a secret is.
pub(super) fn secret(at: &SecretAt) -> Mapping {
    let mut place = Mapping::default();
    match at {
        SecretAt::Env(variable) => place.text("env", Some(variable)),
        SecretAt::File(file) => path(&mut place, "file", file),
    }
    place
}

fn path(written: &mut Mapping, key: &str, path: &Path) {
    written.put(key, Text(&path.to_string_lossy()));
}

fn time(written: &mut Mapping, key: &str, time: Option<Duration>) {
    written.text(key, time.map(duration).as_deref());
}
