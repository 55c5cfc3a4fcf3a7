//! `allstop plan`: what a plan selects, as a reviewed plan.

use std::sync::Arc;

use crate::cli::{CheckOutput, ReviewArgs};
use crate::session::{Review, ReviewLine, ReviewOptions, SelectedPlan, SessionError, Ui};
use crate::terminal::Terminal;

use super::lists::list;

pub(super) fn review(args: ReviewArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let is_json = args.output == CheckOutput::Json;
    let done = write(args, terminal);
    match &done {
        Ok(line) if is_json => terminal.print_json(line)?,
        Ok(line) => terminal.status(&line.sentence()),
        Err(error) if is_json => terminal.print_json(&ReviewLine::of_failure(error))?,
        Err(_) => {}
    }
    done.map(|line| line.exit_code)
}

fn write(args: ReviewArgs, terminal: &Arc<Terminal>) -> Result<ReviewLine, SessionError> {
    let context = terminal.context();
    let selected = SelectedPlan::load(&args.plan.plan, args.plan.set, args.selection.into(), &context)?;
    let mut options = ReviewOptions::new(args.file);
    options.valid_for = args.valid_for;
    options.partial = args.partial;
    options.force = args.force;
    let review = Review::new(selected, options, &context)?;
    list(terminal, |drain| review.run(|listings| listings.drain_on(drain)))
}
