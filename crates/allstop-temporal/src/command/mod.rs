//! The commands, one file each: they wire the parts together and hold no policy.

pub mod report;
