//! Lines at the bottom of a terminal that are drawn again and again, and text above them.

use indicatif::TermLike;

use crate::report::width::columns;

/// What stands at the bottom of a terminal.
///
/// Lines are written as they are, without filling them up to the edge: a window that is made narrower then has
/// nothing to wrap that was not text. Where it wraps text, the rows that came of it are counted.
pub(super) struct Panel {
    terminal: Box<dyn TermLike>,
    lines: Vec<String>,
}

impl Panel {
    pub(super) const fn new(terminal: Box<dyn TermLike>) -> Self {
        Self { terminal, lines: Vec::new() }
    }

    /// Tells whether there are lines.
    pub(super) const fn is_shown(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Draws these lines in the place of those before, as many as the terminal has rows for; what is `above` stays.
    pub(super) fn show(&mut self, above: &[String], mut lines: Vec<String>) {
        lines.truncate(usize::from(self.terminal.height()).saturating_sub(1));
        self.replace(above, lines);
    }

    /// Writes text above the lines, where it stays.
    pub(super) fn print(&mut self, above: &[String]) {
        self.replace(above, self.lines.clone());
    }

    /// A terminal that cannot be written to has no reader: nobody misses anything.
    fn replace(&mut self, above: &[String], lines: Vec<String>) {
        let width = width(&*self.terminal);
        let rows: usize = self.lines.iter().map(|line| columns(line).div_ceil(width).max(1)).sum();
        let terminal = &self.terminal;
        let _ = terminal.move_cursor_up(rows);
        for _ in 0..rows {
            let _ = terminal.clear_line();
            let _ = terminal.move_cursor_down(1);
        }
        // What a person typed meanwhile stands in the row below.
        let _ = terminal.clear_line();
        let _ = terminal.move_cursor_up(rows);
        for line in above.iter().chain(&lines) {
            let _ = terminal.write_line(line);
        }
        let _ = terminal.flush();
        self.lines = lines;
    }
}

/// Returns how many columns a terminal has.
pub(super) fn width(terminal: &dyn TermLike) -> usize {
    usize::from(terminal.width()).max(1)
}
