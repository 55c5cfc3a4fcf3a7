//! The beginning of the script: what it is, of which run, what it needs, and what it checks before it starts anything.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::accounts::{Accounts, Used};
use super::command::program;
use crate::base::count::{agreed, counted};
use crate::base::shell::quoted;
use crate::provider::Cloud;
use crate::report::json::{RunInfo, Tool};
use crate::report::text::Escaped;
use crate::report::words::{mode_words, times};
use crate::service::{Again, Kind};

/// What the beginning says.
pub(super) struct Head<'a> {
    pub(super) tool: &'a Tool,
    pub(super) run: &'a RunInfo,
    pub(super) accounts: &'a Accounts<'a>,
    /// The kinds of what was stopped.
    pub(super) kinds: &'a BTreeSet<&'a str>,
    /// How many targets the run stopped.
    pub(super) stopped: u64,
    /// How many of them have a command.
    pub(super) commands: u64,
}

/// The functions of the script. A command that fails ends it, because one that is repeated may start a target twice.
const FUNCTIONS: &str = r#"begin() {
  number=$1 target=$2
  if [ "$number" -lt "$FROM" ]; then return 1; fi
  printf '%s/%s %s\n' "$number" "$ALL" "$target" || exit 1
}

failed() {
  printf 'error: command %s of %s failed: %s\n' "$number" "$ALL" "$target" >&2
  printf 'Check whether it was started. FROM=%s repeats it and continues, FROM=%s continues without it.\n' \
    "$number" "$((number + 1))" >&2
  exit 1
}

needs() {
  if ! command -v "$1" >/dev/null; then
    printf 'error: %s is not installed\n' "$1" >&2
    exit 2
  fi
}

has_profile() {
  if [ -z "$2" ]; then
    printf 'error: set %s to the %s profile of the account %s\n' "$1" "$3" "$4" >&2
    exit 2
  fi
}
"#;

/// Checks whose account a profile of `aliyun` is: a flow of the same name may exist in another account.
const IS_ACCOUNT: &str = r#"
is_account() {
  case $(aliyun sts GetCallerIdentity --profile="$1" "--region=$2") in
    *"\"$3\""*) ;;
    *)
      printf 'error: the profile %s is not of the account %s\n' "$1" "$3" >&2
      exit 2
      ;;
  esac
}
"#;

/// Reads what a target worked on. An empty response is a failure, and no empty input.
const READ_INPUT: &str = r#"
read_input() {
  field=$1
  shift
  response=$("$@") || failed
  input=$(printf '%s\n' "$response" | jq -nre "input.$field | strings") || failed
}
"#;

impl Head<'_> {
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.about(out)?;
        self.how(out)?;
        self.profiles(out)?;
        if self.commands == 0 {
            return writeln!(out, "\nprintf 'error: this script has no command to run\\n' >&2\nexit 1");
        }
        writeln!(out, "\nset -eu\nFROM=${{FROM:-1}} ALL={}\n\n{FUNCTIONS}", self.commands)?;
        writeln!(
            out,
            "case $FROM in\n  '' | *[!0-9]* | ??????????*)\n    printf 'error: FROM is not the number of a command\\n' >&2\n    \
             exit 2\n    ;;\nesac\n\
             if [ \"$FROM\" -gt \"$((ALL + 1))\" ]; then\n  \
             printf 'error: FROM is %s, and the script has %s commands\\n' \"$FROM\" \"$ALL\" >&2\n  exit 2\nfi"
        )?;
        self.checks(out)
    }

    /// Says what the script is, and of which run.
    fn about(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { tool, run, .. } = self;
        let title = "Starts again what a run of allstop has stopped. Read this script before you run it.";
        writeln!(out, "#!/bin/sh\n# {title}\n#")?;
        let facts = [
            ("run", Some(format!("{}, {}", run.id, mode_words(run.mode)))),
            ("plan", Some(format!("{}, {}", run.plan.name, run.plan.path))),
            ("when", Some(times(run))),
            ("reason", run.reason.clone()),
            ("shard", run.shard.clone()),
            ("report by", Some(format!("{} {}", tool.name, tool.version))),
        ];
        for (label, value) in facts {
            if let Some(value) = value {
                writeln!(out, "# {label:<10}{}", Escaped(&value))?;
            }
        }
        if let Some(earlier) = &run.retry_of {
            writeln!(
                out,
                "# It is a retry of run {}: what that run stopped is in the report of that run.",
                Escaped(earlier)
            )?;
        }
        Ok(())
    }

    /// Says how many commands there are, what they do, and how to run them.
    fn how(&self, out: &mut dyn Write) -> io::Result<()> {
        let without = self.stopped - self.commands;
        writeln!(out, "#\n# This run stopped {}.", counted(self.stopped, "target"))?;
        if without > 0 {
            let words = agreed(
                without,
                "of them has no command: a comment says why",
                "of them have no command: a comment says why",
            );
            writeln!(out, "# {words}.")?;
        }
        for kind in self.kinds.iter().filter_map(|name| Kind::named(name)) {
            match kind.again {
                Again::Never(why) => writeln!(out, "#\n# {kind}: cannot be started again: {why}.")?,
                Again::Command(command) => {
                    writeln!(out, "#\n# {kind}: {} {}.", program(kind.cloud), command.operation.join(" "))?;
                    writeln!(out, "#   {}", command.means)?;
                    if let Some(input) = &command.input {
                        let [_, operation] = input.operation;
                        writeln!(
                            out,
                            "#   No report has its input: the script reads it with {operation}, field {}.",
                            input.field
                        )?;
                    }
                }
            }
        }
        if self.commands == 0 {
            return Ok(());
        }
        writeln!(out, "#\n# The commands are in the order of the plan. The script ends at the first one that fails.")?;
        writeln!(
            out,
            "# FROM=N in the environment begins at command N. Each command starts its target each time it runs."
        )
    }

    /// Has a line for the profile of each account.
    fn profiles(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.commands == 0 {
            return Ok(());
        }
        // A name with a `$` or a backslash is a name, and no mistake.
        writeln!(out, "#\n# shellcheck disable=SC1003,SC2016\n")?;
        writeln!(out, "# Set the profile of each account here, or in the environment:")?;
        for (number, Used { cloud, name, account_id, is_in_vpc, .. }) in self.accounts.used() {
            let id = account_id.map(|id| format!(" ({})", Escaped(id))).unwrap_or_default();
            writeln!(out, "# {}, account {}{id}", program(*cloud), Escaped(name))?;
            if *is_in_vpc {
                writeln!(out, "# The run used the VPC endpoints of the vendor, and the commands use the public ones.")?;
            }
            writeln!(out, "PROFILE_{number}=${{PROFILE_{number}:-}}")?;
        }
        Ok(())
    }

    /// Writes the checks: the tools, the profiles, and the accounts that they are of.
    fn checks(&self, out: &mut dyn Write) -> io::Result<()> {
        let verified = |used: &Used<'_>| {
            let id = used
                .account_id
                .filter(|id| used.cloud == Cloud::Alibaba && id.bytes().all(|byte| byte.is_ascii_digit()));
            id.map(str::to_owned)
        };
        if self.accounts.used().any(|(_, used)| verified(used).is_some()) {
            out.write_all(IS_ACCOUNT.as_bytes())?;
        }
        let clouds: BTreeSet<_> = self.accounts.used().map(|(_, used)| program(used.cloud)).collect();
        let reads = |kind: Kind| matches!(kind.again, Again::Command(command) if command.input.is_some());
        let jq = self.kinds.iter().filter_map(|name| Kind::named(name)).any(reads).then_some("jq");
        if jq.is_some() {
            out.write_all(READ_INPUT.as_bytes())?;
        }
        writeln!(out)?;
        clouds.into_iter().chain(jq).try_for_each(|tool| writeln!(out, "needs {tool}"))?;
        for (number, used) in self.accounts.used() {
            let name = Escaped(used.name).to_string();
            let (tool, name) = (program(used.cloud), quoted(&name).into_owned());
            writeln!(out, "has_profile PROFILE_{number} \"$PROFILE_{number}\" {tool} {name}")?;
            if let Some(id) = verified(used) {
                let region = Escaped(used.region).to_string();
                writeln!(out, "is_account \"$PROFILE_{number}\" {} {id}", quoted(&region))?;
            }
        }
        Ok(())
    }
}
