//! A server that does not respond.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use allstop::session::Ui;
use tokio::time::Instant;

/// How long requests fail before that is said.
const LONG: Duration = Duration::from_secs(10);

/// Says once that no request succeeds, and once that the server responds again.
pub struct Outage {
    ui: Arc<dyn Ui>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the first request was sent since the last one that succeeded.
    since: Option<Instant>,
    is_said: bool,
}

impl Outage {
    /// Expects that the server responds.
    #[must_use]
    pub fn new(ui: Arc<dyn Ui>) -> Self {
        Self { ui, state: Mutex::default() }
    }

    /// Takes in that a request failed that was sent then.
    pub fn failed(&self, sent: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *state.since.get_or_insert(sent);
        if !state.is_said && since.elapsed() >= LONG {
            state.is_said = true;
            let seconds = since.elapsed().as_secs();
            self.ui.warning(&format!(
                "the Temporal server has not responded for {seconds} s, or refuses requests; they are sent again until it \
                 responds"
            ));
        }
    }

    /// Takes in that the server has responded.
    pub fn ended(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *state).is_said {
            self.ui.status("the Temporal server responds again");
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[derive(Default)]
    struct Said(Mutex<Vec<String>>);

    impl Ui for Said {
        fn status(&self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_said_once_and_so_is_its_end() {
        let said = Arc::new(Said::default());
        let outage = Outage::new(Arc::<Said>::clone(&said));
        for is_long in [false, true, true] {
            for _ in 0..if is_long { 4 } else { 3 } {
                let sent = Instant::now();
                advance(Duration::from_secs(3)).await;
                outage.failed(sent);
            }
            outage.ended();
            outage.ended();
        }
        let away = "warning: the Temporal server has not responded for 12 s";
        let said = said.0.lock().unwrap();
        let is_away: Vec<_> = said.iter().map(|text| text.starts_with(away)).collect();
        assert_eq!(is_away, [true, false, true, false], "{said:?}");
        assert_eq!(said[1], "the Temporal server responds again");
    }
}
