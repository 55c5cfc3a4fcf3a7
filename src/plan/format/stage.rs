//! The keys of the entries of `stages`, and what they make of a plan.

use crate::plan::fields::Fields;
use crate::plan::guards::MaxFailures;
use crate::plan::key::{Form, InContext, Key, Takes, section};
use crate::plan::reader::Reader;
use crate::plan::stage::{Canary, Pause, Stage};
use crate::plan::value::{MAX_FAILURES, NAME, PAUSE};

section! {
    /// An entry of `stages`.
    STAGE: StageKeys = "stages", "A stage: targets that are stopped before those of the next stage.";

    name: Key<String> = "Name of the stage, unique in the plan; its targets have it as the label `stage`.", NAME,
        required(), examples(&["pilot"]);
    targets: Key<InContext> = "What to stop in this stage, as `targets` of a plan.",
        Form::in_context(|| Takes::TargetList), required();
    canary: Key<MaxFailures> =
        "Stop this many of its targets first, and the others only if each of these is stopped: a count or a percentage.",
        MAX_FAILURES, examples(&["3", "5%"]);
    pause: Key<Pause> =
        "Wait this long after the canary and before the next stage, or `ask` whether to go on.", PAUSE,
        examples(&["30s", "ask"]);
    max_failures: Key<MaxFailures> =
        "End the run when this many targets of the stage have failed: a count or a percentage.", MAX_FAILURES,
        examples(&["1", "10%"]);
}

/// Reads a stage without its targets.
pub(in crate::plan) fn stage(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Stage> {
    let name = STAGE.name.read(fields, reader);
    let canary = STAGE.canary.read(fields, reader).map(Canary::new);
    let pause = STAGE.pause.read(fields, reader);
    let max_failures = STAGE.max_failures.read(fields, reader);
    Some(Stage { name: name?, canary, pause, max_failures })
}
