//! Alibaba Cloud STS, version 2015-04-01.

use serde_json::{Value, json};

use super::super::response::Response;
use super::form;
use super::holder::{Holder, Rank};
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use super::world::{IdToken, Role};
use crate::provider::Cloud;

const VERSION: &str = "2015-04-01";

/// The shortest and the longest that keys live, and the longest for those that keys of a role ask for, in seconds.
const SHORTEST: u64 = 900;
const USUAL: u64 = 3600;
const LONGEST_OF_ROLE: u64 = 3600;

/// The longest session policy, in characters.
const MOST_POLICY: usize = 2048;

/// Hands out keys of a role.
pub(super) fn assume_role(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    check_version(call)?;
    let signer = call.signer()?;
    let arn = role_arn(call)?;
    if signer.holder.rank == Rank::Root {
        return Err(Refusal::new(403, "NoPermission", "Roles may not be assumed by root accounts."));
    }
    let not_there = || Refusal::new(404, "EntityNotExist.Role", "The specified Role not exists .");
    let role = issuer.world.roles.get(arn).ok_or_else(not_there)?;
    let is_trusted = role.trust.iter().any(|account| **account == *signer.holder.account);
    let is_named = role.external_id.is_none() || role.external_id.as_deref() == call.request.parameter("ExternalId");
    if !is_trusted || !is_named {
        let message = "You are not authorized to do this action. You should be authorized by RAM.";
        return Err(Refusal::new(403, "NoPermission", message));
    }
    let longest = if signer.is_temporary { role.max_duration_s.min(LONGEST_OF_ROLE) } else { role.max_duration_s };
    let lifetime = duration(call, longest)?;
    session(call, issuer, arn, lifetime)
}

/// Hands out keys of a role for an id token.
pub(super) fn assume_role_with_oidc(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    check_version(call)?;
    let arn = role_arn(call)?;
    let token = call.request.parameter("OIDCToken").unwrap_or_default();
    match issuer.world.id_tokens.get(token) {
        Some(IdToken::Good) => {}
        Some(IdToken::Expired) => {
            let code = "AuthenticationFail.OIDCToken.Expired";
            return Err(Refusal::new(401, code, "This JsonWebToken is expired."));
        }
        None => {
            let code = "AuthenticationFail.OIDCToken.Invalid";
            return Err(Refusal::new(401, code, "The Jwt content is invalid that cannot be recognized."));
        }
    }
    let provider = call.request.parameter("OIDCProviderArn");
    let is_provided = |role: &&Role| role.provider.is_some() && role.provider.as_deref() == provider;
    let Some(role) = issuer.world.roles.get(arn).filter(is_provided) else {
        return Err(Refusal::new(401, "AuthenticationFail.NoPermission", "There is no permission."));
    };
    let lifetime = duration(call, role.max_duration_s)?;
    session(call, issuer, arn, lifetime)
}

/// Tells whose the key is.
pub(super) fn get_caller_identity(call: &Invocation<'_>) -> Result<Response, Refusal> {
    check_version(call)?;
    let holder = &call.signer()?.holder;
    let account = &holder.account;
    let who = match &holder.rank {
        Rank::Root => json!({"IdentityType": "Account", "PrincipalId": account, "UserId": account}),
        Rank::User(_) => {
            let id = format!("2{account}");
            json!({"IdentityType": "RAMUser", "PrincipalId": id, "UserId": id})
        }
        Rank::Session { session, .. } => {
            let id = format!("3{account}");
            json!({"IdentityType": "AssumedRoleUser", "PrincipalId": format!("{id}:{session}"), "RoleId": id})
        }
    };
    let common = json!({"AccountId": account, "Arn": holder.resource_name(), "RequestId": call.request_id});
    Ok(good(call, &form::and(who, &common)))
}

fn check_version(call: &Invocation<'_>) -> Result<(), Refusal> {
    let version = call.request.header("x-acs-version").or_else(|| call.request.parameter("Version"));
    match version == Some(VERSION) {
        true => Ok(()),
        false => Err(Refusal::new(400, "InvalidVersion", "Specified parameter Version is not valid.")),
    }
}

/// Reads which role is meant, and checks what else a request for its keys states.
fn role_arn<'a>(call: &Invocation<'a>) -> Result<&'a str, Refusal> {
    let given = |name| call.request.parameter(name).filter(|text| !text.is_empty());
    let missing = |name: &str| {
        Refusal::new(400, format!("MissingParameter.{name}"), format!("{name} is mandatory for this action."))
    };
    let arn = given("RoleArn").ok_or_else(|| missing("RoleArn"))?;
    if !(arn.starts_with("acs:ram::") && arn.contains(":role/")) {
        return Err(Refusal::new(400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed."));
    }
    let name = given("RoleSessionName").ok_or_else(|| missing("RoleSessionName"))?;
    let is_good = |c: char| c.is_ascii_alphanumeric() || ".@-_".contains(c);
    if !(2..=64).contains(&name.len()) || !name.chars().all(is_good) {
        let message = "The parameter RoleSessionName is wrongly formed.";
        return Err(Refusal::new(400, "InvalidParameter.RoleSessionName", message));
    }
    if let Some(policy) = given("Policy")
        && (policy.len() > MOST_POLICY || serde_json::from_str::<Value>(policy).is_err())
    {
        let message = "The parameter Policy has not passed grammar check.";
        return Err(Refusal::new(400, "InvalidParameter.PolicyGrammar", message));
    }
    Ok(arn)
}

/// Reads how long the keys are to live, in seconds.
fn duration(call: &Invocation<'_>, longest: u64) -> Result<u64, Refusal> {
    let asked = match call.request.parameter("DurationSeconds").filter(|text| !text.is_empty()) {
        Some(text) => text.parse().ok(),
        None => Some(USUAL.min(longest)),
    };
    let wrong = || {
        let message = format!("The Min/Max value of DurationSeconds is 15min/{longest}s.");
        Refusal::new(400, "InvalidParameter.DurationSeconds", message)
    };
    asked.filter(|asked| (SHORTEST..=longest).contains(asked)).ok_or_else(wrong)
}

/// Hands out the keys of a session.
fn session(call: &Invocation<'_>, issuer: &mut Issuer, arn: &str, lifetime: u64) -> Result<Response, Refusal> {
    let account = arn.split(':').nth(3).unwrap_or_default();
    let role = arn.rsplit('/').next().unwrap_or_default();
    let session = call.request.parameter("RoleSessionName").unwrap_or_default();
    let holder = Holder::session(Cloud::Alibaba, account, role, session);
    let keys = issuer.issue(call, Order { holder, asked: Some(lifetime) });
    let body = json!({
        "RequestId": call.request_id,
        "AssumedRoleUser": {
            "Arn": format!("acs:ram::{account}:role/{role}/{session}"),
            "AssumedRoleId": format!("3{account}:{session}"),
        },
        "Credentials": form::alibaba(&keys),
    });
    Ok(good(call, &body))
}

fn good(call: &Invocation<'_>, body: &Value) -> Response {
    Response::json(200, body).with("x-acs-request-id", call.request_id)
}
