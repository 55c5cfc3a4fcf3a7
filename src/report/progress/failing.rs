//! One line for each lane whose service fails, and for each account without credentials, as soon as that shows: nobody
//! has to wait for the end to learn why.

use super::options::Print;
use super::tally::labels;
use crate::engine::{Event, Observer};
use crate::report::text::{Escaped, spoken};

/// Prints what is wrong with a lane's service, once a lane, and with an account's credentials.
pub(super) struct Failing {
    print: Print,
    labels: Vec<String>,
}

impl Failing {
    /// Builds the observer.
    #[must_use]
    pub(super) const fn new(print: Print) -> Self {
        Self { print, labels: Vec::new() }
    }
}

impl Observer for Failing {
    fn on_event(&mut self, event: &Event<'_>) {
        if let Event::Started { lanes, .. } = *event {
            self.labels = labels(lanes);
        } else if let Event::Failing { lane, message, .. } = *event {
            let label = self.labels.get(lane).map_or("", String::as_str);
            (self.print)(&format!("warning: {label}: {}", Escaped(message)));
        } else if let Event::CredentialsWaiting { account, reason, left } = *event {
            let (account, reason) = (Escaped(account), Escaped(reason));
            (self.print)(&format!("warning: {account} waits for credentials ({reason}), {} left", spoken(left)));
        } else if let Event::CredentialsClosed { account, reason } = *event {
            (self.print)(&format!("warning: {} is closed: {}", Escaped(account), Escaped(reason)));
        }
    }
}
