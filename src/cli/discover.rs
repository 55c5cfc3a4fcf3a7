//! `allstop discover`.

use clap::{Args, ValueHint};

use crate::plan::Pattern;
use crate::provider::Cloud;
use crate::report::Destination;
use crate::service::Kind;
use crate::session::Input;

use super::value::{cloud, host_word, input, key_value, kind, output};

#[derive(Debug, Args)]
#[command(after_help = "\
`discover` only lists, and stops nothing. Its YAML is a plan with one line for each target: edit it, then check and run \
it. With -o, FILE is replaced even if nothing is found, by a plan that cannot be run.

FIELD is a field of the kind, such as flow_name, or tag.KEY, status or older_than.

Examples:
  allstop discover --plan plan.yaml --account 'ali-*' > found.yaml
  allstop discover --cloud alibaba --region cn-hangzhou --kind fnf_execution
  allstop discover --plan plan.yaml --kind drs_job --select tag.env=test
  allstop discover --plan plan.yaml --kind drs_job --output csv -o jobs.csv")]
pub(crate) struct DiscoverArgs {
    /// Use the accounts, limits and guards of this plan; `-` is standard input.
    #[arg(long, value_name = "PLAN", value_parser = input(), value_hint = ValueHint::AnyPath)]
    #[arg(conflicts_with_all = ["cloud", "region", "project_id"], required_unless_present = "cloud")]
    pub(crate) plan: Option<Input>,

    /// Set a variable that the plan uses as `${NAME}`; takes precedence over environment variables.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = key_value, requires = "plan")]
    pub(crate) set: Vec<(String, String)>,

    /// List without a plan, with the vendor's default credentials; needs --region.
    #[arg(long, value_name = "CLOUD", value_parser = cloud(), requires = "region")]
    pub(crate) cloud: Option<Cloud>,

    /// Region to list without a plan.
    #[arg(long, value_name = "REGION", value_parser = host_word, requires = "cloud")]
    pub(crate) region: Option<String>,

    /// Huawei Cloud project to list without a plan, instead of HUAWEICLOUD_SDK_PROJECT_ID.
    #[arg(long, value_name = "ID", value_parser = host_word, requires = "cloud")]
    pub(crate) project_id: Option<String>,

    /// List only accounts whose name in the plan matches; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "GLOB", requires = "plan")]
    pub(crate) account: Vec<Pattern>,

    /// List only this kind; may be repeated. Default: all kinds of the accounts' clouds.
    #[arg(long, help_heading = "Selection", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Vec<Kind>,

    /// List only what matches: one of the values of each field; may be repeated.
    #[arg(long, help_heading = "Selection", value_name = "FIELD=GLOB", value_parser = key_value)]
    pub(crate) select: Vec<(String, String)>,

    /// Leave out what matches; may be repeated, and each one leaves out by itself.
    #[arg(long, help_heading = "Selection", value_name = "FIELD=GLOB", value_parser = key_value)]
    pub(crate) except: Vec<(String, String)>,

    /// List what is in this state; may be repeated. `any` also shows what has ended, in YAML as comments.
    #[arg(long, help_heading = "Selection", value_enum, value_name = "STATE")]
    pub(crate) state: Vec<State>,

    /// Write what could be listed even if something could not; the exit status is then 1.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Format: a plan (yaml), a file of targets for `from` (ndjson, csv), one object for programs (json), or a table.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) output: DiscoverOutput,

    /// Write to this file instead of standard output; `-` is standard output.
    #[arg(short = 'o', value_name = "FILE", value_parser = output(), value_hint = ValueHint::AnyPath)]
    pub(crate) file: Option<Destination>,

    /// Overwrite a FILE that allstop did not write.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The states to list. The option's own line describes the values, which keeps the help short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum State {
    Running,
    Stopping,
    Unclear,
    Any,
}

/// The output format. The option's own line describes the values, which keeps the help short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum DiscoverOutput {
    #[default]
    Yaml,
    Ndjson,
    Csv,
    Json,
    Table,
}
