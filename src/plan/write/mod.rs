//! Plans as files: YAML that loads as it is and is the same plan again.

mod account;
mod comment;
mod credentials;
mod file;
mod flow;
mod notify;
mod reviewed;
mod scalar;
mod settings;
mod target;

pub use file::Notes;

#[cfg(test)]
mod tests;
