//! The keys of `limits`, `retry` and `verify`.

use super::{Key, Section, Takes};

const CONCURRENCY: Takes = Takes::Count(1, 65_536);
const BURST: Takes = Takes::Count(1, u32::MAX as u64);

/// `limits`.
pub static LIMITS: Section = Section {
    about: "How fast to send, and how much at once.",
    keys: &[
        Key::new("concurrency", "The most requests in flight over the whole run.", CONCURRENCY).default("64"),
        Key::new(
            "rate",
            "The rate of every lane, one API of one account; the service's documented quota, else 10/s.",
            Takes::Rate,
        )
        .examples(&["50/s", "80/min"]),
        Key::new("burst", "How many requests may leave at once after a pause.", BURST).examples(&["50"]),
        Key::new("adaptive", "Whether a lane slows down when the service throttles, and recovers.", Takes::Flag)
            .default("true"),
        Key::new("per_kind", "Limits of the lanes that stop targets of one kind.", Takes::PerKind(&KIND_LIMITS)),
    ],
};

/// `limits.per_kind.KIND`.
pub static KIND_LIMITS: Section = Section {
    about: "Limits of the lanes that stop targets of this kind.",
    keys: &[
        Key::new("rate", "The rate of each of these lanes.", Takes::Rate).examples(&["5/s"]),
        Key::new("burst", "How many requests may leave at once after a pause.", BURST).examples(&["5"]),
        Key::new("concurrency", "The most requests in flight in each of these lanes.", CONCURRENCY).examples(&["4"]),
    ],
};

/// `retry`.
pub static RETRY: Section = Section {
    about: "When and how often to try again.",
    keys: &[
        Key::new(
            "max_attempts",
            "The most stop requests for one target, throttled ones not counted.",
            Takes::Count(1, 1000),
        )
        .default("8"),
        Key::new("initial_delay", "The most that the first wait can be; at most max_delay.", Takes::Duration)
            .default("200ms"),
        Key::new("max_delay", "The most that any wait can be, unless the service asks for more.", Takes::Duration)
            .default("20s"),
        Key::new(
            "max_elapsed",
            "No new try after this time since the target's first request; a resumed run measures anew.",
            Takes::Duration,
        )
        .default("10m"),
        Key::new("request_timeout", "The time for one request, from connecting to the last byte.", Takes::Duration)
            .default("10s"),
        Key::new("connect_timeout", "The time for connecting; at most request_timeout.", Takes::Duration).default("3s"),
    ],
};

/// `verify`.
pub static VERIFY: Section = Section {
    about: "Whether to read states back.",
    keys: &[
        Key::new(
            "mode",
            "Whether to read states back where an answer proves nothing, after every stop, or only to settle lost answers.",
            Takes::Word(&["auto", "always", "off"]),
        )
        .default("auto"),
        Key::new("timeout", "How long to wait for a stop to end.", Takes::Duration).default("5m"),
    ],
};
