//! The codes of Huawei Cloud's API gateway; some services write `APIG.` for `APIGW.`. Follows the vendor's page "Error
//! codes" of the API request signing guide.

use crate::error::Code;

const PROJECT: &str = "check that the account's project_id is the project of its region, and that it is not frozen";
const CONFIGURATION: &str = "the gateway lacks a part of the API's configuration";

/// Every code of the gateway that is explained.
pub static CODES: [Code; 35] = [
    Code::new(404, "APIGW.0101", "this endpoint does not serve the API"),
    Code::new(404, "APIGW.0103", "the gateway finds no service behind the API"),
    Code::new(400, "APIGW.0104", CONFIGURATION),
    Code::new(400, "APIGW.0105", CONFIGURATION),
    Code::new(400, "APIGW.0106", "the gateway cannot pass the parameters on to the service"),
    Code::new(
        504,
        "APIGW.0201",
        "the service behind the gateway was unavailable or too slow, or the request was too large",
    ),
    Code::new(401, "APIGW.0301", "the gateway refuses the credentials, or the signature is too old"),
    Code::new(403, "APIGW.0302", "the IAM user may not call the API"),
    Code::new(401, "APIGW.0303", "the gateway refuses the credentials, or the signature is too old"),
    Code::new(403, "APIGW.0304", "the caller may not call the API"),
    Code::new(401, "APIGW.0305", "the gateway refuses the credentials"),
    Code::new(403, "APIGW.0306", "the caller may not call the API"),
    Code::new(401, "APIGW.0307", "the token has expired, or is for another region"),
    Code::new(429, "APIGW.0308", "a quota of the API, the user or the address is used up"),
    Code::new(403, "APIGW.0310", "the project is not available").advice(PROJECT),
    Code::new(401, "APIGW.0311", "the gateway refuses the credentials"),
    Code::new(403, "APIGW.0401", "the gateway cannot determine the address of this machine")
        .advice("call without the proxy in between, or from another network"),
    Code::new(403, "APIGW.0402", "the address of this machine may not call the API")
        .advice("check the allow and deny lists of addresses, or call from another network"),
    Code::new(403, "APIGW.0404", "the gateway may not reach the service behind it")
        .advice("permissions do not help: check the service's status page, then contact the vendor"),
    Code::new(405, "APIGW.0501", "the quota of the application that calls is used up"),
    Code::new(405, "APIGW.0502", "the application that calls is frozen, which may be for lack of balance"),
    Code::new(500, "APIGW.0601", "internal error of the gateway"),
    Code::new(400, "APIGW.0602", "the gateway rejects the request as malformed"),
    Code::new(500, "APIGW.0605", "the gateway cannot resolve the name of the service behind it"),
    Code::new(500, "APIGW.0606", "the gateway cannot load the API's configuration"),
    Code::new(400, "APIGW.0607", "the gateway does not serve the API over this protocol")
        .advice("check the account's endpoints: they must be https"),
    Code::new(500, "APIGW.0608", "the gateway cannot find out whose account it is"),
    Code::new(500, "APIGW.0609", "the gateway finds no service behind the API"),
    Code::new(502, "APIGW.0610", "no response from the service behind the gateway"),
    Code::new(500, "APIGW.0611", "the gateway finds no port of the service behind it"),
    Code::new(500, "APIGW.0612", "the API is set up to call itself"),
    Code::new(503, "APIGW.0613", "IAM is not available at the moment"),
    Code::new(500, "APIGW.0705", "the gateway could not sign its request to the service"),
    Code::new(403, "APIGW.0801", "the service cannot be called in this region")
        .advice("check the account's region, and that the service is offered there"),
    Code::new(403, "APIGW.0802", "the IAM user may not use this region")
        .advice("check the account's region, and that the IAM user is allowed to use it"),
];
