//! The keys of `guards.window`.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use crate::plan::key::{Key, section};
use crate::plan::reader::{Field, Reader};
use crate::plan::value::{DAYS, TIME_OF_DAY, ZONE};
use crate::plan::window::Window;

section! {
    /// `guards.window`.
    WINDOW: WindowKeys = "guards.window", "Times when sending is allowed, as local time in a time zone.";

    days: Key<Vec<Weekday>> =
        "The days on which it opens, or ranges of them such as mon-fri. Default: every day.", DAYS;
    from: Key<Time> = "When it opens, as HH:MM.", TIME_OF_DAY, required(), examples(&["20:00"]);
    to: Key<Time> = "When it closes, as HH:MM; the next day if it is at or before `from`.", TIME_OF_DAY,
        required(), examples(&["06:00"]);
    timezone: Key<TimeZone> = "Time zone: a name of the IANA time zone database.", ZONE,
        required(), examples(&["Asia/Shanghai", "UTC"]);
}

pub(super) fn window(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Window> {
    let fields = WINDOW.open(field, reader)?;
    let days = match WINDOW.days.field(&fields, reader) {
        Some(_) => WINDOW.days.read(&fields, reader),
        None => Some(Vec::new()),
    };
    let from = WINDOW.from.read(&fields, reader);
    let to = WINDOW.to.read(&fields, reader);
    let timezone = WINDOW.timezone.read(&fields, reader);
    Some(Window { days: days?, from: from?, to: to?, timezone: timezone? })
}
