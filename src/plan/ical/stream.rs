//! The components of a file: one or more calendars, and the events in them.

use super::content::{Line, lines};
use super::problem::Problem;

const CALENDAR: &str = "VCALENDAR";
const EVENT: &str = "VEVENT";

/// The lines of one event, without those of what is inside it, such as alarms.
#[derive(Debug)]
pub(super) struct Component {
    /// The number of the line that begins it.
    pub(super) line: u32,
    pub(super) lines: Vec<Line>,
}

/// Returns the events of a file.
pub(super) fn events(bytes: &[u8]) -> Result<Vec<Component>, Problem> {
    let none = |line| {
        Problem::new(line, "this is no iCalendar file: it does not begin with `BEGIN:VCALENDAR`")
            .hint("export the calendar as iCalendar, an .ics file")
    };
    let (mut open, mut events): (Vec<Line>, Vec<Component>) = (Vec::new(), Vec::new());
    let mut is_empty = true;
    for line in lines(bytes) {
        let is_first = std::mem::take(&mut is_empty);
        let line = if is_first { line.map_err(|problem| none(problem.line))? } else { line? };
        match (line.name.as_str(), open.last()) {
            ("BEGIN", within) => {
                if within.is_none() && !line.value.eq_ignore_ascii_case(CALENDAR) {
                    return Err(none(line.number));
                }
                if is_a(&line, EVENT) {
                    events.push(Component { line: line.number, lines: Vec::new() });
                }
                open.push(line);
            }
            (_, None) => return Err(none(line.number)),
            ("END", Some(begun)) => {
                if !line.value.eq_ignore_ascii_case(&begun.value) {
                    return Err(line.problem(format!("this ends {}, and {} is open", shown(&line), shown(begun))));
                }
                open.pop();
            }
            (_, Some(within)) if is_a(within, EVENT) => {
                if let Some(event) = events.last_mut() {
                    event.lines.push(line);
                }
            }
            (_, Some(within)) if is_a(within, CALENDAR) => demand_understood(&line)?,
            (_, Some(_)) => {}
        }
    }
    if let Some(begun) = open.last() {
        let problem = begun.problem(format!("{} has no end: the file is cut off", shown(begun)));
        return Err(problem.hint("export or download the calendar again"));
    }
    if is_empty { Err(none(1)) } else { Ok(events) }
}

fn is_a(line: &Line, component: &str) -> bool {
    line.value.eq_ignore_ascii_case(component)
}

fn shown(line: &Line) -> String {
    crate::plan::suggest::quote(&line.value)
}

/// Refuses calendars that count other days than this program, or mean other things.
fn demand_understood(line: &Line) -> Result<(), Problem> {
    match line.name.as_str() {
        "VERSION" if line.value != "2.0" => {
            Err(line.problem("the version of the format is not 2.0").hint("export the calendar as iCalendar 2.0"))
        }
        "CALSCALE" if !is_a(line, "GREGORIAN") => Err(line.problem("the calendar is not a Gregorian one")),
        _ => Ok(()),
    }
}
