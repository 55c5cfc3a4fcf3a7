//! Near misses: what a mistyped word probably meant.

use crate::base::escape::Escaped;

/// Returns the candidate nearest to `word`, if any is near.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(word, candidate)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns how far a candidate is from `word`, if it is near.
pub(super) fn distance(word: &str, candidate: &str) -> Option<usize> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST || candidate.len() > LONGEST {
        return None;
    }
    let allowed = (word.chars().count() / 3).max(1);
    let [word, candidate] = [word, candidate].map(|text| text.to_lowercase().replace('-', "_"));
    let short = word.len().min(candidate.len());
    // `thursday` is as near to `thu` as can be, and so is `project` to `project_id`.
    let begins = short >= 3 && (word.starts_with(&candidate) || candidate.starts_with(&word));
    let distance = if begins { 1 } else { strsim::osa_distance(&word, &candidate) };
    (distance <= allowed).then_some(distance)
}

/// Returns a hint with the nearest candidate, or with all of them if they are few.
pub(super) fn hint<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> Option<String> {
    const FEW: usize = 24;
    if let Some(near) = nearest(word, candidates.clone()) {
        return Some(meant(near));
    }
    let all: Vec<String> = candidates.into_iter().take(FEW + 1).map(quote).collect();
    match all.as_slice() {
        [] => None,
        [only] => Some(format!("expected {only}")),
        [..] if all.len() > FEW => None,
        [rest @ .., last] => Some(format!("expected {} or {last}", rest.join(", "))),
    }
}

/// Asks whether a text was meant.
pub(super) fn meant(text: &str) -> String {
    format!("did you mean {}?", quote(text))
}

/// Puts a word between backticks, with invisible characters escaped, and cut if it is too long.
pub(super) fn quote(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", Escaped(text.get(..cut).unwrap_or_default())),
        None => format!("`{}`", Escaped(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let kinds = ["fnf_execution", "opensearch_task", "drs_job"];
        assert_eq!(nearest("fnf_exection", kinds), Some("fnf_execution"));
        assert_eq!(nearest("DRS-Job", kinds), Some("drs_job"));
        assert_eq!(nearest("lambda", kinds), None);
        assert_eq!(nearest("auot", ["auto", "off"]), Some("auto"));
        assert_eq!(nearest("thursday", ["tue", "thu"]), Some("thu"));
        assert_eq!(nearest("of", ["auto", "off"]), Some("off"));
    }

    #[test]
    fn lists_the_few_where_nothing_is_near() {
        assert_eq!(hint("zzz", ["auto", "off"]).as_deref(), Some("expected `auto` or `off`"));
        assert_eq!(hint("zzz", []), None);
    }

    #[test]
    fn quotes_without_raw_control_characters() {
        assert_eq!(quote("a\u{1b}[0m"), "`a\\u{1b}[0m`");
        assert_eq!(quote(&"x".repeat(500)).chars().count(), 83);
    }
}
