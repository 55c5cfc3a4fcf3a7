//! The plan of a session: read, completed from the environment, cut to a shard and a selection.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::escape::Escaped;
use crate::credentials::project_id;
use crate::engine::in_use;
use crate::plan::{
    Account, Choice, Filters, Listing, Loaded, Node, Overview, Plan, PlanCopy, PlanInput, SelectPreview, Selection,
    Shard, Variables,
};

use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::left_out::LeftOut;
use super::options::{SelectionOptions, ShardChoice};

/// A plan with the part of it that is to be stopped.
#[derive(Debug, Clone)]
pub struct SelectedPlan {
    pub(super) plan: Arc<Plan>,
    /// The file that the plan was read from, where it is one.
    pub(super) path: Option<PathBuf>,
    /// The files that the plan names.
    pub(super) files: Vec<PathBuf>,
    /// The names of the variables that were set.
    pub(super) set: Vec<String>,
    pub(super) left_out: LeftOut,
    /// What the command line selects.
    pub(super) filters: Filters,
    /// Whether it is a plan of somebody's targets, and not one that was made to [list](Self::of_plan).
    pub(super) has_targets: bool,
}

impl SelectedPlan {
    /// Reads a plan and cuts it to what the scope takes; warns of filters that match nothing. `set` has variables that
    /// are set, before those of the environment.
    ///
    /// # Errors
    ///
    /// Fails when the shard cannot be found, when the plan is wrong, or when the filters are too large.
    pub fn load(
        input: &Input,
        set: Vec<(String, String)>,
        scope: SelectionOptions,
        context: &Context,
    ) -> Result<Self, SessionError> {
        let shard = scope.shard.find(context)?;
        Self::read(input, set, context)?.take_shard(shard)?.select(scope.filters, |_| true, context)
    }

    /// Does what [`load`](Self::load) does, and keeps a copy of what the plan was read from, for a
    /// [bundle](super::Ready::bundle).
    ///
    /// # Errors
    ///
    /// Fails as [`load`](Self::load) does.
    pub fn load_copied(
        input: &Input,
        set: Vec<(String, String)>,
        scope: SelectionOptions,
        context: &Context,
    ) -> Result<(Self, PlanCopy), SessionError> {
        let shard = scope.shard.find(context)?;
        let (names, variables) = (names(&set), variables(set, context));
        let (loaded, copy) = PlanCopy::take(source(input), &variables)?;
        let whole = Self { path: input.path().map(Path::to_owned), set: names, ..Self::of(loaded, context) };
        Ok((whole.take_shard(shard)?.select(scope.filters, |_| true, context)?, copy))
    }

    /// Reads a plan from a copy; `projects` are those that its accounts were completed with, by name.
    pub(super) fn of_copy(copy: &PlanCopy, projects: &BTreeMap<String, String>) -> Result<Self, SessionError> {
        let loaded = copy.read()?;
        let path = loaded.plan.path.clone();
        let mut selected = Self::of_plan(loaded.plan);
        for account in &mut Arc::make_mut(&mut selected.plan).accounts {
            account.project_id = projects.get(&account.name).cloned();
        }
        Ok(Self { path: (path.as_os_str() != "-").then_some(path), has_targets: true, ..selected })
    }

    /// Cuts a plan that was read from memory to what the scope takes; warns of filters that match nothing.
    ///
    /// # Errors
    ///
    /// Fails when the shard cannot be found, or when the filters are too large.
    pub fn new(loaded: Loaded, scope: SelectionOptions, context: &Context) -> Result<Self, SessionError> {
        let shard = scope.shard.find(context)?;
        Self::of(loaded, context).take_shard(shard)?.select(scope.filters, |_| true, context)
    }

    /// Reads the whole plan that a report or a journal says was at `recorded`; `input` is where it is now, if given.
    pub(super) fn read_again(
        input: Option<Input>,
        set: Vec<(String, String)>,
        recorded: &Path,
        context: &Context,
    ) -> Result<Self, SessionError> {
        if input.is_none() && !recorded.try_exists().unwrap_or(true) {
            let message = format!("the plan of that run does not exist any more: {}", recorded.display());
            return Err(SessionError::input(message, "pass its new path with --plan; nothing was sent"));
        }
        Self::read(&input.unwrap_or_else(|| Input::File(recorded.to_owned())), set, context)
    }

    pub(super) fn read(input: &Input, set: Vec<(String, String)>, context: &Context) -> Result<Self, SessionError> {
        let (names, variables) = (names(&set), variables(set, context));
        let loaded = Plan::read(source(input), &variables)?;
        Ok(Self { path: input.path().map(Path::to_owned), set: names, ..Self::of(loaded, context) })
    }

    /// Shows a plan's warnings, completes its accounts from the environment, and decides what it protects now.
    fn of(loaded: Loaded, context: &Context) -> Self {
        let Loaded { mut plan, warnings, files, .. } = loaded;
        if !warnings.is_empty() {
            context.ui.plan_warnings(&warnings);
        }
        for account in &mut plan.accounts {
            account.project_id = project_id(account, &context.environment);
        }
        let now = context.now();
        let is_reviewed = plan.reviewed.is_some();
        plan.guards.warnings(now, is_reviewed).iter().for_each(|warning| context.ui.warning(warning));
        plan.guards.protect_until.decide(now);
        Self {
            plan: Arc::new(plan),
            path: None,
            files,
            set: Vec::new(),
            left_out: LeftOut::default(),
            filters: Filters::default(),
            has_targets: true,
        }
    }

    /// Takes a plan that was made and not read.
    pub(super) fn of_plan(plan: Plan) -> Self {
        Self {
            plan: Arc::new(plan),
            path: None,
            files: Vec::new(),
            set: Vec::new(),
            left_out: LeftOut::default(),
            filters: Filters::default(),
            has_targets: false,
        }
    }

    /// Decides what the plan protects in a run that began at a moment.
    pub(super) fn begun_at(mut self, began: Timestamp) -> Self {
        Arc::make_mut(&mut self.plan).guards.protect_until.decide(began);
        self
    }

    /// Takes filters, without a look at what they match.
    pub(super) fn with_filters(self, filters: Filters) -> Self {
        Self { filters, ..self }
    }

    /// Returns the error of filters that take no account.
    pub(super) fn no_such_account(&self) -> SessionError {
        let names: Vec<_> = self.plan.accounts.iter().map(|account| account.name.as_str()).collect();
        let hint = format!("its accounts are {}", names.join(", "));
        SessionError::input("no account of the plan matches --account", hint)
    }

    /// Returns the accounts that the filters take.
    pub(super) fn accounts(&self) -> Result<Vec<&Account>, SessionError> {
        let selection = self.selection()?;
        let accounts = (0..).zip(&self.plan.accounts);
        Ok(accounts.filter(|(number, _)| selection.takes_account(*number)).map(|(_, account)| account).collect())
    }

    /// Cuts the plan to one shard. All shards may run at the same time, so each has an equal part of the rates.
    ///
    /// # Errors
    ///
    /// Fails when a stage would have to wait for the other shards.
    pub(super) fn take_shard(mut self, shard: Option<Shard>) -> Result<Self, SessionError> {
        if let Some(stage) = self.plan.stages.iter().find(|stage| shard.is_some() && !stage.is_plain()) {
            let name = Escaped(&stage.name);
            let message = format!(
                "the stage `{name}` has a canary, a pause or max_failures, and no barrier reaches across processes"
            );
            return Err(SessionError::input(message, "run the plan without --shard; nothing was sent"));
        }
        let plan = Arc::make_mut(&mut self.plan);
        plan.shard = shard;
        plan.limits.shared_by = shard.map_or(1, Shard::of);
        Ok(self)
    }

    /// Selects what the filters take of the targets that are wanted.
    pub(super) fn select(
        self,
        filters: Filters,
        is_wanted: impl Fn(usize) -> bool,
        context: &Context,
    ) -> Result<Self, SessionError> {
        let selected = Self { filters, ..self };
        if selected.plan.shard.is_some() && !selected.plan.selects.is_empty() {
            let message = "a plan with `select` cannot run in shards: each would list at another time";
            return Err(SessionError::input(
                message,
                "freeze it first: `allstop plan PLAN -o now.yaml`; nothing was sent",
            ));
        }
        let selection = selected.selection()?;
        // What a selection finds may match.
        let unmatched = if selected.plan.selects.is_empty() { selection.unmatched(&selected.plan) } else { Vec::new() };
        unmatched.iter().for_each(|unmatched| context.ui.warning(&unmatched.to_string()));
        let left_out = LeftOut::of(&selected.plan, |number, target| is_wanted(number) && selection.takes(target));
        Ok(Self { left_out, ..selected })
    }

    /// Returns what the command line selects of the plan.
    pub(super) fn selection(&self) -> Result<Selection, SessionError> {
        let too_large = |error| SessionError::input(error, "use fewer or shorter patterns");
        Selection::new(self.filters.clone(), &self.plan).map_err(too_large)
    }

    /// Tells whether a listing must fetch tags: for the options of the command line, or for the plan's guards.
    pub(super) fn needs_tags(&self, selection: &Selection) -> bool {
        selection.needs_tags() || self.plan.guards.may_need_tags()
    }

    /// Returns what a run of the plan would list.
    pub(super) fn select_previews(&self) -> Vec<SelectPreview> {
        // Filters that cannot be combined were refused when the plan was loaded.
        let Ok(selection) = self.selection() else { return Vec::new() };
        self.plan.select_previews(self.needs_tags(&selection), |select, account| selection.lists(select, account))
    }

    /// Returns which accounts are used: those of targets that are to be stopped, and those that are listed.
    pub(super) fn in_use(&self, overview: &Overview) -> Vec<bool> {
        let listed: HashSet<_> = self.select_previews().into_iter().flat_map(|select| select.accounts).collect();
        let used = in_use(&self.plan, overview);
        self.plan.accounts.iter().zip(used).map(|(account, used)| used || listed.contains(&account.name)).collect()
    }

    /// Takes the plan with the targets of its selections in its place; warns of patterns of `protect` that match nothing.
    pub(super) fn complete(&mut self, plan: Plan, context: &Context) -> Result<(), SessionError> {
        let whole = Self { plan: Arc::new(plan), ..self.clone() };
        let selection = whole.selection()?;
        let unprotecting = whole.plan.unprotecting();
        // A listing for its own sake has no plan of targets that a filter could miss.
        let unmatched = if whole.has_targets { selection.unmatched(&whole.plan) } else { Vec::new() };
        let unmatched =
            unmatched.into_iter().filter(|filter| !self.plan.selects.iter().any(|select| filter.spares(select)));
        unmatched.chain(unprotecting).for_each(|idle| context.ui.warning(&idle.to_string()));
        let left_out = LeftOut::of(&whole.plan, |_, target| selection.takes(target));
        *self = Self { left_out, ..whole };
        Ok(())
    }

    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns what the command line selects of it.
    #[must_use]
    pub const fn filters(&self) -> &Filters {
        &self.filters
    }

    /// Returns the names of the variables that were set.
    #[must_use]
    pub fn set(&self) -> &[String] {
        &self.set
    }

    /// Returns what a run would do about each target, by name.
    #[must_use]
    pub fn listing(&self) -> Listing<'_> {
        self.plan.listing(|number, _| self.left_out.is_selected(number))
    }

    pub(super) fn overview(&self) -> Overview {
        self.plan.overview_of(|number, _| self.left_out.is_selected(number))
    }

    /// Returns what a run does about each target.
    pub(super) fn choices(&self) -> impl Iterator<Item = Choice> {
        self.plan.choices(|number, _| self.left_out.is_selected(number))
    }
}

fn source(input: &Input) -> PlanInput<'_> {
    input.path().map_or(PlanInput::Stdin, PlanInput::File)
}

fn names(set: &[(String, String)]) -> Vec<String> {
    set.iter().map(|(name, _)| name.clone()).collect()
}

fn variables(set: Vec<(String, String)>, context: &Context) -> Variables {
    Variables { set: set.into_iter().collect(), environment: context.environment.clone() }
}

impl ShardChoice {
    /// Returns the shard; says where it was found, where that is the environment.
    pub(super) fn find(self, context: &Context) -> Result<Option<Shard>, SessionError> {
        match self {
            Self::Unstated => Ok(None),
            Self::Of(shard) => Ok(Some(shard)),
            Self::Auto => {
                let Node { shard, by: [index, total] } = Node::of_environment(&context.environment)?;
                context.ui.note(&format!("shard {shard} (from {index} and {total})"));
                Ok(Some(shard))
            }
        }
    }
}
