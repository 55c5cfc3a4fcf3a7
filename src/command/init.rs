//! `allstop init`: a first plan.

use std::path::Path;

use allstop::report::Destination;
use allstop::schema::starter;
use allstop::service::Kind;

use super::failure::Failure;
use super::say;
use super::shell::quoted;
use crate::cli::InitArgs;

pub(super) fn init(args: &InitArgs) -> Result<u8, Failure> {
    let is_wanted = |kind: &&Kind| args.kind.is_empty() || args.kind.contains(kind);
    let kinds: Vec<_> = Kind::all().iter().filter(is_wanted).copied().collect();
    if args.path == Path::new("-") {
        say::aloud(starter(&kinds, "plan.yaml").trim_end())?;
        return Ok(0);
    }
    // A link that leads nowhere is there, too.
    if !args.force && args.path.symlink_metadata().is_ok() {
        let message = format!("{} is there already", args.path.display());
        return Err(Failure::input(message, "name another path, or replace it with --force"));
    }
    let path = args.path.display().to_string();
    let word = quoted(&path);
    Destination::File(args.path.clone()).write(|out| out.write_all(starter(&kinds, &word).as_bytes()))?;
    say::aside(next_steps(&word));
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
