//! `allstop schema`: what plans and reports look like, for editors and programs.

use allstop::schema;

use super::failure::Failure;
use super::say;
use crate::cli::{Schema, SchemaArgs};

pub(super) fn schema(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.of {
        Schema::Plan => schema::plan(),
        Schema::Report => schema::report(),
    };
    say::aloud(format_args!("{schema:#}"))?;
    Ok(0)
}
