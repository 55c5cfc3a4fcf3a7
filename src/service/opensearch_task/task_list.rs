//! The two lists of an instance's tasks: the requests for them.

use http::Method;

use super::info::{CLUSTER_TASKS, DATA_SOURCE_TASKS};
use crate::http::{Api, Body, Request};
use crate::provider::encode::encode;

/// One of the lists.
#[derive(Debug, Clone, Copy)]
pub(super) enum TaskList {
    Cluster,
    DataSource,
}

impl TaskList {
    pub(super) const fn api(self) -> &'static Api {
        match self {
            Self::Cluster => &CLUSTER_TASKS,
            Self::DataSource => &DATA_SOURCE_TASKS,
        }
    }

    /// Builds the request for that list of an instance.
    pub(super) fn request(self, instance_id: &str) -> Request {
        let list = match self {
            Self::Cluster => "cluster-tasks",
            Self::DataSource => "data-source-tasks",
        };
        let path = format!("{}/{list}", instance(instance_id));
        Request { api: self.api(), method: Method::GET, path, query: Vec::new(), body: Body::Empty }
    }
}

/// Returns the path of an instance.
pub(super) fn instance(id: &str) -> String {
    format!("/openapi/ha3/instances/{}", encode(id))
}
