//! What a plan may say: every mapping with fixed keys, and of every key its name, its values, its default, one sentence
//! about it, and examples.
//!
//! These tables are the only place where a key is stated. The reader, the defaults of the model, the JSON Schema, the
//! plan reference and `allstop explain` all go by them. A kind's own parameters are in `crate::service`.

mod account;
mod credentials;
mod except;
mod guards;
mod limits;
mod notify;
mod plan;
mod retry;
mod reviewed;
mod select;
mod stage;
mod target;
mod window;

pub use super::key::{Fit, KeyInfo, Section, Takes};
pub(super) use account::{ACCOUNT, AccountKeys, SIGNED};
pub(super) use credentials::{CREDENTIALS, ENV, EnvKeys, METADATA, OIDC, PASSWORD, ROLE, SECRET};
pub(super) use except::{DOWNLOAD, calendar, is_address};
pub(super) use guards::GUARDS;
pub(super) use notify::{DINGTALK, FEISHU, NOTIFICATION, NotificationKeys, SLACK, WEBHOOK, WECOM};
pub use plan::plan;
pub(super) use plan::{PLAN, PlanKeys};
pub(super) use reviewed::{REVIEWED, SEEN, SeenKeys, reviewed, seen};
pub(super) use select::{SelectKeys, query, query_of};
pub use select::{is_condition, objection, select};
pub(super) use stage::{STAGE, StageKeys, stage};
pub use target::params;
pub(super) use target::{BULK, BulkKeys, DEFAULTS, SELECTION, SelectionKeys, TARGET, TargetKeys, is_for_many};
pub(super) use window::WINDOW;
