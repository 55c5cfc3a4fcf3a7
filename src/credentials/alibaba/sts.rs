//! STS: assumes roles, and tells whose a key is.

use http::Method;
use secrecy::{ExposeSecret, SecretString};

use super::arn;
use super::endpoints::{self, STS, STS_EVERYWHERE, StsEndpoint};
use super::issued::{key_fields, temporary_keys};
use crate::base::clock::{Clock, SystemClock};
use crate::base::duration::to_come;
use crate::credentials::client::{Call, Clients, Refusal, Reply, SignedCall};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::identity::Identity;
use crate::credentials::jwt;
use crate::credentials::offline::shown_key_id;
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::http::{Api, Body, Signature};
use crate::plan::RoleSession;
use crate::plan::value::is_account_id;
use crate::provider::{Cloud, Credentials, encode};

const VERSION: &str = "2015-04-01";

static ASSUME_ROLE: Api = Api::new(&STS, "AssumeRole", VERSION, Signature::RpcV1);
const WITH_OIDC: &str = "AssumeRoleWithOIDC";
static GET_CALLER_IDENTITY: Api = Api::new(&STS, "GetCallerIdentity", VERSION, Signature::RpcV1);

/// How long the keys of a role live where nobody says.
const DURATION_SECONDS: u64 = 3600;

/// A role to assume with a key.
#[derive(Clone, Copy)]
pub(in crate::credentials) struct RoleToAssume<'a> {
    pub(in crate::credentials) arn: &'a str,
    pub(in crate::credentials) external_id: Option<&'a str>,
    pub(in crate::credentials) session: &'a RoleSession,
    /// The host or the region of STS that a profile names.
    pub(in crate::credentials) endpoint: Option<&'a str>,
}

/// A role to assume with an OIDC token.
#[derive(Clone, Copy)]
pub(in crate::credentials) struct RoleOfToken<'a> {
    pub(in crate::credentials) arn: &'a str,
    pub(in crate::credentials) provider_arn: &'a str,
    pub(in crate::credentials) session: &'a RoleSession,
    pub(in crate::credentials) token: &'a SecretString,
    /// Where the token is, in words, such as `the OIDC token in /var/run/token`.
    pub(in crate::credentials) token_words: &'a str,
}

/// Assumes a role with a key: `AssumeRole`.
pub(in crate::credentials) async fn assume_role(
    around: Surroundings<'_>,
    key: &Credentials,
    role: RoleToAssume<'_>,
) -> Result<Issued, SourceError> {
    let reply = signed(around, key, role.endpoint, &ASSUME_ROLE, role_parameters(around, role)).await?;
    keys_of_role(&reply).map_err(|error| error.unwrap_or_else(|refusal| not_assumed(&refusal, key, role)))
}

/// Assumes a role with an OIDC token: `AssumeRoleWithOIDC`. The token goes in the body, where no log of URLs has it.
pub(in crate::credentials) async fn assume_role_with_oidc(
    around: Surroundings<'_>,
    role: RoleOfToken<'_>,
) -> Result<Issued, SourceError> {
    let mut form = session(around, role.arn, role.session);
    form.push(("OIDCProviderArn", role.provider_arn.to_owned()));
    form.push(("OIDCToken", role.token.expose_secret().to_owned()));
    let at = SystemClock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let query = [
        ("Action", WITH_OIDC),
        ("Format", "json"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &at),
        ("Version", VERSION),
    ];
    let query = encode::query(query);
    let send = async |endpoint: &str| {
        let url = format!("{endpoint}/?{query}");
        let call = Call::post(&url, Body::Form(form.clone())).secret(role.token);
        around.clients.send(call.header("x-acs-action", WITH_OIDC).header("x-acs-version", VERSION)).await
    };
    let StsEndpoint { url, is_regional } = endpoints::sts(around, None);
    let reply = match send(&url).await {
        Err(error) if is_regional && is_nowhere(&url, &error).await => send(STS_EVERYWHERE).await?,
        result => result?,
    };
    keys_of_role(&reply).map_err(|error| error.unwrap_or_else(|refusal| not_exchanged(&refusal, role)))
}

/// Tells whose a key is: `GetCallerIdentity`, which every identity may call.
pub(in crate::credentials) async fn caller_identity(
    around: Surroundings<'_>,
    key: &Credentials,
) -> Result<Identity, SourceError> {
    let reply = signed(around, key, None, &GET_CALLER_IDENTITY, Vec::new()).await?;
    let object = reply.object(Cloud::Alibaba, &["AccountId", "Arn"]).map_err(|refusal| refusal.error())?;
    let account_id = object.get("AccountId").and_then(|id| id.as_code()).filter(|id| !id.is_empty());
    let account_id = account_id.ok_or_else(|| reply.lacks("AccountId"))?;
    let named = object.text("Arn").and_then(arn::identity);
    let contradicts = named.as_ref().is_some_and(|named| named.account_id != account_id);
    if !is_account_id(account_id) || contradicts {
        return Err(reply.lacks("AccountId"));
    }
    let name = named.map(|identity| identity.name);
    let name = name.unwrap_or_else(|| "an identity without a name".to_owned());
    Ok(Identity { told_at: reply.date(), ..Identity::new(account_id, name) })
}

/// The parameters of AssumeRole.
fn role_parameters(around: Surroundings<'_>, role: RoleToAssume<'_>) -> Vec<(&'static str, String)> {
    let mut parameters = session(around, role.arn, role.session);
    parameters.extend(role.external_id.map(|id| ("ExternalId", id.to_owned())));
    parameters
}

/// The parameters of both ways to assume a role.
fn session(around: Surroundings<'_>, arn: &str, session: &RoleSession) -> Vec<(&'static str, String)> {
    let RoleSession { name, duration, policy } = session;
    let duration = duration.map_or(DURATION_SECONDS, |duration| duration.as_secs());
    let mut parameters = vec![
        ("RoleArn", arn.to_owned()),
        ("RoleSessionName", name.as_deref().unwrap_or(around.session).to_owned()),
        ("DurationSeconds", duration.to_string()),
    ];
    parameters.extend(policy.clone().map(|policy| ("Policy", policy)));
    parameters
}

async fn signed(
    around: Surroundings<'_>,
    credentials: &Credentials,
    beside: Option<&str>,
    api: &'static Api,
    query: Vec<(&'static str, String)>,
) -> Result<Reply, SourceError> {
    let call = |endpoint| call(endpoint, credentials, api, query.clone());
    let StsEndpoint { url, is_regional } = endpoints::sts(around, beside);
    match around.clients.send_signed(&call(&url)).await {
        Err(error) if is_regional && is_nowhere(&url, &error).await => {
            around.clients.send_signed(&call(STS_EVERYWHERE)).await
        }
        result => result,
    }
}

/// A request to STS: all of its parameters are in the query, as in those of the vendor's SDK.
fn call<'a>(
    endpoint: &'a str,
    credentials: &'a Credentials,
    api: &'static Api,
    query: Vec<(&'static str, String)>,
) -> SignedCall<'a> {
    SignedCall { api, endpoint, method: Method::POST, path: "/", query, body: Body::Empty, credentials }
}

/// Tells whether nobody answered because a region has no STS: the name of its host does not resolve.
async fn is_nowhere(endpoint: &str, error: &SourceError) -> bool {
    error.nature() == Nature::Passing && !Clients::resolves(endpoint).await
}

/// Reads the keys of a role, and whose they are.
fn keys_of_role(reply: &Reply) -> Result<Issued, Result<SourceError, Refusal>> {
    const FIELDS: &[&str] = key_fields!("Credentials", "AssumedRoleUser", "Arn");
    let object = reply.object(Cloud::Alibaba, FIELDS).map_err(Err)?;
    let keys = object.object("Credentials").ok_or_else(|| Ok(reply.lacks("Credentials")))?;
    let identity = object.object("AssumedRoleUser").and_then(|user| arn::identity(user.text("Arn")?));
    Ok(Issued { identity, ..temporary_keys(reply, keys).map_err(Ok)? })
}

/// Says why a role could not be assumed.
fn not_assumed(refusal: &Refusal, key: &Credentials, role: RoleToAssume<'_>) -> SourceError {
    let arn = role.arn;
    let who = match key {
        Credentials::AccessKey { id, .. } => format!("the key {}", shown_key_id(id)),
        Credentials::AuthToken(_) => "an auth token".to_owned(),
    };
    if refusal.has_code("NoPermission") {
        let may_not = format!("{who} may not assume {arn} (NoPermission)");
        if refusal.says("root account") {
            return refusal.saying(format!("{may_not}: a root account cannot assume roles: use a RAM user"), "");
        }
        let hint = match role.external_id {
            None => {
                "check the role's trust policy, whether it asks for an external_id, and the permission sts:AssumeRole"
            }
            Some(_) => "check the role's trust policy, its external id, and the permission sts:AssumeRole",
        };
        return refusal.saying(may_not, hint);
    }
    let of_role = |hint| refusal.saying(format!("{arn} was not assumed: {}", refusal.words()), hint);
    if refusal.has_code("EntityNotExist.Role") {
        return of_role("check the name of the role and the number of its account");
    }
    if refusal.has_code("InvalidParameter.DurationSeconds") {
        return of_role("the role's MaxSessionDuration is the most; for a role assumed by a role, 1 h");
    }
    if refusal.has_code("InvalidParameter") {
        return of_role("check the role in the plan or the profile");
    }
    refusal.error_with("check the keys that assume the role")
}

/// Says why an OIDC token did not bring keys.
fn not_exchanged(refusal: &Refusal, role: RoleOfToken<'_>) -> SourceError {
    let RoleOfToken { arn, token, token_words, .. } = role;
    let last = |message: String, hint: &'static str| SourceError::new(Nature::Final, message, hint);
    if refusal.has_code("AuthenticationFail.OIDCToken.Expired") {
        let now = SystemClock.now();
        let ago = jwt::expiry(token.expose_secret()).map(|at| now.duration_since(at)).filter(|ago| ago.is_positive());
        let ago = ago.map_or_else(String::new, |ago| format!(" {} ago", to_come(ago.unsigned_abs())));
        return last(
            format!("{token_words} expired{ago} (AuthenticationFail.OIDCToken.Expired)"),
            "whoever writes the token must renew it: it is read again at each try",
        );
    }
    if refusal.has_code("AuthenticationFail.OIDCToken.AudienceNotMatch") {
        let hint = "the token's audience must be one of the client ids of the OIDC provider";
        return last(format!("{token_words} is for another audience: {}", refusal.words()), hint);
    }
    if refusal.has_code("AuthenticationFail.NoPermission") || refusal.has_code("NoPermission") {
        let hint = "check the role's trust policy: the provider's ARN, oidc:iss, oidc:aud and oidc:sub";
        return last(format!("{token_words} may not assume {arn} ({})", refusal.words()), hint);
    }
    if refusal.has_code("AuthenticationFail") {
        return last(
            format!("{token_words} was refused: {}", refusal.words()),
            "check the token and the OIDC provider",
        );
    }
    refusal.error_with("check the role and the provider's ARN")
}

#[cfg(test)]
mod tests;
