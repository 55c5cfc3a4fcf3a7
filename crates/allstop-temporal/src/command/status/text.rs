//! How runs stand, as tables.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use allstop::report::{HumanCount, escaped_lines, grid, spoken};
use allstop::{Escaped, Timestamp};

use crate::history::{LaneStanding, LaneStatus, RunLine, RunList, RunStanding, run_name};
use crate::submit::worker_of;

/// Returns the runs of a namespace as a table.
pub(super) fn list(list: &RunList, namespace: &str, now: Timestamp) -> String {
    if list.runs.is_empty() {
        return format!("There is no run in the namespace {}.", Escaped(namespace));
    }
    let mut rows = vec![["RUN", "PLAN", "BY", "TARGETS", "STATUS", "SINCE"].map(str::to_owned)];
    let mut latest = BTreeMap::new();
    for run in &list.runs {
        let is_latest = *latest.entry(&run.workflow_id).or_insert(&run.run_id) == &run.run_id;
        rows.push(line(run, is_latest, now).map(|cell| Escaped(&cell).to_string()));
    }
    let more = if list.has_more { "\n  earlier runs are not shown" } else { "" };
    format!("{}{more}", grid(&rows, &[3]).trim_end_matches('\n'))
}

fn line(run: &RunLine, is_latest: bool, now: Timestamp) -> [String; 6] {
    let name = if is_latest { run.name.clone() } else { format!("{} --run-id {}", run.name, run.run_id) };
    let since = run.ended_at.unwrap_or(run.started_at);
    [
        name,
        run.plan.clone().unwrap_or_default(),
        run.by.clone().unwrap_or_default(),
        run.targets.map(|targets| HumanCount(targets).to_string()).unwrap_or_default(),
        run.status.words().to_owned(),
        format!("{}, {} ago", moment(since), age(since, now)),
    ]
}

/// Returns a run as a line, a table of its lanes, and what to do; `words` name it on a command line.
pub(super) fn run(run: &RunStanding, words: &str, now: Timestamp) -> String {
    let mut text = format!("{}\n\n", head(run, now));
    let mut rows = vec![
        ["LANE", "STATUS", "TARGETS", "OPEN", "IN DOUBT", "RATE", "LEFT", "WORKER", "HEARTBEAT"].map(str::to_owned),
    ];
    rows.extend(run.lanes.iter().map(|lane| cells(lane, now).map(|cell| Escaped(&cell).to_string())));
    if !run.lanes.is_empty() {
        text += &grid(&rows, &[2, 3, 4, 5]);
    }
    let told: Vec<String> = notes(&run.lanes);
    if !told.is_empty() {
        text += "\n";
    }
    told.iter().for_each(|note| text += &format!("{}\n", escaped_lines(note)));
    if let Some(next) = next(run, words) {
        text += &format!("\nNext: {}\n", Escaped(&next));
    }
    text.trim_end_matches('\n').to_owned()
}

fn head(run: &RunStanding, now: Timestamp) -> String {
    let plan = run.plan.as_ref().map(|plan| format!(" of plan {plan}")).unwrap_or_default();
    let who = run.by.as_ref().map(|who| format!(", submitted by {who}")).unwrap_or_default();
    let since = run.ended_at.unwrap_or(run.started_at);
    let by = run.ended_by.as_ref().map(|by| format!(" ({})", one_line(by))).unwrap_or_default();
    let left = run.seconds_left.filter(|_| run.goes_on() && run.done < run.targets);
    let left = left.map(|left| format!("; about {} left", spoken(Duration::from_secs(left)))).unwrap_or_default();
    let far = match run.lists {
        true => "a worker lists what the plan selects; nothing was sent".to_owned(),
        false => run.outcomes(),
    };
    let status = run.status.words();
    let line = format!("Run {}{plan}{who}: {status}{by} since {}, {} ago", run.name, moment(since), age(since, now));
    let lines = [line, format!("{far}{left}")].into_iter().chain(troubles(run));
    lines.map(|line| Escaped(&line).to_string()).collect::<Vec<_>>().join("\n")
}

/// Returns what the run itself waits for.
fn troubles(run: &RunStanding) -> impl Iterator<Item = String> {
    let waits = if run.waits_for_worker { "waits for a worker" } else { "requests in flight finish" };
    let by = run.cancelled_by.as_ref().map(|by| format!(": {}", one_line(by))).unwrap_or_default();
    let cancelled = run.cancel_requested.then(|| format!("cancel requested{by}; {waits}"));
    let idle = (run.waits_for_worker && !run.cancel_requested).then(|| "waits for a worker".to_owned());
    cancelled.or(idle).into_iter().chain(fails(CARRY_OUT, run.failing_attempt, run.failing_reason.as_deref()))
}

/// What workers do for a run or a lane, and for a quota.
const CARRY_OUT: &str = "carry it out";
const GRANT: &str = "grant the quota";

/// Says that workers fail to do what a workflow is for, if so.
fn fails(what: &str, attempt: Option<u32>, reason: Option<&str>) -> Option<String> {
    let attempt = attempt?;
    Some(failing(&format!("{what} (attempt {attempt})"), reason))
}

/// Says that workers fail to do this, and why.
fn failing(what: &str, reason: Option<&str>) -> String {
    let reason = reason.map_or_else(
        || "is the payload key missing, or are they of another version?".to_owned(),
        |reason| format!("the first one said: {}", one_line(reason)),
    );
    format!("workers fail to {what}: {reason}")
}

/// Says what workers fail to do for a run, each for one reason, whatever the attempt.
pub(in crate::command) fn failures(run: &RunStanding) -> Vec<String> {
    let of_run = run.failing_attempt.map(|_| failing(CARRY_OUT, run.failing_reason.as_deref()));
    let of_lanes = run.lanes.iter().flat_map(|lane| {
        let failed = at_lane(lane).into_iter().filter(|(_, attempt, _)| attempt.is_some());
        failed.map(|(what, _, reason)| format!("{}: {}", name(lane), failing(what, reason)))
    });
    of_run.into_iter().chain(of_lanes).collect()
}

/// Returns what workers do for a lane, the attempt that they fail at, if so, and why.
fn at_lane(lane: &LaneStanding) -> [(&'static str, Option<u32>, Option<&str>); 2] {
    [
        (CARRY_OUT, lane.failing_attempt, lane.failing_reason.as_deref()),
        (GRANT, lane.quota_failing_attempt, lane.quota_failing_reason.as_deref()),
    ]
}

/// Returns a text as one line.
fn one_line(text: &str) -> String {
    lines(text).join(" ")
}

/// Returns a text with its lines, all but the first indented.
fn indented(text: &str) -> String {
    lines(text).join("\n  ")
}

/// Returns the lines of a text.
fn lines(text: &str) -> Vec<String> {
    // A failure that is told as JSON has its line breaks escaped.
    let text = text.replace("\\n", "\n");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

fn cells(lane: &LaneStanding, now: Timestamp) -> [String; 9] {
    let some = |count: u64| if count == 0 { String::new() } else { HumanCount(count).to_string() };
    let left = lane.seconds_left.filter(|_| lane.done < lane.targets);
    [
        name(lane),
        status(lane.status).to_owned(),
        format!("{}/{}", HumanCount(lane.done), HumanCount(lane.targets)),
        some(lane.open),
        some(lane.in_doubt),
        lane.rate.map(|rate| format!("{rate:.1}/s")).unwrap_or_default(),
        left.map(|left| spoken(Duration::from_secs(left))).unwrap_or_default(),
        lane.holder.clone().unwrap_or_default(),
        lane.heartbeat_at.map(|at| heartbeat(at, lane.is_overdue, now)).unwrap_or_default(),
    ]
}

/// Says in a line what a lane does.
pub(in crate::command) fn lane_line(lane: &LaneStanding) -> String {
    let by = lane.holder.as_ref().map(|holder| format!(" by {holder}")).unwrap_or_default();
    format!("{}: {}{by}", name(lane), status(lane.status))
}

fn heartbeat(at: Timestamp, is_overdue: bool, now: Timestamp) -> String {
    if is_overdue { format!("no heartbeat for {}", age(at, now)) } else { format!("{} ago", age(at, now)) }
}

const fn status(status: LaneStatus) -> &'static str {
    match status {
        LaneStatus::NotBegun => "not begun",
        LaneStatus::WaitsForQuota => "waits for the quota",
        LaneStatus::WaitsForFailures => "waits for a share of max_failures",
        LaneStatus::WaitsForWorker => "waits for a worker",
        LaneStatus::Held => "held",
        LaneStatus::Between => "between two sessions",
        LaneStatus::Ended => "ended",
        LaneStatus::Lost => "lost",
    }
}

/// Returns what else is to be said of lanes. A long reason is told once.
fn notes(lanes: &[LaneStanding]) -> Vec<String> {
    let mut told = BTreeMap::new();
    let notes = lanes.iter().flat_map(|lane| {
        let reason = lane.failure.as_deref().filter(|reason| !lane.is_over() && lines(reason).len() > 1);
        match reason.map(|reason| *told.entry(reason).or_insert(lane.number)).filter(|first| *first != lane.number) {
            Some(first) => {
                let first = lanes.iter().find(|lane| lane.number == first).map(name).unwrap_or_default();
                vec![format!("{}: the last session failed for the same reason as that of {first}", name(lane))]
            }
            None => lane_notes(lane),
        }
    });
    notes.collect()
}

fn lane_notes(lane: &LaneStanding) -> Vec<String> {
    let holder = lane.waits_for.as_deref().map(|holder| format!("the run {} holds the quota", run_name(holder)));
    let failure = lane
        .failure
        .as_deref()
        .map(indented)
        .map(|failure| if lane.is_over() { failure } else { format!("the last session failed: {failure}") });
    holder
        .into_iter()
        .chain(failure)
        .chain(at_lane(lane).into_iter().filter_map(|(what, attempt, reason)| fails(what, attempt, reason)))
        .map(|note| format!("{}: {note}", name(lane)))
        .collect()
}

/// Returns what to do next.
fn next(run: &RunStanding, words: &str) -> Option<String> {
    if !run.goes_on() {
        return Some(format!("allstop-temporal report {words}"));
    }
    if run.failing_attempt.is_some() || run.lanes.iter().any(|lane| lane.failing_attempt.is_some()) {
        return Some(
            "start workers of the version that submitted the run, with its --payload-key-file if it has one".to_owned(),
        );
    }
    if run.lanes.iter().any(|lane| lane.quota_failing_attempt.is_some()) {
        let next = "start workers of the latest version that submits runs to the namespace, with the payload key of its runs if \
                    they have one";
        return Some(next.to_owned());
    }
    let refused = refused(run);
    let idle = idle(run).into_iter().filter(|queue| !refused.contains(queue)).collect();
    let has = if refused.len() == 1 { "has" } else { "have" };
    let able = start(&refused, run).map(|start| {
        format!(
            "{start} that {has} what the reason above names, such as credentials; a service that is away is asked again"
        )
    });
    let idle = start(&idle, run).map(|start| format!("{start} if it stays so"));
    let steps: Vec<_> = able.into_iter().chain(idle).collect();
    (!steps.is_empty()).then(|| steps.join("; "))
}

/// Says how to start workers of these task queues.
fn start(queues: &BTreeSet<&str>, run: &RunStanding) -> Option<String> {
    let workers: Vec<_> = queues.iter().map(|queue| format!("`{}`", worker_of(queue, &run.queue))).collect();
    let (last, others) = workers.split_last()?;
    Some(match others {
        [] => format!("start a worker with {last}"),
        others => format!("start workers with {} and {last}", others.join(", ")),
    })
}

/// Returns the task queues of lanes that a worker has refused, as without credentials: another one like it would, too.
fn refused(run: &RunStanding) -> BTreeSet<&str> {
    let refused = run.lanes.iter().filter(|lane| lane.is_refused && !lane.is_over());
    refused.map(|lane| lane.queue.as_str()).collect()
}

/// Returns the task queues that it seems nobody serves: all lanes of them wait.
fn idle(run: &RunStanding) -> BTreeSet<&str> {
    let waits = |lane: &&LaneStanding| matches!(lane.status, LaneStatus::NotBegun | LaneStatus::WaitsForWorker);
    let going_on = || run.lanes.iter().filter(|lane| !lane.is_over());
    let served: BTreeSet<_> = going_on().filter(|lane| !waits(lane)).map(|lane| lane.queue.as_str()).collect();
    let waiting = going_on().filter(waits).map(|lane| lane.queue.as_str());
    let idle: BTreeSet<_> = waiting.filter(|queue| !served.contains(queue)).collect();
    match idle.is_empty() && run.waits_for_worker {
        true => BTreeSet::from([run.queue.as_str()]),
        false => idle,
    }
}

fn name(lane: &LaneStanding) -> String {
    format!("{} {} {}", lane.account, lane.region, lane.api)
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Returns how long ago something was; the engine's clock may be ahead of this one.
fn age(at: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(at);
    spoken(if age.is_negative() { Duration::ZERO } else { age.unsigned_abs() })
}
