//! The codes of Huawei Cloud's API gateway; some services write `APIG.` for `APIGW.`. Follows the vendor's page "Error
//! codes" of the API request signing guide.

use crate::vendor::code::Code;

const PROJECT: &str = "check that the account's project_id is the project of its region, and that it is not frozen";

/// Every code of the gateway that is explained.
pub static CODES: [Code; 25] = [
    Code::new(404, "APIGW.0101", "this endpoint does not serve the API"),
    Code::new(404, "APIGW.0103", "this endpoint does not serve the API"),
    Code::new(400, "APIGW.0104", "the gateway takes the request for malformed"),
    Code::new(400, "APIGW.0105", "the gateway takes the request for malformed"),
    Code::new(400, "APIGW.0106", "the gateway takes the request for malformed"),
    Code::new(504, "APIGW.0201", "the service behind the gateway did not answer in time"),
    Code::new(401, "APIGW.0301", "the gateway refuses the credentials, or the signature is too old"),
    Code::new(403, "APIGW.0302", "the IAM user may not call the API"),
    Code::new(401, "APIGW.0303", "the gateway refuses the credentials"),
    Code::new(403, "APIGW.0304", "the caller may not call the API"),
    Code::new(401, "APIGW.0305", "the gateway refuses the credentials"),
    Code::new(403, "APIGW.0306", "the API's own rules of access refuse the caller"),
    Code::new(401, "APIGW.0307", "the token has expired, or is for another region"),
    Code::new(429, "APIGW.0308", "a quota of the API, the user or the address is used up"),
    Code::new(403, "APIGW.0310", "the project is not available").advice(PROJECT),
    Code::new(401, "APIGW.0311", "the gateway refuses the credentials"),
    Code::new(403, "APIGW.0401", "this machine's address may not call the API")
        .advice("the API refuses this address: look for IP restrictions of the account, or call from another network"),
    Code::new(403, "APIGW.0402", "this account may not call the API"),
    Code::new(405, "APIGW.0501", "the API does not take this method"),
    Code::new(500, "APIGW.0601", "the gateway failed inside"),
    Code::new(400, "APIGW.0602", "the gateway takes the request for malformed"),
    Code::new(500, "APIGW.0605", "the service behind the gateway could not be found"),
    Code::new(502, "APIGW.0610", "no service answers behind the gateway"),
    Code::new(503, "APIGW.0613", "IAM is not available at the moment"),
    Code::new(500, "APIGW.0705", "the gateway could not judge the signature"),
];
