//! Jobs: `ShowJobList` of each type, and the tags of all of them where tags are needed.
//!
//! The jobs of a type with their tags are a unit. A job that the list of tags lacks has none. That list has no parts of jobs:
//! their tags are not known.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};

use super::super::lister::{List, Lister, Listing, Unit, Wanted};
use super::super::reading;
use super::super::resource::{Phase, Resource};
use super::super::selectable::{Field, Selectable, Start};
use super::entry::{FIELDS, JOB_TYPE};
use super::info::{LIST_JOBS, LIST_TAGS, SHOW_JOBS};
use super::jobs::Jobs;
use super::jobs_v5::JobsV5;
use super::status;
use super::tags::TagsOfJobs;
use crate::error::ApiError;
use crate::http::Api;

/// The types that are listed unless the plan names types.
const TYPES: [&str; 3] = ["migration", "sync", "cloudDataGuard"];

/// The type that only the newer API lists, and that is listed only where the plan names it.
const REPLAY: &str = "replay";

/// The lister.
pub(super) static LISTER: DrsJobLister = DrsJobLister;

pub(super) struct DrsJobLister;

static APIS: [&Api; 3] = [&SHOW_JOBS, &LIST_JOBS, &LIST_TAGS];

static SELECTABLE: Selectable = Selectable {
    fields: &[
        Field::new("job_id", "id", "the job's id", "c7debc9c-*"),
        Field::new("name", "name", "the job's name", "tmp-*"),
        Field::new("job_type", "db_use_type", "the job's type: migration, sync, cloudDataGuard or replay", "sync"),
        Field::new("engine_type", "engine_type", "the engines", "mysql*"),
        Field::new("net_type", "net_type", "the network", "eip"),
        Field::new("task_type", "task_type", "what it transfers", "FULL_INCR_TRANS"),
        Field::new("direction", "job_direction", "up or down", "up"),
    ],
    name: Some(1),
    tags: Ok(()),
    start: Start::Bare,
    has_children: true,
};

impl Lister for DrsJobLister {
    fn selectable(&self) -> &'static Selectable {
        &SELECTABLE
    }

    fn apis(&self) -> &'static [&'static Api] {
        &APIS
    }

    fn permission(&self) -> &'static str {
        "the IAM user needs the right to query DRS jobs and their tags, as the policies DRS ReadOnlyAccess and DRS FullAccess give it"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, wanted: &dyn Wanted) -> String {
        let types = types(wanted).join(", ");
        let tags = if wanted.needs_tags() { ", and 1 for the tags of every 1,000 where any match" } else { "" };
        format!("1 for every 100 jobs of each type ({types}){tags}")
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        let project = Project { listing, wanted, has_warned: AtomicBool::new(false) };
        async move {
            let types = types(wanted);
            listing.expect(types.len());
            join_all(types.iter().map(|job_type| project.jobs(job_type))).await;
        }
        .boxed()
    }
}

/// Returns the types to list: those that the plan names, and, unless it names all, those of the others that may match.
fn types(wanted: &dyn Wanted) -> Vec<String> {
    if let Some(types) = wanted.exactly(JOB_TYPE) {
        return types;
    }
    let mut types = wanted.literals(JOB_TYPE);
    for more in TYPES.map(str::to_owned) {
        let known = Resource::unknown(FIELDS).with(JOB_TYPE, Some(more.as_str().into()));
        if !types.contains(&more) && wanted.may_match(&known) {
            types.push(more);
        }
    }
    types
}

/// The listing of one project.
struct Project<'a> {
    listing: &'a dyn Listing,
    wanted: &'a dyn Wanted,
    /// Whether it is said that the tags of parts are not known.
    has_warned: AtomicBool,
}

impl Project<'_> {
    async fn jobs(&self, job_type: &str) {
        let mut unit = self.listing.unit(format!("{job_type} jobs"));
        let list: &dyn List = if job_type == REPLAY { &JobsV5 { job_type } } else { &Jobs { job_type } };
        let read = if self.wanted.needs_tags() {
            self.tagged(&mut *unit, list, job_type).await
        } else {
            reading::found(&mut *unit, list).await
        };
        reading::end(unit, read);
    }

    /// Lists jobs, and then their tags if any of them may match.
    async fn tagged(&self, unit: &mut dyn Unit, list: &dyn List, job_type: &str) -> Result<(), ApiError> {
        let jobs = reading::all(unit, list).await?;
        let may_match = jobs.values().any(|job| self.wanted.may_match(job));
        let tags = if may_match { Some(reading::all(unit, &TagsOfJobs { job_type }).await?) } else { None };
        for (id, job) in jobs {
            let tags = tags.as_ref().and_then(|tags| match tags.get(&id) {
                Some(tagged) => tagged.tags.clone(),
                None => (!job.is_child).then(Vec::new),
            });
            if may_match && tags.is_none() && self.wanted.may_match(&job) {
                self.warn();
            }
            unit.found(Resource { tags, ..job });
        }
        Ok(())
    }

    fn warn(&self) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            self.listing.warn(UNTAGGED.into());
        }
    }
}

const UNTAGGED: &str = "the service does not list the tags of child jobs: no condition on tags selects them, and no \
    pattern on tags protects them";

#[cfg(test)]
mod tests;
