//! Jobs: `ShowJobList` of each type, and the tags of all of them.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::super::lister::{Lister, Listing, Wanted};
use super::super::resource::Phase;
use super::super::selectable::{Field, Selectable, Start};
use super::status;
use crate::error::{ApiError, ErrorClass};
use crate::http::Api;

/// The lister.
pub(super) static LISTER: DrsJobLister = DrsJobLister;

pub(super) struct DrsJobLister;

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
        &[]
    }

    fn permission(&self) -> &'static str {
        "the right to query DRS jobs and their tags, as the policies DRS ReadOnlyAccess and DRS FullAccess give it"
    }

    fn phase(&self, status: &str) -> Phase {
        status::state(status.into()).phase()
    }

    fn requests(&self, _wanted: &dyn Wanted) -> String {
        String::new()
    }

    fn list<'a>(&'a self, listing: &'a dyn Listing, _wanted: &'a dyn Wanted) -> BoxFuture<'a, ()> {
        let unit = listing.unit("everything".into());
        let message = Some("this kind cannot be listed yet".into());
        unit.fail(ApiError { class: Some(ErrorClass::Rejected), message, ..ApiError::default() });
        std::future::ready(()).boxed()
    }
}
