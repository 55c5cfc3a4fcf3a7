//! `allstop check`: what a plan would do, without any network.

mod line;

use std::sync::Arc;

use console::Term;

use crate::cli::{CheckArgs, CheckOutput};
use crate::notify::NotificationsPreview;
use crate::report::{CredentialsPreview, Preview, folded, targets};
use crate::session::{Checked, SelectedPlan, SessionError};
use crate::terminal::{Terminal, columns};

use line::Line;

pub(super) fn check(args: CheckArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let CheckArgs { plan, selection, list, credentials: demands, output } = args;
    let context = terminal.context();
    let selected = SelectedPlan::load(&plan.plan, plan.set, selection.into(), &context);
    if output == CheckOutput::Json {
        let checked = selected.map(|selected| (selected.check(&context), selected));
        return print_json(checked, demands, terminal);
    }
    let selected = selected?;
    let Checked { overview, selects, warnings, credentials, notifications, lacking, refusal, .. } =
        selected.check(&context);
    let mut shown =
        Preview { plan: selected.plan(), overview: &overview, selects: &selects, warnings: &warnings }.to_string();
    if !credentials.is_empty() {
        shown.push_str(&format!("\n{}", CredentialsPreview(&credentials)));
    }
    if !notifications.is_empty() {
        shown.push_str(&format!("\n{}", NotificationsPreview(&notifications)));
    }
    let width = columns(&Term::stdout());
    terminal.print(width.map_or_else(|| shown.clone(), |width| folded(&shown, width)))?;
    if list {
        // Names are not folded: they will be copied.
        terminal.print(targets(&selected.listing(), usize::MAX).trim_end())?;
    }
    lacking.filter(|_| demands).or(refusal).map_or(Ok(0), Err)
}

/// Prints the machine-readable output; what is wrong is shown on standard error all the same.
fn print_json(
    checked: Result<(Checked, SelectedPlan), SessionError>,
    demands: bool,
    terminal: &Arc<Terminal>,
) -> Result<u8, SessionError> {
    let (Checked { overview, selects, warnings, credentials, notifications, lacking, refusal, .. }, selected) =
        match checked {
            Ok(checked) => checked,
            Err(error) => {
                // A plan that is wrong is worse news than a line that could not be written.
                let _ = terminal.print_json(&Line::default().ended(Some(&error)));
                return Err(error);
            }
        };
    let refusal = lacking.filter(|_| demands).or(refusal);
    let listing = selected.listing();
    let line =
        Line::new(&listing, (&overview, selects), warnings).credentials(credentials).notifications(notifications);
    let written = terminal.print_json(&line.ended(refusal.as_ref()));
    refusal.map_or(written.map(|()| 0), Err)
}
