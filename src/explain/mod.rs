//! What the program's words mean, and what to do about each: exit statuses, outcomes, reasons, classes of errors, kinds
//! and keys of plans, and the vendors' codes.
//!
//! This is the one place for these texts: `allstop explain` and the report's schema show them, and the tables in the
//! README and in docs/ are held to them by tests. Nothing here decides anything.

mod class;
mod code;
mod evidence;
mod exit;
mod key;
mod kind;
mod outcome;
mod reason;
mod status;
mod term;
mod topic;

pub use class::class;
pub use evidence::{EVIDENCE, evidence};
pub use exit::{EXITS, Exit};
pub use outcome::outcome;
pub use reason::reason;
pub use status::{STATUSES, status};
pub use term::{MODES, TERMS};
pub use topic::Topic;

/// A word, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What sort of word it is.
    pub topic: Topic,
    /// The word as reports, vendors and shells show it.
    pub word: String,
    /// Whose it is, such as the title of the service or the place of a key; nothing for the program's own words.
    pub owner: Option<&'static str>,
    /// What it means, in a fragment.
    pub means: &'static str,
    /// What the program makes of it, in a fragment.
    pub treatment: Option<String>,
    /// What to do about it, in a fragment; nothing where nothing is to be done.
    pub advice: Option<String>,
    /// More in detail: what each kind needs, what the parameters are, what stands below a key.
    pub details: Vec<(&'static str, &'static str)>,
}

/// Returns every entry, topic by topic.
#[must_use]
pub fn entries() -> Vec<Entry> {
    Topic::ALL
        .into_iter()
        .flat_map(|topic| match topic {
            Topic::Exit => exit::entries(),
            Topic::Outcome => outcome::entries(),
            Topic::Reason => reason::entries(),
            Topic::Evidence => evidence::entries(),
            Topic::Class => class::entries(),
            Topic::Status => status::entries(),
            Topic::Mode => term::entries(topic, &MODES),
            Topic::Term => term::entries(topic, &TERMS),
            Topic::Kind => kind::entries(),
            Topic::Key => key::entries(),
            Topic::Code => code::entries(),
        })
        .collect()
}

/// Returns the entries for a word, in any case; a key may be named with its place, as in `guards.max_failures`.
#[must_use]
pub fn about(word: &str) -> Vec<Entry> {
    let known = entries();
    // Who copies a word from a summary or a command line has blanks or dashes in it.
    let spelt = word.trim_start_matches('-').replace(['-', ' '], "_");
    let is_word = |name: &String| [word, &spelt].iter().any(|word| name.eq_ignore_ascii_case(word));
    let is_meant = |entry: &&Entry| is_word(&entry.word) || is_word(&entry.path());
    let exact: Vec<_> = known.iter().filter(is_meant).cloned().collect();
    if !exact.is_empty() {
        return exact;
    }
    word.parse().ok().and_then(exit::of_signal).map_or_else(|| code::of_family(word, known), |entry| vec![entry])
}

/// Returns the words that one that is not known may have been meant to be, the nearest first; at most three.
#[must_use]
pub fn near(word: &str) -> Vec<String> {
    const SHOWN: usize = 3;
    const LONGEST: usize = 64;
    // One number is never meant to be another one.
    if word.is_empty() || word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let word: String = word.to_lowercase().replace(['-', ' '], "_").chars().take(LONGEST).collect();
    let allowed = (word.chars().count() / 3).max(1);
    let distance = |known: String| {
        let lower = known.to_lowercase();
        let begins = word.len() > 2 && lower.starts_with(&word);
        (if begins { 1 } else { strsim::osa_distance(&word, &lower) }, known)
    };
    let known = entries().into_iter().flat_map(|entry| [entry.path(), entry.word]);
    let mut near: Vec<_> = known.map(distance).filter(|(distance, _)| *distance <= allowed).collect();
    near.sort();
    near.dedup();
    near.into_iter().take(SHOWN).map(|(_, word)| word).collect()
}

/// Makes a fragment a sentence: a capital at the beginning, and a full stop.
#[must_use]
pub fn sentence(fragment: &str) -> String {
    let mut chars = fragment.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).chain(['.']).collect()
}

impl Entry {
    /// Returns the word, and of a key also where it stands, as in `guards.max_failures`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.owner.filter(|owner| self.topic == Topic::Key && !owner.contains(' ')) {
            Some(place) => format!("{place}.{}", self.word),
            None => self.word.clone(),
        }
    }

    fn own(topic: Topic, word: &str, means: &'static str, advice: Option<&str>) -> Self {
        let (owner, treatment, details) = (None, None, Vec::new());
        Self { topic, word: word.to_owned(), owner, means, treatment, advice: advice.map(str::to_owned), details }
    }
}
