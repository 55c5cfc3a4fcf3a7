//! The question at a pause of a stage.

use std::sync::Arc;
use std::thread;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::oneshot;

use super::ui::Ui;
use crate::engine::AtPause;

/// Returns who asks `ui` whether a run goes on. It asks on a thread of its own: an answer that does not come keeps
/// neither signals nor the deadline from ending the run.
pub(super) fn asker(ui: Arc<dyn Ui>) -> impl Fn(AtPause) -> BoxFuture<'static, bool> + Send + Sync {
    move |pause| {
        let (answer, answered) = oneshot::channel();
        let ui = Arc::clone(&ui);
        let ask = move || {
            // Nobody waits for the answer any more once the run has ended.
            let _ = answer.send(ui.goes_on(&pause));
        };
        // Without a thread nobody is asked: the channel is closed, which is a no.
        drop(thread::Builder::new().name("question".to_owned()).spawn(ask));
        answered.map(|answer| answer.unwrap_or(false)).boxed()
    }
}
