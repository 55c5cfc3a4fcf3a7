//! `allstop notify`: the notifications of a plan, shown or tested.

use std::sync::Arc;

use crate::base::ExitStatus;
use crate::cli::NotifyArgs;
use crate::notify::{Hook, Message, NotificationPreview, Undelivered};
use crate::plan::{Notification, Plan};
use crate::report::{Escaped, escaped_lines};
use crate::session::{Context, SelectedPlan, SelectionOptions, SessionError};
use crate::system;
use crate::terminal::Terminal;

pub(super) fn notify(args: NotifyArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let NotifyArgs { plan, test: is_test, notify: names } = args;
    let context = terminal.context();
    let selected = SelectedPlan::load(&plan.plan, plan.set, SelectionOptions::default(), &context)?;
    if selected.plan().notify.is_empty() {
        let hint = "add them under the key `notify`: `allstop explain notify`";
        return Err(SessionError::input("the plan has no notifications", hint));
    }
    let notifications = selected.notifications(&names)?;
    match is_test {
        true => test(selected.plan(), &notifications, &context, terminal),
        false => show(selected.plan(), &notifications, &context, terminal),
    }
}

/// Shows each notification, and examples of what its chat would get.
fn show(
    plan: &Plan,
    notifications: &[&Notification],
    context: &Context,
    terminal: &Terminal,
) -> Result<u8, SessionError> {
    let mut problem = None;
    for (number, one) in notifications.iter().enumerate() {
        let preview = NotificationPreview::of(plan, one, &context.environment);
        let gap = if number > 0 { "\n" } else { "" };
        terminal.print(format!("{gap}{}: {}\n  {}\n", Escaped(&one.name), preview.line(), preview.sent()))?;
        for (when, message) in Message::examples(plan, one) {
            terminal.print(format!("  EXAMPLE of `{}`, with an invented result:", when.name()))?;
            for line in message.shown(one).lines().filter(|line| !line.is_empty()) {
                terminal.print(format!("    {}", escaped_lines(line)))?;
            }
        }
        problem = problem.or(Hook::new(one, &plan.path, &context.environment).err());
    }
    problem.map_or(Ok(0), |problem| Err(problem.into()))
}

/// Sends a test message to each, and says which ones arrived.
fn test(
    plan: &Plan,
    notifications: &[&Notification],
    context: &Context,
    terminal: &Terminal,
) -> Result<u8, SessionError> {
    let hook = |one: &&Notification| Hook::new(one, &plan.path, &context.environment);
    let hooks: Vec<_> = notifications.iter().map(hook).collect();
    let messages: Vec<_> = notifications.iter().map(|one| Message::test(plan, one)).collect();
    let sent = hooks.iter().zip(&messages).filter_map(|(hook, message)| Some((hook.as_ref().ok()?, message)));
    let lost = system::runtime()?.block_on(context.notifier.deliver(sent));
    let mut is_fine = true;
    for (one, hook) in notifications.iter().zip(&hooks) {
        let lost = lost.iter().find(|lost| lost.name == one.name).map(Undelivered::why);
        let problem = hook.as_ref().err().map(|error| format!("{}; {}", error.message(), error.hint()));
        let result = problem.or(lost).map_or_else(|| "sent".to_owned(), |why| format!("NOT sent: {why}"));
        is_fine &= result == "sent";
        terminal.print(format!("{} ({}): {}", Escaped(&one.name), one.chat.label(), Escaped(&result)))?;
    }
    Ok(if is_fine { ExitStatus::Done.code() } else { ExitStatus::NotDone.code() })
}
