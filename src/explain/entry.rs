//! A word, explained.

use std::borrow::Cow;

use super::topic::Topic;

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
    /// What to do about it, in a fragment; nothing if nothing is to be done.
    pub advice: Option<String>,
    /// Details: what each kind needs, what the parameters are, which keys are below a key.
    pub details: Vec<(&'static str, Cow<'static, str>)>,
}

impl Entry {
    /// Returns the word, and of a key also its place, as in `guards.max_failures`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.owner.filter(|owner| self.topic == Topic::Key && !owner.contains(' ')) {
            Some(place) => format!("{place}.{}", self.word),
            None => self.word.clone(),
        }
    }

    pub(super) fn new(topic: Topic, word: &str, means: &'static str, advice: Option<&str>) -> Self {
        let (owner, treatment, details) = (None, None, Vec::new());
        Self { topic, word: word.to_owned(), owner, means, treatment, advice: advice.map(str::to_owned), details }
    }
}
