//! Huawei Cloud IAM, versions 3 and 3.0.

use serde_json::{Value, json};

use super::super::auth::Claim;
use super::super::response::Response;
use super::book::Proof;
use super::form;
use super::holder::Holder;
use super::invocation::Invocation;
use super::issuer::{Issuer, Order};
use super::refusal::Refusal;
use super::world::{IdToken, World};
use crate::provider::Cloud;

/// The shortest and the longest that keys live, in seconds.
const LIFETIMES: std::ops::RangeInclusive<u64> = 900..=86_400;

/// Hands out a token for a password.
pub(super) fn password(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let body = call.body()?;
    let auth = &body["auth"];
    let user = &auth["identity"]["password"]["user"];
    let world = &issuer.world;
    let account = account(world, &user["domain"], ["id", "name"]);
    let name = user["name"].as_str().unwrap_or_default();
    let is_right = |account: &&str| {
        let right = world.passwords.get(&format!("{}/{name}", world.name(account)));
        right.is_some() && right.map(String::as_str) == user["password"].as_str()
    };
    let wrong = || Refusal::new(401, "Unauthorized", "The username or password is wrong.");
    let account = account.filter(is_right).ok_or_else(wrong)?.to_owned();
    let (project, scope) = scope(world, &account, &auth["scope"])?;
    let domain = domain(world, &account);
    let user = json!({"domain": domain, "id": format!("u-{name}"), "name": name, "password_expires_at": ""});
    let order = Order { holder: Holder::user(Cloud::Huawei, &account, name), asked: None };
    let (token, body) = issuer.issue_token(call, order, project, |issued_at, expires_at| {
        let moments = json!({
            "issued_at": form::microseconds(issued_at), "expires_at": form::microseconds(expires_at),
            "methods": ["password"], "user": user, "roles": [], "catalog": [],
        });
        form::and(moments, &scope)
    });
    Ok(told(201, call, &token, &body))
}

/// Tells whose a token is.
pub(super) fn validate(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let token = call.request.header("x-subject-token").unwrap_or_default();
    let not_there = || Refusal::new(404, "Not Found", "Could not find token");
    if let Some(issued) = issuer.book.find(Claim::Token(token)) {
        let is_good = !issued.is_revoked && call.now < issued.expires_at;
        return match &issued.proof {
            Proof::Token { body, .. } if is_good => Ok(told(200, call, token, body)),
            Proof::Token { .. } | Proof::Key { .. } => Err(not_there()),
        };
    }
    // The simulator's own tokens are for everything, and have no end.
    let signer = issuer.signer(Claim::Token(token)).ok_or_else(not_there)?;
    let account = signer.holder.account.to_string();
    let domain = domain(&issuer.world, &account);
    let user = json!({"domain": domain, "id": "u-operator", "name": signer.holder.name()});
    let moments = json!({"issued_at": form::microseconds(call.now), "expires_at": "2100-01-01T00:00:00.000000Z"});
    let body = form::and(json!({"methods": ["password"], "user": user, "domain": domain}), &moments);
    Ok(told(200, call, token, &body))
}

/// Lists the projects of an account, or those of one region.
pub(super) fn projects(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let account = &*call.signer()?.holder.account;
    let name = call.request.parameter("name");
    let regions = issuer.world.projects.get(account).into_iter().flatten();
    let regions = regions.filter(|(region, _)| name.is_none_or(|name| name == region.as_str()));
    let project = |region: &String, id: &String| json!({"domain_id": account, "is_domain": false, "parent_id": account, "name": region, "description": "", "id": id, "enabled": true});
    let projects: Vec<_> = regions.flat_map(|(region, ids)| ids.iter().map(move |id| project(region, id))).collect();
    let links = json!({"self": "https://iam.invalid/v3/projects", "previous": null, "next": null});
    Ok(traced(Response::json(200, &json!({"links": links, "projects": projects})), call))
}

/// Lists the account of a key.
pub(super) fn domains(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let account = &*call.signer()?.holder.account;
    let domain = form::and(domain(&issuer.world, account), &json!({"description": "", "enabled": true, "links": {}}));
    let domains = if issuer.world.hide_domains { Vec::new() } else { vec![domain] };
    Ok(traced(Response::json(200, &json!({"domains": domains, "links": {}})), call))
}

/// Hands out an unscoped token for an id token.
pub(super) fn id_token(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let body = call.body()?;
    let token = body["auth"]["id_token"]["id"].as_str().unwrap_or_default();
    let wrong = |message: &'static str| Refusal::new(401, "Unauthorized", message);
    match issuer.world.id_tokens.get(token) {
        Some(IdToken::Good) => {}
        Some(IdToken::Expired) => return Err(wrong("The ID token is expired")),
        None => return Err(wrong("The ID token is not valid")),
    }
    let idp = call.request.header("x-idp-id").unwrap_or_default();
    let unknown = || Refusal::new(404, "Not Found", "Could not find identity provider");
    let account = issuer.world.idps.get(idp).cloned().ok_or_else(unknown)?;
    let federation = json!({"identity_provider": {"id": idp}, "protocol": {"id": "oidc"}, "groups": []});
    let user = json!({"OS-FEDERATION": federation, "domain": domain(&issuer.world, &account), "id": "u-federation", "name": "FederationUser"});
    let order = Order { holder: Holder::user(Cloud::Huawei, &account, "FederationUser"), asked: None };
    let (token, body) = issuer.issue_token(call, order, None, |issued_at, expires_at| {
        json!({"issued_at": form::microseconds(issued_at), "expires_at": form::microseconds(expires_at), "methods": ["mapped"], "user": user})
    });
    Ok(told(201, call, &token, &body))
}

/// Hands out keys for a token.
pub(super) fn keys_by_token(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let body = call.body()?;
    let asked = &body["auth"]["identity"]["token"];
    let token = asked["id"].as_str().or_else(|| call.request.header("x-auth-token")).unwrap_or_default();
    let issued = issuer.book.find(Claim::Token(token));
    let is_good = issued.is_none_or(|issued| !issued.is_revoked && call.now < issued.expires_at);
    let wrong = || Refusal::new(401, "Unauthorized", "The token is not valid");
    let signer = issuer.signer(Claim::Token(token)).filter(|_| is_good).ok_or_else(wrong)?;
    let lifetime = lifetime(&asked["duration_seconds"])?;
    let call = Invocation { signer: Some(&signer), ..*call };
    let keys = issuer.issue(&call, Order { holder: signer.holder.clone(), asked: lifetime });
    Ok(traced(Response::json(201, &json!({"credential": form::iam(&keys)})), &call))
}

/// Hands out keys of an agency.
pub(super) fn agency(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    let signer = call.signer()?;
    let body = call.body()?;
    let asked = &body["auth"]["identity"]["assume_role"];
    let name = asked["agency_name"].as_str().unwrap_or_default();
    let world = &issuer.world;
    let not_there = || Refusal::new(404, "Not Found", "Could not find agency");
    let account = account(world, asked, ["domain_id", "domain_name"]).ok_or_else(not_there)?.to_owned();
    let agency = world.agencies.get(&format!("iam::{account}:agency:{name}")).ok_or_else(not_there)?;
    if !agency.trust.iter().any(|trusted| **trusted == *signer.holder.account) {
        return Err(Refusal::new(403, "Forbidden", "You have no right to do this action"));
    }
    let lifetime = lifetime(&asked["duration_seconds"])?;
    let holder = Holder::session(Cloud::Huawei, &account, name, signer.holder.name());
    let keys = issuer.issue(call, Order { holder, asked: lifetime });
    Ok(traced(Response::json(201, &json!({"credential": form::iam(&keys)})), call))
}

/// Reads how long keys are to live, in seconds.
fn lifetime(asked: &Value) -> Result<Option<u64>, Refusal> {
    if asked.is_null() {
        return Ok(None);
    }
    // The real one takes texts, too.
    let number = asked.as_u64().or_else(|| asked.as_str()?.parse().ok()).filter(|asked| LIFETIMES.contains(asked));
    number.map(Some).ok_or_else(|| Refusal::new(400, "Bad Request", "The duration_seconds is invalid"))
}

/// Finds the account that a request names by its id or its name, or by both alike.
fn account<'w>(world: &'w World, named: &'w Value, [id, name]: [&str; 2]) -> Option<&'w str> {
    let (id, name) = (named[id].as_str(), named[name].as_str());
    let found = name.map_or(id, |name| world.domain(name))?;
    id.is_none_or(|id| id == found).then_some(found)
}

/// Reads what a token is to be for: a project, or the whole account.
fn scope(world: &World, account: &str, scope: &Value) -> Result<(Option<String>, Value), Refusal> {
    let domain = domain(world, account);
    let project = &scope["project"];
    if project.is_null() {
        return Ok((None, json!({"domain": domain})));
    }
    let found = world.project(account, project["name"].as_str(), project["id"].as_str());
    let message = "The request you have made requires authentication: there is no such project";
    let (id, name) = found.ok_or_else(|| Refusal::new(401, "Unauthorized", message))?;
    Ok((Some(id.to_owned()), json!({"project": {"id": id, "name": name, "domain": domain}})))
}

fn domain(world: &World, account: &str) -> Value {
    json!({"id": account, "name": world.name(account)})
}

/// Tells a token and what it is for.
fn told(status: u16, call: &Invocation<'_>, token: &str, body: &Value) -> Response {
    traced(Response::json(status, &json!({"token": body})).with("x-subject-token", token), call)
}

fn traced(response: Response, call: &Invocation<'_>) -> Response {
    response.with("x-request-id", call.request_id).with("x-iam-trace-id", call.request_id)
}
