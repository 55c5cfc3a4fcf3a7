//! `allstop-temporal worker`.

use std::sync::Arc;

use allstop::session::SessionError;
use allstop::system::{self, Effects, Signals};
use allstop::terminal::Terminal;
use tokio::runtime::Builder;

use super::connected::{connected_worker, worker_name};
use crate::cli::WorkerArgs;
use crate::wire::account_queue;
use crate::worker::{Reports, ServeOptions, listen, serve};

pub(super) fn worker(args: WorkerArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    system::demand()?;
    let context = terminal.context();
    let signals = Signals::new(Arc::clone(&context.ui));
    signals.say(Effects::new("handing the lanes over", "exit immediately; other workers take the lanes up"));
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| SessionError::input(format!("cannot start the runtime: {error}"), "raise `ulimit -u`"))?;
    let reports = args.reports.map(Reports::at).transpose()?;
    terminal.detach()?;
    signals.watch()?;
    let worker = worker_name();
    let served = runtime.block_on(async {
        let health = match args.health {
            Some(at) => Some(listen(at).await?),
            None => None,
        };
        let client = connected_worker(&args.connection, &worker, &context.ui).await?;
        let options = ServeOptions {
            account_queues: args.accounts.iter().map(|account| account_queue(&args.queue, account)).collect(),
            queue: args.queue,
            lanes: args.lanes.get(),
            worker: worker.clone(),
            leaving: signals.drain(),
            health,
            reports,
        };
        context.ui.status(&format!("{worker} {}", serves(&options)));
        serve(client, options, context.clone()).await
    });
    served.map(|()| 0)
}

/// Says which task queues a worker serves.
fn serves(options: &ServeOptions) -> String {
    let runs = format!("serves runs of the task queue {}", options.queue);
    match options.account_queues.as_slice() {
        [] => runs,
        queues => format!("{runs}, and lanes of {}", queues.join(", ")),
    }
}
