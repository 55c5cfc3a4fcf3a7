//! Worlds of resources to rehearse on.

mod dice;
mod draft;
mod maker;
mod seeded;
mod times;
mod words;

pub use seeded::{Ground, Seeded};
