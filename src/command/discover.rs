//! `allstop discover`: what runs, as a plan to edit.

use std::sync::Arc;

use allstop::report::DiscoverFormat;
use allstop::session::{DiscoverOptions, DiscoverState, Discovery, Region, SessionError};

use super::lists::list;
use super::terminal::Terminal;
use crate::cli::{DiscoverArgs, DiscoverOutput, State};

pub(super) fn discover(args: DiscoverArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let discovery = Discovery::new(options(args), &terminal.context())?;
    list(terminal, |drain| discovery.run(|listings| listings.drain_on(drain)))
}

fn options(args: DiscoverArgs) -> DiscoverOptions {
    let mut options = DiscoverOptions::default();
    options.plan = args.plan;
    options.set = args.set;
    options.region =
        args.cloud.zip(args.region).map(|(cloud, name)| Region { cloud, name, project_id: args.project_id });
    options.accounts = args.account;
    options.kinds = args.kind;
    options.select = args.select;
    options.except = args.except;
    options.states = args.state.into_iter().map(state).collect();
    options.format = format(args.output);
    options.output = args.file;
    options.force = args.force;
    options.partial = args.partial;
    options
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
