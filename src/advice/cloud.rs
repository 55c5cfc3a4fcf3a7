//! What to do about errors that the vendors' codes or messages explain.

use crate::error::ErrorClass;

/// Returns what to do about an error, if the vendor's code or message says more than its class.
pub(super) fn advice(class: ErrorClass, code: Option<&str>, message: Option<&str>) -> Option<&'static str> {
    let code = code.unwrap_or_default();
    if class == ErrorClass::Auth {
        return of_credentials(code, message);
    }
    (class == ErrorClass::Rejected && is_unknown_api(code))
        .then_some("check the account's region and endpoints: this endpoint does not serve the API")
}

fn of_credentials(code: &str, message: Option<&str>) -> Option<&'static str> {
    let says = |word| message.is_some_and(|message| message.to_ascii_lowercase().contains(word));
    if code.starts_with("InvalidSecurityToken") || code.starts_with("MissingSecurityToken") {
        Some("renew the temporary credentials, and give the security token that belongs to the key")
    } else if code.starts_with("InvalidAccessKey") {
        Some("check the access key id: the service does not know it, or it is disabled")
    } else if code.starts_with("Signature") || says("signature") {
        Some("check that the access key secret belongs to the access key id")
    } else if code.ends_with(".0307") || says("token") {
        Some("get a new token, for the region of the account")
    } else {
        None
    }
}

fn is_unknown_api(code: &str) -> bool {
    match code {
        "InvalidApi.NotFound" | "InvalidProduct.NotFound" | "InvalidAction.NotFound" => true,
        code => code.starts_with("APIG") && (code.ends_with(".0101") || code.ends_with(".0103")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_or_a_message_that_explains_the_error_has_advice() {
        let hint = |class, code, message| advice(class, Some(code), Some(message));
        for (class, code, message, word) in [
            (ErrorClass::Auth, "InvalidSecurityToken.Expired", "", "renew"),
            (ErrorClass::Auth, "InvalidAccessKeyId.NotFound", "", "access key id"),
            (ErrorClass::Auth, "SignatureNotMatch", "", "secret"),
            (ErrorClass::Auth, "APIGW.0301", "verify aksk signature fail", "secret"),
            (ErrorClass::Auth, "APIG.0307", "The token must be updated.", "token"),
            (ErrorClass::Auth, "APIGW.0301", "decrypt token fail", "token"),
            (ErrorClass::Rejected, "APIGW.0101", "", "region"),
            (ErrorClass::Rejected, "InvalidApi.NotFound", "", "region"),
        ] {
            assert!(hint(class, code, message).is_some_and(|hint| hint.contains(word)), "{class} {code} {message}");
        }
        assert_eq!(hint(ErrorClass::Rejected, "UnsupportedOperation", ""), None);
        assert_eq!(hint(ErrorClass::Auth, "401", "authentication required"), None);
        assert_eq!(advice(ErrorClass::Auth, None, None), None);
    }
}
