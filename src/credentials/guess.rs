//! A metadata service that nobody has configured: it is looked for once in a run.

use std::time::Duration;

use futures::future::BoxFuture;

use super::error::SourceError;
use super::offline::nothing_found;
use super::patience::{MOST, patiently_within};
use super::provider::Issued;

/// How long it is looked for. Whoever has no credentials hears of it soon.
const PATIENCE: Duration = Duration::from_millis(2500);

/// What is known of a metadata service that nobody has configured.
#[derive(Debug, Default)]
pub(super) struct Guess(tokio::sync::Mutex<Known>);

#[derive(Debug, Default)]
enum Known {
    #[default]
    Nothing,
    /// It has served.
    Here,
    /// It is not there, or does not serve, for this reason.
    NotHere(String),
}

impl Guess {
    /// Asks it; `tried` has the sources that are not configured either.
    pub(super) async fn ask<'a>(
        &self,
        tried: &[String],
        ask: impl Fn() -> BoxFuture<'a, Result<Issued, SourceError>>,
    ) -> Result<Issued, SourceError> {
        let mut known = self.0.lock().await;
        match &*known {
            Known::Here => {
                drop(known);
                return ask().await;
            }
            Known::NotHere(why) => return Err(absent(tried, why)),
            Known::Nothing => {}
        }
        let why = match patiently_within(PATIENCE, MOST, ask).await {
            Ok(issued) => {
                *known = Known::Here;
                return Ok(issued);
            }
            Err(Some(error)) => error.message().to_owned(),
            Err(None) => "it does not respond in time".to_owned(),
        };
        let absent = absent(tried, &why);
        *known = Known::NotHere(why);
        Err(absent)
    }
}

fn absent(tried: &[String], why: &str) -> SourceError {
    nothing_found(&[tried, &[format!("the metadata service: {why}")]].concat())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::FutureExt;
    use futures::future::{pending, ready};

    use super::super::error::Nature;
    use super::*;
    use crate::provider::Credentials;

    fn issued() -> Issued {
        Issued::new(Credentials::AuthToken("hush".into()))
    }

    fn no(nature: Nature) -> Result<Issued, SourceError> {
        Err(SourceError::new(nature, "this is no instance", ""))
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_is_not_there_is_looked_for_once() {
        for nature in [Nature::Final, Nature::Passing] {
            let (guess, asked) = (Guess::default(), AtomicUsize::new(0));
            let mut first = None;
            for _ in 0..3 {
                let ask = || {
                    asked.fetch_add(1, Ordering::Relaxed);
                    ready(no(nature)).boxed()
                };
                let error = guess.ask(&["variables: not set".to_owned()], ask).await.unwrap_err();
                assert_eq!(error.nature(), Nature::Absent);
                assert!(error.message().contains("variables: not set"), "{error}");
                assert!(error.message().contains("the metadata service: this is no instance"), "{error}");
                assert_eq!(*first.get_or_insert(asked.load(Ordering::Relaxed)), asked.load(Ordering::Relaxed));
            }
            assert_eq!(first == Some(1), nature == Nature::Final, "{first:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_reason_is_the_last_failure_where_an_attempt_takes_too_long() {
        let (guess, asked) = (Guess::default(), AtomicUsize::new(0));
        let ask = || match asked.fetch_add(1, Ordering::Relaxed) {
            0 => ready(no(Nature::Passing)).boxed(),
            _ => pending().boxed(),
        };
        let error = guess.ask(&[], ask).await.unwrap_err();
        assert!(error.message().contains("the metadata service: this is no instance"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_has_served_is_there() {
        let guess = Guess::default();
        assert!(guess.ask(&[], || ready(Ok(issued())).boxed()).await.is_ok());
        for nature in [Nature::Passing, Nature::Final] {
            assert_eq!(guess.ask(&[], || ready(no(nature)).boxed()).await.unwrap_err().nature(), nature);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_one_that_says_nothing() {
        let (guess, began) = (Guess::default(), tokio::time::Instant::now());
        let error = guess.ask(&[], || pending().boxed()).await.unwrap_err();
        assert_eq!(error.nature(), Nature::Absent);
        assert!(began.elapsed() < Duration::from_secs(3));
    }
}
