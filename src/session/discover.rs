//! Discovering what runs, as a plan to edit.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::base::ExitStatus;
use crate::credentials::project_id;
use crate::engine::{Listings, Rest};
use crate::plan::{Account, Filters, Pattern, Plan, format};
use crate::provider::Cloud;
use crate::report::{Destination, DiscoverFormat, Discovered};
use crate::service::Kind;

use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::own_file::OwnFile;
use super::plan::SelectedPlan;

/// How a condition on a tag is named.
const TAG: &str = "tag.";

/// What is to be discovered.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct DiscoverOptions {
    /// The plan whose accounts, limits and guards apply; `None` for [one account](Self::region).
    pub plan: Option<Input>,
    /// The variables that are set, before those of the environment.
    pub set: Vec<(String, String)>,
    /// Where to list without a plan.
    pub region: Option<Region>,
    /// Which accounts of the plan to list.
    pub accounts: Vec<Pattern>,
    /// The kinds; all of the accounts' clouds if there are none.
    pub kinds: Vec<Kind>,
    /// What must match: fields with patterns.
    pub select: Vec<(String, String)>,
    /// What is left out: fields with patterns.
    pub except: Vec<(String, String)>,
    /// The states; what runs if there are none.
    pub states: Vec<DiscoverState>,
    /// The format.
    pub format: DiscoverFormat,
    /// The file; standard output if there is none.
    pub output: Option<Destination>,
    /// Overwrites a file that this program did not write.
    pub force: bool,
    /// Writes what could be listed where something could not.
    pub partial: bool,
}

/// Where to list without a plan.
#[derive(Debug, Clone)]
pub struct Region {
    /// The cloud.
    pub cloud: Cloud,
    /// The region.
    pub name: String,
    /// The Huawei Cloud project, if that is not in the environment.
    pub project_id: Option<String>,
}

/// Which states are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscoverState {
    /// What runs.
    Running,
    /// What is on its way to a stop.
    Stopping,
    /// What nobody can explain.
    Unclear,
    /// All of these, and what has ended.
    Any,
}

/// Something to be discovered.
#[derive(Debug)]
pub struct Discovery {
    selected: SelectedPlan,
    format: DiscoverFormat,
    file: OwnFile,
    is_partial: bool,
    shows_all: bool,
    context: Context,
}

impl Discovery {
    /// Prepares a listing.
    ///
    /// # Errors
    ///
    /// Fails when the plan or a condition is wrong, when nothing would be listed, when the format has room for one kind
    /// alone, and when the file is not to be replaced.
    pub fn new(options: DiscoverOptions, context: &Context) -> Result<Self, SessionError> {
        let DiscoverOptions { plan: input, set, region, accounts, kinds, format, output, force, partial, .. } =
            &options;
        let source = match (input, region) {
            (Some(input), _) => SelectedPlan::read(input, set.clone(), context)?,
            (None, Some(region)) => SelectedPlan::of_plan(Plan::of_account(account(region, context))),
            (None, None) => {
                let message = "nothing says where to list";
                return Err(SessionError::input(message, "pass --plan PLAN, or --cloud and --region"));
            }
        };
        let filters = Filters { accounts: accounts.clone(), ..Filters::default() };
        let filtered = source.clone().with_filters(filters.clone());
        let clouds: Vec<Cloud> = filtered.accounts()?.iter().map(|account| account.cloud).collect();
        if clouds.is_empty() {
            return Err(source.no_such_account());
        }
        let wanted = wanted(&options, &clouds, context)?;
        let single = format.has_one_kind() && wanted.len() > 1;
        if single {
            let message = "a file of targets has one kind, and more would be listed";
            return Err(SessionError::input(message, "pass --kind KIND, or --output yaml or json"));
        }
        let wrong = |(kind, error): (Kind, String)| {
            let hint = format!("`allstop explain {kind}` shows the fields of {kind}");
            SessionError::input(format!("--select or --except is wrong for {kind}: {error}"), hint)
        };
        let plan = source.plan().selecting(wanted).map_err(wrong)?;
        let inputs: Vec<_> = source.path.iter().chain(&source.files).cloned().collect();
        let file = OwnFile::new(output.clone().unwrap_or(Destination::Stdout), &inputs, *force)?;
        let shows_all = options.states.contains(&DiscoverState::Any);
        let selected = SelectedPlan::of_plan(plan).with_filters(Filters { kinds: kinds.clone(), ..filters });
        Ok(Self { selected, format: *format, file, is_partial: *partial, shows_all, context: context.clone() })
    }

    /// Lists, and writes what was found; returns the exit status. `adapt` has the last word on the listings.
    ///
    /// Needs a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// Fails when something cannot be listed, and when the file cannot be written. The file is then one that no run takes.
    pub async fn run(self, adapt: impl FnOnce(Listings) -> Listings) -> Result<u8, SessionError> {
        let Self { selected, format, file, is_partial, shows_all, context } = self;
        let rest = if shows_all { Rest::UnclearAndEnded } else { Rest::Unclear };
        // What is listed is not stopped: no guard limits it.
        let adapt = |listings: Listings| adapt(listings.at_most(usize::MAX, 0, |_| true).rest(rest).with_tags(true));
        let surveyed = match selected.survey(&context, adapt).await {
            Ok(surveyed) => surveyed,
            Err(error) => return Err(file.failed(error)),
        };
        let plan = Plan::clone(surveyed.selected.plan());
        let found =
            Discovered::new(plan, surveyed.spared, &surveyed.selections, surveyed.started_at).showing_all(shows_all);
        found.warnings().iter().for_each(|warning| context.ui.warning(warning));
        let (gaps, hint) = found.gaps();
        if !gaps.is_empty() && !is_partial {
            file.empty(|out| found.write_nothing(out))?;
            let hint = hint.map_or_else(String::new, |hint| format!("{hint}; "));
            let hint = format!("{hint}or pass --partial to write what could be listed");
            return Err(SessionError::new(ExitStatus::NotDone, gaps.join("\n"), hint));
        }
        gaps.iter().for_each(|gap| context.ui.warning(gap));
        if found.is_empty() && gaps.is_empty() && !found.has_unusable() {
            file.empty(|out| found.write_nothing(out))?;
            let hint = "nothing runs that was asked for; nothing was written to standard output";
            return Err(SessionError::new(ExitStatus::NothingSelected, "nothing was found", hint));
        }
        file.write(|out| found.write(format, out))?;
        let is_done = gaps.is_empty() && !found.has_unusable();
        Ok(if is_done { ExitStatus::Done } else { ExitStatus::NotDone }.code())
    }
}

/// Returns an account without a plan.
fn account(region: &Region, context: &Context) -> Account {
    let mut account = Account::in_region(region.cloud, region.name.clone());
    account.project_id.clone_from(&region.project_id);
    account.project_id = project_id(&account, &context.environment);
    account
}

/// Returns what `select` says, by kind.
fn wanted(options: &DiscoverOptions, clouds: &[Cloud], context: &Context) -> Result<Vec<(Kind, Value)>, SessionError> {
    let is_listed =
        |kind: &&Kind| clouds.contains(&kind.cloud) && (options.kinds.is_empty() || options.kinds.contains(kind));
    let kinds: Vec<Kind> = Kind::all().iter().filter(is_listed).copied().collect();
    if let Some(foreign) = options.kinds.iter().find(|kind| !clouds.contains(&kind.cloud)) {
        let message = format!("{foreign} needs an account of the cloud `{}`, and none is listed", foreign.cloud);
        return Err(SessionError::input(message, "pass another --kind, --account or --cloud"));
    }
    let (having, lacking): (Vec<Kind>, Vec<Kind>) =
        kinds.iter().partition(|kind| options.select.iter().all(|(field, _)| has(**kind, field)));
    if having.is_empty() || !(lacking.is_empty() || options.kinds.is_empty()) {
        let kind = lacking.first().map_or("a kind", |kind| kind.name);
        let field = options.select.iter().find(|(field, _)| lacking.first().is_some_and(|kind| !has(*kind, field)));
        let field = field.map_or("this field", |(field, _)| field);
        let message = format!("{kind} has no `{field}` to select by");
        return Err(SessionError::input(message, "`allstop explain select` shows the fields of each kind"));
    }
    for (field, _) in &options.except {
        if let Some(kind) = having.iter().find(|kind| !has(**kind, field)) {
            let message = format!("--except {field} would leave out no {kind}: it has no `{field}`");
            return Err(SessionError::input(message, "pass --kind with the kinds that have it"));
        }
    }
    if !lacking.is_empty() {
        let names: Vec<_> = lacking.iter().map(|kind| kind.name).collect();
        context.ui.note(&format!("not listed, because they do not have all fields of --select: {}", names.join(", ")));
    }
    Ok(having.into_iter().map(|kind| (kind, select(kind, options))).collect())
}

/// Tells whether a kind has a condition.
fn has(kind: Kind, field: &str) -> bool {
    let shown = kind.service().lister().selectable();
    if field.starts_with(TAG) {
        return shown.tags.is_ok();
    }
    shown.field(field).is_some() || (format::is_condition(field) && format::objection(kind, field).is_none())
}

/// Returns what `select` says for a kind.
fn select(kind: Kind, options: &DiscoverOptions) -> Value {
    let states = states(&options.states);
    let (fields, tags) = conditions(&options.select);
    if options.select.is_empty() && options.except.is_empty() && states.is_none() {
        return "all".into();
    }
    let mut select = fields;
    if !tags.is_empty() {
        select.insert("tags".into(), json!(tags));
    }
    // Something must narrow the selection down, if only in words.
    if select.is_empty()
        && let Some(first) = kind.service().lister().selectable().fields.first()
    {
        select.insert(first.name.to_owned(), "*".into());
    }
    let except: Vec<Value> = options
        .except
        .iter()
        .map(|one| {
            let (mut fields, tags) = conditions(std::slice::from_ref(one));
            if !tags.is_empty() {
                fields.insert("tags".into(), json!(tags));
            }
            json!(fields)
        })
        .collect();
    if !except.is_empty() {
        select.insert("except".into(), except.into());
    }
    select.extend(states.map(|states| ("state".to_owned(), states)));
    json!(select)
}

/// Puts the patterns of each field together: the values of one are alternatives.
fn conditions(given: &[(String, String)]) -> (BTreeMap<String, Value>, BTreeMap<String, Value>) {
    let (mut fields, mut tags): (BTreeMap<_, Vec<String>>, BTreeMap<_, Vec<String>>) = Default::default();
    for (name, glob) in given {
        let (map, key) = match name.strip_prefix(TAG) {
            Some(tag) => (&mut tags, tag),
            None => (&mut fields, name.as_str()),
        };
        let known: &mut Vec<String> = map.entry(key.to_owned()).or_default();
        known.push(glob.clone());
    }
    // Some conditions, such as ages, take one value and no list.
    let value =
        |(name, globs): (String, Vec<String>)| (name, if let [one] = &*globs { json!(one) } else { json!(globs) });
    (fields.into_iter().map(value).collect(), tags.into_iter().map(value).collect())
}

/// Returns the states of `select`; `None` for the usual one.
fn states(states: &[DiscoverState]) -> Option<Value> {
    use DiscoverState::{Any, Running, Stopping, Unclear};
    let named = [(Running, "running"), (Stopping, "stopping"), (Unclear, "unclear")];
    // What is unclear, or has ended, is shown then, and is no target.
    let is_any = |state: DiscoverState| states.contains(&Any) && state != Unclear;
    let chosen = named.iter().filter(|(state, _)| states.contains(state) || is_any(*state));
    let names: Vec<_> = chosen.map(|(_, name)| *name).collect();
    (!names.is_empty() && names != ["running"]).then(|| json!(names))
}
