//! Any story reads back as written; any prefix of it, too; and damage never changes it silently.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;

use super::world::{Disk, at, refusal, replay};
use crate::engine::{
    Attempt, Effect, Evidence, InProgress, Journal, Outcome, ResumeState, SkipReason, Status, TargetError, TargetResult,
};
use crate::error::ErrorClass;
use crate::journal::{End, ReadError, Replay};

const TARGETS: u32 = 5;

/// Something that happens to a target; what cannot happen to it any more is left out of the story.
#[derive(Debug, Clone)]
enum Step {
    Attempt(Attempt, Effect),
    /// It leaves, and the process dies or waits.
    Send(Timestamp),
    Finish(TargetResult),
}

fn text() -> impl Strategy<Value = Box<str>> {
    prop_oneof![any::<String>(), "[\\\\\"\\n\\r\\t,:{}n\\x00-\\x1f]{0,12}"].prop_map(String::into_boxed_str)
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0..i64::MAX / 4).prop_map(at)
}

fn duration() -> impl Strategy<Value = Duration> {
    any::<u64>().prop_map(Duration::from_nanos)
}

fn class() -> impl Strategy<Value = ErrorClass> {
    select(vec![ErrorClass::Throttled, ErrorClass::NotFound, ErrorClass::Timeout, ErrorClass::Clock])
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let words = (option::of(text()), option::of(text()), option::of(text()));
    let rest = (option::of(any::<u16>()), option::of(class()), option::of(duration()), option::of(2..11_u32));
    (any::<u32>(), moment(), duration(), words, rest).prop_map(|(n, at, duration, words, rest)| {
        let ((code, message, request_id), (http_status, class, retry_in, batch)) = (words, rest);
        Attempt { n, at, duration, http_status, code, message, request_id, class, retry_in, batch }
    })
}

fn error() -> impl Strategy<Value = Box<TargetError>> {
    let words = (option::of(text()), option::of(text()), option::of(text()));
    (class(), text(), words).prop_map(|(class, message, (code, request_id, hint))| {
        Box::new(TargetError { class, code, message, request_id, hint })
    })
}

fn result() -> impl Strategy<Value = TargetResult> {
    let known = (select(&Outcome::ALL[..]), option::of(select(vec![Evidence::Answer, Evidence::ReadBack])));
    let reason = option::of(select(vec![SkipReason::Protected, SkipReason::Duplicate]));
    let times = (option::of(moment()), option::of(moment()));
    let rest = (option::of(error()), any::<u32>(), vec(attempt(), 0..4));
    (known, reason, option::of(text()), times, rest).prop_map(|(known, reason, state, times, rest)| {
        let ((outcome, evidence), (started_at, finished_at), (error, reads, attempts)) = (known, times, rest);
        TargetResult { outcome, evidence, reason, state, started_at, finished_at, error, reads, attempts }
    })
}

fn step() -> impl Strategy<Value = (u32, Step)> {
    let effect = select(vec![Effect::Nothing, Effect::Lost, Effect::Accepted, Effect::Proven]);
    let step = prop_oneof![
        (attempt(), effect).prop_map(|(attempt, effect)| Step::Attempt(attempt, effect)),
        moment().prop_map(Step::Send),
        result().prop_map(Step::Finish),
    ];
    (0..TARGETS, step)
}

/// Writes a story, and returns the journal with what is to be read after each of its lines.
fn tell(steps: Vec<(u32, Step)>, end: bool) -> (Vec<u8>, Vec<Replay>) {
    let disk = Disk::default();
    let journal = disk.begin(TARGETS);
    let mut past = replay(&disk.bytes()).unwrap().past;
    let mut pasts = vec![past.clone()];
    for (target, step) in steps {
        if past.done.contains(target) {
            continue;
        }
        note(&journal, &mut past, target, step, &mut pasts);
        pasts.push(past.clone());
    }
    let first = replay(&disk.bytes()[..]).unwrap();
    let mut replays: Vec<_> = pasts.into_iter().map(|past| Replay { past, ..first.clone() }).collect();
    if end && let Some(last) = replays.last().cloned() {
        let end = End { status: Status::Completed, exit_code: 0, at: at(1), is_open: false };
        journal.end(end).unwrap();
        replays.push(Replay { end: Some(end), ..last });
    }
    drop(journal);
    (disk.bytes(), replays)
}

/// Notes a step, and keeps the books by the trait's own words.
fn note(journal: &dyn Journal, past: &mut ResumeState, target: u32, step: Step, pasts: &mut Vec<ResumeState>) {
    let open = InProgress::default;
    match step {
        Step::Finish(result) => {
            journal.finished(target, &Arc::new(result.clone()));
            past.open.remove(&target);
            past.done.insert(target, &result);
        }
        Step::Send(at) => {
            let open = past.open.entry(target).or_insert_with(open);
            let n = open.attempts.len() as u32 + 1;
            journal.sending(target, n, at);
            if open.sending.replace((n, at)).is_some() {
                open.effect = open.effect.max(Effect::Lost);
            }
        }
        Step::Attempt(attempt, effect) => {
            let open = past.open.entry(target).or_insert_with(open);
            let n = open.attempts.len() as u32 + 1;
            if open.sending.is_none() {
                journal.sending(target, n, attempt.at);
                open.sending = Some((n, attempt.at));
                pasts.push(past.clone());
            }
            let attempt = Attempt { n, ..attempt };
            journal.attempted(target, &attempt, effect);
            let Some(open) = past.open.get_mut(&target) else { return };
            open.sending = None;
            open.effect = open.effect.max(effect);
            open.attempts.push(attempt);
        }
    }
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_prefix_says_what_its_whole_lines_say(
        steps in vec(step(), 0..14), end: bool, cuts in vec(any::<Index>(), 24)
    ) {
        let (bytes, replays) = tell(steps, end);
        prop_assert_eq!(lines(&bytes).len(), replays.len());
        let ends = lines(&bytes).into_iter().scan(0, |end, line| { *end += line.len(); Some(*end) });
        let ends: Vec<_> = ends.collect();
        // Around every line's end, and anywhere.
        let near = ends.iter().flat_map(|end| [end - 1, *end, (end + 1).min(bytes.len())]);
        for cut in near.chain(cuts.iter().map(|cut| cut.index(bytes.len()))) {
            let whole = ends.iter().filter(|end| **end <= cut).count();
            match replay(&bytes[..cut]) {
                Ok(seen) => {
                    let valid_bytes = ends[whole - 1] as u64;
                    prop_assert_eq!(seen, Replay { valid_bytes, ..replays[whole - 1].clone() });
                }
                Err(ReadError::Empty(_)) => prop_assert_eq!(cut, 0),
                Err(error) => prop_assert_eq!((whole, error.to_string().is_empty()), (0, false)),
            }
        }
    }

    #[test]
    fn damage_before_the_end_is_noticed(
        steps in vec(step(), 1..8), flips in vec((any::<Index>(), 1..=u8::MAX), 40)
    ) {
        let (bytes, _) = tell(steps, true);
        for (index, mask) in flips {
            let mut damaged = bytes.clone();
            // Without its last byte the last line is torn, which is no damage.
            damaged[index.index(bytes.len() - 1)] ^= mask;
            prop_assert!(replay(&damaged).is_err(), "{}", damaged.escape_ascii());
        }
    }

    #[test]
    fn lines_out_of_place_are_noticed(steps in vec(step(), 2..10), one: Index, other: Index) {
        let (bytes, _) = tell(steps, true);
        let lines = lines(&bytes);
        let (one, other) = (one.index(lines.len()), other.index(lines.len()));
        if one != other {
            let mut swapped = lines.clone();
            swapped.swap(one, other);
            refusal(&swapped.concat());
        }
        let mut repeated = lines.clone();
        repeated.insert(other, lines[one]);
        refusal(&repeated.concat());
        let mut removed = lines.clone();
        removed.remove(one);
        if one + 1 < lines.len() {
            refusal(&removed.concat());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200), after_header: bool) {
        let mut whole = if after_header { tell(Vec::new(), false).0 } else { Vec::new() };
        whole.extend_from_slice(&bytes);
        let seen = replay(&whole);
        prop_assert!(after_header || seen.is_err());
    }
}

#[test]
fn every_flipped_bit_of_a_journal_is_noticed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let steps = vec(step(), 4).new_tree(&mut runner).map(|tree| tree.current());
    let (bytes, _) = tell(steps.unwrap(), true);
    for index in 0..bytes.len() - 1 {
        let mut damaged = bytes.clone();
        damaged[index] ^= 1 << (index % 8);
        assert!(replay(&damaged).is_err(), "byte {index} of {}", damaged.escape_ascii());
    }
}
