//! The entries of `guards.window.except`: days, spans, and files of calendars.

use std::path::Path;

use crate::plan::except::{Exception, ExceptionError};
use crate::plan::key::{Form, Key, Takes, section};
use crate::plan::reader::{Field, Reader};
use crate::plan::tree::Content;
use crate::plan::value::{PATH, one_or_more};

section! {
    /// An entry of `guards.window.except` that names a calendar.
    CALENDAR: CalendarKeys = "guards.window.except", "A calendar whose events are exceptions.";

    calendar: Key<String> =
        "The path of an iCalendar file (RFC 5545), relative to the plan. It is read together with the plan.", PATH, required(),
        examples(&["holidays.ics"]);
}

/// Days, spans and calendars; read are the days and spans that are written out.
pub(super) const EXCEPTIONS: Form<Vec<Exception>> =
    Form { takes: || Takes::Exceptions(CALENDAR.section()), read: exceptions };

fn exceptions(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Exception>> {
    let items = one_or_more(field, reader)?;
    let read: Vec<_> = items.into_iter().map(|item| entry(item, reader)).collect();
    read.into_iter().collect::<Option<Vec<_>>>().map(|read| read.into_iter().flatten().collect())
}

/// Reads an entry; the inner `None` is one that names a calendar.
fn entry(item: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Option<Exception>> {
    if let Content::Mapping(_) = item.node.content() {
        return calendar(item, reader).map(|_| None);
    }
    let text = reader.name(item)?;
    let read = text.value.parse::<Exception>();
    if let Err(error) = read {
        let hint = hint(&text.value, error);
        reader.wrong(text.span, format!("{item} must be a day, a span or a calendar, not {text}: {error}"), Some(hint));
    }
    read.ok().map(Some)
}

/// What to do about an address where a calendar should be.
pub(in crate::plan) const DOWNLOAD: &str = "a calendar is a file: download it first, and write its path";

/// Tells whether a text is an address of the web, and not a path.
pub(in crate::plan) fn is_address(text: &str) -> bool {
    let schemes = ["http://", "https://", "webcal://", "webcals://"];
    let has = |scheme: &str| text.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
    schemes.into_iter().any(has)
}

/// Says what to write in place of an entry that is none.
fn hint(text: &str, error: ExceptionError) -> String {
    if is_address(text) {
        return DOWNLOAD.to_owned();
    }
    if Path::new(text).extension().is_some_and(|own| own.eq_ignore_ascii_case("ics")) {
        return format!("write `{{calendar: {text}}}`");
    }
    let hint = match error {
        ExceptionError::Backwards => "write the earlier one first",
        ExceptionError::Date(_) | ExceptionError::Moment(_) => {
            "write a day as in `2026-12-25`, a span of days as in `2026-12-24..2027-01-02`, or `{calendar: PATH}`"
        }
    };
    hint.to_owned()
}

/// Reads the path of an entry that names a calendar.
pub(in crate::plan) fn calendar(item: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    CALENDAR.calendar.read(&CALENDAR.open(item, reader)?, reader)
}
