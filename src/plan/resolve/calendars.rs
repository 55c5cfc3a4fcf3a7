//! Reads the calendars that `guards.window.except` names.

use crate::plan::except::Exception;
use crate::plan::fields::Fields;
use crate::plan::files::Files;
use crate::plan::finding::Finding;
use crate::plan::format::{DOWNLOAD, GUARDS, PLAN, WINDOW, calendar, is_address};
use crate::plan::guards::Guards;
use crate::plan::ical;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::tree::{Content, Span};
use crate::plan::value::one_or_more;
use crate::plan::window::Window;

/// The largest calendar: 8 MiB.
const MAX_BYTES: u64 = 8 << 20;

/// What is wrong with a path, and what to do.
type Wrong = (String, Option<&'static str>);

/// Adds to the guards' window what its calendars except.
pub(super) fn read(plan: &Fields<'_, '_>, guards: &mut Guards, files: &mut Files<'_>, reader: &mut Reader<'_>) {
    let Some(window) = &mut guards.window else { return };
    for (span, path) in paths(plan, reader) {
        match excepted(&path, window, files) {
            Ok(all) => {
                if all.is_empty() {
                    let title = format!("{} has no events that last: it excepts nothing", quote(&path));
                    reader.found.push(Finding::warning(span, title));
                }
                window.except.add_calendar(&quote(&path), &all);
            }
            Err(None) => {}
            Err(Some((title, hint))) => reader.wrong(span, title, hint.map(str::to_owned)),
        }
    }
}

/// Returns the paths with their places. Their errors were reported when they were read.
fn paths(plan: &Fields<'_, '_>, reader: &Reader<'_>) -> Vec<(Span, String)> {
    let paths = reader.unsaid(|quiet| {
        let guards = GUARDS.open(PLAN.guards.field(plan, quiet)?, quiet)?;
        let window = WINDOW.open(GUARDS.window.field(&guards, quiet)?, quiet)?;
        let items = one_or_more(WINDOW.except.field(&window, quiet)?, quiet)?;
        let of = |item: Field<'_, '_>| {
            let Content::Mapping(entries) = item.node.content() else { return None };
            let place = entries.first().map_or(item.node.span, |entry| entry.value.span);
            Some((place, calendar(item, quiet)?))
        };
        Some(items.into_iter().filter_map(of).collect())
    });
    paths.unwrap_or_default()
}

/// Returns what a calendar excepts of a window; the error is `None` where it is in the calendar, and reported there.
fn excepted(path: &str, window: &Window, files: &mut Files<'_>) -> Result<Vec<Exception>, Option<Wrong>> {
    if is_address(path) {
        // Private addresses of calendars are secrets.
        return Err(Some(("a calendar cannot be read from an address".to_owned(), Some(DOWNLOAD))));
    }
    let shown = quote(path);
    if path == "-" {
        return Err(Some((format!("{shown} is not a file: a calendar cannot be read from standard input"), None)));
    }
    let read = files.read(path, MAX_BYTES);
    let (file, bytes) = read.map_err(|error| Some((format!("cannot read {shown}: {error}"), None)))?;
    let problems = match ical::exceptions(&bytes, &window.timezone) {
        Ok(all) => return Ok(all),
        Err(problems) => problems,
    };
    for ical::Problem { line, title, hint } in problems {
        files.wrong(file, line, Finding::error(Span::START, title).maybe_hint(hint.map(str::to_owned)));
    }
    Err(None)
}
