//! Names of the sessions of roles, which the clouds' audit logs show.

/// The bounds of the length, and what stands for a character that no name has.
const LEAST: usize = 2;
const MOST: usize = 64;
const OTHER: char = '-';

/// Makes a name of a session of a text: other characters become `-`, and it is neither too short nor too long.
pub(super) fn session_name(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".@_-".contains(c);
    let mut name: String = text.chars().take(MOST).map(|c| if fits(c) { c } else { OTHER }).collect();
    while name.len() < LEAST {
        name.push(OTHER);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::session_name;

    #[test]
    fn names_have_what_both_clouds_take() {
        for (text, name) in [("allstop-0198-abc", "allstop-0198-abc"), ("a b/c=四", "a-b-c--"), ("", "--"), ("x", "x-")]
        {
            assert_eq!(session_name(text), name);
        }
        assert_eq!(session_name(&"a".repeat(99)).len(), 64);
    }
}
