//! The metadata service of ECS: the keys of the instance's RAM role.

use http::Method;
use secrecy::SecretString;

use super::endpoints;
use super::issued::{key_fields, temporary_keys};
use crate::credentials::client::{Call, Reply};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::provider::Cloud;

const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

/// How long a token lives, in seconds: the most that there is.
const TOKEN_SECONDS: &str = "21600";

/// The variable that forbids to ask without a token.
const TOKENS_ONLY: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";

/// Returns the keys of the instance's role: `role`, or the one that the service names.
pub(in crate::credentials) async fn fetch(around: Surroundings<'_>, role: Option<&str>) -> Result<Issued, SourceError> {
    let base = endpoints::metadata(around);
    let token = token(around, &base).await?;
    let named;
    let role = match role {
        Some(role) => role,
        None => {
            let reply = get(around, &base, ROLES, token.as_ref()).await?;
            if reply.status() == 404 {
                return Err(without_role("no RAM role is attached to this instance (404)"));
            }
            let name = reply.text(Cloud::Alibaba).map_err(|refusal| refusal.error())?;
            if !is_role_name(name) {
                let message = format!("{} named no RAM role (a proxy or captive portal?)", reply.host());
                return Err(SourceError::new(Nature::Passing, message, "check what answers at that address"));
            }
            named = name.to_owned();
            &named
        }
    };
    let reply = get(around, &base, &format!("{ROLES}{role}"), token.as_ref()).await?;
    if reply.status() == 404 {
        return Err(without_role(&format!("no RAM role {role} is attached to this instance (404)")));
    }
    let keys = reply.object(Cloud::Alibaba, KEYS).map_err(|refusal| refusal.error())?;
    temporary_keys(&reply, &keys)
}

const KEYS: &[&str] = key_fields!();

async fn get(
    around: Surroundings<'_>,
    base: &str,
    path: &str,
    token: Option<&SecretString>,
) -> Result<Reply, SourceError> {
    let url = format!("{base}{path}");
    let call = Call::new(Method::GET, &url).metadata();
    let call = match token {
        Some(token) => call.secret_header("x-aliyun-ecs-metadata-token", token),
        None => call,
    };
    around.clients.send(call).await
}

/// Gets a token; `None` where the service has none and may be asked without.
async fn token(around: Surroundings<'_>, base: &str) -> Result<Option<SecretString>, SourceError> {
    let url = format!("{base}/latest/api/token");
    let call = Call::new(Method::PUT, &url).metadata().header("x-aliyun-ecs-metadata-token-ttl-seconds", TOKEN_SECONDS);
    let reply = around.clients.send(call).await.map_err(not_there)?;
    match reply.status() {
        403..=405 if around.is_true(TOKENS_ONLY) => Err(without_tokens(&reply)),
        403..=405 => Ok(None),
        _ => {
            let token = reply.text(Cloud::Alibaba).map_err(|refusal| refusal.error())?;
            let is_sound = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
            if is_sound { Ok(Some(token.into())) } else { Err(reply.lacks("token")) }
        }
    }
}

/// Says that nobody answers where the service of an instance would.
fn not_there(error: SourceError) -> SourceError {
    if error.nature() != Nature::Passing {
        return error;
    }
    let message = format!("this is no ECS instance ({})", error.message());
    SourceError::new(
        Nature::Final,
        message,
        "name another source of credentials, or run on an instance with a RAM role",
    )
}

fn without_tokens(reply: &Reply) -> SourceError {
    let message = format!("{} gives no token ({}), and {TOKENS_ONLY} is set", reply.host(), reply.status());
    SourceError::new(Nature::Final, message, "unset it, or switch the instance to tokens")
}

fn without_role(message: &str) -> SourceError {
    SourceError::new(Nature::Final, message, "attach a RAM role to the instance, or name another source of credentials")
}

/// Tells whether a text can be the name of a role; a page of a captive portal cannot.
fn is_role_name(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b".@_-".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(is_of_name)
}

#[cfg(test)]
mod tests;
