//! Texts that match patterns.

use super::super::glob::{Glob, Part};
use super::super::wish::is_any;
use super::dice::Dice;

/// Characters that stand for any one.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Makes a text that matches one of several patterns; `own` stands where they allow anything.
pub(super) fn matching(globs: &[Glob], own: &str, dice: &mut Dice) -> Option<String> {
    let glob = dice.pick(globs)?;
    let text = fill(dice.pick(glob.sequences())?, own, dice);
    is_any(globs, &text).then_some(text)
}

/// Makes a text that matches both one of several patterns and another one.
pub(super) fn matching_both(globs: &[Glob], other: &Glob, own: &str, dice: &mut Dice) -> Option<String> {
    let others = std::slice::from_ref(other);
    let alone = matching(others, own, dice)?;
    let inside = matching(globs, &alone, dice);
    let around = matching(globs, own, dice).and_then(|text| matching(others, &text, dice));
    let texts = [Some(alone), inside, around].into_iter().flatten();
    texts.into_iter().find(|text| is_any(globs, text) && other.matches(text))
}

fn fill(parts: &[Part], own: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    let mut is_used = false;
    for part in parts {
        match part {
            // Once is enough to tell it from others.
            Part::Many if is_used => {}
            Part::Many => {
                text.push_str(own);
                is_used = true;
            }
            Part::Only(only) => text.push(*only),
            Part::One | Part::Of(..) => text.extend(letter(part, dice)),
        }
    }
    text
}

/// Picks a character that a part stands for.
fn letter(part: &Part, dice: &mut Dice) -> Option<char> {
    let first = usize::try_from(dice.below(36)).unwrap_or_default();
    let letters = LETTERS.iter().cycle().skip(first).take(LETTERS.len()).map(|letter| char::from(*letter));
    let stated = match part {
        Part::Of(ranges, false) => ranges.first().map(|range| *range.start()),
        Part::Of(_, true) | Part::Many | Part::One | Part::Only(_) => None,
    };
    letters.chain(stated).chain(['-', '中']).find(|letter| part.is(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(patterns: &[&str]) -> Vec<Glob> {
        patterns.iter().map(|pattern| Glob::read(pattern).unwrap()).collect()
    }

    #[test]
    fn every_pattern_gets_texts_of_its_own() {
        let mut dice = Dice::new(7);
        for patterns in [&["etl-*"][..], &["*"], &["a?[bc][!0-9]{x,y*}\\*"], &["literal"], &["[-.]", "中*"], &["*-*-*"]]
        {
            let globs = globs(patterns);
            let texts: Vec<_> = (0..50).map(|n| matching(&globs, &format!("n{n}"), &mut dice)).collect();
            assert!(
                texts.iter().all(|text| text.as_ref().is_some_and(|text| is_any(&globs, text))),
                "{patterns:?} {texts:?}"
            );
        }
        let mut texts: Vec<_> =
            (0..50).map(|n| matching(&globs(&["etl-*"]), &format!("n{n}"), &mut dice).unwrap()).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 50);
    }

    #[test]
    fn a_text_may_match_two_patterns() {
        let mut dice = Dice::new(7);
        for (one, other) in [("etl-*", "*-payments"), ("*", "*golden*"), ("a*", "*b"), ("x-1", "*")] {
            let text = matching_both(&globs(&[one]), &globs(&[other])[0], "n1", &mut dice)
                .unwrap_or_else(|| panic!("{one} {other}"));
            assert!(is_any(&globs(&[one]), &text) && is_any(&globs(&[other]), &text), "{text}");
        }
        assert_eq!(matching_both(&globs(&["a"]), &globs(&["b"])[0], "n", &mut dice), None);
    }
}
