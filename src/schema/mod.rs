//! JSON Schemas (draft 2020-12) of plans and reports, for editors and programs; besides, the plan that `init` writes.
//!
//! The plan's is made of the tables that the reader itself goes by, the report's of the types that are written. A
//! schema cannot know everything: whether an account is defined or an id is given twice only `allstop check` tells.

mod plan;
mod report;
mod starter;

pub use plan::plan;
pub use report::report;
pub use starter::starter;

/// The dialect that both schemas are written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
