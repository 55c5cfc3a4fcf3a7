//! The keys of `guards.window`.

use crate::plan::fields::Fields;
use crate::plan::key::{Key, Required, Section};
use crate::plan::reader::Reader;
use crate::plan::value::{Days, TimeOfDay, Zone};
use crate::plan::window::Window;

static DAYS: Key<Days> =
    Key::new("days", "The days on which it opens, or ranges of them such as mon-fri. Default: every day.", Days);
static FROM: Key<TimeOfDay, Required> =
    Key::new("from", "When it opens, as HH:MM.", TimeOfDay).required().examples(&["20:00"]);
static TO: Key<TimeOfDay, Required> =
    Key::new("to", "When it closes, as HH:MM; the next day if it is at or before `from`.", TimeOfDay)
        .required()
        .examples(&["06:00"]);
static TIMEZONE: Key<Zone, Required> = Key::new("timezone", "Time zone: a name of the IANA time zone database.", Zone)
    .required()
    .examples(&["Asia/Shanghai", "UTC"]);

/// `guards.window`.
pub static WINDOW: Section = Section {
    place: "guards.window",
    about: "Times when sending is allowed, as local time in a time zone.",
    keys: &[&DAYS, &FROM, &TO, &TIMEZONE],
};

pub(super) fn window(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Window> {
    let days = if DAYS.field(fields).is_some() { DAYS.read(fields, reader) } else { Some(Vec::new()) };
    let (from, to) = (FROM.read(fields, reader), TO.read(fields, reader));
    let timezone = TIMEZONE.read(fields, reader);
    Some(Window { days: days?, from: from?, to: to?, timezone: timezone? })
}
