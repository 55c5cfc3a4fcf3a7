//! The keys of `retry` and `verify`, and what they make of a plan.

use std::time::Duration;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::key::{Key, Or, Section};
use crate::plan::limits::{Retry, Verify, VerifyMode};
use crate::plan::reader::Reader;
use crate::plan::suggest::quote;
use crate::plan::units;
use crate::plan::value::{Count, Lasting, Words};

type DurationKey = Key<Lasting, Or<Duration>>;

static MAX_ATTEMPTS: Key<Count<u32>, Or<u32>> = Key::new(
    "max_attempts",
    "Maximum number of stop requests for one target, not counting throttled ones.",
    Count::new(1, 1000),
)
.or(8);
static INITIAL_DELAY: DurationKey =
    Key::new("initial_delay", "Maximum of the first wait; at most max_delay.", Lasting).or(Duration::from_millis(200));
static MAX_DELAY: DurationKey =
    Key::new("max_delay", "Maximum of every wait, unless the service asks for a longer one.", Lasting)
        .or(Duration::from_secs(20));
static MAX_ELAPSED: DurationKey = Key::new(
    "max_elapsed",
    "No new attempt later than this after the target's first request. A resumed run starts the time again.",
    Lasting,
)
.or(Duration::from_secs(600));
static REQUEST_TIMEOUT: DurationKey =
    Key::new("request_timeout", "Timeout of one request, from connecting to the last byte.", Lasting)
        .or(Duration::from_secs(10));
static CONNECT_TIMEOUT: DurationKey =
    Key::new("connect_timeout", "Timeout of connecting; at most request_timeout.", Lasting).or(Duration::from_secs(3));

/// `retry`.
pub static RETRY: Section = Section {
    place: "retry",
    about: "When and how often to retry.",
    keys: &[&MAX_ATTEMPTS, &INITIAL_DELAY, &MAX_DELAY, &MAX_ELAPSED, &REQUEST_TIMEOUT, &CONNECT_TIMEOUT],
};

static MODE: Key<Words<VerifyMode>, Or<VerifyMode>> = Key::new(
    "mode",
    "Whether to verify states: when the response is inconclusive (auto), after every stop (always), or only after a lost \
     response (off).",
    Words(&[("auto", VerifyMode::Auto), ("always", VerifyMode::Always), ("off", VerifyMode::Off)]),
)
.or(VerifyMode::Auto);
static TIMEOUT: DurationKey =
    Key::new("timeout", "How long to wait for a stop to end.", Lasting).or(Duration::from_secs(300));

/// `verify`.
pub static VERIFY: Section =
    Section { place: "verify", about: "Whether to read states back.", keys: &[&MODE, &TIMEOUT] };

impl Default for Retry {
    fn default() -> Self {
        Self {
            max_attempts: MAX_ATTEMPTS.default(),
            initial_delay: INITIAL_DELAY.default(),
            max_delay: MAX_DELAY.default(),
            max_elapsed: MAX_ELAPSED.default(),
            request_timeout: REQUEST_TIMEOUT.default(),
            connect_timeout: CONNECT_TIMEOUT.default(),
        }
    }
}

impl Default for Verify {
    fn default() -> Self {
        Self { mode: MODE.default(), timeout: TIMEOUT.default() }
    }
}

pub(super) fn retry(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Retry> {
    let max_attempts = MAX_ATTEMPTS.read(fields, reader);
    let max_delay = MAX_DELAY.read(fields, reader);
    let request_timeout = REQUEST_TIMEOUT.read(fields, reader);
    Some(Retry {
        max_attempts,
        initial_delay: bounded(fields, &INITIAL_DELAY, (&MAX_DELAY, max_delay), reader),
        max_delay,
        max_elapsed: MAX_ELAPSED.read(fields, reader),
        request_timeout,
        connect_timeout: bounded(fields, &CONNECT_TIMEOUT, (&REQUEST_TIMEOUT, request_timeout), reader),
    })
}

pub(super) fn verify(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Verify> {
    Some(Verify { mode: MODE.read(fields, reader), timeout: TIMEOUT.read(fields, reader) })
}

/// Reads a duration that must not be longer than another; a default gives way to what is stated.
fn bounded(
    fields: &Fields<'_, '_>,
    key: &DurationKey,
    (bound_key, bound): (&DurationKey, Duration),
    reader: &mut Reader<'_>,
) -> Duration {
    let (Some(field), Some(stated)) = (key.field(fields), key.stated(fields, reader)) else {
        return key.default().min(bound);
    };
    if stated > bound {
        let title = format!("{} exceeds {} ({})", quote(key.name), quote(bound_key.name), units::show(bound));
        let finding = Finding::error(field.node.span, title);
        reader.found.push(match bound_key.field(fields) {
            Some(other) => finding.related(other.node.span, "must be at least as long"),
            None => finding.hint(format!("shorten it, or set `{}` too", bound_key.name)),
        });
    }
    stated
}
