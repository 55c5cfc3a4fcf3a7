//! Worlds of resources to rehearse on.

mod dice;
mod draft;
mod file;
mod maker;
mod seeded;
mod times;
mod words;

pub use file::{World, WorldError};
pub use seeded::{Ground, Seeded};
