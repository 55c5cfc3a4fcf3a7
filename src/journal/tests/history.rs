//! What lines add up to, and which ones contradict each other.

use std::sync::Arc;

use super::world::{at, attempt, header, refusal, replay, stopped};
use crate::engine::{Effect, SkipReason, Status, TargetResult};
use crate::journal::End;
use crate::journal::note::{Note, Resumed};
use crate::journal::seal::Seal;

/// Seals a journal of two targets, whatever its lines say.
fn journal(notes: Vec<Note>) -> Vec<u8> {
    let mut seal = Seal::default();
    let mut bytes = Vec::new();
    seal.write(&mut bytes, &header(2)).unwrap();
    for note in notes {
        seal.write(&mut bytes, &note).unwrap();
    }
    bytes
}

fn sending(t: u32, s: u32) -> Note {
    Note::Sending { t, s, at: at(i64::from(s)) }
}

fn attempted(t: u32, n: u32, effect: Effect) -> Note {
    Note::Attempted { t, a: Box::new(attempt(n)), effect }
}

fn finished(t: u32, result: TargetResult) -> Note {
    Note::Finished { t, f: Arc::new(result) }
}

fn ended(status: Status) -> Note {
    Note::Ended { end: End { status, exit_code: 1, at: at(7), is_open: false } }
}

const RESUMED: Note = Note::Resumed { resumed: Resumed { at: jiff::Timestamp::UNIX_EPOCH } };

#[test]
fn the_worst_that_attempts_may_have_done_stays() {
    let seen = replay(&journal(vec![
        sending(0, 1),
        attempted(0, 1, Effect::Lost),
        sending(0, 2),
        attempted(0, 2, Effect::Nothing),
    ]));
    let open = &seen.unwrap().past.open[&0];
    assert_eq!((open.effect, open.sending), (Effect::Lost, None));
    assert_eq!(open.attempts, [attempt(1), attempt(2)]);
}

#[test]
fn an_attempt_without_an_end_that_others_follow_may_have_taken_effect() {
    let seen = replay(&journal(vec![sending(0, 1), RESUMED, sending(0, 2), attempted(0, 2, Effect::Nothing)]));
    let seen = seen.unwrap();
    assert_eq!(seen.past.open[&0].effect, Effect::Lost);
    assert_eq!(seen.resumptions, 1);
    let seen = replay(&journal(vec![sending(0, 1), RESUMED, attempted(0, 2, Effect::Nothing)])).unwrap();
    assert_eq!((seen.past.open[&0].effect, seen.past.open[&0].sending), (Effect::Lost, None));
}

#[test]
fn what_only_an_early_end_left_out_is_still_to_be_done() {
    let cut = finished(0, TargetResult::skipped(SkipReason::Interrupted));
    let chosen = finished(1, TargetResult::skipped(SkipReason::Protected));
    let seen = replay(&journal(vec![cut, chosen, ended(Status::Interrupted), RESUMED, sending(0, 1)])).unwrap();
    assert_eq!(seen.past.done.iter().map(|(target, _)| target).collect::<Vec<_>>(), [1]);
    assert_eq!(seen.past.open.keys().collect::<Vec<_>>(), [&0]);
    assert_eq!(seen.end, None, "it goes on");
}

#[test]
fn contradictions_are_told_with_their_line() {
    let told = |notes| refusal(&journal(notes));
    assert_eq!(told(vec![sending(2, 1)]), "run.journal, line 2: it is about target 2, and the run has 2");
    for again in [sending(1, 1), attempted(1, 1, Effect::Nothing), finished(1, stopped())] {
        let told = told(vec![finished(1, stopped()), RESUMED, again]);
        assert_eq!(told, "run.journal, line 4: it is about target 1, which was finished before");
    }
    let told = told(vec![ended(Status::Completed), sending(0, 1)]);
    assert_eq!(told, "run.journal, line 3: it follows the end of the run");
}

#[test]
fn lines_of_a_later_version_are_not_guessed_at() {
    let mut seal = Seal::default();
    let mut bytes = Vec::new();
    seal.write(&mut bytes, &header(2)).unwrap();
    seal.write(&mut bytes, &serde_json::json!({"t": 1, "s": 1, "at": at(1), "more": true})).unwrap();
    assert_eq!(refusal(&bytes), "run.journal, line 2: it says nothing that this version knows");
}

#[test]
fn a_line_of_another_journal_is_noticed() {
    let mine = journal(vec![sending(0, 1), sending(1, 1)]);
    let mut seal = Seal::default();
    let mut others = Vec::new();
    seal.write(&mut others, &header(3)).unwrap();
    seal.write(&mut others, &sending(0, 2)).unwrap();
    let lines = |bytes: &[u8]| bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (mut mixed, others) = (lines(&mine), lines(&others));
    mixed[1] = others[1].clone();
    assert_eq!(refusal(&mixed.concat()), "run.journal, line 2: it was modified");
}
