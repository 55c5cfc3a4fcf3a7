//! How large what a session tells may be. The engine takes 2 MB in one heartbeat and in one result, and fails the session for
//! good if there are more. Both carry the rows of the session and all that is open.

use std::collections::HashMap;

use allstop::engine::{Attempt, Effect, InProgress};
use allstop::error::ErrorClass;

/// How many bytes of rows a session brings. All of them are in each of its heartbeats.
pub(super) const MOST_ROWS: usize = 256 * 1024;

/// How many bytes rows and open targets may have together, before they are packed. Further targets wait then.
pub(super) const MOST: usize = 1024 * 1024;

/// The longest state of a heartbeat, packed, that is sent.
pub(super) const LONGEST: usize = 2_000_000;

/// The least that an open target counts: about what it has when its stop was accepted.
const LEAST: usize = 128;

/// The most that an attempt has besides its texts, and an open target besides its attempts.
const BARE: usize = 56;

/// How much of attempts is told that did not settle their target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// All that is known.
    Full,
    /// No message of the service and no id of the request.
    Wordless,
    /// Nothing of those that stopped nothing. Their targets are in doubt after a kill.
    Silent,
}

/// Returns how much an open target counts.
pub(super) fn weight(open: &InProgress) -> usize {
    (BARE + open.attempts.iter().map(of_attempt).sum::<usize>()).max(LEAST)
}

fn of_attempt(attempt: &Attempt) -> usize {
    let Attempt { code, message, request_id, .. } = attempt;
    BARE + [code, message, request_id].into_iter().flatten().map(|text| text.len()).sum::<usize>()
}

/// Returns how many more targets may be taken up where there are so many bytes.
pub(super) const fn left(bytes: usize) -> usize {
    MOST.saturating_sub(bytes) / LEAST
}

impl Detail {
    /// Returns how much is told where there are so many bytes.
    pub(super) const fn at(bytes: usize) -> Self {
        if bytes < MOST {
            Self::Full
        } else if bytes < 2 * MOST {
            Self::Wordless
        } else {
            Self::Silent
        }
    }

    /// Returns what is told of an attempt, if anything is.
    pub(super) fn of(self, attempt: &Attempt, effect: Effect) -> Option<Attempt> {
        match self {
            Self::Full => Some(attempt.clone()),
            Self::Silent if effect < Effect::Accepted => None,
            Self::Wordless | Self::Silent => Some(wordless(attempt)),
        }
    }
}

fn wordless(attempt: &Attempt) -> Attempt {
    Attempt { message: None, request_id: None, ..attempt.clone() }
}

/// Returns what is open with less detail, where it is too much for a result.
///
/// Attempts that were throttled are left out first, as they count for nothing.
pub(super) fn fitted(open: &HashMap<u32, InProgress>) -> Option<HashMap<u32, InProgress>> {
    if fits(open) {
        return None;
    }
    let with = |less: fn(&[Attempt]) -> Vec<Attempt>| -> HashMap<u32, InProgress> {
        let less = |open: &InProgress| InProgress { attempts: less(&open.attempts), ..open.clone() };
        open.iter().map(|(target, open)| (*target, less(open))).collect()
    };
    let shorter = with(|attempts| attempts.iter().map(wordless).collect());
    if fits(&shorter) {
        return Some(shorter);
    }
    Some(with(|attempts| {
        let last = attempts.len().saturating_sub(1);
        let counts = |(at, attempt): &(usize, &Attempt)| *at == last || attempt.class != Some(ErrorClass::Throttled);
        attempts.iter().enumerate().filter(counts).map(|(_, attempt)| wordless(attempt)).collect()
    }))
}

fn fits(open: &HashMap<u32, InProgress>) -> bool {
    open.values().map(weight).sum::<usize>() < MOST
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use allstop::Timestamp;

    use super::*;

    /// Returns an attempt with an id of its own, as services have them; `number` makes it.
    pub(in crate::session) fn throttled(number: u64) -> Attempt {
        // Hexadecimal digits that do not compress.
        let mix =
            |salt: u64| (number ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(salt | 1);
        let id = format!("{:016X}{:016X}", mix(0x51_7cc1_b727_220a), mix(0x2545_f491_4f6c_dd1d));
        let nanos = i64::try_from(mix(77) % 1_000_000_000).unwrap();
        Attempt {
            n: 1,
            at: Timestamp::from_second(1_795_651_200 + nanos / 7_000_000).unwrap()
                + Duration::from_nanos(mix(3) % 1_000_000_000),
            duration: Duration::from_nanos(mix(9) % 1_000_000_000),
            http_status: Some(429),
            code: Some("ResourceThrottled".into()),
            message: Some("The request was denied due to request throttling, please retry later.".into()),
            request_id: Some(id.into()),
            class: Some(ErrorClass::Throttled),
            retry_in: Some(Duration::from_nanos(mix(5) % 1_000_000_000)),
            batch: None,
        }
    }

    #[test]
    fn a_target_counts_at_least_what_it_has() {
        for attempts in 0..5 {
            let attempts = (0..attempts).map(throttled).collect();
            let sending = Some((u32::MAX, Timestamp::MAX));
            let open = InProgress { attempts, effect: Effect::Lost, sending, is_handed_over: false };
            let bytes = postcard::to_stdvec(&(u32::MAX, &open)).unwrap().len();
            assert!(bytes <= weight(&open), "{bytes} > {}", weight(&open));
        }
        let largest = Attempt {
            n: u32::MAX,
            at: Timestamp::MAX,
            duration: Duration::from_secs(86_400),
            http_status: Some(u16::MAX),
            retry_in: Some(Duration::from_secs(86_400)),
            batch: Some(u32::MAX),
            ..throttled(0)
        };
        assert!(postcard::to_stdvec(&largest).unwrap().len() <= of_attempt(&largest));
    }

    #[test]
    fn what_does_not_fit_loses_its_words_first_and_its_throttled_attempts_then() {
        let of = |targets: u32, attempts: u64| -> HashMap<u32, InProgress> {
            let target = |n: u32| {
                let attempts = (0..attempts).map(|m| throttled(u64::from(n) * attempts + m)).collect();
                (n, InProgress { attempts, ..InProgress::default() })
            };
            (0..targets).map(target).collect()
        };
        let few = of(1_000, 2);
        assert_eq!(fitted(&few), None);
        let more = fitted(&of(4_000, 2)).unwrap();
        assert!(more.values().all(|open| open.attempts.len() == 2 && open.attempts[0].request_id.is_none()));
        let many = fitted(&of(8_000, 40)).unwrap();
        assert!(many.values().all(|open| open.attempts.len() == 1 && open.attempts[0].code.is_some()));
    }
}
