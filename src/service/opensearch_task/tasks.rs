//! The two lists of an instance's tasks: `ListClusterTasks` and `ListDataSourceTasks`.

use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{List, Page, PageAt, Paging};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::info::{FSM_ID, INFO, INSTANCE_ID};
use super::task_list::TaskList;
use crate::error::ApiError;
use crate::http::{Api, Request, Response};

/// One of the lists of an instance's tasks.
pub(super) struct Tasks<'a> {
    /// What is known of each of them: what the instance shows.
    pub(super) instance: &'a Resource,
    pub(super) which: TaskList,
}

/// The field of a task that has its name.
pub(super) const NAME: usize = 2;
const TYPE: usize = 3;
const GROUP: usize = 4;
const USER: usize = 5;

#[derive(Deserialize)]
struct TasksPage {
    result: Vec<Task>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    fsm_id: Box<str>,
    #[serde(default)]
    name: Text,
    #[serde(default, rename = "type")]
    task_type: Text,
    #[serde(default)]
    group_type: Text,
    #[serde(default)]
    user: Text,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    time: Text,
}

impl List for Tasks<'_> {
    fn api(&self) -> &'static Api {
        self.which.api()
    }

    fn paging(&self) -> Paging {
        Paging::Whole
    }

    fn request(&self, _page: &PageAt, _scope: &Scope<'_>) -> Request {
        self.which.request(self.instance.value(INSTANCE_ID).unwrap_or_default())
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (_, list): (_, TasksPage) =
            response::of_page(&INFO, response, &["result"]).map_err(response::Refusal::into_error)?;
        let rows = list.result.into_iter().map(|task| self.resource(task)).collect();
        Ok(Page { rows, total: None, next: None })
    }

    /// There is no total, and a task that is listed twice is one.
    fn id<'r>(&self, _row: &'r Resource) -> Option<&'r str> {
        None
    }
}

impl Tasks<'_> {
    fn resource(&self, task: Task) -> Resource {
        let fields = self
            .instance
            .clone()
            .with(FSM_ID, Some(task.fsm_id))
            .with(NAME, task.name.0)
            .with(TYPE, task.task_type.0)
            .with(GROUP, task.group_type.0)
            .with(USER, task.user.0);
        Resource { status: task.status.0, since: task.time.0, ..fields }
    }
}

#[cfg(test)]
mod tests;
