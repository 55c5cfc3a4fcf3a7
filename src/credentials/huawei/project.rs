//! The project of a region, looked up with the keys that are used there.

use serde::Deserialize;

use super::ask::{Ask, IAM_API, refused, shown};
use super::{endpoints, identity, urn};
use crate::credentials::error::{Nature, SourceError};
use crate::credentials::provider::Issued;
use crate::credentials::surroundings::Surroundings;
use crate::error::ErrorClass;
use crate::provider::{Cloud, Credentials, parse};

#[derive(Deserialize)]
struct Projects {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    id: String,
    name: Option<String>,
}

/// Finds the project of the account's region: that of the keys where they are for one, else the one of the region's name.
pub(in crate::credentials) async fn find(around: Surroundings<'_>, issued: &Issued) -> Result<String, SourceError> {
    if let Some(id) = &issued.project_id {
        return Ok(id.clone());
    }
    if let Credentials::AuthToken(token) = &issued.credentials
        && let Some(id) = identity::describe(around, &issued.credentials, token).await?.project_id
    {
        return Ok(id);
    }
    let ids = list(around, &issued.credentials).await?;
    let (region, account) = (&around.account.region, account(issued));
    match &ids[..] {
        [id] => Ok(id.clone()),
        [] => {
            let message = format!("no project {region} in {account}; is the region right?");
            Err(SourceError::new(Nature::Final, message, "correct the region, or write project_id"))
        }
        ids => {
            let message = format!("several projects {region} in {account}: {}", ids.join(", "));
            Err(SourceError::new(Nature::Final, message, "write one of them as project_id"))
        }
    }
}

/// Lists the projects of the region's name.
async fn list(around: Surroundings<'_>, keys: &Credentials) -> Result<Vec<String>, SourceError> {
    let (endpoint, region) = (endpoints::iam(around), &around.account.region);
    let reply = Ask::get(&IAM_API, &endpoint, "/v3/projects").parameter("name", region).send(around, keys).await?;
    let body = reply.body(Cloud::Huawei).map_err(|refusal| {
        if refusal.class == ErrorClass::Denied {
            let message = "the key may not list projects (iam:projects:listProjects): write project_id";
            SourceError::new(Nature::Final, message, "the console shows it under My Credentials, API Credentials")
        } else {
            refused(&refusal, keys)
        }
    })?;
    let Projects { projects } = parse(body).ok_or_else(|| reply.lacks("list of projects"))?;
    let is_of_region = |project: &Project| project.name.as_ref().is_none_or(|name| name == region);
    let ids = projects.into_iter().filter(|project| is_of_region(project) && urn::is_id(&project.id));
    Ok(ids.map(|project| project.id).collect())
}

fn account(issued: &Issued) -> String {
    match &issued.identity {
        Some(identity) => format!("account {}", identity.account_name.as_deref().unwrap_or(&identity.account_id)),
        None => format!("the account of {}", shown(&issued.credentials)),
    }
}

#[cfg(test)]
mod tests;
