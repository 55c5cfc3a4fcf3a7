//! Reads `credentials` of an account.

mod around;
mod env;
mod form;
mod oidc;
mod password;
mod role;
mod secret;
mod session;
mod uri;

pub(super) use around::Around;
pub(super) use form::read;
pub(super) use secret::secret;
