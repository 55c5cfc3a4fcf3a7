//! Codes that say that something does not exist.

/// Returns whether a code says that one of `things` is unknown, as `instance.NotFound`: no page lists the others.
pub(super) fn is_unknown(code: &str, things: &[&str]) -> bool {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    let thing = ["notfound", "notexists", "notexist"].iter().find_map(|end| letters.strip_suffix(end));
    thing.is_some_and(|thing| things.iter().any(|known| thing.trim_end_matches("id") == *known))
}
