//! JSON Schemas (draft 2020-12) of plans and reports, for editors and programs; besides, the plan that `init` writes.
//!
//! The schema of plans is made from the table of keys that the reader goes by, that of reports from the types that are
//! written. A schema cannot know everything: only `allstop check` finds an undefined account or a duplicate id.

mod plan;
mod report;
mod starter;

pub use plan::plan;
pub use report::report;
pub use starter::starter;

/// The dialect that both schemas are written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
