//! What a request needs besides the target's own parameters.

/// What a request needs besides the target's own parameters.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The Huawei Cloud project; empty for other clouds.
    pub project_id: &'a str,
    /// The cause to state if the plan states none and the service takes one.
    pub cause: &'a str,
    /// The idempotency token to send if the plan states none; the same in all attempts. Empty unless a parameter is
    /// [one](super::Param::idempotency_token).
    pub client_token: &'a str,
}
