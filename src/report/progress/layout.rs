//! The lines that a person sees, for a screen of any width, and for logs. Pure: facts in, text out.

use std::time::Duration;

use indicatif::HumanCount;
use tokio::time::Instant;

use super::lane::Lane;
use super::tally::Tally;
use crate::report::text::{spoken, to_come};
use crate::report::width::{clipped, columns, padded, squeezed};

/// How many lanes are shown at the same time.
pub(super) const LANES: usize = 10;

/// What stands between two columns.
const BETWEEN: &str = "  ";

/// From how many columns on the rate is shown.
const WITH_RATE: usize = 50;

/// From how many columns on the time left of lanes is shown; that of the whole always is.
const WITH_TIMES: usize = 32;

/// From how many columns on there are bars, and how long they are.
const BARS: [(usize, usize); 3] = [(160, 40), (110, 20), (76, 8)];

/// The least room that is worth a part of a note.
const LEAST_NOTE: usize = 9;

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
    let elapsed = spoken(now.saturating_duration_since(tally.began));
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
    let elapsed = spoken(now.saturating_duration_since(tally.began));
    joined(vec![elapsed, format!("{count} done"), note, ending.to_owned()])
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
    let outcomes = tally.outcomes().filter(|(_, rows)| *rows > 0);
    let outcomes = outcomes.map(|(outcome, rows)| format!("{} {}", HumanCount(rows), outcome.name().replace('_', " ")));
    let mut note = outcomes.collect::<Vec<_>>().join(", ");
    let mut time = left(tally.time_left(now).filter(|_| tally.done < tally.targets));
    if now == tally.began {
        // What `check` says; soon it is known better.
        time = expected(tally.by_quota()).map(|time| format!("{time} by the quotas")).unwrap_or_default();
        note = String::new();
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
    let name = widest(|row| &row.name).min(most);
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
            line.push_str(&clipped(&row.note, rest));
        }
        clipped(line.trim_end(), room).into_owned()
    };
    rows.iter().map(line).collect()
}

/// Draws a row's bar, where there is room for one.
fn bar(row: &Facts, room: usize) -> Option<String> {
    let (_, length) = BARS.into_iter().find(|(from, _)| room >= *from)?;
    if row.targets == 0 {
        return Some(" ".repeat(length + 2 + BETWEEN.len()));
    }
    let part = row.done as f64 / row.targets as f64;
    let full = ((part * length as f64) as usize).min(length);
    let (done, rest) = ("=".repeat(full), " ".repeat(length - full));
    Some(format!("[{done}{rest}]{BETWEEN}"))
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
