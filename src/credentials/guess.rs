//! A metadata service that nobody has configured: it is looked for once in a run.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::timeout;

use super::error::{Nature, SourceError};
use super::offline::nothing_found;
use super::patience::{MOST, patiently};
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
        let late = || Err(SourceError::new(Nature::Final, "it does not answer in time", ""));
        match timeout(PATIENCE, patiently(MOST, ask)).await.unwrap_or_else(|_| late()) {
            Ok(issued) => {
                *known = Known::Here;
                Ok(issued)
            }
            Err(error) => {
                let absent = absent(tried, error.message());
                *known = Known::NotHere(error.message().to_owned());
                Err(absent)
            }
        }
    }
}

fn absent(tried: &[String], why: &str) -> SourceError {
    nothing_found(&[tried, &[format!("the metadata service: {why}")]].concat())
}
