//! What a journal's header keeps of a run's options, for whoever resumes it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::base::duration::spoken;
use crate::journal::Header;

use super::context::Context;
use super::error::SessionError;
use super::input::Input;
use super::left_out::LeftOut;
use super::options::SessionOptions;
use super::plan::SelectedPlan;

/// The header's names for the options.
const LEFT_OUT: &str = "left_out";
const SHARD: &str = "shard";
const RATE: &str = "rate";
const CONCURRENCY: &str = "concurrency";
const MAX_FAILURES: &str = "max_failures";
/// For which moment it was decided what `protect_until` protects: before the run began, and before anybody was asked.
const PROTECTED_AT: &str = "protected_at";
/// When the deadline is.
const DEADLINE: &str = "deadline";

/// Returns what the header of a run that begins now says of its options. Where the targets were found, what is left out of
/// them is frozen with them.
pub(super) fn options(
    (selected, is_frozen): (&SelectedPlan, bool),
    options: &SessionOptions,
    now: Timestamp,
) -> BTreeMap<String, Vec<String>> {
    let text = |name: &str, value: Option<String>| Some((name.to_owned(), vec![value?]));
    let ends_at = options.deadline.and_then(|deadline| now.checked_add(SignedDuration::try_from(deadline).ok()?).ok());
    let stated = [
        (!is_frozen).then(|| (LEFT_OUT.to_owned(), selected.left_out.ranges())),
        text(SHARD, selected.plan.shard.map(|shard| shard.to_string())),
        text(PROTECTED_AT, selected.plan.guards.protect_until.decided_at().map(|at| at.to_string())),
        text(RATE, options.rate.map(|rate| rate.to_string())),
        text(CONCURRENCY, options.concurrency.map(|number| number.to_string())),
        text(MAX_FAILURES, options.max_failures.map(|most| most.to_string())),
        text(DEADLINE, ends_at.map(|at| at.to_string())),
    ];
    stated.into_iter().flatten().collect()
}

/// Reads the plan of a run and cuts it to what the run takes. `input` is where the plan is now, if given.
pub(super) fn plan(
    header: &Header,
    input: Option<Input>,
    set: Vec<(String, String)>,
    context: &Context,
) -> Result<SelectedPlan, SessionError> {
    // What was protected when the run began stays so, and what is protected now by a clock that was set back.
    let decided = read(header, PROTECTED_AT)?.unwrap_or(header.started_at);
    let whole = SelectedPlan::read_again(input, set, &header.plan.path, context)?.begun_at(decided.min(context.now()));
    let left_out = left_out(left_out_ranges(header), header.targets as usize)?;
    Ok(SelectedPlan { left_out, ..whole.take_shard(read(header, SHARD)?)? })
}

/// Returns which targets of the plan the run leaves out, as ranges.
pub(super) fn left_out_ranges(header: &Header) -> &[String] {
    header.options.get(LEFT_OUT).map_or(&[][..], Vec::as_slice)
}

/// States when the run ends, where it has a deadline.
pub(super) fn set_deadline(header: &mut Header, ends_at: Option<Timestamp>) {
    match ends_at {
        Some(at) => header.options.insert(DEADLINE.to_owned(), vec![at.to_string()]),
        None => header.options.remove(DEADLINE),
    };
}

/// Reads which of so many targets are left out.
pub(super) fn left_out(ranges: &[String], targets: usize) -> Result<LeftOut, SessionError> {
    LeftOut::of_ranges(ranges, targets).map_err(|range| invalid(LEFT_OUT, range))
}

/// Fills in the options that are not given anew; returns what was kept, in words, or nothing.
///
/// # Errors
///
/// Fails when one of them cannot be read, and when the deadline has passed.
pub(super) fn keep(
    options: &mut SessionOptions,
    header: &Header,
    now: Timestamp,
) -> Result<Option<String>, SessionError> {
    let mut kept = Vec::new();
    take(&mut options.rate, header, (RATE, "--rate"), &mut kept)?;
    take(&mut options.concurrency, header, (CONCURRENCY, "--concurrency"), &mut kept)?;
    take(&mut options.max_failures, header, (MAX_FAILURES, "--max-failures"), &mut kept)?;
    if options.deadline.is_none()
        && let Some(ends_at) = read::<Timestamp>(header, DEADLINE)?
    {
        let left = left(ends_at, now).ok_or_else(|| {
            let hint = "set a later deadline, such as --deadline 30m; nothing was sent";
            SessionError::input(format!("the run's deadline has passed: it was at {ends_at:.0}"), hint)
        })?;
        options.deadline = Some(left);
        kept.push(format!("--deadline, which ends in {}", spoken(whole(left))));
    }
    Ok((!kept.is_empty()).then(|| format!("keeping the options of the run: {}", kept.join(", "))))
}

fn take<T: FromStr<Err: Display> + Display + Copy>(
    option: &mut Option<T>,
    header: &Header,
    (name, shown): (&str, &str),
    kept: &mut Vec<String>,
) -> Result<(), SessionError> {
    if option.is_none() {
        *option = read(header, name)?;
        kept.extend(option.map(|value| format!("{shown} {value}")));
    }
    Ok(())
}

fn read<T: FromStr<Err: Display>>(header: &Header, name: &str) -> Result<Option<T>, SessionError> {
    let stated = header.options.get(name).and_then(|values| values.first());
    stated.map(|text| text.parse()).transpose().map_err(|error| invalid(name, error))
}

/// Returns the error of an option that cannot be read.
pub(super) fn invalid(name: &str, error: impl Display) -> SessionError {
    let message = format!("invalid option `{name}` in journal: {error}");
    SessionError::input(message, "start a new run of the plan; nothing was sent")
}

/// Returns how long it is from `now` to a moment; `None` where that has passed.
fn left(ends_at: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(ends_at.duration_since(now)).ok().filter(|left| !left.is_zero())
}

/// Rounds a duration down to seconds, for words.
pub(super) const fn whole(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}
