//! The keys of `retry` and `verify`, and what they make of a plan.

use std::time::Duration;

use crate::base::duration::spoken;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::key::{Or, omitted, section};
use crate::plan::limits::{Retry, Verify, VerifyMode};
use crate::plan::reader::Reader;
use crate::plan::suggest::quote;
use crate::plan::value::{DURATION, WAIT, count, word};

section! {
    /// `retry`.
    RETRY: RetryKeys = "retry", "When and how often to retry.";

    max_attempts: Or<u32> = "Maximum number of stop requests for one target, not counting throttled ones.",
        (count::<u32, 1000>(), 8);
    initial_delay: Or<Duration> = "Maximum of the first wait; at most max_delay.", (DURATION, Duration::from_millis(200));
    max_delay: Or<Duration> = "Maximum of every wait, unless the service asks for a longer one.",
        (DURATION, Duration::from_secs(20));
    max_elapsed: Or<Duration> =
        "No new attempt later than this after the target's first request. A resumed run starts the time again.",
        (DURATION, Duration::from_secs(600));
    request_timeout: Or<Duration> = "Timeout of one request, from connecting to the last byte.",
        (DURATION, Duration::from_secs(10));
    connect_timeout: Or<Duration> = "Timeout of connecting; at most request_timeout.", (DURATION, Duration::from_secs(3));
    credentials_wait: Or<Duration> =
        "How long an account may wait for credentials that cannot be had any more; 0s is not at all.",
        (WAIT, Duration::from_secs(120));
}

section! {
    /// `verify`.
    VERIFY: VerifyKeys = "verify", "Whether to read states back.";

    mode: Or<VerifyMode> =
        "Whether to verify states: when the response is inconclusive (auto), after every stop (always), or only after a \
         lost response (off).",
        (word(), VerifyMode::Auto);
    timeout: Or<Duration> = "How long to wait for a stop to end.", (DURATION, Duration::from_secs(300));
}

impl Default for Retry {
    fn default() -> Self {
        omitted(retry)
    }
}

impl Default for Verify {
    fn default() -> Self {
        omitted(verify)
    }
}

pub(super) fn retry(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Retry {
    Retry {
        max_attempts: RETRY.max_attempts.read(fields, reader),
        initial_delay: bounded(fields, &RETRY.initial_delay, &RETRY.max_delay, reader),
        max_delay: RETRY.max_delay.read(fields, reader),
        max_elapsed: RETRY.max_elapsed.read(fields, reader),
        request_timeout: RETRY.request_timeout.read(fields, reader),
        connect_timeout: bounded(fields, &RETRY.connect_timeout, &RETRY.request_timeout, reader),
        credentials_wait: RETRY.credentials_wait.read(fields, reader),
    }
}

pub(super) fn verify(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Verify {
    Verify { mode: VERIFY.mode.read(fields, reader), timeout: VERIFY.timeout.read(fields, reader) }
}

/// Reads a duration that must not be longer than another; a default gives way to what is stated.
fn bounded(fields: &Fields<'_, '_>, key: &Or<Duration>, most: &Or<Duration>, reader: &mut Reader<'_>) -> Duration {
    let bound = reader.unsaid(|quiet| most.read(fields, quiet));
    let (Some(field), Some(stated)) = (fields.get(key.key.name), key.key.read(fields, reader)) else {
        return key.default.min(bound);
    };
    if stated > bound {
        let most = most.key.name;
        let title = format!("{} exceeds {} ({})", quote(key.key.name), quote(most), spoken(bound));
        let finding = Finding::error(field.node.span, title);
        reader.found.push(match fields.get(most) {
            Some(other) => finding.related(other.node.span, "must be at least as long"),
            None => finding.hint(format!("shorten it, or set `{most}` too")),
        });
    }
    stated
}
