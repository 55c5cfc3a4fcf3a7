//! What reaches the disk, when, and what a disk that fails leaves behind.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use futures::FutureExt;

use super::world::{Disk, at, attempt, header, replay, stopped};
use crate::engine::{Effect, Journal, JournalError, Status, Ticket};
use crate::journal::commit::Sink;
use crate::journal::seal::Seal;
use crate::journal::{End, Writer};

/// A disk whose syncs wait until the test lets them end.
struct SlowDisk {
    disk: Disk,
    syncing: Sender<()>,
    go_on: Receiver<()>,
}

impl Sink for SlowDisk {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.disk.write(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.syncing.send(()).unwrap();
        self.go_on.recv().map_err(io::Error::other)?;
        self.disk.sync()
    }
}

#[tokio::test]
async fn what_gathers_during_a_sync_shares_the_next() {
    let disk = Disk::default();
    let (syncing, is_syncing) = mpsc::channel();
    let (let_go, go_on) = mpsc::channel();
    let mut seal = Seal::default();
    seal.write(&mut Vec::new(), &header(1000)).unwrap();
    let slow = SlowDisk { disk: disk.clone(), syncing, go_on };
    let journal = Writer::start(slow, seal, Duration::ZERO, "slow.journal".as_ref()).unwrap();

    let first = journal.sending(0, 1, at(0));
    is_syncing.recv().unwrap();
    let others: Vec<_> = (1..1000).map(|target| journal.sending(target, 1, at(1))).collect();
    assert!(others.is_sorted() && others[0] > first);
    assert!(journal.durable(first).now_or_never().is_none(), "it is not synced");

    let_go.send(()).unwrap();
    journal.durable(first).await.unwrap();
    assert!(journal.durable(others[0]).now_or_never().is_none(), "it is not synced");
    is_syncing.recv().unwrap();
    let_go.send(()).unwrap();
    for ticket in others {
        journal.durable(ticket).await.unwrap();
    }
    assert_eq!(disk.syncs(), 2);
    drop(journal);
    assert_eq!(disk.syncs(), 2, "nothing was left to sync");
}

#[tokio::test]
async fn what_comes_soon_after_a_sync_waits_for_more_and_not_for_the_end() {
    let disk = Disk::default();
    let mut seal = Seal::default();
    seal.write(&mut Vec::new(), &header(9)).unwrap();
    let journal = Writer::start(disk.clone(), seal, Duration::from_hours(1), "slow.journal".as_ref()).unwrap();

    let first = journal.sending(0, 1, at(0));
    journal.durable(first).await.unwrap();
    assert_eq!(disk.syncs(), 1, "the first waits for nothing");
    let second = journal.intent(0);
    assert!(journal.durable(second).now_or_never().is_none());
    journal.flush();
    journal.durable(second).await.unwrap();
    assert_eq!(disk.syncs(), 2, "nobody is kept waiting who can do nothing else");
    let others: Vec<_> = (1..9).map(|target| journal.sending(target, 1, at(1))).collect();
    assert!(others.iter().all(|ticket| journal.durable(*ticket).now_or_never().is_none()));

    journal.end(End { status: Status::Completed, exit_code: 0, at: at(9), is_open: false }).unwrap();
    for ticket in others {
        journal.durable(ticket).await.unwrap();
    }
    assert_eq!(disk.syncs(), 3);
}

#[tokio::test]
async fn notes_are_read_back_as_written() {
    let disk = Disk::default();
    let journal = disk.begin(9);
    journal.finished(3, &Arc::new(stopped()));
    journal.sending(4, 1, at(1));
    journal.attempted(4, &attempt(1), Effect::Lost);
    journal.sending(4, 2, at(2));
    journal.sending(5, 1, at(3));
    let last = journal.intent(6);
    journal.durable(last).await.unwrap();
    let seen = replay(&disk.bytes()).unwrap();
    assert_eq!(seen.header, header(9));
    assert_eq!((&*seen.past.id, seen.past.reason.as_deref()), (&*header(9).run, Some("incident 4711")));
    assert_eq!(seen.past.done.len(), 1);
    assert_eq!(seen.past.done.get(3), Some(stopped()));
    assert_eq!(seen.past.open.len(), 3);
    assert_eq!(seen.past.open[&4].attempts, [attempt(1)]);
    assert_eq!((seen.past.open[&4].effect, seen.past.open[&4].sending), (Effect::Lost, Some((2, at(2)))));
    assert_eq!((seen.past.open[&5].effect, seen.past.open[&5].sending), (Effect::Nothing, Some((1, at(3)))));
    assert_eq!((seen.past.open[&6].attempts.len(), seen.past.open[&6].sending), (0, None), "in doubt, and no more");
    assert_eq!(seen.end, None);

    let end = End { status: Status::Interrupted, exit_code: 130, at: at(9), is_open: false };
    journal.end(end).unwrap();
    assert_eq!(replay(&disk.bytes()).unwrap().end, Some(end));
}

#[tokio::test]
async fn after_the_end_nothing_more_is_taken() {
    let disk = Disk::default();
    let journal = disk.begin(1);
    let end = End { status: Status::Completed, exit_code: 0, at: at(9), is_open: false };
    journal.end(end).unwrap();
    let whole = disk.bytes();
    let late = journal.sending(0, 1, at(10));
    assert_eq!(journal.durable(late).await, Err(JournalError("run.journal: it was closed".to_owned())));
    assert!(journal.end(end).is_err());
    assert_eq!(disk.bytes(), whole);
}

#[test]
fn dropping_writes_what_is_left() {
    let disk = Disk::default();
    let journal = disk.begin(1);
    journal.finished(0, &Arc::new(stopped()));
    drop(journal);
    assert_eq!(replay(&disk.bytes()).unwrap().past.done.len(), 1);
}

#[tokio::test]
async fn a_disk_that_is_full_at_any_byte_leaves_a_journal() {
    let mut most = 0;
    for room in (0..1500).step_by(13) {
        let disk = Disk::with_room(room);
        let journal = disk.begin(100);
        let mut durable = 0;
        let error = loop {
            let ticket = journal.finished(durable, &Arc::new(stopped()));
            match journal.durable(ticket).await {
                Ok(_) => durable += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.to_string(), "cannot write the journal: run.journal: no storage space");
        let full = disk.bytes();
        assert_eq!(journal.durable(Ticket(2)).await, Err(error.clone()), "every wait fails");
        let late = journal.finished(99, &Arc::new(stopped()));
        assert_eq!(journal.durable(late).await, Err(error.clone()));
        assert_eq!(journal.end(End { status: Status::Aborted, exit_code: 5, at: at(9), is_open: false }), Err(error));
        drop(journal);
        assert_eq!(disk.bytes(), full, "nothing is written after a failure");
        let seen = replay(&full).unwrap();
        assert_eq!(seen.past.done.len(), durable as usize);
        most = most.max(durable);
    }
    assert!(most >= 2, "only {most} facts fitted");
}

#[tokio::test]
async fn a_sync_that_fails_is_the_last() {
    let disk = Disk::with_good_syncs(2);
    let journal = disk.begin(10);
    for target in 0..2 {
        let ticket = journal.sending(target, 1, at(1));
        journal.durable(ticket).await.unwrap();
    }
    let ticket = journal.sending(2, 1, at(1));
    let error = journal.durable(ticket).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot write the journal: run.journal: the disk is gone");
    drop(journal);
    assert_eq!(disk.syncs(), 3);
    replay(&disk.bytes()).unwrap();
}
