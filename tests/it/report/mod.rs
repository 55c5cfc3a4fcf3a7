//! What people and scripts get to see of a run.

mod exit;
mod fixture;
mod hint;
mod html;
#[cfg(unix)]
mod html_browser;
mod json;
mod progress;
mod progress_json;
mod summary;
mod write;
