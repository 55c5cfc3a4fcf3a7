//! Hints say something of use for every class and kind.

use allstop::class::ErrorClass;
use allstop::operation::Kind;
use allstop::run::hint;

const CLASSES: [ErrorClass; 12] = [
    ErrorClass::Throttled,
    ErrorClass::Conflict,
    ErrorClass::Server,
    ErrorClass::Network,
    ErrorClass::Timeout,
    ErrorClass::Clock,
    ErrorClass::Auth,
    ErrorClass::Denied,
    ErrorClass::Invalid,
    ErrorClass::Rejected,
    ErrorClass::NotFound,
    ErrorClass::Protocol,
];

#[test]
fn is_a_fragment_for_every_class_and_kind() {
    for class in CLASSES {
        for kind in Kind::all() {
            let text = hint(class, *kind);
            assert!(text.starts_with(char::is_lowercase) && !text.ends_with('.'), "{class} {kind}: {text}");
        }
    }
}

#[test]
fn names_permissions_and_variables() {
    let table = [
        ("fnf_execution", ErrorClass::Denied, "fnf:StopExecution"),
        ("fnf_execution", ErrorClass::Auth, "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        ("drs_job", ErrorClass::Auth, "HUAWEICLOUD_SDK_SK"),
    ];
    for (kind, class, word) in table {
        let text = hint(class, Kind::named(kind).unwrap());
        assert!(text.contains(word), "{text}");
    }
}
