//! A world as a file says: a line of JSON for each resource, as `allstop discover --state any --output ndjson` writes them.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::super::draft::Draft;
use super::super::facts::Tags;
use super::super::resource::Resource;

/// The resources of a file.
#[derive(Debug, Clone, Default)]
pub struct World(Vec<Line>);

/// One line.
#[derive(Debug, Clone)]
struct Line {
    number: usize,
    account: Option<String>,
    pairs: Vec<(String, Value)>,
}

/// A line of a world that is no resource.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct WorldError {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl WorldError {
    /// Returns what to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        "write the file with: allstop discover --state any --output ndjson"
    }
}

/// What a line may state that says nothing of the resource itself.
const ASIDE: [&str; 7] = ["id", "selection", "stage", "cause", "error", "client_token", "is_force_stop"];

impl World {
    /// Reads a file; empty lines are left out.
    ///
    /// # Errors
    ///
    /// Fails with the first line that is no resource.
    pub fn read(text: &str) -> Result<Self, WorldError> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let read = |(number, line): (usize, &str)| {
            let wrong = |reason: String| WorldError { line: number, reason };
            let Pairs(mut pairs) = serde_json::from_str(line).map_err(|error| wrong(in_words(&error)))?;
            let at = pairs.iter().position(|(key, _)| key == "account");
            let account = at.map(|at| pairs.swap_remove(at).1);
            let account = match account {
                None => None,
                Some(Value::String(name)) => Some(name),
                Some(other) => return Err(wrong(format!("account: {other} is no name"))),
            };
            let line = Line { number, account, pairs };
            // Whatever is wrong is said before anything starts.
            line.resource(0, Some("-")).map(|_| line)
        };
        Ok(Self(lines.map(read).collect::<Result<_, _>>()?))
    }

    /// Returns how many resources it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the resources of accounts, given with their projects in the order of their numbers.
    ///
    /// # Errors
    ///
    /// Fails with the first line that names no account, or another one, or one without its project.
    pub fn resources(&self, accounts: &[(&str, Option<&str>)]) -> Result<Vec<Resource>, WorldError> {
        let resource = |line: &Line| {
            let wrong = |reason: String| WorldError { line: line.number, reason };
            let name = line.account.as_deref().ok_or_else(|| wrong("missing field `account`".to_owned()))?;
            let found = (0_u16..).zip(accounts).find(|(_, (known, _))| *known == name);
            let (number, (_, project)) = found.ok_or_else(|| wrong(format!("the plan has no account {name:?}")))?;
            line.resource(number, *project)
        };
        self.0.iter().map(resource).collect()
    }

    /// Returns the resources of all accounts as those of one.
    ///
    /// # Errors
    ///
    /// Fails with the first line that lacks its project where none stands in for it.
    pub fn resources_of_one(&self, project: Option<&str>) -> Result<Vec<Resource>, WorldError> {
        self.0.iter().map(|line| line.resource(0, project)).collect()
    }
}

impl Line {
    fn resource(&self, account: u16, project: Option<&str>) -> Result<Resource, WorldError> {
        let wrong = |reason: String| WorldError { line: self.number, reason };
        let mut draft = Draft { account, ..Draft::default() };
        let mut tags = Vec::new();
        for (key, value) in self.pairs.iter().filter(|(key, value)| !value.is_null() && !ASIDE.contains(&&**key)) {
            let text = value.as_str().ok_or_else(|| wrong(format!("{key}: {value} is no text")))?.to_owned();
            match key.as_str() {
                "seen.state" => draft.texts.push(("status".to_owned(), text)),
                "seen.since" => draft.texts.push(("since".to_owned(), text)),
                // An own `name` says the same.
                "seen.name" if !self.pairs.iter().any(|(key, _)| key == "name") => {
                    draft.texts.push(("name".to_owned(), text));
                }
                _ => match key.strip_prefix("label.tag.") {
                    Some(tag) => tags.push((tag.into(), text.into())),
                    None if key.starts_with("seen.") || key.starts_with("label.") => {}
                    None => draft.texts.push((key.clone(), text)),
                },
            }
        }
        if !tags.is_empty() {
            draft.tags = Some(Tags::Known(tags));
        }
        draft.build(project).map_err(wrong)
    }
}

/// Says what is wrong with a line, and at which of its columns.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    // The library counts lines, too, and this is always the first one.
    match (text.rsplit_once(" at line "), error.column()) {
        (None, _) => text,
        (Some((reason, _)), 0) => reason.to_owned(),
        (Some((reason, _)), column) => format!("{reason}, at column {column}"),
    }
}

/// The names and values of an object, where a name may come twice.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, Value)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    // Only of tags there may be two with one name.
                    if !key.starts_with("label.tag.") && pairs.iter().any(|(known, _)| *known == key) {
                        return Err(de::Error::custom(format!("{key} comes twice")));
                    }
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::resource::Initial;
    use super::*;

    const WORLD: &str = concat!(
        r#"{"kind":"fnf_execution","account":"ali","flow_name":"etl","execution_name":"a","seen.state":"Running","seen.since":"2026-11-22T01:00:00.000Z","seen.name":null}"#,
        "\n\n",
        r#"{"kind":"drs_job","account":"hw@cn-north-4","job_id":"j","seen.state":"RELEASE_RESOURCE_COMPLETE","seen.name":"orders","job_type":"sync","label.tag.env":"test","label.tag.env":"dev","label.tag.x":"","label.selection":"s","is_force_stop":true}"#,
        "\n",
        r#"{"kind":"elasticsearch_task","account":"ali","instance_id":"es-1","seen.state":"activating","seen.since":"2026-11-22T03:00:00Z"}"#,
    );

    #[test]
    fn lines_are_read_as_they_are_written() {
        let world = World::read(WORLD).unwrap();
        let resources = world.resources(&[("other", None), ("ali", None), ("hw@cn-north-4", Some("p1"))]).unwrap();
        let ids: Vec<_> = resources.iter().map(|one| (one.id.account, one.id.to_string())).collect();
        let expected = [(1, "fnf_execution:etl/a"), (2, "drs_job:p1/j"), (1, "elasticsearch_task:es-1")];
        assert_eq!(ids, expected.map(|(account, id)| (account, id.to_owned())));
        assert_eq!([0, 1, 2].map(|n| resources[n].initial), [Initial::Running, Initial::Stopped, Initial::Running]);
        let job = resources[1].facts.as_ref().unwrap();
        assert_eq!((job.field("name"), job.field("job_type")), (Some("orders"), Some("sync")));
        assert_eq!(job.tags.known().unwrap().len(), 3);
        let change = resources[2].facts.as_ref().unwrap().start.clone().unwrap();
        assert_eq!(change, super::super::super::facts::Start::At("1795316400000".into()));
        assert_eq!((world.len(), world.resources_of_one(Some("p")).unwrap().len()), (3, 3));
    }

    #[test]
    fn a_line_that_is_no_resource_is_named() {
        for (text, reason) in [
            ("\n[]", "line 2: invalid type: sequence, expected a resource"),
            (r#"{"kind":"volcano"}"#, "line 1: no kind \"volcano\""),
            (r#"{"kind":"live_flow"}"#, "line 1: missing field `flow_id`"),
            (r#"{"kind":"live_flow","flow_id":"f","size":"1"}"#, "line 1: live_flow has no \"size\""),
            (r#"{"kind":"live_flow","flow_id":7}"#, "line 1: flow_id: 7 is no text"),
            (r#"{"kind":"live_flow","flow_id":"f","label.tag.env":"x"}"#, "line 1: live_flow has no tags"),
            (r#"{"kind":"live_flow","flow_id":"f","account":1}"#, "line 1: account: 1 is no name"),
            (r#"{"kind":"live_flow","flow_id":"f","flow_id":"g"}"#, "line 1: flow_id comes twice, at column 48"),
        ] {
            assert_eq!(World::read(text).unwrap_err().to_string(), reason);
        }
        let world = World::read(WORLD).unwrap();
        assert_eq!(
            world.resources(&[("ali", None)]).unwrap_err().to_string(),
            "line 3: the plan has no account \"hw@cn-north-4\""
        );
        assert_eq!(world.resources_of_one(None).unwrap_err().to_string(), "line 3: missing field `project_id`");
        let nameless = World::read(r#"{"kind":"live_flow","flow_id":"f"}"#).unwrap();
        assert_eq!(nameless.resources(&[("a", Some("p"))]).unwrap_err().to_string(), "line 1: missing field `account`");
        assert!(nameless.resources_of_one(Some("p")).is_ok());
    }
}
