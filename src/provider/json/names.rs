//! The names of the fields that are kept.

/// The fields of the error envelopes, in every spelling of the two vendors, by the lengths of their names: each field
/// of each response is looked up here.
pub(super) const ENVELOPE: [&[&str]; 11] = [
    &[],
    &[],
    &[],
    &[],
    &["Code", "code"],
    &["Error", "error"],
    &["Errors", "errors"],
    &["Message", "message", "Success", "success"],
    &["errorMsg"],
    &["RequestId", "requestId", "errorCode", "ErrorCode", "error_msg"],
    &["request_id", "error_code"],
];

/// What the name of a field means.
pub(super) enum Meaning {
    /// The field is kept.
    Kept(&'static str),
    /// The field is kept, and has the list that is searched, or a list of further entries.
    List(&'static str),
    /// It is the name of a field that is kept in a spelling that no service has: nobody knows if it is that field.
    Misspelt(&'static str),
    Nothing,
}

/// Looks a name up among those of the envelopes and `own`.
pub(super) fn meaning(key: &str, own: &'static [&'static str]) -> Meaning {
    let envelope = ENVELOPE.get(key.len()).copied().unwrap_or_default();
    let mut names = envelope.iter().chain(own);
    if let Some(name) = names.clone().find(|name| **name == key) {
        return Meaning::Kept(name);
    }
    let misspelt = names.find(|name| name.eq_ignore_ascii_case(key) && decides(name));
    misspelt.map_or(Meaning::Nothing, |name| Meaning::Misspelt(name))
}

/// Returns whether anything is decided by the field of this name. Messages and request ids are only shown.
fn decides(name: &str) -> bool {
    !matches!(name, "Message" | "message" | "RequestId" | "requestId" | "request_id")
}
