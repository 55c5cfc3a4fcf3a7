//! Which plan, and which part of it.

use std::path::PathBuf;

use clap::Args;

use super::value::{key_value, kind, shard};
use allstop::plan::{Pattern, Shard};
use allstop::service::Kind;

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The plan, a YAML file; `-` is standard input.
    pub(crate) plan: PathBuf,

    /// Sets a variable that the plan uses as `${NAME}`; goes before the environment.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
}

/// Any value of an option will do; every option that is given must agree.
#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Takes only targets that match: the id, an identifying field, or `label=value`; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) only: Vec<Pattern>,

    /// Leaves out targets that match, whatever the other options say; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) skip: Vec<Pattern>,

    /// Takes only targets of this kind; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// Takes only targets with this label; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) label: Vec<(String, String)>,

    /// Takes only targets of accounts with such a name in the plan; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) account: Vec<Pattern>,

    /// Takes only targets of accounts in such a region; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) region: Vec<Pattern>,

    /// Takes the targets of one shard of N only, such as `1/4`; `auto` reads which one from the job system's variables.
    #[arg(long, help_heading = "Selection", value_name = "I/N|auto", value_parser = shard)]
    pub(crate) shard: Option<ShardArg>,
}

/// Which shard to take.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ShardArg {
    /// The one that the job system around names.
    Auto,
    /// This one.
    Of(Shard),
}
