//! A program while it runs: its output, its signals, its end.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// What a program has said, on standard output and standard error.
#[derive(Debug, Default)]
struct Said {
    /// The lines, and when they came.
    lines: Vec<(Instant, String)>,
    /// How many of the two are still open.
    open: usize,
}

impl Said {
    fn text(&self) -> String {
        let lines: Vec<_> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        lines.join("\n")
    }
}

/// A running program; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    said: Arc<(Mutex<Said>, Condvar)>,
}

impl Process {
    /// Starts a program.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = Arc::new((Mutex::new(Said { lines: Vec::new(), open: 2 }), Condvar::new()));
        let process = |child: &mut Child| {
            let streams: [Box<dyn Read + Send>; 2] =
                [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
            for stream in streams {
                let said = Arc::clone(&said);
                std::thread::spawn(move || listen(stream, &said));
            }
        };
        process(&mut child);
        Self { child, said }
    }

    /// Waits until it has said a line with this text, and returns the line. `None` if it ends or the time is over before.
    pub(crate) fn says(&self, text: &str, within: Duration) -> Option<String> {
        self.says_again(text, 1, within)
    }

    /// Waits until it has said so many lines with this text, and returns the last of those. `None` if it ends or the time is
    /// over before.
    pub(crate) fn says_again(&self, text: &str, times: usize, within: Duration) -> Option<String> {
        let found = |said: &Said| {
            let mut lines = said.lines.iter().map(|(_, line)| line).filter(|line| line.contains(text));
            lines.nth(times - 1).cloned()
        };
        let (said, woken) = &*self.said;
        let waits = |said: &mut Said| found(said).is_none() && said.open > 0;
        let (said, _) = woken.wait_timeout_while(said.lock().unwrap(), within, waits).unwrap();
        found(&said)
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(&mut self, within: Duration) -> ExitStatus {
        {
            let (said, woken) = &*self.said;
            let waits = |said: &mut Said| said.open > 0;
            let (said, waited) = woken.wait_timeout_while(said.lock().unwrap(), within, waits).unwrap();
            let text = waited.timed_out().then(|| said.text());
            drop(said);
            if let Some(text) = text {
                panic!("it does not end; it said:\n{text}");
            }
        }
        self.child.wait().unwrap()
    }

    /// Returns all that it has said up to now.
    pub(crate) fn output(&self) -> String {
        self.said.0.lock().unwrap().text()
    }

    /// Returns how often it has said a line with this text up to now, and when the last time.
    pub(crate) fn said(&self, text: &str) -> (usize, Option<Instant>) {
        let said = self.said.0.lock().unwrap();
        let mut lines = said.lines.iter().filter(|(_, line)| line.contains(text)).map(|(at, _)| *at);
        let first = lines.next();
        lines.fold((usize::from(first.is_some()), first), |(count, _), at| (count + 1, Some(at)))
    }

    /// Kills it, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Interrupts it, as Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Takes its terminal away.
    pub(crate) fn hang_up(&self) {
        self.signal(Signal::HUP);
    }

    /// Freezes it: it keeps its memory and its connections, and does nothing.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a condition on what programs have said is met; tells whether it is within the time.
pub(crate) fn wait_until(within: Duration, mut is_met: impl FnMut() -> bool) -> bool {
    let waits = |_: &mut ()| !is_met();
    let (_said, waited) = WOKEN.wait_timeout_while(SAID.lock().unwrap(), within, waits).unwrap();
    !waited.timed_out()
}

/// Wakes whoever waits for what any program says.
static SAID: Mutex<()> = Mutex::new(());
static WOKEN: Condvar = Condvar::new();

/// Takes down what a stream says, to its end.
fn listen(stream: impl Read, said: &(Mutex<Said>, Condvar)) {
    let mut lines = BufReader::new(stream).split(b'\n').map_while(Result::ok);
    loop {
        let line = lines.next().map(|line| String::from_utf8_lossy(&line).into_owned());
        let is_end = line.is_none();
        let mut state = said.0.lock().unwrap();
        state.lines.extend(line.map(|line| (Instant::now(), line)));
        state.open -= usize::from(is_end);
        said.1.notify_all();
        drop(state);
        drop(SAID.lock().unwrap());
        WOKEN.notify_all();
        if is_end {
            return;
        }
    }
}

/// How a program ended and what it showed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Runs a command to its end.
    #[track_caller]
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("it ended by itself");
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
