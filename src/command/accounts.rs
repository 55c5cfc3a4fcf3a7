//! `allstop accounts`: whose credentials the accounts of a plan have.

use std::sync::Arc;

use console::Term;

use crate::cli::AccountsArgs;
use crate::session::{Accounts, AccountsOptions, SessionError};
use crate::terminal::{Terminal, columns};

use super::lists::list;

pub(super) fn accounts(args: AccountsArgs, terminal: &Arc<Terminal>) -> Result<u8, SessionError> {
    let AccountsArgs { plan, account, json: is_json } = args;
    let mut options = AccountsOptions::new(plan.plan);
    (options.set, options.accounts) = (plan.set, account);
    let accounts = Accounts::new(options, &terminal.context())?;
    let verified = list(terminal, |drain| accounts.verify(drain))?;
    let written = terminal.write(|out| match is_json {
        true => verified.write_json(out),
        false => verified.write(columns(&Term::stdout()), out),
    });
    verified.errors().iter().for_each(|error| terminal.error(error));
    written.map(|()| verified.exit_code())
}
