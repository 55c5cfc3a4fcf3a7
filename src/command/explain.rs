//! `allstop explain`: what a word means, and what to do.

use std::io::{self, IsTerminal};

use crate::cli::ExplainArgs;
use crate::explain::{self, Entry, Topic};
use crate::report::Escaped;
use crate::session::SessionError;
use crate::terminal::Terminal;
use crate::wording::sentence;

use super::page::{self, Page};

pub(super) fn explain(args: &ExplainArgs, terminal: &Terminal) -> Result<u8, SessionError> {
    let mut page = Page::new(terminal.colours(io::stdout().is_terminal()), page::width());
    match &args.word {
        Some(word) => about(word, &mut page)?,
        None => everything(&mut page),
    }
    terminal.print(page.text())?;
    Ok(0)
}

fn about(word: &str, page: &mut Page) -> Result<(), SessionError> {
    let entries = explain::about(word);
    if entries.is_empty() {
        let near = explain::near(word);
        let hint = match near.as_slice() {
            [] => "run `allstop explain` to list all topics".to_owned(),
            near => format!("did you mean {}? Run `allstop explain` to list all topics", near.join(" or ")),
        };
        return Err(SessionError::input(format!("unknown topic `{}`", Escaped(word)), hint));
    }
    for (number, entry) in entries.iter().enumerate() {
        if number > 0 {
            page.gap();
        }
        page.heading(&title(entry));
        page.paragraph(&sentence(entry.means));
        if let Some(treatment) = &entry.treatment {
            page.paragraph(&sentence(treatment));
        }
        if let Some(advice) = &entry.advice {
            page.paragraph(&format!("What to do: {advice}."));
        }
        let width = entry.details.iter().map(|(kind, _)| kind.len()).max().unwrap_or_default();
        for (kind, detail) in &entry.details {
            page.row(kind, width, detail);
        }
    }
    Ok(())
}

fn title(entry: &Entry) -> String {
    match (entry.topic, entry.owner) {
        (Topic::Exit, _) => format!("exit status {}", entry.word),
        (topic, None) => format!("{} ({topic})", entry.word),
        (Topic::Key, Some(owner)) => format!("{} (key of {owner})", entry.word),
        (topic, Some(owner)) => format!("{} ({topic}: {owner})", entry.word),
    }
}

/// Lists every word with its meaning in short.
fn everything(page: &mut Page) {
    for of_topic in explain::entries().chunk_by(|one, other| one.topic == other.topic) {
        of_topic.iter().take(1).for_each(|first| page.heading(first.topic.plural()));
        let width = of_topic.iter().map(|entry| entry.path().len()).max().unwrap_or_default();
        for entry in of_topic {
            page.row(&entry.path(), width, entry.means);
        }
        page.gap();
    }
    page.paragraph("Run `allstop explain WORD` for details.");
}
