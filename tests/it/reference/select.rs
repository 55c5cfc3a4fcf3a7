//! What `select` can say of each kind: its fields, and the keys that it has not.

use std::fmt::Write;

use allstop::plan::format::{self, Section};
use allstop::service::{Kind, Start};

use super::section::{sentence, with_examples};

/// Writes the fields of each kind, what is known of its start, and which keys it has not.
pub(super) fn write(page: &mut String, select: &Section) {
    for kind in Kind::all() {
        let shown = kind.service().lister().selectable();
        write!(page, "\n#### `select` of `{kind}`\n\n").unwrap();
        page.push_str("| key | value | the service's name | meaning |\n|---|---|---|---|\n");
        for field in shown.fields {
            let about = with_examples(&sentence(field.about), &[field.example]);
            writeln!(
                page,
                "| `{}` | [pattern](#values), or list of patterns | `{}` | {about} |",
                field.name, field.vendor
            )
            .unwrap();
        }
        page.push('\n');
        for key in &select.keys {
            if let Some(why) = format::objection(*kind, key.name) {
                writeln!(page, "- It has no `{}`: {why}.", key.name).unwrap();
            }
        }
        match shown.start {
            Start::Bare => {
                page.push_str("- Some of its start times have no zone. Such a time may be anywhere in 26 hours.\n")
            }
            Start::Latest => page.push_str("- Its start time is the latest that it can be.\n"),
            Start::Exact | Start::Unknown(_) => {}
        }
    }
}
