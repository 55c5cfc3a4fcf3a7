//! The plan: read from YAML, checked as a whole, and then trusted by all other modules.
//!
//! `yaml` turns the text into a tree with places. `format` states every key, `value` the forms of values, and `resolve`
//! reads the tree into a [`Plan`] by them. All problems are collected, so that they are shown at once. Nothing here
//! touches the network.

mod account;
mod annotation;
mod choice;
mod copy;
mod credential_source;
mod diagnostic;
mod digest;
mod discovery;
mod duplicates;
mod except;
mod excerpt;
mod fields;
mod files;
mod finding;
#[doc(hidden)]
pub mod format;
mod found;
mod guards;
mod ical;
mod id;
mod intersection;
mod key;
mod limits;
mod listing;
mod load;
mod mapping;
mod model;
mod moment;
mod naming;
mod near;
mod node;
mod notification;
mod opened;
mod overview;
mod part;
mod pattern;
mod protect_until;
mod quota;
mod reader;
mod region;
mod render;
mod resolve;
mod reviewed;
mod rows;
mod seal;
mod secret_text;
mod secrets;
mod seen;
mod select;
mod select_preview;
mod selection;
mod serial;
mod shard;
mod sites;
mod source;
mod stage;
mod suggest;
mod syntax;
mod target;
mod template;
mod tree;
mod units;
pub(crate) mod value;
mod variables;
mod window;
mod write;
mod yaml;

pub use account::Account;
pub use choice::Choice;
pub use copy::PlanCopy;
pub use credential_source::{
    AssumedRole, CredentialNames, CredentialSource, CredentialUri, Domain, Metadata, Oidc, Password, Process, Profile,
    Role, RoleSession, SecretAt,
};
pub use diagnostic::{Diagnostic, Diagnostics, PlanErrors};
pub(crate) use digest::Digest;
pub use except::{Exception, ExceptionError, Exceptions};
pub use found::CompletePlan;
pub(crate) use found::FoundTargets;
pub use guards::{Guards, MaxFailures, NotFound};
pub(crate) use id::{AccountId, TargetId};
pub use intersection::{Fate, Intersection};
pub use limits::{KindLimits, Limits, Retry, Verify, VerifyMode};
pub use listing::Listing;
pub use load::Loaded;
pub use model::Plan;
pub use moment::{DateError, MomentError};
pub(crate) use node::Node;
pub use node::NodeError;
pub use notification::{Chat, Notification, When};
pub use overview::{Overview, OverviewRow};
pub use pattern::{PatternError, Patterns, could_match_tag};
pub use protect_until::ProtectUntil;
pub use render::Look;
pub use reviewed::{Freshness, Missed, Original, Reviewed};
pub use seen::Seen;
pub use select::{Age, Expect, Judgement, Query, Select, Unusable, Wants};
pub use select_preview::SelectPreview;
pub(crate) use select_preview::conditions;
pub(crate) use selection::Selection;
pub use selection::{Filters, Pattern};
pub use shard::{Shard, ShardError};
pub use source::{Disk, FileSource, PlanInput};
pub use stage::{Canary, Pause, Stage};
pub(crate) use suggest::nearest;
pub use target::{Labels, Target};
pub use template::{Placeholder, Template, TemplateError};
pub(crate) use units::show as show_duration;
pub use units::{DurationError, MaxFailuresError, duration};
pub use variables::Variables;
pub use window::Window;
pub use write::Notes;
