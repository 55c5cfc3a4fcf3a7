//! What happens by itself in one account's resources of one kind, counted in listing requests.

/// What a resource does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It comes.
    Come,
    /// It leaves.
    Leave,
}

/// What is to come.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    requests: u32,
    due: Vec<(u32, usize, Step)>,
}

impl Timeline {
    /// Plans a step of a resource for the moment when so many requests have come in.
    pub(super) fn plan(&mut self, requests: u32, number: usize, step: Step) {
        self.due.push((requests, number, step));
    }

    /// Counts a listing request, and returns what happens before its response.
    pub(super) fn next(&mut self) -> Vec<(usize, Step)> {
        let requests = self.requests;
        self.requests = requests.saturating_add(1);
        if self.due.is_empty() {
            return Vec::new();
        }
        let (now, later): (Vec<_>, Vec<_>) = self.due.drain(..).partition(|(due, ..)| *due <= requests);
        self.due = later;
        now.into_iter().map(|(_, number, step)| (number, step)).collect()
    }
}
