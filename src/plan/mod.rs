//! The plan: read from YAML, checked as a whole, and then trusted by everything else.
//!
//! `yaml` turns the text into a tree with places, `resolve` turns the tree into a [`Plan`] without a trace of YAML,
//! and every problem on the way is kept, so that all are shown at once. Nothing here touches the network.

mod account;
mod annotation;
mod choice;
mod diagnostic;
mod duplicates;
mod estimate;
mod excerpt;
mod fields;
mod files;
mod finding;
pub mod format;
mod guards;
mod id;
mod key;
mod limits;
mod listing;
mod load;
mod mapping;
mod model;
mod near;
mod node;
mod opened;
mod overview;
mod pattern;
mod quota;
mod reader;
mod region;
mod render;
mod resolve;
mod rows;
mod secrets;
mod selection;
mod shard;
mod sites;
mod suggest;
mod syntax;
mod target;
mod tree;
mod units;
mod value;
mod variables;
mod window;
mod yaml;

pub use account::{Account, CredentialNames, CredentialSource};
pub use choice::Choice;
pub use diagnostic::{Diagnostic, Diagnostics, PlanErrors};
pub use finding::Severity;
pub use guards::{Guards, MaxFailures, NotFound};
pub(crate) use id::{AccountId, TargetId};
pub use limits::{KindLimits, Limits, Retry, Verify, VerifyMode};
pub use listing::Listing;
pub use load::Loaded;
pub use model::Plan;
pub use node::{Node, NodeError};
pub use overview::{Overview, OverviewRow};
pub use pattern::{PatternError, Patterns};
pub use render::Look;
pub use selection::{Filters, Pattern, Selection, Slip};
pub use shard::{Shard, ShardError};
pub use target::{Labels, Target};
pub use units::{DurationError, MaxFailuresError, duration, show as show_duration};
pub use variables::Variables;
pub use window::Window;
