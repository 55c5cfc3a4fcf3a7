//! What Huawei Cloud hands credentials out with, how it says whose they are, and how it finds a project.

pub(super) mod agency;
mod ask;
mod endpoints;
pub(super) mod federated;
mod id_token;
pub(super) mod identity;
mod keys;
pub(super) mod metadata;
pub(super) mod oidc;
pub(super) mod password;
pub(super) mod pod;
pub(super) mod project;
mod session;
mod token;
mod urn;

pub(super) use id_token::IdToken;

#[cfg(test)]
mod tests;
