//! What shells and `man` get: completions and manual pages.

use std::path::Path;
use std::process::Command;

use allstop::ExitStatus;
use allstop::service::Kind;

use crate::environment::{Ended, TestEnvironment, program};

fn allstop(args: &[&str]) -> Ended {
    TestEnvironment::new().run(args)
}

fn out(args: &[&str]) -> String {
    let Ended { code, stdout, stderr } = allstop(args);
    assert_eq!(code, 0, "{args:?}: {stderr}");
    stdout
}

/// Returns the commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = out(&["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let names: Vec<_> = names.filter(|name| *name != "help").map(str::to_owned).collect();
    assert!(names.len() >= 10, "{names:?}");
    names
}

#[test]
fn every_shell_gets_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&["completions", shell]);
        assert!(commands().iter().all(|command| script.contains(command)), "{shell}");
    }
    assert_eq!(allstop(&["completions", "csh"]).code, 2);
}

#[test]
fn explain_offers_every_word_in_every_shell() {
    let words: Vec<_> = allstop::explain::entries().iter().map(allstop::explain::Entry::path).collect();
    let words = words.iter().filter(|word| !word.contains(' '));
    let begins =
        [("bash", " ", ""), ("zsh", "", "\\:"), ("fish", "__fish_allstop_using_subcommand explain\" -f -a '", "'")];
    for (shell, before, after) in begins {
        let script = out(&["completions", shell]);
        for word in words.clone() {
            assert!(script.contains(&format!("{before}{word}{after}")), "{shell}: {word}");
        }
    }
    // Any other word is still accepted; the command responds to it.
    let other = allstop(&["explain", "accepte"]);
    assert!(other.stderr.contains("did you mean accepted"), "{other:?}");
    assert!(!out(&["explain", "--help"]).contains("possible values"));
}

/// Runs the program on a terminal with this environment; `None` where nothing here makes one.
#[cfg(unix)]
fn on_a_terminal(args: &str, env: &[(&str, &str)]) -> Option<String> {
    let env: Vec<_> = env.iter().map(|(name, value)| format!("{name}='{value}'")).collect();
    let program = program().display();
    let command = format!("exec /usr/bin/env -i {} '{program}' {args}", env.join(" "));
    // util-linux; elsewhere the program of this name has other options.
    let output =
        Command::new("script").args(["-qec", &command, "/dev/null"]).stdin(std::process::Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => Some(String::from_utf8(output.stdout).unwrap().replace('\r', "")),
        Ok(_) | Err(_) => {
            println!("LEFT OUT: `script` makes no terminal here");
            None
        }
    }
}

#[cfg(unix)]
#[test]
fn on_a_terminal_man_or_a_pager_shows_the_page() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let env = TestEnvironment::new();
    let [with, without] = ["with", "without"].map(|name| env.path(name));
    for tools in [&with, &without] {
        std::fs::create_dir(tools).unwrap();
        for tool in ["sh", "head"] {
            let found = ["/usr/bin", "/bin"].map(|bin| Path::new(bin).join(tool)).into_iter().find(|at| at.exists());
            symlink(found.unwrap(), tools.join(tool)).unwrap();
        }
    }
    let man = with.join("man");
    std::fs::write(&man, "#!/bin/sh\n[ -s \"$1\" ] && printf 'man has %s\\n' \"${1##*/}\"\n").unwrap();
    std::fs::set_permissions(&man, std::fs::Permissions::from_mode(0o755)).unwrap();
    let [with, without] = [&with, &without].map(|tools| tools.to_str().unwrap());
    let Some(shown) = on_a_terminal("man", &[("PATH", with), ("PAGER", "head -n 1")]) else { return };
    assert_eq!(shown, "man has allstop.1\n");
    let shown = on_a_terminal("man", &[("PATH", without), ("PAGER", "head -n 1")]).unwrap();
    assert_eq!(shown, "Stop many cloud tasks at once and tell the truth about each of them\n");
    // Without anything that shows a page, it is there all the same.
    let shown = on_a_terminal("man", &[("PATH", without)]).unwrap();
    assert!(shown.contains("Usage: allstop <COMMAND>"), "{shown}");
}

/// Lets bash complete the last of these words; `None` where there is no bash.
fn complete(script: &Path, words: &[&str]) -> Option<Vec<String>> {
    let ask = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
               _allstop \"$1\" \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; \
               printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["--norc", "-c", ask, "bash"]).arg(script).args(words).output();
    let Ok(output) = output else {
        println!("there is no bash here: nothing was completed");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes() {
    let env = TestEnvironment::new().with("allstop.bash", out(&["completions", "bash"]));
    let script = env.path("allstop.bash");
    let Some(completed) = complete(&script, &["allstop", ""]) else { return };
    assert!(commands().iter().all(|command| completed.contains(command)), "{completed:?}");
    assert_eq!(complete(&script, &["allstop", "expl"]).unwrap(), ["explain"]);
    assert_eq!(complete(&script, &["allstop", "run", "--fau"]).unwrap(), ["--faults"]);
    assert_eq!(complete(&script, &["allstop", "run", "--faults", ""]).unwrap(), ["none", "some", "storm"]);
    assert_eq!(complete(&script, &["allstop", "schema", "p"]).unwrap(), ["plan"]);
    assert_eq!(complete(&script, &["allstop", "explain", "already"]).unwrap(), ["already_stopped"]);
    let windows = complete(&script, &["allstop", "explain", "guards.window."]).unwrap();
    assert!(windows.contains(&"guards.window.timezone".to_owned()), "{windows:?}");
    let kinds: Vec<_> = Kind::all().iter().map(|kind| kind.name).collect();
    assert_eq!(complete(&script, &["allstop", "init", "--kind", ""]).unwrap(), kinds);
}

/// Returns the lines of a page that begin with a macro, without it.
fn macros<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    page.lines().filter_map(|line| line.strip_prefix(name)).map(str::trim).collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let env = TestEnvironment::new();
    let Ended { code, stdout, stderr } = env.run(["man", "--out", "."]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    let names = env.names();
    for command in commands() {
        assert!(names.contains(&format!("allstop-{command}.1")), "{command}");
    }
    for name in names {
        let page = env.text(&name);
        let sections = macros(&page, ".SH ");
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"] {
            assert!(sections.contains(&section), "{name}: {sections:?}");
        }
        assert!(page.contains("\nallstop"), "{name} shows an example");
        assert_eq!(macros(&page, ".nf").len(), macros(&page, ".fi").len(), "{name}");
        assert!(!page.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn the_program_s_page_has_every_exit_status() {
    let page = out(&["man"]);
    assert!(macros(&page, ".SH ").contains(&"\"EXIT STATUS\""), "{page}");
    for status in ExitStatus::ALL {
        assert!(page.contains(&format!("\\fB{}\\fR", status.code())), "{status:?}");
    }
}

#[test]
fn pages_that_cannot_be_written_end_with_5() {
    assert_eq!(allstop(&["man", "--out", "absent"]).code, 5);
}
