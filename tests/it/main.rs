//! The integration tests, all in one binary.

#[cfg(test)]
mod book;
#[cfg(test)]
#[cfg(unix)]
mod campaign;
#[cfg(test)]
mod captures;
#[cfg(test)]
mod check;
#[cfg(test)]
mod echo;
#[cfg(test)]
#[cfg(unix)]
mod examples;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod from;
#[cfg(test)]
mod init;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod library;
#[cfg(test)]
#[cfg(unix)]
mod network;
#[cfg(test)]
mod output;
#[cfg(test)]
mod plan_accounts;
#[cfg(test)]
mod plan_files;
#[cfg(test)]
mod plan_invalid;
#[cfg(test)]
mod plan_overview;
#[cfg(test)]
mod plan_valid;
#[cfg(test)]
mod program;
#[cfg(test)]
mod progress;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod report;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod retry;
#[cfg(test)]
#[cfg(unix)]
mod scarcity;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod selection;
#[cfg(test)]
mod shard;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod simulator;
#[cfg(test)]
#[cfg(unix)]
mod transcript;
#[cfg(test)]
mod unseen;
#[cfg(test)]
mod words;
#[cfg(test)]
#[cfg(unix)]
mod workflows;
