//! Numbers with their nouns, as people read them.

use std::fmt;

/// A number with its thousands apart: `1,203`.
#[derive(Debug, Clone, Copy)]
pub struct HumanCount(pub u64);

impl fmt::Display for HumanCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Returns a number with its noun, such as `1 target` or `1,203 targets`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    agreed(number, noun, &format!("{noun}s"))
}

/// Returns a number with the form of the words that agrees with it, such as `1 target is` or `2 targets are`.
#[must_use]
pub(crate) fn agreed(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", HumanCount(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_their_number() {
        let shown = [0, 1, 2, 1_234_567].map(|number| counted(number, "target"));
        assert_eq!(shown, ["0 targets", "1 target", "2 targets", "1,234,567 targets"]);
        assert_eq!([1, 2].map(|number| agreed(number, "entry is", "entries are")), ["1 entry is", "2 entries are"]);
    }
}
