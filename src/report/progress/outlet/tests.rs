//! A reader who does not read.

use std::sync::mpsc::{Receiver, Sender, channel};

use indicatif::InMemoryTerm;

use super::*;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(120);

/// Takes a text only when it is let, and tells how that went.
struct Gate {
    permits: Receiver<io::Result<usize>>,
    texts: Sender<String>,
}

impl Write for Gate {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let taken = self.permits.recv().unwrap_or(Ok(usize::MAX))?.min(text.len());
        let _ = self.texts.send(String::from_utf8_lossy(&text[..taken]).into_owned());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns an outlet, what lets it write, and what it wrote.
fn gated() -> (Outlet, Sender<io::Result<usize>>, Receiver<String>) {
    gated_for((PAUSE, PAUSES))
}

/// The same, where lines may wait so long for room.
fn gated_for(pauses: (Duration, Duration)) -> (Outlet, Sender<io::Result<usize>>, Receiver<String>) {
    let (permit, permits) = channel();
    let (texts, written) = channel();
    let missing = Box::new(|lines| format!("{lines} missing"));
    let panel = Panel::new(Box::new(InMemoryTerm::new(24, 80)));
    let outlet = Outlet::start(Sink::new(Box::new(Gate { permits, texts }), panel, missing), pauses).unwrap();
    (outlet, permit, written)
}

/// Returns all that was written, once the outlet is dropped.
fn rest(outlet: Outlet, permit: Sender<io::Result<usize>>, written: &Receiver<String>) -> String {
    drop((outlet, permit));
    written.iter().collect()
}

#[test]
fn who_does_not_read_holds_nobody_up_and_is_told_what_is_missing() {
    let (outlet, permit, written) = gated();
    let line = "x".repeat(1 << 16);
    // Twice as much as waits for anybody: without a bound or with one who waits, this has no end.
    let lines = 128;
    (0..lines).for_each(|_| outlet.print()(&line));
    outlet.print_kept()("verdict");
    let all = rest(outlet, permit, &written);
    let (last, lines_before) = (all.lines().rev().take(2).collect::<Vec<_>>(), all.lines().count() - 2);
    assert_eq!(last, ["verdict", &format!("{} missing", lines - lines_before)]);
    assert!((64..100).contains(&lines_before), "{lines_before} lines of four megabytes");
}

#[test]
fn a_reader_who_reads_loses_nothing() {
    let (outlet, permit, written) = gated_for((LONG, LONG));
    drop(permit);
    let line = "x".repeat(1 << 16);
    (0..256).for_each(|_| outlet.line(&line));
    assert!(outlet.flush(LONG));
    drop(outlet);
    assert_eq!(written.iter().map(|text| text.len()).sum::<usize>(), 256 * (line.len() + 1));
}

#[test]
fn the_end_waits_once_and_lines_make_way_for_the_verdict() {
    let (outlet, permit, written) = gated();
    (0..10).for_each(|n| outlet.line(&format!("{n}{}", "x".repeat(1 << 14))));
    outlet.print_kept()("verdict");
    assert!(!outlet.flush(Duration::from_millis(2)), "nothing is read");
    assert!(!outlet.flush(LONG), "which does not wait again");
    outlet.print_kept()("error");
    let all = rest(outlet, permit, &written);
    let shown: Vec<_> = all.lines().filter(|line| line.len() < 100).collect();
    assert!(shown[0].ends_with(" missing"), "{shown:?}");
    assert_eq!(shown[1..], ["verdict", "error"]);
}

#[test]
fn what_a_full_disk_did_not_take_is_counted() {
    let (outlet, permit, written) = gated();
    // The writer takes one text after the other: each is written before the next is there.
    let say = |text: &str, results: Vec<io::Result<usize>>| {
        results.into_iter().for_each(|result| permit.send(result).unwrap());
        outlet.line(text);
        assert!(outlet.flush(LONG));
    };
    let full = || Err(io::ErrorKind::StorageFull.into());
    say("first", vec![Ok(100)]);
    say("second", vec![Ok(3), full()]);
    say("third", vec![full()]);
    say("fourth", vec![Err(io::ErrorKind::WouldBlock.into()), Err(io::ErrorKind::Interrupted.into()), Ok(2), Ok(100)]);
    assert_eq!(rest(outlet, permit, &written), "first\nsec\n2 missing\nfourth\n");
}

#[test]
fn bars_are_drawn_by_the_same_thread_and_lines_stay_above_them() {
    let screen = InMemoryTerm::new(24, 80);
    let outlet = Outlet::new(Box::new(io::sink()), Box::new(screen.clone()), Box::new(|_| String::new())).unwrap();
    outlet.draw(vec!["old".to_owned()]);
    outlet.draw(vec!["new".to_owned()]);
    outlet.line("above");
    assert!(outlet.flush(LONG));
    outlet.line("and this");
    assert!(outlet.flush(LONG));
    assert_eq!(screen.contents(), "above\nand this\nnew");
    outlet.draw(Vec::new());
    assert!(outlet.flush(LONG));
    assert_eq!(screen.contents(), "above\nand this");
}
