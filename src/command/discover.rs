//! `allstop discover`: what runs, as a plan to edit.

use std::sync::Arc;

use crate::cli::{DiscoverArgs, DiscoverOutput, State};
use crate::report::DiscoverFormat;
use crate::session::{DiscoverOptions, DiscoverState, Discovery, Region, SessionError};
use crate::terminal::Terminal;

use super::lists::list;

pub(super) fn discover(args: DiscoverArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let discovery = Discovery::new(options(args), &terminal.context())?;
    list(terminal, |drain| discovery.run(|listings| listings.drain_on(drain)))
}

fn options(args: DiscoverArgs) -> DiscoverOptions {
    DiscoverOptions {
        plan: args.plan,
        set: args.set,
        region: args.cloud.zip(args.region).map(|(cloud, name)| Region { cloud, name, project_id: args.project_id }),
        accounts: args.account,
        kinds: args.kind,
        select: args.select,
        except: args.except,
        states: args.state.into_iter().map(state).collect(),
        format: format(args.output),
        output: args.file,
        force: args.force,
        partial: args.partial,
    }
}

const fn state(state: State) -> DiscoverState {
    match state {
        State::Running => DiscoverState::Running,
        State::Stopping => DiscoverState::Stopping,
        State::Unclear => DiscoverState::Unclear,
        State::Any => DiscoverState::Any,
    }
}

const fn format(output: DiscoverOutput) -> DiscoverFormat {
    match output {
        DiscoverOutput::Yaml => DiscoverFormat::Yaml,
        DiscoverOutput::Ndjson => DiscoverFormat::Ndjson,
        DiscoverOutput::Csv => DiscoverFormat::Csv,
        DiscoverOutput::Json => DiscoverFormat::Json,
        DiscoverOutput::Table => DiscoverFormat::Table,
    }
}
