//! What plans select: the built binary against a simulator that lists.

mod e1_to_e8;
mod frozen;
pub(crate) mod ground;
mod guards;
mod options;
mod paging;
mod units;
