//! Responses to the calls: what the service does, or what goes wrong.

use std::sync::Arc;
use std::time::Duration;

use super::super::auth::Claim;
use super::super::entry::Moment;
use super::super::request::Request;
use super::super::response::{Ending, Problem, Response};
use super::holder::Signer;
use super::invocation::Invocation;
use super::issuer::Issuer;
use super::ledger::CredentialCall;
use super::operation::Operation;
use super::refusal::Refusal;
use super::script::{Mode, Trouble};
use super::{alibaba_login, alibaba_metadata, alibaba_sts, huawei_iam, huawei_metadata, huawei_pod, huawei_sts};

/// How long a request without a response is kept: longer than any client waits.
const HANG: Duration = Duration::from_secs(3600);

/// Responds to a call whose signature, if it requires one, is good.
pub(in crate::simulator) fn respond(
    issuer: &mut Issuer,
    (operation, request): (Operation, &Request),
    signer: Option<&Signer>,
    (now, request_id): (Moment, &str),
) -> Response {
    let by = signer.map_or("", |signer| &*signer.id);
    let trouble = issuer.script.take(operation).or_else(|| issuer.draw(operation, by));
    let is_past = trouble == Some(Trouble::Mode(Mode::Past));
    let call = Invocation { operation, request, signer, now: now.wall, request_id, is_past };
    let (response, refusal) = match trouble.as_ref().and_then(|trouble| in_front(&call, trouble)) {
        Some((response, refusal)) => (response, refusal),
        None => match serve(&call, issuer) {
            Ok(response) if trouble == Some(Trouble::Mode(Mode::Truncated)) => (response.ending(Ending::Cut), None),
            Ok(response) => (response, None),
            Err(refusal) => (refusal.write(operation, request_id), Some(refusal)),
        },
    };
    note(issuer, &call, signer.map(|signer| Arc::clone(&signer.id)), &response, refusal);
    let delay = response.delay.max(issuer.script.delay(operation));
    response.after(delay)
}

/// Responds to a call that is refused for what it is signed with.
pub(in crate::simulator) fn refuse(
    issuer: &mut Issuer,
    (operation, request): (Operation, &Request),
    (claim, problem): (Option<Claim<'_>>, &Problem),
    (now, request_id): (Moment, &str),
) -> Response {
    let call = Invocation { operation, request, signer: None, now: now.wall, request_id, is_past: false };
    let key = match claim {
        Some(Claim::Key(_, id)) => Some(id.into()),
        Some(claim @ Claim::Token(_)) => issuer.signer(claim).map(|signer| signer.id),
        None => None,
    };
    let refusal = Refusal::from(problem);
    let response = refusal.write(operation, request_id);
    note(issuer, &call, key, &response, Some(refusal));
    let delay = issuer.script.delay(operation);
    response.after(delay)
}

/// Does what an operation does.
fn serve(call: &Invocation<'_>, issuer: &mut Issuer) -> Result<Response, Refusal> {
    match call.operation {
        Operation::AssumeRole => alibaba_sts::assume_role(call, issuer),
        Operation::AssumeRoleWithOidc => alibaba_sts::assume_role_with_oidc(call, issuer),
        Operation::GetCallerIdentity => alibaba_sts::get_caller_identity(call),
        Operation::AlibabaMetadataToken => alibaba_metadata::token(call, issuer),
        Operation::AlibabaMetadataRole => alibaba_metadata::role(call, issuer),
        Operation::AlibabaMetadataKeys => alibaba_metadata::keys(call, issuer),
        Operation::Uri => alibaba_login::uri(call, issuer),
        Operation::Sso => alibaba_login::sso(call, issuer),
        Operation::OauthToken => alibaba_login::oauth_token(call, issuer),
        Operation::OauthExchange => alibaba_login::oauth_exchange(call, issuer),
        Operation::Password => huawei_iam::password(call, issuer),
        Operation::ValidateToken => huawei_iam::validate(call, issuer),
        Operation::Projects => huawei_iam::projects(call, issuer),
        Operation::Domains => huawei_iam::domains(call, issuer),
        Operation::IdToken => huawei_iam::id_token(call, issuer),
        Operation::KeysByToken => huawei_iam::keys_by_token(call, issuer),
        Operation::Agency => huawei_iam::agency(call, issuer),
        Operation::CallerIdentity => huawei_sts::caller_identity(call),
        Operation::AssumeAgency => huawei_sts::assume(call, issuer),
        Operation::AssumeAgencyWithOidc => huawei_sts::assume_with_oidc(call, issuer),
        Operation::HuaweiMetadataToken => huawei_metadata::token(call, issuer),
        Operation::HuaweiMetadataKeys => huawei_metadata::keys(call, issuer),
        Operation::Pod => huawei_pod::keys(call, issuer),
    }
}

/// Returns the response that comes in place of the service's own; `None` if the service responds all the same.
fn in_front(call: &Invocation<'_>, trouble: &Trouble) -> Option<(Response, Option<Refusal>)> {
    let body = |content_type, body: &'static [u8]| Some((Response::new(200, content_type, body), None));
    match trouble {
        Trouble::Status { status, code, message } => {
            let refusal = Refusal::new(*status, code.clone(), message.clone());
            Some((refusal.write(call.operation, call.request_id), Some(refusal)))
        }
        Trouble::Mode(Mode::Garbage) => body("application/json", b"\x00\xff{not JSON"),
        Trouble::Mode(Mode::Html) => body("text/html", b"<html><title>Log in to the network</title></html>"),
        Trouble::Mode(Mode::Empty) => body("application/json", b""),
        Trouble::Mode(Mode::NoKeys) => body("application/json", b"{\"Code\": \"Success\"}"),
        Trouble::Mode(Mode::Hang) => {
            body("text/plain", b"").map(|(response, none)| (response.after(HANG).ending(Ending::Reset), none))
        }
        Trouble::Mode(Mode::Reset) => {
            body("text/plain", b"").map(|(response, none)| (response.ending(Ending::Reset), none))
        }
        Trouble::Mode(Mode::Truncated | Mode::Past) => None,
    }
}

/// Writes a call down.
fn note(
    issuer: &mut Issuer,
    call: &Invocation<'_>,
    key: Option<Arc<str>>,
    response: &Response,
    refusal: Option<Refusal>,
) {
    let status = match response.ending {
        Ending::Reset => 0,
        Ending::Whole | Ending::Cut => response.status,
    };
    issuer.calls.add(CredentialCall {
        at: call.now,
        op: call.operation.name(),
        host: call.request.header("host").unwrap_or_default().to_owned(),
        method: call.request.method.to_string(),
        path: call.request.path.clone(),
        key,
        status,
        code: refusal.map(|refusal| refusal.code.into_owned()),
    });
}
