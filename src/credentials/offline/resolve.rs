//! Works out which source an account has.

use std::path::Path;

use super::chain::{Walked, walk};
use super::found::Found;
use super::machine::Machine;
use super::profile::{MOST_ROLES, shown_key};
use super::resolution::{Reads, Resolution};
use super::{alibaba, file, huawei, key_id, shown, unused, variables};
use crate::base::environment::Environment;
use crate::base::escape::Escaped;
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::source::{Keys, RoleBase, Source};
use crate::plan::{
    Account, AssumedRole, CredentialNames, CredentialSource, Domain, Metadata, Oidc, Password, Process, Profile, Role,
    RoleSession, SecretAt,
};
use crate::provider::{Cloud, Credentials};

/// Works out which source an account has. It may read files, and waits for nothing else.
pub(in crate::credentials) fn resolve(account: &Account, environment: &Environment, reads: Reads) -> Resolution {
    let machine = Machine { account, environment, reads };
    let Formed { found, words, used, tried } = form(&machine, &account.credentials);
    let unused = unused::notes(&machine, &used);
    match found {
        Ok(Found { source, words, mut notes }) => {
            notes.extend(unused);
            Resolution { source: Ok(source), words, notes, tried }
        }
        Err(error) => Resolution { source: Err(error), words, notes: unused, tried },
    }
}

/// What a form comes to.
struct Formed {
    found: Result<Found, SourceError>,
    /// The form in words, where nothing was found.
    words: String,
    /// The variables that are in use.
    used: Vec<String>,
    tried: Vec<String>,
}

impl Formed {
    fn new(words: impl Into<String>, found: Result<Found, SourceError>) -> Self {
        Self { found, words: words.into(), used: Vec::new(), tried: Vec::new() }
    }

    fn using(self, used: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { used: used.into_iter().map(Into::into).collect(), ..self }
    }
}

fn form(machine: &Machine<'_>, form: &CredentialSource) -> Formed {
    match form {
        CredentialSource::Default => default_chain(machine),
        CredentialSource::Env(names) => env(machine, names),
        CredentialSource::Profile(named) => profile(machine, named),
        CredentialSource::File(path) => found(machine, path, "file", |path| {
            let shown = machine.shown(&path);
            let warning = match machine.reads {
                Reads::Everything => file::warning_of(&path, &shown),
                Reads::ProfilesOnly => None,
            };
            Ok(Found::new(Source::File(path), format!("file {shown}")).with_notes(warning))
        }),
        CredentialSource::Process(process) => program(process),
        CredentialSource::Uri(uri) => {
            let found = shown::url(&uri.url)
                .ok_or_else(|| shown::no_url("uri"))
                .map(|shown| Found::new(Source::Uri(uri.clone()), format!("credentials URI {shown}")));
            Formed::new("credentials URI", found)
        }
        CredentialSource::Metadata(metadata) => metadata_service(machine, metadata),
        CredentialSource::Pod => {
            let found = match machine.account.cloud {
                Cloud::Huawei => huawei::pod_identity(machine),
                Cloud::Alibaba => Err(SourceError::new(Nature::Final, "`pod` is a form of Huawei Cloud", "")),
            };
            Formed::new("CCE pod identity", found).using(huawei::POD)
        }
        CredentialSource::Oidc(form) => oidc(machine, form),
        CredentialSource::Role(assumed) => role(machine, assumed),
        CredentialSource::Password(form) => password(machine, form),
    }
}

fn default_chain(machine: &Machine<'_>) -> Formed {
    let chain = match machine.account.cloud {
        Cloud::Alibaba => &alibaba::CHAIN,
        Cloud::Huawei => &huawei::CHAIN,
    };
    let Walked { found, label, used, tried } = walk(machine, chain);
    Formed { tried, ..Formed::new(label, found).using(used.iter().copied()) }
}

fn env(machine: &Machine<'_>, names: &CredentialNames) -> Formed {
    let CredentialNames { access_key_id, access_key_secret, security_token, auth_token } = names;
    let used: Vec<_> =
        [access_key_id, access_key_secret, security_token, auth_token].into_iter().flatten().cloned().collect();
    let name = access_key_id.as_ref().or(auth_token.as_ref()).cloned().unwrap_or_default();
    let found = variables::named_keys(machine.environment, names).map(|credentials| {
        let (words, note) = match &credentials {
            Credentials::AccessKey { id, security_token: found, .. } => {
                let token = security_token.as_deref().unwrap_or("the variable of a security_token");
                (format!("{name} ({})", shown_key(&credentials)), key_id::oddity(id, found.is_some(), token))
            }
            Credentials::AuthToken(_) => (format!("{name} (an auth token)"), None),
        };
        let keys = Keys { credentials, expires_at: None, is_renewable: false, project_id: None, iam_endpoint: None };
        Found::new(Source::Keys(keys), words).with_notes(note)
    });
    Formed::new(name.clone(), found).using(used)
}

fn profile(machine: &Machine<'_>, named: &Profile) -> Formed {
    let Profile { name, file } = named;
    let words = format!("profile {}", shown::quoted(name));
    let Some(file) = file else {
        let found = match machine.account.cloud {
            Cloud::Alibaba => alibaba::named_profile(machine, name),
            Cloud::Huawei => huawei::named_profile(machine, name),
        };
        return Formed::new(words, found);
    };
    found(machine, file, &words, |path| match (machine.reads, machine.account.cloud) {
        (Reads::ProfilesOnly, _) => {
            Err(SourceError::new(Nature::Passing, format!("{} was not read", machine.shown(&path)), ""))
        }
        (Reads::Everything, Cloud::Alibaba) => alibaba::profile_of_file(machine, name, &path),
        (Reads::Everything, Cloud::Huawei) => huawei::profile_of_file(machine, name, &path),
    })
}

fn program(process: &Process) -> Formed {
    let program = process.command.first().map(String::as_str).unwrap_or_default();
    // Its arguments may be secret.
    let words = format!("program {}", Escaped(program));
    Formed::new(words.clone(), Ok(Found::new(Source::Process(process.clone()), words)))
}

fn metadata_service(machine: &Machine<'_>, metadata: &Metadata) -> Formed {
    let role = metadata.role.as_ref().map_or_else(String::new, |role| format!(", role {}", Escaped(role)));
    let words = format!("{}{role}", machine.metadata_service());
    let source = Source::Metadata { metadata: metadata.clone(), is_guess: false };
    Formed::new(words.clone(), Ok(Found::new(source, words)))
}

fn oidc(machine: &Machine<'_>, form: &Oidc) -> Formed {
    let (Oidc::Alibaba { token_file, .. } | Oidc::Huawei { token_file, .. } | Oidc::Federated { token_file, .. }) =
        form;
    found(machine, token_file, "OIDC token", |path| {
        let shown = machine.shown(&path);
        let mut form = form.clone();
        let goal = match &mut form {
            Oidc::Alibaba { role_arn: goal, token_file, session, .. }
            | Oidc::Huawei { agency_urn: goal, token_file, session, .. } => {
                *token_file = path;
                format!("{}, {}", Escaped(goal), shown::lifetime(session.duration))
            }
            Oidc::Federated { idp_id, token_file } => {
                *token_file = path;
                format!("identity provider {}", Escaped(idp_id))
            }
        };
        Ok(Found::new(Source::Oidc(form), format!("OIDC token {shown} → {goal}")))
    })
}

fn role(machine: &Machine<'_>, assumed: &AssumedRole) -> Formed {
    let AssumedRole { role, source } = assumed;
    let Formed { found, words, used, tried } = form(machine, source);
    let goal = match role {
        Role::Alibaba { arn: goal, session: RoleSession { duration, .. }, .. }
        | Role::AgencyUrn { urn: goal, session: RoleSession { duration, .. }, .. } => {
            format!("{}, {}", Escaped(goal), shown::lifetime(*duration))
        }
        Role::Agency { agency, domain: Domain::Name(domain) | Domain::Id(domain), duration } => {
            format!("agency {} of {}, {}", Escaped(agency), Escaped(domain), shown::lifetime(*duration))
        }
    };
    let found = found.and_then(|Found { source, words, notes }| {
        let source = Source::Role(role.clone(), Box::new(RoleBase { source, endpoint: None }));
        let words = format!("{words} → {goal}");
        // The profile of the first may have assumed some.
        if roles(&source) > MOST_ROLES {
            let message = format!("at most {MOST_ROLES} roles follow each other: {words}");
            return Err(SourceError::new(Nature::Final, message, ""));
        }
        Ok(Found { source, words, notes })
    });
    Formed { found, words: format!("{words} → {goal}"), used, tried }
}

/// Counts the roles that follow each other.
fn roles(source: &Source) -> usize {
    match source {
        Source::Role(_, base) => 1 + roles(&base.source),
        Source::Keys(_)
        | Source::Login(_)
        | Source::File(_)
        | Source::Process(_)
        | Source::Uri(_)
        | Source::Metadata { .. }
        | Source::Pod { .. }
        | Source::Oidc(_)
        | Source::OidcToken(..)
        | Source::Password(_) => 0,
    }
}

fn password(machine: &Machine<'_>, form: &Password) -> Formed {
    let Password { domain, user, password } = form;
    let who = format!("user {} of {}", Escaped(user), Escaped(domain));
    let with = |password: SecretAt| Source::Password(Password { password, ..form.clone() });
    match password {
        SecretAt::Env(name) => {
            let found = match machine.value(name) {
                Some(_) => Ok(Found::new(with(password.clone()), format!("{who}, password in {name}"))),
                None => Err(variables::not_set(&[name])),
            };
            Formed::new(who, found).using([name])
        }
        SecretAt::File(path) => found(machine, path, &who, |path| {
            let words = format!("{who}, password in {}", machine.shown(&path));
            Ok(Found::new(with(SecretAt::File(path)), words))
        }),
    }
}

/// Finds a source over a file that the plan names, by its absolute path.
fn found(
    machine: &Machine<'_>,
    path: &Path,
    words: &str,
    find: impl FnOnce(std::path::PathBuf) -> Result<Found, SourceError>,
) -> Formed {
    Formed::new(format!("{words} ({})", machine.shown(path)), machine.path(path).and_then(find))
}
