//! Credentials of Alibaba Cloud: STS, the metadata service of ECS, the logins of the command line.

mod arn;
mod endpoints;
mod issued;
pub(super) mod login;
pub(super) mod metadata;
pub(super) mod sts;

#[cfg(test)]
pub(super) mod tests;
