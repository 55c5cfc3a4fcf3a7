//! How large what a session tells may be. The engine takes 2 MB in one heartbeat and in one result, and fails the session for
//! good if there are more. Both carry the rows of the session and all that is open.

use std::borrow::Cow;

use allstop::engine::{Attempt, Effect, InProgress, TargetError, TargetResult};
use allstop::error::ErrorClass;

/// How many bytes of rows a session brings. All of them are in each of its heartbeats.
pub(super) const MOST_ROWS: usize = 256 * 1024;

/// How many bytes rows and open targets may have together, before they are packed. Further targets wait then.
const MOST: usize = 1024 * 1024;

/// The longest state of a heartbeat, packed, that is sent.
pub(super) const LONGEST: usize = 2_000_000;

/// The longest that rows and open targets of a result are, packed. The rest of it takes its room, too.
const LONGEST_RESULT: usize = LONGEST / 4 * 3;

/// How many characters are left of the message of a row's error where there is less detail.
const SHORT: usize = 64;

/// The least that an open target counts: about what it has when its stop was accepted.
const LEAST: usize = 128;

/// The most that an attempt has besides its texts, and an open target besides its attempts.
const BARE: usize = 56;

/// How much is told of attempts and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// All that is known.
    Full,
    /// No message of the service and no id of the request.
    Wordless,
    /// Nothing of attempts that stopped nothing: an open target is in doubt after a kill, a row has at most two attempts.
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

    /// Returns what is told of a row.
    pub(super) fn row(self, row: &TargetResult) -> Cow<'_, TargetResult> {
        if self == Self::Full {
            return Cow::Borrowed(row);
        }
        let error = row.error.as_deref().map(|error| Box::new(short(error)));
        Cow::Owned(TargetResult { error, attempts: self.attempts(&row.attempts), ..row.clone() })
    }

    /// Returns what is told of an open target that is handed over.
    pub(super) fn open(self, open: &InProgress) -> InProgress {
        InProgress { attempts: self.attempts(&open.attempts), ..open.clone() }
    }

    fn attempts(self, attempts: &[Attempt]) -> Vec<Attempt> {
        // Of thousands of targets, each may have dozens. Throttled ones count for nothing.
        let counts = attempts.iter().rposition(|attempt| attempt.class != Some(ErrorClass::Throttled));
        let is_told = |at: usize| self != Self::Silent || at + 1 == attempts.len() || Some(at) == counts;
        let told = attempts.iter().enumerate().filter(|(at, _)| is_told(*at));
        told.map(|(_, attempt)| if self == Self::Full { attempt.clone() } else { wordless(attempt) }).collect()
    }
}

fn wordless(attempt: &Attempt) -> Attempt {
    Attempt { message: None, request_id: None, ..attempt.clone() }
}

/// The row's one reason stays readable.
fn short(error: &TargetError) -> TargetError {
    TargetError { message: error.message.chars().take(SHORT).collect(), request_id: None, ..error.clone() }
}

/// Returns what a session brings, with the most detail that a result has room for. `with` returns it with so much detail,
/// how much its open targets count, and how long it is when it is packed.
pub(super) fn fitted<T, E>(with: impl Fn(Detail) -> Result<(T, usize, usize), E>) -> Result<T, E> {
    for detail in [Detail::Full, Detail::Wordless] {
        let (brought, open, packed) = with(detail)?;
        // The heartbeats of the next session begin with what is open.
        if open < MOST && packed < LONGEST_RESULT {
            return Ok(brought);
        }
    }
    with(Detail::Silent).map(|(brought, ..)| brought)
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use allstop::Timestamp;
    use data_encoding::BASE64;

    use super::*;

    /// Returns an attempt with an id and a message of its own, of 300 bytes; `number` makes them.
    pub(in crate::session) fn throttled(number: u64) -> Attempt {
        // They do not compress.
        let mix =
            |salt: u64| (number ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(salt | 1);
        let id = format!("{:016X}{:016X}", mix(0x51_7cc1_b727_220a), mix(0x2545_f491_4f6c_dd1d));
        let message: Vec<u8> = (0..28).flat_map(|salt| mix(salt * 2 + 101).to_le_bytes()).collect();
        let nanos = i64::try_from(mix(77) % 1_000_000_000).unwrap();
        Attempt {
            n: 1,
            at: Timestamp::from_second(1_795_651_200 + nanos / 7_000_000).unwrap()
                + Duration::from_nanos(mix(3) % 1_000_000_000),
            duration: Duration::from_nanos(mix(9) % 1_000_000_000),
            http_status: Some(429),
            code: Some("ResourceThrottled".into()),
            message: Some(BASE64.encode(&message).into()),
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

    /// Returns what is brought of so many open targets with so many attempts, if it is so long when it is packed.
    fn handed_over(targets: u32, attempts: u64, packed: usize) -> Vec<InProgress> {
        let target = |n: u32| {
            let attempts = (0..attempts).map(|m| throttled(u64::from(n) * attempts + m)).collect();
            InProgress { attempts, ..InProgress::default() }
        };
        let all: Vec<InProgress> = (0..targets).map(target).collect();
        let with = |detail: Detail| {
            let brought: Vec<InProgress> = all.iter().map(|open| detail.open(open)).collect();
            let open = brought.iter().map(weight).sum();
            Ok::<_, ()>((brought, open, if detail == Detail::Silent { 0 } else { packed }))
        };
        fitted(with).unwrap()
    }

    #[test]
    fn what_does_not_fit_loses_its_words_first_and_its_throttled_attempts_then() {
        let few = handed_over(1_000, 2, 0);
        assert!(few.iter().all(|open| open.attempts.len() == 2 && open.attempts[0].message.is_some()));
        let more = handed_over(4_000, 2, 0);
        assert!(more.iter().all(|open| open.attempts.len() == 2 && open.attempts[0].request_id.is_none()));
        for (targets, attempts, packed) in [(8_000, 40, 0), (10, 40, LONGEST_RESULT)] {
            let many = handed_over(targets, attempts, packed);
            assert!(many.iter().all(|open| open.attempts.len() == 1 && open.attempts[0].code.is_some()));
        }
    }

    #[test]
    fn a_row_keeps_what_counts() {
        let mut attempts: Vec<Attempt> = (0..9).map(|n| Attempt { n: n + 1, ..throttled(n.into()) }).collect();
        attempts[2].class = Some(ErrorClass::Network);
        attempts[5].class = None;
        let message = "\u{4e0d}".repeat(SHORT + 1);
        let row = TargetResult { attempts, ..TargetResult::unknown(&message) };
        let told = |detail: Detail| {
            let told = detail.row(&row).into_owned();
            assert_eq!(
                told,
                TargetResult { error: told.error.clone(), attempts: told.attempts.clone(), ..row.clone() }
            );
            (told.attempts.iter().map(|attempt| attempt.n).collect::<Vec<_>>(), told)
        };
        assert_eq!(told(Detail::Full).1, row);
        let (all, wordless) = told(Detail::Wordless);
        assert_eq!(all, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        let has_words = |attempt: &Attempt| attempt.message.is_some() || attempt.request_id.is_some();
        assert!(!wordless.attempts.iter().any(has_words));
        let (two, silent) = told(Detail::Silent);
        assert_eq!((two, silent.error.unwrap().message.chars().count()), (vec![6, 9], SHORT));
    }
}
