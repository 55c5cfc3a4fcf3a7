//! The expiry of an OIDC token, read without a look at its signature.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::Deserialize;

/// The claim that is read of a token.
#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>,
}

/// Returns when a token says that it expires; `None` where it does not say, or is no JWT.
pub(super) fn expiry(token: &str) -> Option<Timestamp> {
    let mut segments = token.trim().split('.');
    let (_header, claims) = (segments.next()?, segments.next()?);
    let claims = BASE64URL_NOPAD.decode(claims.trim_end_matches('=').as_bytes()).ok()?;
    let Claims { exp } = serde_json::from_slice(&claims).ok()?;
    // Whole seconds: a fraction of one is of no use.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number beyond all years is cut to the last one, which is refused"
    )]
    Timestamp::from_second(exp? as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("{}.{}.c2ln", BASE64URL_NOPAD.encode(br#"{"alg":"RS256"}"#), BASE64URL_NOPAD.encode(claims.as_bytes()))
    }

    #[test]
    fn the_expiry_is_read_without_the_signature() {
        let at = "2026-11-26T09:30:00Z".parse().unwrap();
        let second = Timestamp::as_second(at);
        for claims in
            [format!(r#"{{"iss":"https://oidc","exp":{second}}}"#), format!(r#"{{"exp":{second}.7,"sub":"ü"}}"#)]
        {
            assert_eq!(expiry(&token(&claims)), Some(at), "{claims}");
            assert_eq!(expiry(&format!("  {}\r\n", token(&claims))), Some(at));
        }
    }

    #[test]
    fn what_is_no_token_or_says_nothing_has_no_expiry() {
        for text in ["", "good.id.token", "opaque", "a.b", ".", "ä.ö.ü"] {
            assert_eq!(expiry(text), None, "{text}");
        }
        for claims in [r"{}", r#"{"exp":"soon"}"#, r#"{"exp":1e300}"#, r#"{"exp":null}"#] {
            assert_eq!(expiry(&token(claims)), None, "{claims}");
        }
    }
}
