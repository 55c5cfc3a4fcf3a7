//! Tests of conditions.

mod cases;
mod found;
mod property;
mod wants;
mod world;
