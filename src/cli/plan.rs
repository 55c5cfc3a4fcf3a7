//! The options that name a plan and select targets.

use clap::{Args, ValueHint};

use crate::plan::{Filters, Pattern};
use crate::service::Kind;
use crate::session::{Input, SelectionOptions, ShardChoice};

use super::value::{input, key_value, kind, shard};

/// The plan and its variables.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The plan, a YAML file; `-` is standard input.
    #[arg(value_parser = input(), value_hint = ValueHint::AnyPath)]
    pub plan: Input,

    /// Set a variable that the plan uses as `${NAME}`; takes precedence over environment variables.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
}

/// The filters. A target must match at least one value of each option that is given.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Select only targets that match: the id, an identifying field, or `label=value`; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) only: Vec<Pattern>,

    /// Leave out targets that match; takes precedence over the other options; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) skip: Vec<Pattern>,

    /// Select only targets of this kind; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// Select only targets with this label; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) label: Vec<(String, String)>,

    /// Select only targets of accounts whose name in the plan matches; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) account: Vec<Pattern>,

    /// Select only targets of accounts whose region matches; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB")]
    pub(crate) region: Vec<Pattern>,

    /// Select only the targets of shard I of N, such as `1/4`; `auto` reads I and N from the job system's variables.
    #[arg(long, help_heading = "Selection", value_name = "I/N|auto", value_parser = shard)]
    pub(crate) shard: Option<ShardChoice>,
}

impl From<SelectionArgs> for SelectionOptions {
    fn from(args: SelectionArgs) -> Self {
        let SelectionArgs { only, skip, kind: kinds, label: labels, account: accounts, region: regions, shard } = args;
        let filters = Filters { only, skip, kinds, labels, accounts, regions };
        Self { filters, shard: shard.unwrap_or_default() }
    }
}
