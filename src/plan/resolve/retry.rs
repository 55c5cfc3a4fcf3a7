//! Reads `retry` and `verify`.

use std::time::Duration;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::model::{Retry, Verify, VerifyMode};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::units;

pub(super) fn retry(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Retry> {
    let fields = reader.fields(field, "`retry`", &format::RETRY.names())?;
    let default = Retry::default();
    let attempts = fields.get("max_attempts").and_then(|field| reader.count(field, 1..=1000));
    let max_attempts = attempts.and_then(|count| u32::try_from(count).ok()).unwrap_or(default.max_attempts);
    let max_delay = duration(&fields, "max_delay", reader).unwrap_or(default.max_delay);
    let request_timeout = duration(&fields, "request_timeout", reader).unwrap_or(default.request_timeout);
    Some(Retry {
        max_attempts,
        initial_delay: bounded(&fields, ("initial_delay", default.initial_delay), ("max_delay", max_delay), reader),
        max_delay,
        max_elapsed: duration(&fields, "max_elapsed", reader).unwrap_or(default.max_elapsed),
        request_timeout,
        connect_timeout: bounded(
            &fields,
            ("connect_timeout", default.connect_timeout),
            ("request_timeout", request_timeout),
            reader,
        ),
    })
}

pub(super) fn verify(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Verify> {
    let fields = reader.fields(field, "`verify`", &format::VERIFY.names())?;
    let modes = [("auto", VerifyMode::Auto), ("always", VerifyMode::Always), ("off", VerifyMode::Off)];
    let default = Verify::default();
    Some(Verify {
        mode: fields.get("mode").and_then(|field| reader.word(field, &modes)).unwrap_or(default.mode),
        timeout: duration(&fields, "timeout", reader).unwrap_or(default.timeout),
    })
}

fn duration(fields: &Fields<'_, '_>, key: &'static str, reader: &mut Reader<'_>) -> Option<Duration> {
    fields.get(key).and_then(|field| reader.duration(field))
}

/// Reads a duration that must not be longer than another; a default gives way to what is stated.
fn bounded(
    fields: &Fields<'_, '_>,
    (key, default): (&'static str, Duration),
    (bound_key, bound): (&'static str, Duration),
    reader: &mut Reader<'_>,
) -> Duration {
    let Some((field, stated)) = fields.get(key).and_then(|field| Some((field, reader.duration(field)?))) else {
        return default.min(bound);
    };
    if stated > bound {
        let title = format!("{} is longer than {}, which is {}", quote(key), quote(bound_key), units::show(bound));
        let finding = Finding::error(field.node.span, title);
        reader.found.push(match fields.get(bound_key) {
            Some(other) => finding.related(other.node.span, "must be at least as long"),
            None => finding.hint(format!("shorten it, or set `{bound_key}` too")),
        });
    }
    stated
}
