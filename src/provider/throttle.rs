//! The usual words for a quota that is used up.

use crate::error::ErrorClass;

/// The words, in lower case and without what stands between words.
const WORDS: [&str; 10] = [
    "throttl",
    "flowcontrol",
    "flowlimit",
    "toomanyrequest",
    "toofrequent",
    "ratelimit",
    "requestlimit",
    "qpslimit",
    "frequencylimit",
    "slowdown",
];

/// Classifies a code that says, in whatever spelling, that too many requests were sent.
pub(super) fn by_code(code: &str) -> Option<ErrorClass> {
    let word: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let word = word.to_ascii_lowercase();
    let is_one = WORDS.iter().any(|usual| word.contains(usual));
    (is_one || code == "429").then_some(ErrorClass::Throttled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_word_is_known_in_any_spelling() {
        for code in [
            "Throttling",
            "Throttling.User",
            "Rejected.Throttling",
            "ResourceThrottled",
            "THROTTLED",
            "Gateway.FlowControl",
            "FLOW_CONTROL",
            "User.flow-control",
            "TooManyRequests",
            "too_many_requests",
            "RateLimitExceeded",
            "rate.limit",
            "RequestLimitExceeded",
            "Operation.TooFrequent",
            "QpsLimitExceeded",
            "SlowDown",
            "429",
        ] {
            assert_eq!(by_code(code), Some(ErrorClass::Throttled), "{code}");
        }
        for code in ["", "InvalidArgument", "QuotaExceeded", "InstanceNotFound", "APIGW.0308", "LIVE.100011001"] {
            assert_eq!(by_code(code), None, "{code}");
        }
    }
}
