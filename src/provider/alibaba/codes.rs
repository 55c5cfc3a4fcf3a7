//! The codes that services of Alibaba Cloud share. Follows the vendor's page "Common error codes".

use crate::error::Code;

/// Every shared code that is explained.
pub static CODES: [Code; 26] = [
    Code::new(400, "Throttling", "too many requests were sent"),
    Code::new(400, "Throttling.User", "this user sent too many requests"),
    Code::new(400, "Throttling.Api", "the API got too many requests"),
    Code::new(503, "ServiceUnavailable", "the service is overloaded or under maintenance"),
    Code::new(500, "InternalError", "internal error of the service"),
    Code::new(500, "InternalServerError", "internal error of the service"),
    Code::new(404, "InvalidAccessKeyId.NotFound", "unknown access key id"),
    Code::new(400, "InvalidAccessKeyId.Inactive", "the access key is disabled")
        .advice("enable the access key in the RAM console, or use another"),
    Code::new(403, "SignatureDoesNotMatch", "the signature does not match the secret"),
    Code::new(400, "IncompleteSignature", "a part of the signature is missing"),
    Code::new(400, "InvalidSecurityToken.Expired", "the temporary credentials have expired"),
    Code::new(400, "InvalidSecurityToken.Malformed", "the security token is cut short or belongs to another key"),
    Code::new(400, "MissingSecurityToken", "the key is a temporary one, and its security token is missing"),
    Code::new(400, "SignatureNonceUsed", "duplicate request: the nonce was used before"),
    Code::new(400, "InvalidTimeStamp.Expired", "the request's date differs by more than 15 minutes"),
    Code::new(400, "IllegalTimestamp", "the request's date differs by more than 15 minutes"),
    Code::new(403, "Forbidden.RAM", "no RAM policy allows the user this"),
    Code::new(403, "NoPermission", "no RAM policy allows the user this"),
    Code::new(403, "AccessDenied", "no RAM policy allows the user this, or one denies it"),
    Code::new(400, "MissingParameter", "a required parameter is missing"),
    Code::new(400, "InvalidParameter", "a parameter has a value that is not allowed"),
    Code::new(404, "InvalidApi.NotFound", "this endpoint does not serve the API"),
    Code::new(404, "InvalidProduct.NotFound", "this endpoint does not serve the product"),
    Code::new(404, "InvalidAction.NotFound", "this endpoint does not serve the action"),
    Code::new(400, "UnsupportedOperation", "the resource does not take this operation"),
    Code::new(400, "NoSuchVersion", "this endpoint does not serve that version of the API"),
];
