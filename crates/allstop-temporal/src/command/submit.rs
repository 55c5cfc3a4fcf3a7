//! `allstop-temporal submit`.

use std::sync::Arc;

use allstop::command::finish;
use allstop::session::{BeginOptions, SessionError};
use allstop::system::Signals;
use allstop::terminal::Terminal;

use super::confirmed::{Confirmed, load};
use super::connected::{connected, identity};
use crate::cli::SubmitArgs;
use crate::submit::start;

pub(super) fn submit(args: SubmitArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let context = terminal.context();
    let loaded = load(args.plan, args.selection, &context)?;
    let mut begin = BeginOptions::default();
    (begin.reason, begin.partial, begin.report, begin.id) = (args.reason, args.partial, args.report, args.id);
    let signals = Signals::new(Arc::clone(&context.ui));
    let shows = (&args.shown, &signals, &**terminal);
    let (runtime, confirmed) = loaded.confirmed((begin, args.options.into()), shows, &context)?;
    let bundle = match confirmed {
        Confirmed::Run(bundle) => bundle,
        Confirmed::Nothing(ready) => {
            // The report says so at once.
            let ran = runtime.block_on(ready.run(|run| run))?;
            return Ok(finish(ran, &args.shown, &signals, terminal));
        }
        Confirmed::Ended(ran) => return Ok(finish(*ran, &args.shown, &signals, terminal)),
    };
    runtime.block_on(async {
        let client = connected(&args.connection, &identity(), &*context.ui).await?;
        let queue = args.fleet.queue.clone();
        start(&client, &queue, &bundle, &args.fleet.into(), &context).await?;
        terminal.print(bundle.run_id())
    })?;
    Ok(0)
}
