//! Whether a request may come in: signature, date, token and nonce, checked with the simulator's own code.
//!
//! Nothing here calls the signers under test, and no message repeats a signature, a secret or a token.

use hmac::{KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};

mod acs3;
mod nonces;
mod rpc_v1;
mod sdk_hmac;
#[cfg(test)]
mod tests;

pub(super) use nonces::Nonces;

use super::answer::Problem;
use super::keyring::Keyring;
use super::request::Request;
use super::service::Service;

/// How far a request's date may be from the service's clock, in seconds.
const MOST_SKEW: i64 = 15 * 60;

/// Who sent a request that passed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The number of the account.
    pub(super) account: u16,
    /// What the request carries so that it cannot be sent twice, where its signature has that.
    pub(super) nonce: Option<String>,
}

/// Checks whether a request may come in.
///
/// # Errors
///
/// Fails with the service's own answer to what is wrong.
pub(super) fn check(service: Service, request: &Request, keys: &Keyring, now: Timestamp) -> Result<Caller, Problem> {
    match service {
        Service::Fnf if request.headers.contains_key("authorization") => acs3::check(service, request, keys, now),
        Service::Fnf => rpc_v1::check(request, keys, now),
        Service::SearchEngine | Service::Elasticsearch => acs3::check(service, request, keys, now),
        Service::Live | Service::Drs => sdk_hmac::check(request, keys, now),
    }
}

/// Returns what an Alibaba Cloud service says to a nonce that it has seen before.
pub(super) fn replayed() -> Problem {
    Problem::new(400, "SignatureNonceUsed", "The request signature nonce has been used.")
}

/// Tells whether `signature` is the authentication code of `text` under `key`, without making it up.
fn is_sealed<M: Mac + KeyInit>(key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    M::new_from_slice(key).is_ok_and(|mut code| {
        code.update(text);
        code.verify_slice(signature).is_ok()
    })
}

/// Tells whether a security token was sent exactly where one is due.
fn is_token(due: Option<&SecretString>, sent: Option<&str>) -> bool {
    due.map(|token| token.expose_secret()) == sent
}

/// Reads a date in UTC, written exactly in `format`.
fn date(text: &str, format: &str) -> Option<Timestamp> {
    let date = DateTime::strptime(format, text).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    // The parser is generous with digits; the services are not.
    (date.strftime(format).to_string() == text).then_some(date)
}

/// Tells whether a date is too far from the clock.
fn is_skewed(date: Timestamp, now: Timestamp) -> bool {
    (now.as_second() - date.as_second()).abs() > MOST_SKEW
}

/// Takes `name=value` parts apart, as `Authorization` headers have them after the algorithm.
fn parts(text: &str) -> Vec<(&str, &str)> {
    text.split(',').filter_map(|part| part.trim().split_once('=')).collect()
}

/// Finds a part by its name; an absent one is empty.
fn part<'a>(parts: &[(&'a str, &'a str)], name: &str) -> &'a str {
    parts.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// Writes `name:value` lines of the signed headers; fails with the name of one that was not sent.
fn canonical_headers<'a>(request: &Request, signed: &[&'a str]) -> Result<String, &'a str> {
    let mut lines = String::new();
    for name in signed {
        let values = request.headers.get_all(*name).iter();
        let mut values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).map(str::trim).collect();
        if values.is_empty() {
            return Err(name);
        }
        values.sort_unstable();
        lines.extend([name, ":", &values.join(","), "\n"]);
    }
    Ok(lines)
}
