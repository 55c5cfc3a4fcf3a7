//! A resource as people and programs write it, before its names are checked against its kind.

use std::sync::Arc;

use jiff::Timestamp;

use super::facts::{Facts, Start, Tags};
use super::resource::{Id, Initial, Resource};
use super::service::{Model, TagsOf};

/// A resource as it was written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The number of its account.
    pub(super) account: u16,
    /// The state at the start; `None` where the status tells it.
    pub(super) initial: Option<Initial>,
    /// Names and values of everything that is a text.
    pub(super) texts: Vec<(String, String)>,
    /// The tags; `None` where none are written.
    pub(super) tags: Option<Tags>,
}

impl Draft {
    /// Builds the resource; `project` stands in for a project that is not written.
    ///
    /// # Errors
    ///
    /// Fails with the reason in words if something is missing, or is no field of the kind.
    pub(super) fn build(mut self, project: Option<&str>) -> Result<Resource, String> {
        let kind = self.take("kind").ok_or("missing field `kind`")?;
        let model = Model::of_kind(&kind).ok_or_else(|| format!("no kind {kind:?}"))?;
        let info = model.info();
        let stand_in = |name: &str| project.filter(|_| name == "project_id").map(str::to_owned);
        let mut name = |name: &str| {
            let given = self.take(name).or_else(|| stand_in(name)).filter(|value| !value.is_empty());
            given.ok_or_else(|| format!("missing field `{name}`"))
        };
        let scope = info.scope.map_or_else(|| Ok(String::new()), &mut name)?;
        let own_name = name(info.name)?;
        let id = Id { model, account: self.account, scope: scope.into(), name: own_name.into() };
        let (start, status, later) = (self.take("since"), self.take("status"), self.take("later"));
        let initial = self.initial.or_else(|| status.as_deref().map(|word| initial(model, word))).unwrap_or_default();
        let mut facts = Facts {
            start: start.map(|start| Start::At(moment(model, &start).into())),
            status: status.map(Into::into),
            later: later.map(Into::into),
            ..Facts::default()
        };
        let mut around = Facts::default();
        match (info.tags, self.tags.take()) {
            (_, None) => {}
            (TagsOf::Itself, Some(tags)) => facts.tags = tags,
            (TagsOf::Around, Some(tags)) => around.tags = tags,
            (TagsOf::Nothing, Some(_)) => return Err(format!("{kind} has no tags")),
        }
        for (name, value) in &self.texts {
            match &**name {
                name if info.fields.iter().any(|field| field.name == name) => facts.set(name, value),
                name if info.around.iter().any(|field| field.name == name) => around.set(name, value),
                name => return Err(format!("{kind} has no {name:?}")),
            }
        }
        let stated = |facts: Facts| (facts != Facts::default()).then(|| Arc::new(facts));
        Ok(Resource { facts: stated(facts), around: stated(around), ..Resource::new(id, initial) })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.texts.iter().position(|(key, _)| key == name)?;
        Some(self.texts.swap_remove(at).1)
    }
}

/// Returns the state that a service's word tells.
fn initial(model: Model, word: &str) -> Initial {
    match model.info().meaning.of(word) {
        Some("ended") if word == model.info().word(Initial::Stopped.phase()) => Initial::Stopped,
        Some("ended") => Initial::Ended,
        Some("stopping") => Initial::Stopping,
        Some(_) | None => Initial::Running,
    }
}

/// Writes a moment as the service does, if it is written with a zone.
fn moment(model: Model, text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |moment| (model.info().moment)(moment))
}
