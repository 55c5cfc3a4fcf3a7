//! The colours of texts on a terminal.

use anstyle::{AnsiColor, Style};

/// The styles of the parts of a text; all of them plain where colours are not wanted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Palette {
    /// What is as it should be.
    pub(super) good: Style,
    /// What is not.
    pub(super) bad: Style,
    /// The heading of a part.
    pub(super) heading: Style,
    /// What to do.
    pub(super) hint: Style,
}

impl Palette {
    /// Returns the styles, with or without colours.
    pub(super) fn new(colour: bool) -> Self {
        if !colour {
            return Self::default();
        }
        Self {
            good: AnsiColor::Green.on_default().bold(),
            bad: AnsiColor::Red.on_default().bold(),
            heading: Style::new().bold(),
            hint: AnsiColor::Cyan.on_default(),
        }
    }
}
