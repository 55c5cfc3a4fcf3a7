//! The plan of a session: read, completed from the environment, cut to a shard and a selection.

use std::path::{Path, PathBuf};

use crate::credentials::project_id;
use crate::plan::{Filters, Loaded, Node, Plan, PlanInput, Selection, Shard, Target, Variables};

use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::left_out::LeftOut;
use super::options::{SelectionOptions, ShardChoice};

/// Where a plan is, and the variables that are set for it.
#[derive(Clone)]
pub struct PlanFile {
    /// The plan.
    pub input: Input,
    /// The variables that are set, before those of the environment.
    pub set: Vec<(String, String)>,
}

/// The plan of an earlier run, which its report or journal names.
#[derive(Clone, Default)]
pub struct EarlierPlan {
    /// Where it is now; `None` where it is still at its path.
    pub input: Option<Input>,
    /// The variables that are set, before those of the environment.
    pub set: Vec<(String, String)>,
}

/// A plan that was read, and what a run of it must not replace.
#[derive(Debug, Clone)]
pub struct LoadedPlan {
    pub(super) plan: Plan,
    /// The file that the plan was read from, where it is one.
    pub(super) path: Option<PathBuf>,
    /// The files that the plan names.
    pub(super) files: Vec<PathBuf>,
    /// The names of the variables that were set.
    pub(super) set: Vec<String>,
}

impl PlanFile {
    /// Reads the plan, shows its warnings, and completes its accounts from the environment.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with the plan.
    pub fn load(self, context: &Context) -> Result<LoadedPlan, SessionError> {
        let set = self.set.iter().map(|(name, _)| name.clone()).collect();
        let variables = Variables { set: self.set.into_iter().collect(), environment: context.environment.clone() };
        let loaded = Plan::read(self.input.path().map_or(PlanInput::Stdin, PlanInput::File), &variables)?;
        Ok(LoadedPlan { path: self.input.path().map(Path::to_owned), set, ..LoadedPlan::new(loaded, context) })
    }
}

impl LoadedPlan {
    /// Takes a plan that was read from memory, shows its warnings, and completes its accounts from the environment.
    #[must_use]
    pub fn new(loaded: Loaded, context: &Context) -> Self {
        let Loaded { mut plan, warnings, files, .. } = loaded;
        if !warnings.is_empty() {
            context.ui.plan_warnings(&warnings);
        }
        for account in &mut plan.accounts {
            account.project_id = project_id(account, &context.environment);
        }
        Self { plan, path: None, files, set: Vec::new() }
    }

    /// Returns the plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Cuts the plan to one shard. All shards may run at the same time, so each has an equal part of the rates.
    pub(super) fn take_shard(&mut self, shard: Option<Shard>) {
        self.plan.shard = shard;
        self.plan.limits.shared_by = shard.map_or(1, Shard::of);
    }
}

impl EarlierPlan {
    /// Reads the plan that a report or a journal says was at `recorded`.
    pub(super) fn load(self, recorded: &Path, context: &Context) -> Result<LoadedPlan, SessionError> {
        let input = match self.input {
            Some(input) => input,
            None if recorded.try_exists().unwrap_or(true) => Input::File(recorded.to_owned()),
            None => {
                let message = format!("the plan of that run does not exist any more: {}", recorded.display());
                return Err(SessionError::input(message, "pass its new path with --plan; nothing was sent"));
            }
        };
        PlanFile { input, set: self.set }.load(context)
    }
}

impl ShardChoice {
    /// Returns the shard; says where it was found, where that is the environment.
    pub(super) fn find(self, context: &Context) -> Result<Option<Shard>, SessionError> {
        match self {
            Self::Unstated => Ok(None),
            Self::Of(shard) => Ok(Some(shard)),
            Self::Auto => {
                let found = Node::of_environment(&context.environment)?;
                let Node { shard, by: [index, total] } = found;
                context.ui.note(&format!("shard {shard} (from {index} and {total})"));
                Ok(Some(shard))
            }
        }
    }
}

/// A plan with the part of it that is to be stopped.
#[derive(Debug, Clone)]
pub struct SelectedPlan {
    pub(super) loaded: LoadedPlan,
    pub(super) left_out: LeftOut,
}

impl SelectedPlan {
    /// Reads a plan and cuts it to what the scope takes; warns of filters that match nothing.
    ///
    /// # Errors
    ///
    /// Fails when the shard cannot be found, when the plan is wrong, or when the filters are too large.
    pub fn load(source: PlanFile, scope: SelectionOptions, context: &Context) -> Result<Self, SessionError> {
        let shard = scope.shard.find(context)?;
        let mut loaded = source.load(context)?;
        loaded.take_shard(shard);
        Self::select(loaded, scope.filters, |_| true, context)
    }

    /// Cuts a plan to what the scope takes; warns of filters that match nothing.
    ///
    /// # Errors
    ///
    /// Fails when the shard cannot be found, or when the filters are too large.
    pub fn new(mut loaded: LoadedPlan, scope: SelectionOptions, context: &Context) -> Result<Self, SessionError> {
        loaded.take_shard(scope.shard.find(context)?);
        Self::select(loaded, scope.filters, |_| true, context)
    }

    /// Selects what the filters take of the targets that are wanted.
    pub(super) fn select(
        loaded: LoadedPlan,
        filters: Filters,
        is_wanted: impl Fn(usize) -> bool,
        context: &Context,
    ) -> Result<Self, SessionError> {
        let selection = Selection::new(filters, &loaded.plan)
            .map_err(|error| SessionError::input(error, "use fewer or shorter patterns"))?;
        for unmatched in selection.unmatched(&loaded.plan) {
            context.ui.warning(&unmatched.to_string());
        }
        let left_out = LeftOut::of(&loaded.plan, |number, target| is_wanted(number) && selection.takes(target));
        Ok(Self { loaded, left_out })
    }

    /// Returns the plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.loaded.plan
    }

    /// Tells whether a target is selected, whatever guards and shards say.
    #[must_use]
    pub fn selects(&self, number: usize, _: &Target) -> bool {
        self.left_out.is_selected(number)
    }
}
