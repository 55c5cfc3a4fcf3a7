//! The lines that a person sees, for a screen of any width, and for logs. Pure: facts in, text out.

use std::time::Duration;

use crate::base::count::HumanCount;
use tokio::time::Instant;

use super::lane::Lane;
use super::tally::Tally;
use crate::engine::Outcome;
use crate::report::text::{spoken, to_come};
use crate::report::width::{clipped, columns, padded, squeezed};
use crate::wording::label;

/// How many lanes are shown at the same time.
pub(super) const LANES: usize = 10;

/// What separates two columns.
const BETWEEN: &str = "  ";

/// From how many columns on the rate is shown.
const WITH_RATE: usize = 50;

/// From how many columns on the time left of lanes is shown; that of the whole always is.
const WITH_TIMES: usize = 32;

/// From how many columns on there are bars, and how long they are.
const BARS: [(usize, usize); 3] = [(160, 40), (110, 20), (76, 8)];

/// The least room that is worth a part of a note.
const LEAST_NOTE: usize = 9;

/// The least room for the names of lanes, where their notes need the rest.
const LEAST_NAME: usize = 12;

/// The order of outcomes: what matters most comes first, and is cut last.
const ORDER: [Outcome; Outcome::ALL.len()] = [
    Outcome::Failed,
    Outcome::Unknown,
    Outcome::Skipped,
    Outcome::Accepted,
    Outcome::NotFound,
    Outcome::Stopped,
    Outcome::AlreadyStopped,
    Outcome::WouldStop,
];

/// The facts of one line.
struct Facts {
    done: u64,
    targets: u64,
    count: String,
    rate: String,
    time: String,
    name: String,
    note: String,
}

/// Returns the lines for a screen `width` columns wide: the whole first, then the lanes with most to do.
pub(super) fn screen(tally: &Tally, now: Instant, width: usize) -> Vec<String> {
    let (lanes, more) = busiest(tally, now);
    let mut rows = vec![whole(tally, now)];
    rows.extend(lanes.iter().map(|lane| lane_facts(lane, tally.began, now)));
    // A terminal wraps only behind its last column, but who resizes it should not lose a character either.
    let room = width.saturating_sub(1).max(1);
    let mut lines = aligned(&rows, room);
    if more > 0 {
        lines.push(clipped(&format!("and {more} more lanes"), room).into_owned());
    }
    lines
}

/// Returns the lines for a log: the whole first, then the lanes with most to do, where there are several.
pub(super) fn log(tally: &Tally, now: Instant) -> Vec<String> {
    let Facts { count, rate, time, note, .. } = whole(tally, now);
    let elapsed = elapsed(tally, now);
    let (lanes, more) = busiest(tally, now);
    let mut first = vec![elapsed, format!("{count} done"), rate, time, note];
    if let [lane] = lanes.as_slice() {
        first.push(lane.note(now));
    }
    let mut lines = vec![joined(first)];
    if lanes.len() > 1 {
        lines.extend(lanes.iter().map(|lane| {
            let Facts { count, rate, time, name, note, .. } = lane_facts(lane, tally.began, now);
            format!("{BETWEEN}{}", joined(vec![name, count, rate, time, note]))
        }));
    }
    if more > 0 {
        lines.push(format!("{BETWEEN}and {more} more lanes"));
    }
    lines
}

/// Returns the last line of a log; `ending` says how the run ended.
pub(super) fn end(tally: &Tally, now: Instant, ending: &str) -> String {
    let Facts { count, note, .. } = whole(tally, now);
    joined(vec![elapsed(tally, now), format!("{count} done"), note, ending.to_owned()])
}

/// Returns the time since the run began, in whole seconds.
fn elapsed(tally: &Tally, now: Instant) -> String {
    spoken(Duration::from_secs(now.saturating_duration_since(tally.began).as_secs()))
}

fn joined(parts: Vec<String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(BETWEEN)
}

/// Returns the lanes with most to do, and how many others have something to do.
fn busiest(tally: &Tally, now: Instant) -> (Vec<&Lane>, usize) {
    let mut lanes: Vec<_> = tally.lanes.iter().filter(|lane| lane.is_busy(now)).collect();
    let more = lanes.len().saturating_sub(LANES);
    if more > 0 {
        lanes.select_nth_unstable_by_key(LANES - 1, |lane| std::cmp::Reverse(lane.left()));
        lanes.truncate(LANES);
        lanes.sort_by_key(|lane| std::cmp::Reverse(lane.left()));
    }
    (lanes, more)
}

fn whole(tally: &Tally, now: Instant) -> Facts {
    let outcomes = ORDER.into_iter().map(|outcome| (outcome, tally.outcome(outcome))).filter(|(_, rows)| *rows > 0);
    let outcomes = outcomes.map(|(outcome, rows)| format!("{} {}", HumanCount(rows), label(outcome.name())));
    let stage = tally.stage.iter().map(|stage| stage.said(now));
    let mut note = stage.chain(outcomes).collect::<Vec<_>>().join(", ");
    let mut time = left(tally.time_left(now).filter(|_| tally.done < tally.targets));
    if now == tally.began {
        // What `check` says; soon it is known better.
        time = expected(tally.by_quota()).map(|time| format!("{time} by the quotas")).unwrap_or_default();
        note = if tally.left_out > 0 { format!("{} left out", HumanCount(tally.left_out)) } else { String::new() };
    }
    Facts {
        done: tally.done,
        targets: tally.targets,
        count: format!("{}/{}", HumanCount(tally.done), HumanCount(tally.targets)),
        rate: rate(tally.rate(now)),
        time,
        name: String::new(),
        note,
    }
}

fn lane_facts(lane: &Lane, began: Instant, now: Instant) -> Facts {
    let targets = lane.info.targets as u64;
    Facts {
        done: lane.done,
        targets,
        count: if targets == 0 { String::new() } else { format!("{}/{}", HumanCount(lane.done), HumanCount(targets)) },
        rate: rate(lane.rate(now)),
        time: if now == began { expected(lane.by_quota()).unwrap_or_default() } else { left(lane.time_left(now)) },
        name: lane.label.clone(),
        note: lane.note(now),
    }
}

/// Lays the rows out in columns, as many as there is room for.
fn aligned(rows: &[Facts], room: usize) -> Vec<String> {
    let widest = |column: fn(&Facts) -> &str| rows.iter().map(|row| columns(column(row))).max().unwrap_or(0);
    let count = widest(|row| &row.count);
    let rate = if room >= WITH_RATE { widest(|row| &row.rate) } else { 0 };
    let time = if room >= WITH_TIMES { widest(|row| &row.time) } else { 0 };
    let most = if room >= WITH_TIMES { room / 3 } else { room.saturating_sub(count + BETWEEN.len()) };
    // A bar with its brackets and what is behind it.
    let bars = bar_length(room).map_or(0, |length| length + 2 + BETWEEN.len());
    let before =
        bars + [count, rate, time].iter().filter(|width| **width > 0).map(|width| width + BETWEEN.len()).sum::<usize>();
    let notes = rows.iter().filter(|row| !row.name.is_empty()).map(|row| columns(&row.note)).max().unwrap_or(0);
    let name = name_columns(widest(|row| &row.name).min(most), notes, room.saturating_sub(before));
    let line = |row: &Facts| {
        let mut line = bar(row, room).unwrap_or_default();
        for (text, width) in [(&row.count, count), (&row.rate, rate), (&row.time, time)] {
            let pad = width.saturating_sub(columns(text));
            if width > 0 {
                line.push_str(&format!("{}{text}{BETWEEN}", " ".repeat(pad)));
            }
        }
        if !row.name.is_empty() {
            line.push_str(&padded(&squeezed(&row.name, name), name));
            line.push_str(BETWEEN);
        } else if time == 0 && !row.time.is_empty() {
            line.push_str(&row.time);
            return line;
        }
        let rest = room.saturating_sub(columns(&line));
        if rest >= columns(&row.note).min(LEAST_NOTE) {
            line.push_str(&fitted(&row.note, rest));
        }
        clipped(line.trim_end(), room).into_owned()
    };
    rows.iter().map(line).collect()
}

/// Returns how many columns names get, who want `wanted`: fewer where the `notes` behind them would be cut otherwise.
fn name_columns(wanted: usize, notes: usize, room: usize) -> usize {
    let room = room.saturating_sub(BETWEEN.len());
    let shrunk = room.saturating_sub(notes).max(LEAST_NAME).min(wanted);
    if room - shrunk.min(room) >= notes.min(LEAST_NOTE) { shrunk } else { wanted }
}

/// Returns as much of a note as there is room for: whole parts of it, and never a part of a number.
fn fitted(note: &str, room: usize) -> String {
    const MORE: &str = ", …";
    if columns(note) <= room {
        return note.to_owned();
    }
    let heads = note.match_indices(", ").filter_map(|(end, _)| note.get(..end));
    if let Some(head) = heads.take_while(|head| columns(head) + columns(MORE) <= room).last() {
        return format!("{head}{MORE}");
    }
    let cut = clipped(note, room);
    let words: Vec<&str> = cut.trim_end_matches('…').split(' ').collect();
    // A number, or the unit behind it or its beginning.
    let is_of_number =
        |word: &str| word.contains(|ch: char| ch.is_ascii_digit()) || "min".starts_with(word) || word.len() == 1;
    match words.iter().rposition(|word| !is_of_number(word)) {
        None => String::new(),
        Some(last) if last + 1 == words.len() => cut.into_owned(),
        Some(last) => format!("{} …", words.get(..=last).unwrap_or_default().join(" ")),
    }
}

/// Draws a row's bar, where there is room for one.
fn bar(row: &Facts, room: usize) -> Option<String> {
    let length = bar_length(room)?;
    if row.targets == 0 {
        return Some(" ".repeat(length + 2 + BETWEEN.len()));
    }
    let part = row.done as f64 / row.targets as f64;
    let full = ((part * length as f64) as usize).min(length);
    let (done, rest) = ("=".repeat(full), " ".repeat(length - full));
    Some(format!("[{done}{rest}]{BETWEEN}"))
}

fn bar_length(room: usize) -> Option<usize> {
    BARS.into_iter().find(|(from, _)| room >= *from).map(|(_, length)| length)
}

fn rate(rate: Option<f64>) -> String {
    rate.map(|rate| if rate < 99.95 { format!("{rate:.1}/s") } else { format!("{}/s", HumanCount(rate as u64)) })
        .unwrap_or_default()
}

fn expected(time: Option<Duration>) -> Option<String> {
    time.filter(|time| !time.is_zero()).map(|time| format!("about {}", to_come(time)))
}

fn left(left: Option<Duration>) -> String {
    left.filter(|left| !left.is_zero()).map(|left| format!("{} left", to_come(left))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_cut_between_its_parts_and_never_in_a_number() {
        for (note, room, shown) in [
            ("1 failed, 1,023 stopped", 23, "1 failed, 1,023 stopped"),
            ("1 failed, 1,023 stopped", 22, "1 failed, …"),
            ("12 failed, 3 unknown, 1,023 stopped", 25, "12 failed, 3 unknown, …"),
            ("1 failed, 1,023 stopped", 10, "1 failed,…"),
            ("1,023 stopped", 9, "1,023 st…"),
            ("1,023 stopped", 4, ""),
            ("throttled for 40 s", 15, "throttled for …"),
            ("throttled for 40 s", 17, "throttled for …"),
            ("throttled for 40 s", 9, "throttle…"),
            ("throttled for 2 min 17 s", 19, "throttled for …"),
            ("throttled for 2 min 17 s", 21, "throttled for …"),
            ("slowed to 5.0/s", 13, "slowed to …"),
        ] {
            assert_eq!(fitted(note, room), shown, "{note} in {room}");
            assert!(columns(shown) <= room);
        }
    }

    #[test]
    fn names_make_room_for_notes_where_that_is_of_use() {
        for (wanted, notes, room, name) in [
            (18, 17, 37, 18),
            (26, 17, 37, 18),
            (26, 30, 37, 12),
            (26, 17, 20, 26),
            (26, 0, 20, 18),
            (8, 17, 37, 8),
            (0, 17, 37, 0),
        ] {
            assert_eq!(name_columns(wanted, notes, room), name, "{wanted} with {notes} in {room}");
        }
    }
}
