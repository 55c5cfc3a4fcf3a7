//! Logins of the command line: CloudSSO and OAuth. What they cached is used while it lives; then one exchange brings keys.
//! No login is renewed here: that would end the one that the command line has.

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use url::Url;

use super::endpoints;
use super::issued::{key_fields, temporary_keys};
use crate::base::clock::{Clock, SystemClock};
use crate::credentials::client::{Call, Reply, with_scheme};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::source::{Login, LoginService};
use crate::credentials::surroundings::Surroundings;
use crate::http::Body;
use crate::provider::Cloud;

/// How long cached keys must live to be used.
const LEAST_LEFT: SignedDuration = SignedDuration::from_secs(60);

/// Returns the keys of a login.
pub(in crate::credentials) async fn fetch(around: Surroundings<'_>, login: &Login) -> Result<Issued, SourceError> {
    let now = SystemClock.now();
    let Login { cached, access_token, service, .. } = login;
    if let Some((credentials, expires_at)) = cached.as_ref().filter(|(_, at)| at.duration_since(now) > LEAST_LEFT) {
        let expires_at = Some(*expires_at);
        return Ok(Issued { expires_at, is_renewable: true, ..Issued::new(credentials.clone()) });
    }
    let Some((token, token_expires_at)) = access_token else { return Err(over(login, None)) };
    if let Some(expired_at) = token_expires_at.filter(|at| *at <= now) {
        return Err(over(login, Some(expired_at)));
    }
    let reply = exchange(around, service, token).await?;
    if matches!(reply.status(), 400..=499) && !matches!(reply.status(), 408 | 429) && !reply.is_html() {
        return Err(over(login, None));
    }
    const FIELDS: &[&str] = key_fields!("CloudCredential");
    let object = reply.object(Cloud::Alibaba, FIELDS).map_err(|refusal| refusal.error())?;
    temporary_keys(&reply, object.object("CloudCredential").unwrap_or(&object))
}

/// Exchanges an access token.
async fn exchange(
    around: Surroundings<'_>,
    service: &LoginService,
    token: &SecretString,
) -> Result<Reply, SourceError> {
    let own = endpoints::login(around);
    let (url, body) = match service {
        LoginService::CloudSso { sign_in_url, account_id, access_config } => {
            let origin = match own {
                Some(origin) => origin,
                None => origin_of(sign_in_url)?,
            };
            let body = serde_json::json!({ "AccountId": account_id, "AccessConfigurationId": access_config });
            (format!("{origin}/cloud-credentials"), body.to_string())
        }
        LoginService::OAuth { site } => {
            let of_site = if site.eq_ignore_ascii_case("INTL") { "oauth.alibabacloud.com" } else { "oauth.aliyun.com" };
            (format!("{}/v1/exchange", own.unwrap_or_else(|| with_scheme(of_site))), String::new())
        }
    };
    around.clients.send(Call::post(&url, Body::Json(body)).header("accept", "application/json").bearer(token)).await
}

/// Returns scheme, host and port of a sign-in URL.
fn origin_of(url: &str) -> Result<String, SourceError> {
    let origin = Url::parse(&with_scheme(url)).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    origin.map(|origin| origin.ascii_serialization()).ok_or_else(|| {
        let message = "cloud_sso_sign_in_url of the profile is no URL";
        SourceError::new(Nature::Final, message, "log in again with `aliyun configure`")
    })
}

/// Says that a login is over.
fn over(login: &Login, since: Option<Timestamp>) -> SourceError {
    let Login { profile, service, .. } = login;
    let kind = match service {
        LoginService::CloudSso { .. } => "CloudSSO",
        LoginService::OAuth { .. } => "OAuth",
    };
    let since = since.map_or_else(String::new, |at| format!(" at {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    let message =
        format!("the {kind} login of profile {profile} expired{since}: run aliyun configure --profile {profile}");
    SourceError::new(Nature::Final, message, "")
}

#[cfg(test)]
mod tests;
