//! Where an account's credentials come from, and whose they are.
//!
//! A [`CredentialProvider`] finds credentials and tells whose they are. [`SystemProvider`] finds them in every way that the
//! vendors' own tools do: `offline` works out which source is configured, `fetch` asks it, with `alibaba` and `huawei` for
//! what goes over the network.

mod alibaba;
mod client;
mod described;
mod environment;
mod error;
mod fetch;
mod guess;
mod huawei;
mod identity;
mod jwt;
mod links;
mod offline;
mod patience;
mod process;
mod provider;
mod secret;
mod session_name;
mod sharing;
mod source;
mod stand_in;
mod surroundings;
mod system;
mod uri;

pub use described::Described;
pub use environment::EnvironmentProvider;
pub(crate) use environment::project_id;
pub use error::{CredentialError, Nature, SourceError};
pub use identity::Identity;
pub use provider::{CredentialProvider, Issued};
pub(crate) use secret::secret_at;
pub use system::SystemProvider;
