//! `allstop schema`: what plans and reports look like, for editors and programs.

use allstop::schema;
use allstop::session::SessionError;

use super::process::Process;
use crate::cli::{Schema, SchemaArgs};

pub(super) fn schema(args: &SchemaArgs, process: &Process) -> Result<u8, SessionError> {
    let schema = match args.of {
        Schema::Plan => schema::plan(),
        Schema::Report => schema::report(),
    };
    process.terminal.print(format_args!("{schema:#}"))?;
    Ok(0)
}
