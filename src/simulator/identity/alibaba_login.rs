//! Credentials of a URI and of the logins of Alibaba Cloud's command-line program: CloudSSO and OAuth.

use serde_json::{Value, json};

use super::super::response::Response;
use super::book::Keys;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use crate::provider::Cloud;

/// Hands out the keys of a credentials URI.
pub(super) fn uri(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let not_there = || Refusal::new(404, "NotFound", "There is nothing at this address.");
    let account = issuer.world.uri.as_ref().map(|uri| uri.account.clone()).ok_or_else(not_there)?;
    let keys = issue(call, issuer, &account, "uri");
    Ok(Response::json(200, &form::and(form::alibaba(&keys), &json!({"Code": "Success"}))))
}

/// Hands out keys for the access token of CloudSSO.
pub(super) fn sso(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let over = || Refusal::new(401, "InvalidAccessToken", "The access token has expired.");
    let login = issuer.world.sso.as_ref().filter(|login| call.bearer() == Some(&login.access_token));
    let account = login.map(|login| login.account.clone()).ok_or_else(over)?;
    let body = call.body()?;
    if body["AccountId"] != *account || !body["AccessConfigurationId"].is_string() {
        return Err(Refusal::new(403, "NoPermission", "The account or the access configuration is not assigned."));
    }
    let keys = issue(call, issuer, &account, "sso");
    Ok(Response::json(200, &json!({"CloudCredential": form::alibaba(&keys), "RequestId": call.request_id})))
}

/// Replaces both tokens of OAuth for the refresh token.
pub(super) fn oauth_token(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let refresh = call.request.parameter("refresh_token");
    let (access_token, refresh_token) = (issuer.login_token(call, "access"), issuer.login_token(call, "refresh"));
    let login = issuer.world.oauth.as_mut().filter(|login| refresh == Some(&login.refresh_token));
    let Some(login) = login else {
        return Err(Refusal::new(400, "invalid_grant", "The refresh token is not valid."));
    };
    login.access_token.clone_from(&access_token);
    login.refresh_token.clone_from(&refresh_token);
    let body = json!({"access_token": access_token, "refresh_token": refresh_token, "expires_in": 3600, "token_type": "Bearer"});
    Ok(Response::json(200, &body))
}

/// Hands out keys for the access token of OAuth.
pub(super) fn oauth_exchange(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let over = || Refusal::new(401, "expired_token", "The access token is expired.");
    let login = issuer.world.oauth.as_ref().filter(|login| call.bearer() == Some(&login.access_token));
    let (account, lower_case) = login.map(|login| (login.account.clone(), login.lower_case)).ok_or_else(over)?;
    let keys = issue(call, issuer, &account, "oauth");
    let keys = form::alibaba(&keys);
    let keys = if lower_case { in_lower_case(&keys) } else { keys };
    Ok(Response::json(200, &form::and(keys, &json!({"requestId": call.request_id}))))
}

fn issue(call: &Invocation<'_>, issuer: &mut Issuer, account: &str, role: &str) -> Keys {
    let holder = Holder::session(Cloud::Alibaba, account, role, "login");
    issuer.issue(call, Order { holder, asked: None })
}

/// Makes the first letter of each name small.
fn in_lower_case(keys: &Value) -> Value {
    let small = |name: &String| {
        name.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_lowercase() } else { c }).collect()
    };
    let fields = keys.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| -> (String, Value) { (small(name), value.clone()) })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
