//! Temporary keys as Huawei Cloud returns them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::urn;
use crate::credentials::client::{Refusal, Reply};
use crate::credentials::error::SourceError;
use crate::credentials::provider::Issued;
use crate::provider::{Cloud, Credentials, parse};

/// The keys, in the spellings of IAM v3.0 and the metadata service, of STS v5, and of the pod identity.
#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "credentials")]
    credential: Keys,
    assumed_agency: Option<AssumedAgency>,
}

#[derive(Deserialize)]
struct Keys {
    #[serde(alias = "access_key_id", alias = "accessKeyId")]
    access: String,
    #[serde(alias = "secret_access_key", alias = "secretAccessKey")]
    secret: String,
    #[serde(alias = "security_token", alias = "securityToken")]
    securitytoken: String,
    #[serde(alias = "expiration")]
    expires_at: String,
}

#[derive(Deserialize)]
struct AssumedAgency {
    urn: Option<String>,
}

/// Reads the keys of a response; `refused` words the refusal of one that brings none.
pub(super) fn read(reply: &Reply, refused: impl FnOnce(&Refusal) -> SourceError) -> Result<Issued, SourceError> {
    let body = reply.body(Cloud::Huawei).map_err(|refusal| refused(&refusal))?;
    let issued = issued(body).ok_or_else(|| reply.lacks("keys"))?;
    Ok(Issued { issued_at: reply.date(), ..issued })
}

/// Returns the keys of a body; `None` if it has none, or not all that makes them.
fn issued(body: &[u8]) -> Option<Issued> {
    let Answer { credential, assumed_agency } = parse(body)?;
    let Keys { access, secret, securitytoken, expires_at } = credential;
    if [&access, &secret, &securitytoken].into_iter().any(|text| text.trim().is_empty()) {
        return None;
    }
    let expires_at = time(&expires_at)?;
    let credentials =
        Credentials::AccessKey { id: access, secret: secret.into(), security_token: Some(securitytoken.into()) };
    Some(Issued {
        expires_at: Some(expires_at),
        identity: assumed_agency.and_then(|agency| urn::identity(&agency.urn?)),
        is_renewable: true,
        ..Issued::new(credentials)
    })
}

/// Reads a time, with or without a fraction; one without a zone is in UTC.
///
/// A fraction is dropped: the lifetime of keys is the time between it and the response's `Date`, which has none either.
/// With the fraction, the keys would seem to live up to a second longer than they do.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let in_utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let time: Timestamp = text.parse().ok().or_else(in_utc)?;
    Timestamp::from_second(time.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::credentials::identity::Identity;

    fn of(body: &str) -> Option<Issued> {
        issued(body.as_bytes())
    }

    #[test]
    fn every_spelling_is_read() {
        for body in [
            r#"{"credential": {"access": "A", "secret": "S", "securitytoken": "T", "expires_at": "2026-11-22T06:30:00.987654Z"}}"#,
            r#"{"credentials": {"access_key_id": "A", "secret_access_key": "S", "security_token": "T", "expiration": "2026-11-22T06:30:00Z"}}"#,
            r#"{"credentials": {"accessKeyId": "A", "secretAccessKey": "S", "securityToken": "T", "expiration": "2026-11-22T06:30:00"}, "x": [1]}"#,
        ] {
            let issued = of(body).unwrap();
            let Credentials::AccessKey { id, secret, security_token } = &issued.credentials else { panic!("{body}") };
            assert_eq!((&**id, secret.expose_secret()), ("A", "S"));
            assert_eq!(security_token.as_ref().unwrap().expose_secret(), "T");
            assert_eq!(issued.expires_at, Some("2026-11-22T06:30:00Z".parse().unwrap()));
            assert!(issued.is_renewable && issued.identity.is_none() && issued.project_id.is_none());
        }
    }

    #[test]
    fn the_urn_of_an_agency_names_the_account() {
        let keys = r#"{"access_key_id": "A", "secret_access_key": "S", "security_token": "T", "expiration": "2026-11-22T06:30:00Z"}"#;
        for (agency, identity) in [
            (
                r#"{"urn": "sts::d1:assumed-agency:stopper/s", "id": "i"}"#,
                Some(Identity::new("d1", "agency stopper, session s")),
            ),
            (r#"{"id": "i"}"#, None),
            ("null", None),
        ] {
            assert_eq!(
                of(&format!(r#"{{"assumed_agency": {agency}, "credentials": {keys}}}"#)).unwrap().identity,
                identity
            );
        }
    }

    #[test]
    fn half_of_it_is_nothing() {
        for body in [
            "",
            "<html>log in</html>",
            "[]",
            "{}",
            r#"{"Code": "Success"}"#,
            r#"{"credential": null}"#,
            r#"{"credential": {"access": "A", "secret": "S", "securitytoken": "T"}}"#,
            r#"{"credential": {"access": "A", "secret": "", "securitytoken": "T", "expires_at": "2026-11-22T06:30:00Z"}}"#,
            r#"{"credential": {"access": "A", "secret": "S", "securitytoken": "T", "expires_at": "soon"}}"#,
            r#"{"credential": {"access": "A", "access_key_id": "B", "secret": "S", "securitytoken": "T", "expires_at": "2026-11-22T06:30:00Z"}}"#,
            r#"{"credential": {"access": "A", "secr"#,
        ] {
            assert!(of(body).is_none(), "{body}");
        }
    }
}
