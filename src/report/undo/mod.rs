//! How to start again what a run has stopped: a shell script of the vendors' own command lines, which somebody reads and
//! runs. Nothing is started here.

mod accounts;
mod command;
mod head;
mod leftovers;
mod script;
mod step;

pub use script::{NoUndo, UndoScript};
