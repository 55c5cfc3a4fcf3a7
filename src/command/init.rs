//! `allstop init`: a first plan.

use crate::cli::InitArgs;
use crate::schema::starter;
use crate::service::Kind;
use crate::session::{SessionError, Ui, quoted};
use crate::terminal::Terminal;

pub(super) fn init(args: &InitArgs, terminal: &Terminal) -> Result<u8, SessionError> {
    let is_wanted = |kind: &&Kind| args.kind.is_empty() || args.kind.contains(kind);
    let kinds: Vec<_> = Kind::all().iter().filter(is_wanted).copied().collect();
    let Some(file) = args.path.path() else {
        terminal.print(starter(&kinds, "plan.yaml").trim_end())?;
        return Ok(0);
    };
    // A dangling link exists, too.
    if !args.force && file.symlink_metadata().is_ok() {
        let message = format!("{} already exists", file.display());
        return Err(SessionError::input(message, "name another path, or pass --force to overwrite it"));
    }
    let path = file.display().to_string();
    let word = quoted(&path);
    args.path.write(|out| out.write_all(starter(&kinds, &word).as_bytes()))?;
    terminal.status(&next_steps(&word));
    Ok(0)
}

fn next_steps(path: &str) -> String {
    format!(
        "\
wrote {path}. Put in your own names, then run:
  allstop check {path}             what would be stopped, and how long it takes
  allstop run {path} --rehearse    run it against the simulator: nothing real is touched
  allstop run {path}               stop it; asks for confirmation"
    )
}
