//! The keys of `limits`, and what they make of a plan.

use crate::plan::fields::Fields;
use crate::plan::key::{Key, Or, Section};
use crate::plan::limits::{KindLimits, Limits};
use crate::plan::reader::Reader;
use crate::plan::value::{Count, Flag, PerKind, RateOf};

const CONCURRENCIES: Count<usize> = Count::new(1, 65_536);
const BURSTS: Count<u32> = Count::new(1, u32::MAX);
const BURST_ABOUT: &str = "How many requests a lane may send at once after an idle time.";

static CONCURRENCY: Key<Count<usize>, Or<usize>> =
    Key::new("concurrency", "Maximum concurrent requests of the whole run.", CONCURRENCIES).or(64);
static RATE: Key<RateOf> = Key::new(
    "rate",
    "Rate limit of every lane (rate-limit group). Default: the service's documented quota, or 10/s.",
    RateOf,
)
.examples(&["50/s", "80/min"]);
static BURST: Key<Count<u32>> = Key::new("burst", BURST_ABOUT, BURSTS).examples(&["50"]);
static ADAPTIVE: Key<Flag, Or<bool>> =
    Key::new("adaptive", "Whether a lane slows down when the service throttles, and recovers.", Flag).or(true);
static PER_KIND: Key<PerKind<KindLimits>> =
    Key::new("per_kind", "Limits of the lanes that stop targets of one kind.", PerKind::new(&KIND_LIMITS, kind_limits));

/// `limits`.
pub static LIMITS: Section = Section {
    place: "limits",
    about: "Rate and concurrency limits.",
    keys: &[&CONCURRENCY, &RATE, &BURST, &ADAPTIVE, &PER_KIND],
};

static KIND_RATE: Key<RateOf> = Key::new("rate", "Rate limit of each of these lanes.", RateOf).examples(&["5/s"]);
static KIND_BURST: Key<Count<u32>> = Key::new("burst", BURST_ABOUT, BURSTS).examples(&["5"]);
static KIND_CONCURRENCY: Key<Count<usize>> =
    Key::new("concurrency", "Maximum concurrent requests of each of these lanes.", CONCURRENCIES).examples(&["4"]);

/// `limits.per_kind.KIND`.
pub static KIND_LIMITS: Section = Section {
    place: "limits.per_kind.KIND",
    about: "Limits of the lanes that stop targets of this kind.",
    keys: &[&KIND_RATE, &KIND_BURST, &KIND_CONCURRENCY],
};

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: CONCURRENCY.default(),
            rate: None,
            burst: None,
            adaptive: ADAPTIVE.default(),
            per_kind: Default::default(),
            shared_by: 1,
        }
    }
}

pub(super) fn limits(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Limits> {
    Some(Limits {
        concurrency: CONCURRENCY.read(fields, reader),
        rate: RATE.read(fields, reader),
        burst: BURST.read(fields, reader),
        adaptive: ADAPTIVE.read(fields, reader),
        per_kind: PER_KIND.read(fields, reader).unwrap_or_default(),
        shared_by: 1,
    })
}

fn kind_limits(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<KindLimits> {
    Some(KindLimits {
        rate: KIND_RATE.read(fields, reader),
        burst: KIND_BURST.read(fields, reader),
        concurrency: KIND_CONCURRENCY.read(fields, reader),
    })
}
