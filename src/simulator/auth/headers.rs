//! Headers: those that carry a signature, and those that it covers.

use super::super::request::Request;

/// Takes `name=value` parts apart, as `Authorization` headers have them after the algorithm.
pub(super) fn parts(text: &str) -> Vec<(&str, &str)> {
    text.split(',').filter_map(|part| part.trim().split_once('=')).collect()
}

/// Finds a part by its name; an absent one is empty.
pub(super) fn part<'a>(parts: &[(&'a str, &'a str)], name: &str) -> &'a str {
    parts.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}

/// Writes `name:value` lines of the signed headers; fails with the name of one that was not sent.
pub(super) fn canonical_headers<'a>(request: &Request, signed: &[&'a str]) -> Result<String, &'a str> {
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
