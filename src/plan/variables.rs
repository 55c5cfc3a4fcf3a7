//! `${NAME}` and `${NAME:-default}`: where values come from, and how they are substituted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::base::environment::Environment;

use super::finding::{Finding, Severity};
use super::suggest;

/// The variables that a plan may use: those set for this run first, then the environment.
///
/// Its `Debug` shows names only.
#[derive(Clone, Default)]
pub struct Variables {
    /// What `--set NAME=value` set.
    pub set: BTreeMap<String, String>,
    /// The environment; a variable that is empty there counts as unset.
    pub environment: Environment,
}

/// What to do with a variable that holds a credential.
const CREDENTIAL: &str = "a plan's values are sent and written into reports; an account names the variable of its key \
                          without `${…}`: `credentials: {env: {…}}`";

/// A variable that cannot be substituted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unresolved<'t> {
    /// The wrong part of the text.
    pub(super) part: &'t str,
    pub(super) title: String,
    pub(super) hint: String,
}

impl Variables {
    /// Returns the value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.get(name).map(String::as_str).or_else(|| self.environment.get(name))
    }

    /// Finds the variables that were set for this run and that the plan's text does not use: probably mistakes.
    pub(super) fn idle(&self, source: &str) -> Vec<Finding> {
        let is_used = |name: &str| source.contains(&format!("${{{name}}}")) || source.contains(&format!("${{{name}:-"));
        let used = || source.split("${").skip(1).filter_map(|rest| rest.split(['}', ':']).next());
        let idle = self.set.keys().filter(|name| !is_used(name));
        idle.map(|name| {
            let near = suggest::nearest(name, used().filter(|name| is_name(name)));
            let hint = near.map(suggest::meant);
            let title = format!("the variable {} is set, but the plan does not use it", suggest::quote(name));
            Finding { severity: Severity::Warning, ..Finding::of_file(title).maybe_hint(hint) }
        })
        .collect()
    }

    /// Substitutes variables; `$${` becomes `${`, and values are not substituted again. `objection` returns why the
    /// value of a variable may not be used.
    pub(super) fn substitute<'t>(
        &self,
        text: &'t str,
        objection: impl Fn(&str) -> Option<String>,
    ) -> Result<Cow<'t, str>, Vec<Unresolved<'t>>> {
        if !text.contains("${") {
            return Ok(Cow::Borrowed(text));
        }
        let (mut built, mut wrong, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            if let Some(before) = before.strip_suffix('$') {
                built.push_str(before);
                built.push_str("${");
                rest = after;
                continue;
            }
            built.push_str(before);
            let Some((inside, behind)) = after.split_once('}') else {
                let part = rest.get(before.len()..).unwrap_or(rest);
                let hint = "write `${NAME}`, or `$${` for a literal `${`".into();
                wrong.push(Unresolved { part, title: "unclosed `${`".into(), hint });
                break;
            };
            let part = rest.get(before.len()..before.len() + inside.len() + 3).unwrap_or(rest);
            match self.value(inside, part, &objection) {
                Ok(value) => built.push_str(value),
                Err(unresolved) => wrong.push(unresolved),
            }
            rest = behind;
        }
        built.push_str(rest);
        if wrong.is_empty() { Ok(Cow::Owned(built)) } else { Err(wrong) }
    }

    /// Finds the variables of a text whose values are empty.
    pub(super) fn empty<'t>(&self, text: &'t str) -> Vec<Unresolved<'t>> {
        let (mut empty, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            rest = after;
            if before.ends_with('$') {
                continue;
            }
            let Some((inside, behind)) = after.split_once('}') else { break };
            if self.value(inside, inside, &|_| None) == Ok("") {
                let name = inside.split_once(":-").map_or(inside, |(name, _)| name);
                let hint = format!("set `{name}` to a text that is not empty");
                empty.push(Unresolved {
                    part: inside,
                    title: format!("the variable {} is empty", suggest::quote(name)),
                    hint,
                });
            }
            rest = behind;
        }
        empty
    }

    /// Returns the value of `NAME` or `NAME:-default`.
    fn value<'a, 't>(
        &'a self,
        inside: &'a str,
        part: &'t str,
        objection: &impl Fn(&str) -> Option<String>,
    ) -> Result<&'a str, Unresolved<'t>> {
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        if !is_name(name) {
            return Err(Unresolved {
                part,
                title: format!("invalid variable name {}", suggest::quote(name)),
                hint: "write `${NAME}` or `${NAME:-default}`, and `$${` for a literal `${`".into(),
            });
        }
        if let Some(title) = objection(name) {
            return Err(Unresolved { part, title, hint: CREDENTIAL.into() });
        }
        if let Some(default) = default {
            return Ok(self.get(name).filter(|value| !value.is_empty()).unwrap_or(default));
        }
        self.get(name).ok_or_else(|| Unresolved {
            part,
            title: format!("the variable {} is not set", suggest::quote(name)),
            hint: self.unset(name),
        })
    }

    fn unset(&self, name: &str) -> String {
        // A variable that is there, and empty, is no near miss of itself.
        let names = self.set.keys().map(String::as_str).chain(self.environment.names());
        let names = names.filter(|other| *other != name);
        match suggest::nearest(name, names) {
            Some(near) => suggest::meant(near),
            None => format!("set it with `--set {name}=…` or in the environment, or write `${{{name}:-default}}`"),
        }
    }
}

/// Tells whether `name` can name an environment variable.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables")
            .field("set", &self.set.keys().collect::<Vec<_>>())
            .field("environment", &self.environment)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        Variables {
            set: [("A".to_owned(), "one".to_owned()), ("EMPTY".to_owned(), String::new())].into(),
            environment: [("A", "env"), ("B", "two"), ("TRICK", "${A}: [x]")].into_iter().collect(),
        }
    }

    #[test]
    fn puts_values_in() {
        let table = [
            ("plain $A text", "plain $A text"),
            ("${A}-${B}", "one-two"),
            ("${NONE:-fall back}", "fall back"),
            ("${NONE:-}", ""),
            ("${B:-other}", "two"),
            ("[${EMPTY}]", "[]"),
            ("${EMPTY:-other}", "other"),
            ("$${A} and $$${A}", "${A} and $${A}"),
            ("${TRICK}", "${A}: [x]"),
        ];
        for (text, expected) in table {
            assert_eq!(variables().substitute(text, |_| None).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn names_every_variable_that_is_missing() {
        let variables = variables();
        let wrong = variables.substitute("x ${NOPE} ${a b} ${A} ${OPEN", |_| None).unwrap_err();
        let parts: Vec<_> = wrong.iter().map(|unresolved| unresolved.part).collect();
        assert_eq!(parts, ["${NOPE}", "${a b}", "${OPEN"]);
    }

    #[test]
    fn an_empty_variable_is_not_its_own_near_miss() {
        let variables = Variables { environment: [("HOST", "")].into_iter().collect(), ..Variables::default() };
        let wrong = variables.substitute("${HOST}", |_| None).unwrap_err();
        assert_eq!(wrong[0].hint, "set it with `--set HOST=…` or in the environment, or write `${HOST:-default}`");
    }

    #[test]
    fn empty_variables_are_found() {
        let parts = |text| variables().empty(text).into_iter().map(|empty| empty.part).collect::<Vec<_>>();
        assert_eq!(parts("${EMPTY}* ${A} ${NONE:-} $${EMPTY} ${NONE} ${EMPTY:-x} ${EMPTY"), ["EMPTY", "NONE:-"]);
    }

    #[test]
    fn what_is_set_and_not_used_is_found() {
        let variables = Variables {
            set: [("REGON", "r"), ("JOB", "j"), ("SAFE", "s"), ("EMPTY", "")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Variables::default()
        };
        let found = variables.idle("region: ${REGION:-cn}\njob: ${JOB}\nsafe: '${SAFE:-}'");
        let shown: Vec<_> = found.iter().map(|finding| (finding.title.as_str(), finding.hint.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("the variable `EMPTY` is set, but the plan does not use it", None),
                ("the variable `REGON` is set, but the plan does not use it", Some("did you mean `REGION`?")),
            ]
        );
    }

    #[test]
    fn debug_shows_names_only() {
        assert!(!format!("{:?}", variables()).contains("one"));
    }
}
