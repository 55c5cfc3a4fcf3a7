//! Workers of a site, who are killed and frozen.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use super::process::{Process, wait_until};
use super::{PATIENCE, Site};

/// What a worker says when it begins to hold a lane, before the lane's name.
const HOLDS: &str = "holds the lane ";

/// The workers of a site.
pub(crate) struct Fleet<'s> {
    site: &'s Site,
    workers: Vec<Process>,
    queue: &'static str,
    /// What the workers had said who are not there any more.
    past: Vec<String>,
}

impl<'s> Fleet<'s> {
    /// Starts so many workers, and waits until they serve runs.
    #[track_caller]
    pub(crate) fn of(site: &'s Site, workers: usize) -> Self {
        Self::of_queue(site, workers, "allstop")
    }

    /// Starts so many workers of a task queue, and waits until they serve runs.
    #[track_caller]
    pub(crate) fn of_queue(site: &'s Site, workers: usize, queue: &'static str) -> Self {
        let started: Vec<_> = (0..workers).map(|_| site.worker(["--queue", queue])).collect();
        started.iter().for_each(is_ready);
        Self { site, workers: started, queue, past: Vec::new() }
    }

    /// Returns the number of the worker who was the last to begin to hold a lane whose name begins so.
    #[track_caller]
    pub(crate) fn holder(&self, lane: &str) -> usize {
        let held = |worker: &Process| worker.said(&format!("{HOLDS}{lane}")).1;
        let last = self.workers.iter().enumerate().max_by_key(|(_, worker)| held(worker));
        let (number, worker) = last.unwrap();
        assert!(held(worker).is_some(), "nobody holds the lane {lane}: {}", self.output());
        number
    }

    /// Returns a worker.
    pub(crate) fn worker(&self, number: usize) -> &Process {
        &self.workers[number]
    }

    pub(crate) const fn len(&self) -> usize {
        self.workers.len()
    }

    /// Kills a worker.
    pub(crate) fn kill(&mut self, number: usize) {
        self.workers[number].kill();
    }

    /// Starts another worker in the place of one who is not there any more.
    #[track_caller]
    pub(crate) fn replace(&mut self, number: usize) {
        let before = std::mem::replace(&mut self.workers[number], self.site.worker(["--queue", self.queue]));
        self.past.push(before.output());
        is_ready(&self.workers[number]);
    }

    /// Returns how often each worker has said a line with this text.
    pub(crate) fn said(&self, text: &str) -> Vec<usize> {
        self.workers.iter().map(|worker| worker.said(text).0).collect()
    }

    /// Waits until one of the workers has said a line with this text once more than `before`, and returns its number.
    #[track_caller]
    pub(crate) fn who_says(&self, text: &str, before: &[usize]) -> usize {
        let who = || self.said(text).iter().zip(before).position(|(now, before)| now > before);
        assert!(wait_until(PATIENCE, || who().is_some()), "nobody says {text:?}: {}", self.output());
        who().unwrap()
    }

    /// Returns how often the workers have begun to hold a lane, and how often they took one up that another had lost.
    pub(crate) fn sessions(&self) -> (usize, usize) {
        let output = self.output();
        (output.matches(HOLDS).count(), output.matches(" has lost\n").count())
    }

    /// Returns all that the workers have said up to now.
    pub(crate) fn output(&self) -> String {
        let said = self.past.iter().cloned().chain(self.workers.iter().map(Process::output));
        said.fold(String::new(), |all, said| all + &said + "\n")
    }

    /// Asks a worker to end, and returns how it did and how long that took.
    #[track_caller]
    pub(crate) fn leave(&mut self, number: usize) -> (ExitStatus, Duration) {
        let begin = Instant::now();
        let worker = &mut self.workers[number];
        worker.terminate();
        (worker.ended(PATIENCE), begin.elapsed())
    }

    /// Ends all workers, and returns how, and how long the slowest took.
    #[track_caller]
    pub(crate) fn end(&mut self) -> (Vec<ExitStatus>, Duration) {
        let begin = Instant::now();
        self.workers.iter().for_each(Process::terminate);
        let ended = self.workers.iter_mut().map(|worker| worker.ended(PATIENCE)).collect();
        (ended, begin.elapsed())
    }
}

impl Drop for Fleet<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the workers said:\n{}", self.output());
        }
    }
}

#[track_caller]
fn is_ready(worker: &Process) {
    assert!(worker.says("serves runs", PATIENCE).is_some(), "{}", worker.output());
}
