//! The jobs that a list shows, with the jobs that are parts of them.

use serde::Deserialize;

use super::super::entry::Text;
use super::super::resource::Resource;
use super::info::JOB_ID;

/// The field of a job that has its name.
pub(super) const NAME: usize = 1;
/// The field of a job that has its type.
pub(super) const JOB_TYPE: usize = 2;
const ENGINE_TYPE: usize = 3;
const NET_TYPE: usize = 4;
const TASK_TYPE: usize = 5;
const DIRECTION: usize = 6;
/// How many fields there are.
pub(super) const FIELDS: usize = 7;

/// An entry of a list of jobs. The two versions of the API name the type differently.
#[derive(Deserialize)]
pub(super) struct Job {
    id: Box<str>,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    db_use_type: Text,
    #[serde(default)]
    job_type: Text,
    #[serde(default)]
    engine_type: Text,
    #[serde(default)]
    net_type: Text,
    #[serde(default)]
    task_type: Text,
    #[serde(default)]
    job_direction: Text,
    #[serde(default)]
    status: Text,
    #[serde(default)]
    create_time: Text,
    #[serde(default)]
    children: Option<Vec<Job>>,
}

/// Returns the jobs of a list of one type, each followed by its parts. A part without a type has that of its parent.
pub(super) fn resources(jobs: Vec<Job>, job_type: &str) -> Vec<Resource> {
    let mut resources = Vec::with_capacity(jobs.len());
    jobs.into_iter().for_each(|job| add(job, job_type, false, &mut resources));
    resources
}

fn add(job: Job, job_type: &str, is_child: bool, to: &mut Vec<Resource>) {
    let job_type = job.db_use_type.0.or(job.job_type.0).unwrap_or_else(|| job_type.into());
    let fields = Resource::unknown(FIELDS)
        .with(JOB_ID, Some(job.id))
        .with(NAME, job.name.0)
        .with(JOB_TYPE, Some(job_type.clone()))
        .with(ENGINE_TYPE, job.engine_type.0)
        .with(NET_TYPE, job.net_type.0)
        .with(TASK_TYPE, job.task_type.0)
        .with(DIRECTION, job.job_direction.0);
    to.push(Resource { status: job.status.0, since: job.create_time.0, is_child, ..fields });
    job.children.into_iter().flatten().for_each(|child| add(child, &job_type, true, to));
}
