//! The keys of `limits`, and what they make of a plan.

use std::collections::BTreeMap;

use crate::base::rate::Rate;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::key::{Form, Key, Or, Takes, omitted, section};
use crate::plan::limits::{KindLimits, Limits};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::value::{FLAG, RATE, count};
use crate::service::Kind;

const CONCURRENCY: Form<usize> = count::<usize, 65_536>();
/// As many as the service takes that takes most.
const BATCH: Form<usize> = count::<usize, 10>();
const BURST: Form<u32> = count::<u32, { u32::MAX as u64 }>();
const BURST_ABOUT: &str = "How many requests a lane may send at once after an idle time.";

section! {
    /// `limits`.
    LIMITS: LimitsKeys = "limits", "Rate and concurrency limits.";

    concurrency: Or<usize> = "Maximum concurrent requests of the whole run.", (CONCURRENCY, 64);
    rate: Key<Rate> = "Rate limit of every lane (rate-limit group). Default: the service's documented quota, or 10/s.",
        RATE, examples(&["50/s", "80/min"]);
    burst: Key<u32> = BURST_ABOUT, BURST, examples(&["50"]);
    adaptive: Or<bool> = "Whether a lane slows down when the service throttles, and recovers.", (FLAG, true);
    per_kind: Key<BTreeMap<String, KindLimits>> = "Limits of the lanes that stop targets of one kind.",
        Form { takes: || Takes::PerKind(KIND_LIMITS.section()), read: per_kind };
}

section! {
    /// `limits.per_kind.KIND`.
    KIND_LIMITS: KindLimitsKeys = "limits.per_kind.KIND", "Limits of the lanes that stop targets of this kind.";

    rate: Key<Rate> = "Rate limit of each of these lanes.", RATE, examples(&["5/s"]);
    burst: Key<u32> = BURST_ABOUT, BURST, examples(&["5"]);
    concurrency: Key<usize> = "Maximum concurrent requests of each of these lanes.", CONCURRENCY, examples(&["4"]);
    batch: Key<usize> = "Maximum targets that one request stops; 1 stops them one by one. Only for `drs_job`. Default: 10.",
        BATCH, examples(&["1"]), of_kinds(stops_several);
}

impl Default for Limits {
    fn default() -> Self {
        omitted(limits)
    }
}

pub(super) fn limits(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Limits {
    Limits {
        concurrency: LIMITS.concurrency.read(fields, reader),
        rate: LIMITS.rate.read(fields, reader),
        burst: LIMITS.burst.read(fields, reader),
        adaptive: LIMITS.adaptive.read(fields, reader),
        per_kind: LIMITS.per_kind.read(fields, reader).unwrap_or_default(),
        shared_by: 1,
    }
}

fn per_kind(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<BTreeMap<String, KindLimits>> {
    let mut limits = BTreeMap::new();
    for entry in reader.entries(field)? {
        let name = entry.name();
        let Some(kind) = Kind::named(name) else {
            let hint = suggest::hint(name, Kind::all().iter().map(|kind| kind.name));
            let title = format!("{} is not a kind of target", quote(name));
            reader.found.push(Finding::error(entry.key.span, title).maybe_hint(hint));
            continue;
        };
        let own = kind_limits(kind, Field { name, node: &entry.value }, reader);
        limits.extend(own.map(|own| (kind.name.to_owned(), own)));
    }
    Some(limits)
}

/// Tells whether one request can stop several targets of a kind.
fn stops_several(kind: Kind) -> bool {
    kind.stop_batch() > 1
}

fn kind_limits(kind: Kind, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<KindLimits> {
    let owner = format!("the limits of {}", quote(field.name));
    let batch = KIND_LIMITS.batch.name;
    let foreign = reader.entries(field)?.iter().find(|entry| entry.name() == batch && !stops_several(kind));
    let of_kind = |name: &&'static str| foreign.is_some() || *name != batch || stops_several(kind);
    let names: Vec<_> = KindLimitsKeys::NAMES.iter().copied().filter(of_kind).collect();
    if let Some(foreign) = foreign {
        let kinds: Vec<_> =
            Kind::all().iter().filter(|kind| stops_several(**kind)).map(|kind| quote(kind.name)).collect();
        let title = format!("{} is only for {}", quote(batch), kinds.join(" and "));
        let hint = format!("leave it out: targets of {} are stopped one by one", quote(kind.name));
        reader.found.push(Finding::error(foreign.key.span, title).hint(hint));
    }
    let fields = reader.fields(field, owner, &names)?;
    Some(KindLimits {
        rate: KIND_LIMITS.rate.read(&fields, reader),
        burst: KIND_LIMITS.burst.read(&fields, reader),
        concurrency: KIND_LIMITS.concurrency.read(&fields, reader),
        batch: KIND_LIMITS.batch.read(&fields, reader),
    })
}
