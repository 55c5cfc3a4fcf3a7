//! Access key ids: as they are shown, and what their beginnings tell.

/// Returns a key id as it is shown: its first and its last four characters, `LTAI…0001`.
pub(in crate::credentials) fn shown_key_id(id: &str) -> String {
    const ENDS: usize = 4;
    let count = id.chars().count();
    // A short one would be shown whole.
    let ends = if count > 2 * ENDS { ENDS } else { count / 3 };
    let (first, last) = (id.chars().take(ends), id.chars().skip(count - ends));
    first
        .chain(std::iter::once('…'))
        .chain(last)
        .map(|ch| if ch.is_ascii_graphic() || ch == '…' { ch } else { '?' })
        .collect()
}

/// Says what is odd about an Alibaba Cloud key; the service decides whether it is wrong. `token` names where its security
/// token stands or would stand.
pub(super) fn oddity(id: &str, has_token: bool, token: &str) -> Option<String> {
    if id.starts_with("STS.") && !has_token {
        Some(format!("a temporary key needs {token}"))
    } else if id.starts_with("LTAI") && has_token {
        Some(format!("{token} is left over from another key: unset it"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_key_id_are_shown_and_never_the_whole() {
        for (id, shown) in [
            ("LTAI5tAbCdEfGhIj0001", "LTAI…0001"),
            ("HWOPSACCESSKEY000001", "HWOP…0001"),
            ("LTAI5tOps", "LTAI…tOps"),
            ("LTAI5t", "LT…5t"),
            ("ab", "…"),
            ("", "…"),
            ("\u{1b}[2Jabcdefghijklm", "?[2J…jklm"),
        ] {
            assert_eq!(shown_key_id(id), shown);
        }
    }

    #[test]
    fn a_temporary_key_needs_a_token_and_no_other_has_one() {
        assert_eq!(oddity("STS.N", false, "T").as_deref(), Some("a temporary key needs T"));
        assert_eq!(oddity("LTAI5t", true, "T").as_deref(), Some("T is left over from another key: unset it"));
        for (id, has_token) in [("STS.N", true), ("LTAI5t", false), ("HW", true), ("HW", false)] {
            assert_eq!(oddity(id, has_token, "T"), None);
        }
    }
}
