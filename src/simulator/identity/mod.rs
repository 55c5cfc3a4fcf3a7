//! What hands credentials out: the clouds' STS, IAM, metadata, pod and login services, and the keys that they issue.
//!
//! A world says who is there: users, roles, agencies, providers of id tokens, projects. The default one is derived from
//! the seed. What is issued is derived from the seed, too, and from the number of the issue; it lives for as long as the
//! simulator's clock says, and is written down with every use.

mod alibaba_login;
mod alibaba_metadata;
mod alibaba_sts;
mod book;
mod calls;
mod default_world;
mod form;
mod holder;
mod huawei_iam;
mod huawei_metadata;
mod huawei_pod;
mod huawei_sts;
mod invocation;
mod issuer;
mod ledger;
mod lock;
mod operation;
mod refusal;
mod respond;
mod script;
mod settings;
mod stops;
mod storm;
mod world;

pub(super) use issuer::{Issuer, Ring};
pub use ledger::{CredentialCall, CredentialLedger, IssuedCredentials, SignedStop, UsedKey};
pub(super) use operation::Operation;
pub(super) use respond::{refuse, respond};
pub use settings::CredentialSettingsError;
pub(super) use settings::Revocation;
