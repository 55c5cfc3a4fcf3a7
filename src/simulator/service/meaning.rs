//! What the services' words for states mean.

/// The words of a service that are understood; all others are unclear.
#[derive(Debug)]
pub(in crate::simulator) struct Meaning {
    /// What runs.
    pub(in crate::simulator) running: &'static [&'static str],
    /// What is on its way to its end.
    pub(in crate::simulator) stopping: &'static [&'static str],
    /// What has ended.
    pub(in crate::simulator) ended: &'static [&'static str],
    /// Whether upper and lower case are the same.
    pub(in crate::simulator) folds: bool,
}

impl Meaning {
    /// Returns what a word means: `running`, `stopping` or `ended`; `None` if that is unclear.
    pub(in crate::simulator) fn of(&self, word: &str) -> Option<&'static str> {
        let lower = word.to_lowercase();
        let word = if self.folds { &*lower } else { word };
        let groups = [("running", self.running), ("ended", self.ended), ("stopping", self.stopping)];
        groups.into_iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| name)
    }
}
