//! The keys of `guards.window`.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::except::EXCEPTIONS;
use crate::plan::except::{Exception, Exceptions};
use crate::plan::fields::Fields;
use crate::plan::key::{Key, section};
use crate::plan::reader::{Field, Reader};
use crate::plan::value::{DAYS, TIME_OF_DAY, ZONE};
use crate::plan::window::Window;

section! {
    /// `guards.window`.
    WINDOW: WindowKeys = "guards.window", "Times when sending is allowed, as local time in a time zone.";

    days: Key<Vec<Weekday>> =
        "The days on which it opens, or ranges of them such as mon-fri. Default: every day.", DAYS;
    from: Key<Time> =
        "When it opens, as HH:MM. With `except`, `from` and `to` may both be left out: then it is open all day.", TIME_OF_DAY,
        examples(&["20:00"]);
    to: Key<Time> = "When it closes, as HH:MM; the next day if it is at or before `from`.",
        TIME_OF_DAY, examples(&["06:00"]);
    timezone: Key<TimeZone> = "Time zone: a name of the IANA time zone database.", ZONE,
        required(), examples(&["Asia/Shanghai", "UTC"]);
    except: Key<Vec<Exception>> =
        "Days on which it does not open; also spans of days, and calendars.", EXCEPTIONS,
        examples(&["2026-12-25", "2026-12-24..2027-01-02"]);
}

pub(super) fn window(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Window> {
    let fields = WINDOW.open(field, reader)?;
    let days = match WINDOW.days.field(&fields, reader) {
        Some(_) => WINDOW.days.read(&fields, reader),
        None => Some(Vec::new()),
    };
    let times = times(&fields, reader);
    let timezone = WINDOW.timezone.read(&fields, reader);
    let written = WINDOW.except.given(&fields, reader);
    let mut except = Exceptions::default();
    except.extend(written?.unwrap_or_default());
    let (from, to) = times?;
    Some(Window { days: days?, from, to, timezone: timezone?, except })
}

/// Reads when it opens and closes; a window that only has exceptions is open all day.
fn times(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<(Time, Time)> {
    let has = |name| fields.get(name).is_some() || fields.is_mistyped(name);
    if has(WINDOW.except.name) && !has(WINDOW.from.name) && !has(WINDOW.to.name) {
        return Some((Time::midnight(), Time::midnight()));
    }
    let from = WINDOW.from.demand(fields, reader);
    let to = WINDOW.to.demand(fields, reader);
    Some((from?, to?))
}
