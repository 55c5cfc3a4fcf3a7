//! One line for each stop request, for `-v`.

use std::fmt::Write;

use super::Print;
use crate::report::text::{Harmless, spoken};
use crate::run::{Attempt, Event, Observer};

/// Names a target by its number in the plan.
pub type Namer = Box<dyn Fn(usize) -> String + Send>;

/// Prints one line for each stop request that has come to its end.
pub struct AttemptLines {
    namer: Namer,
    print: Print,
}

impl AttemptLines {
    /// Builds the observer.
    #[must_use]
    pub fn new(namer: Namer, print: Print) -> Self {
        Self { namer, print }
    }
}

impl Observer for AttemptLines {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::Attempted { target, attempt, .. } = event {
            (self.print)(&line(&(self.namer)(*target), attempt));
        }
    }
}

/// Returns a line such as `fnf_execution:a/b  attempt 2  429 ResourceThrottled  throttled, again in 312ms`.
fn line(id: &str, attempt: &Attempt) -> String {
    let mut line = format!("{}  attempt {}", Harmless(id), attempt.n);
    let status = attempt.http_status.map(|status| status.to_string());
    let answer: Vec<&str> = status.as_deref().into_iter().chain(attempt.code.as_deref()).collect();
    let answer = if answer.is_empty() { "no answer".to_owned() } else { answer.join(" ") };
    let class = attempt.class.map_or("ok", |class| class.name());
    let _ = write!(line, "  {}  {class}", Harmless(&answer));
    if let Some(wait) = attempt.retry_in {
        let _ = write!(line, ", again in {}", spoken(wait));
    }
    line
}
