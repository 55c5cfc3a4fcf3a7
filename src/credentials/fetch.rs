//! Asks a source for credentials.

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;

use super::alibaba::{login, sts};
use super::error::{Nature, SourceError};
use super::huawei::IdToken;
use super::links::Chain;
use super::offline::{keys_of_file, secret_of_file};
use super::process::keys_of_program;
use super::provider::Issued;
use super::source::{RoleBase, Source};
use super::surroundings::Surroundings;
use super::{alibaba, huawei, uri};
use crate::plan::{Metadata, Oidc, Role};
use crate::provider::{Cloud, Credentials};

/// Asks a source for credentials; `chain` has the keys of the links before a role.
pub(super) fn fetch<'a>(
    source: &'a Source,
    around: Surroundings<'a>,
    chain: Chain<'a>,
) -> BoxFuture<'a, Result<Issued, SourceError>> {
    let Surroundings { account, environment, .. } = around;
    async move {
        match source {
            Source::Keys(keys) => Ok(Issued {
                expires_at: keys.expires_at,
                is_renewable: keys.is_renewable,
                project_id: keys.project_id.clone(),
                ..Issued::new(keys.credentials.clone())
            }),
            Source::Login(login) => login::fetch(around, login).await,
            Source::File(path) => keys_of_file(path, account.cloud, environment).await.map(renewable),
            Source::Process(process) => {
                keys_of_program(process, account.cloud, environment, around.log).await.map(renewable)
            }
            Source::Uri(uri) => uri::fetch(around, uri).await,
            Source::Metadata { metadata, is_guess: false } => metadata_keys(around, metadata).await,
            Source::Metadata { metadata, is_guess: true } => {
                chain.guess.ask(chain.tried, || metadata_keys(around, metadata).boxed()).await
            }
            Source::Pod { uri, token_file } => huawei::pod::fetch(around, uri, token_file).await,
            Source::Oidc(oidc) => oidc_keys(around, oidc, None).await,
            Source::OidcToken(oidc, token) => oidc_keys(around, oidc, Some(token)).await,
            Source::Role(role, base) => role_keys(around, role, base, chain).await,
            Source::Password(password) => huawei::password::fetch(around, password).await,
        }
    }
    .boxed()
}

/// Returns the IAM endpoint of a profile that stands beside the keys which a source starts from.
pub(super) fn iam_endpoint(source: &Source) -> Option<&str> {
    source.first_keys()?.iam_endpoint.as_deref()
}

/// Keys of a source that may have others later.
fn renewable((credentials, expires_at): (Credentials, Option<Timestamp>)) -> Issued {
    Issued { expires_at, is_renewable: true, ..Issued::new(credentials) }
}

async fn metadata_keys(around: Surroundings<'_>, metadata: &Metadata) -> Result<Issued, SourceError> {
    match around.account.cloud {
        Cloud::Alibaba => alibaba::metadata::fetch(around, metadata.role.as_deref()).await,
        Cloud::Huawei => huawei::metadata::fetch(around, metadata).await,
    }
}

/// Exchanges an OIDC token: `given`, or that in the file, which is read each time.
async fn oidc_keys(around: Surroundings<'_>, oidc: &Oidc, given: Option<&SecretString>) -> Result<Issued, SourceError> {
    match oidc {
        Oidc::Alibaba { role_arn, provider_arn, token_file, session } => {
            let read;
            let (token, token_words) = match given {
                Some(token) => (token, "the OIDC token".to_owned()),
                None => {
                    read = secret_of_file(token_file, around.environment)?;
                    (&read, format!("the OIDC token in {}", token_file.display()))
                }
            };
            let role = sts::RoleOfToken { arn: role_arn, provider_arn, session, token, token_words: &token_words };
            sts::assume_role_with_oidc(around, role).await
        }
        Oidc::Huawei { agency_urn, provider_urn, token_file, session } => {
            let token = given.map_or(IdToken::File(token_file), IdToken::Given);
            huawei::oidc::fetch(around, agency_urn, provider_urn, token, session).await
        }
        Oidc::Federated { idp_id, token_file } => {
            let token = given.map_or(IdToken::File(token_file), IdToken::Given);
            huawei::federated::fetch(around, idp_id, token).await
        }
    }
}

/// Assumes a role with the keys of the link before; once more with newer ones, where those that were known are refused.
async fn role_keys<'a>(
    around: Surroundings<'a>,
    role: &'a Role,
    base: &'a RoleBase,
    chain: Chain<'a>,
) -> Result<Issued, SourceError> {
    let before = &base.source;
    if let Some(known) = chain.known(before) {
        match assume(around, role, base, &known).await {
            // Services have several codes for keys that have expired.
            Err(error) if error.nature() != Nature::Passing => chain.forget(before),
            result => return result,
        }
    }
    let keys = fetch(before, around, chain).await?;
    if is_worth_keeping(before) {
        chain.keep(before, &keys);
    }
    assume(around, role, base, &keys).await
}

async fn assume(around: Surroundings<'_>, role: &Role, base: &RoleBase, keys: &Issued) -> Result<Issued, SourceError> {
    match role {
        Role::Alibaba { arn, external_id, session } => {
            let (external_id, endpoint) = (external_id.as_deref(), base.endpoint.as_deref());
            let role = sts::RoleToAssume { arn, external_id, session, endpoint };
            sts::assume_role(around, &keys.credentials, role).await
        }
        Role::Agency { .. } | Role::AgencyUrn { .. } => huawei::agency::assume(around, keys, role).await,
    }
}

/// Tells whether the keys of a source were asked of a service. Those that stand somewhere are looked up again each time:
/// somebody may have written others.
const fn is_worth_keeping(source: &Source) -> bool {
    match source {
        Source::Keys(_) | Source::Login(_) | Source::File(_) => false,
        Source::Process(_)
        | Source::Uri(_)
        | Source::Metadata { .. }
        | Source::Pod { .. }
        | Source::Oidc(_)
        | Source::OidcToken(..)
        | Source::Role(..)
        | Source::Password(_) => true,
    }
}

#[cfg(test)]
mod tests;
