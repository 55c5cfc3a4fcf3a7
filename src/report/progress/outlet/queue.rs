//! What waits to be written: lines in order, and the newest picture of the bars.

use std::collections::VecDeque;

/// How many bytes of lines may wait; a line beyond that is dropped, and counted in its place.
const BOUND: usize = 4 << 20;

/// How many bytes of lines are written in one go, so that little is out of reach once somebody gives up waiting.
const CHUNK: usize = 16 << 10;

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: VecDeque<Entry>,
    /// Bytes of the lines that may be dropped.
    bytes: usize,
    frame: Option<Vec<String>>,
    /// Whether something is being written at this moment.
    pub(super) is_writing: bool,
    /// Whether nobody adds anything any more.
    pub(super) is_closed: bool,
}

/// One thing to be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A line that may be dropped.
    Line(String),
    /// Text that stays until it is written.
    Kept(String),
    /// So many lines were dropped here.
    Dropped(u64),
}

/// What is written in one go: texts first, then the picture.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    pub(super) frame: Option<Vec<String>>,
}

impl Queue {
    /// Tells whether a line would be taken.
    pub(super) const fn has_room(&self) -> bool {
        self.bytes < BOUND
    }

    /// Takes a line, or counts it where there is no room for it.
    pub(super) fn add(&mut self, line: &str) {
        if self.has_room() {
            self.bytes += line.len();
            self.entries.push_back(Entry::Line(line.to_owned()));
        } else if let Some(Entry::Dropped(count)) = self.entries.back_mut() {
            *count += 1;
        } else {
            self.entries.push_back(Entry::Dropped(1));
        }
    }

    /// Takes text that is never dropped.
    pub(super) fn keep(&mut self, text: &str) {
        self.entries.push_back(Entry::Kept(text.to_owned()));
    }

    /// Takes a picture of the bars, in the place of one that was not drawn yet.
    pub(super) fn draw(&mut self, frame: Vec<String>) {
        self.frame = Some(frame);
    }

    /// Returns what is to be written next, if anything is.
    pub(super) fn take(&mut self) -> Option<Batch> {
        let mut batch = Batch { entries: Vec::new(), frame: self.frame.take() };
        let mut size = 0;
        while size < CHUNK
            && let Some(entry) = self.entries.pop_front()
        {
            match &entry {
                Entry::Line(text) => {
                    self.bytes -= text.len();
                    size += text.len();
                }
                Entry::Kept(text) => size += text.len(),
                Entry::Dropped(_) => {}
            }
            batch.entries.push(entry);
        }
        (!batch.entries.is_empty() || batch.frame.is_some()).then_some(batch)
    }

    /// Drops the lines that wait; what is kept comes next.
    pub(super) fn drop_lines(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.bytes = 0;
        let mut dropped = 0;
        for entry in entries {
            match entry {
                Entry::Line(_) => dropped += 1,
                Entry::Dropped(count) => dropped += count,
                kept @ Entry::Kept(_) => {
                    self.note_dropped(&mut dropped);
                    self.entries.push_back(kept);
                }
            }
        }
        self.note_dropped(&mut dropped);
    }

    fn note_dropped(&mut self, dropped: &mut u64) {
        if *dropped > 0 {
            self.entries.push_back(Entry::Dropped(std::mem::take(dropped)));
        }
    }

    /// Tells whether all is written.
    pub(super) fn is_idle(&self) -> bool {
        self.entries.is_empty() && self.frame.is_none() && !self.is_writing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Entry {
        Entry::Line(text.to_owned())
    }

    fn kept(text: &str) -> Entry {
        Entry::Kept(text.to_owned())
    }

    fn all(queue: &mut Queue) -> Vec<Entry> {
        std::iter::from_fn(|| queue.take()).flat_map(|batch| batch.entries).collect()
    }

    #[test]
    fn what_does_not_fit_is_counted_where_it_is_missing() {
        let mut queue = Queue::default();
        let long = "x".repeat(BOUND / 2);
        queue.add(&long);
        queue.add(&long);
        assert!(!queue.has_room());
        queue.add("lost");
        queue.add("lost, too");
        queue.keep("the end");
        queue.add("lost behind the end");
        assert_eq!(queue.take().unwrap().entries, [line(&long)], "a batch is small");
        queue.add("there is room again");
        let rest = [line(&long), Entry::Dropped(2), kept("the end"), Entry::Dropped(1), line("there is room again")];
        assert_eq!(all(&mut queue), rest);
        assert!(queue.is_idle() && queue.has_room());
    }

    #[test]
    fn lines_make_way_for_what_is_kept() {
        let mut queue = Queue::default();
        queue.add("a");
        queue.add("b");
        queue.keep("verdict");
        queue.add("c");
        queue.drop_lines();
        assert_eq!(all(&mut queue), [Entry::Dropped(2), kept("verdict"), Entry::Dropped(1)]);
        queue.drop_lines();
        assert!(queue.take().is_none());
    }

    #[test]
    fn the_newest_picture_wins() {
        let mut queue = Queue::default();
        queue.draw(vec!["old".to_owned()]);
        queue.draw(vec!["new".to_owned()]);
        queue.add("above");
        let batch = queue.take().unwrap();
        assert_eq!((batch.entries, batch.frame), (vec![line("above")], Some(vec!["new".to_owned()])));
        assert!(queue.take().is_none());
    }
}
