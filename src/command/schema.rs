//! `allstop schema`: what plans and reports look like, for editors and programs.

use crate::cli::{Schema, SchemaArgs};
use crate::schema;
use crate::session::SessionError;
use crate::terminal::Terminal;

pub(super) fn schema(args: &SchemaArgs, terminal: &Terminal) -> Result<u8, SessionError> {
    let schema = match args.of {
        Schema::Plan => schema::plan(),
        Schema::Report => schema::report(),
    };
    terminal.print(format_args!("{schema:#}"))?;
    Ok(0)
}
