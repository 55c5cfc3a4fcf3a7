//! The integration tests, all in one binary.

// Clippy tells test code by it.
#![cfg(test)]

mod book;
#[cfg(unix)]
mod calendars;
mod campaign;
mod captures;
mod check;
mod credentials;
mod credentials_page;
mod discover;
mod echo;
mod environment;
#[cfg(unix)]
mod examples;
mod explain;
mod forgotten;
mod from;
mod init;
mod journal;
mod keeping;
mod layers;
mod library;
#[cfg(unix)]
mod network;
mod notify;
mod output;
mod plan_accounts;
mod plan_credentials;
mod plan_files;
mod plan_invalid;
mod plan_overview;
mod plan_valid;
mod program;
mod progress;
mod reference;
mod regions;
mod report;
mod resume;
mod retry;
mod reviewed;
#[cfg(unix)]
mod scarcity;
mod schema;
mod selection;
mod shard;
mod shell;
mod simulator;
mod sixth_service;
mod stages;
#[cfg(unix)]
mod transcript;
mod unseen;
#[cfg(unix)]
mod watch;
mod words;
mod workflows;
