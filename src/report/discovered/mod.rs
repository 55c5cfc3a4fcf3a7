//! What was discovered: a plan to edit, a file of targets, an object for programs, or a table.

mod age;
mod format;
mod found;
mod json;
mod mark;
mod rows;
mod table;
mod yaml;

pub use format::DiscoverFormat;
pub use found::Discovered;
pub use mark::is_own;
pub use yaml::nothing;

#[cfg(test)]
mod tests;
