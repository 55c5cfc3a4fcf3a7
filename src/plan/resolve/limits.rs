//! Reads `limits`.

use crate::plan::finding::Finding;
use crate::plan::format;
use crate::plan::model::{KindLimits, Limits};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::service::Kind;

const MAX_CONCURRENCY: u64 = 65_536;

pub(super) fn limits(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Limits> {
    let fields = reader.fields(field, "`limits`", &format::LIMITS.names())?;
    let default = Limits::default();
    let mut limits = Limits {
        concurrency: fields
            .get("concurrency")
            .and_then(|field| concurrency(field, reader))
            .unwrap_or(default.concurrency),
        rate: fields.get("rate").and_then(|field| reader.rate(field)),
        burst: fields.get("burst").and_then(|field| burst(field, reader)),
        adaptive: fields.get("adaptive").and_then(|field| reader.flag(field)).unwrap_or(default.adaptive),
        ..default
    };
    let kinds = fields.get("per_kind").and_then(|field| reader.entries(field)).unwrap_or_default();
    for entry in kinds {
        let name = entry.name();
        let Some(kind) = Kind::named(name) else {
            let hint = suggest::hint(name, Kind::all().iter().map(|kind| kind.name()));
            let title = format!("{} is not a kind of target", quote(name));
            reader.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
            continue;
        };
        let own = kind_limits(Field { name, node: &entry.value }, reader);
        limits.per_kind.insert(kind.name(), own.unwrap_or_default());
    }
    Some(limits)
}

fn kind_limits(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<KindLimits> {
    let owner = format!("the limits of {}", quote(field.name));
    let fields = reader.fields(field, &owner, &format::KIND_LIMITS.names())?;
    Some(KindLimits {
        rate: fields.get("rate").and_then(|field| reader.rate(field)),
        burst: fields.get("burst").and_then(|field| burst(field, reader)),
        concurrency: fields.get("concurrency").and_then(|field| concurrency(field, reader)),
    })
}

fn concurrency(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<usize> {
    reader.count(field, 1..=MAX_CONCURRENCY).and_then(|count| usize::try_from(count).ok())
}

fn burst(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<u32> {
    reader.count(field, 1..=u64::from(u32::MAX)).and_then(|count| u32::try_from(count).ok())
}
