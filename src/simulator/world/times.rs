//! Times that meet, or just miss, what is asked of them.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::facts::Start;
use super::super::service::{Model, Times};
use super::super::wish::Time;
use super::dice::Dice;

/// How much later and earlier than written a moment without a zone may be.
const LATER: SignedDuration = SignedDuration::from_hours(12);
const EARLIER: SignedDuration = SignedDuration::from_hours(14);

/// How old things are where nothing is asked of it, at most, in seconds.
const OLDEST: u64 = 20 * 3600;

/// Makes a time that meets all conditions now and for a while; `None` if none can.
pub(super) fn meeting(model: Model, times: &[Time], now: Timestamp, dice: &mut Dice) -> Option<Start> {
    let info = model.info();
    let (early, late) = match info.times {
        Times::Untold => return None,
        Times::Bare => (EARLIER, LATER),
        Times::Exact | Times::Latest => (SignedDuration::ZERO, SignedDuration::ZERO),
    };
    let (mut from, mut until): (Option<Timestamp>, Option<Timestamp>) = (None, None);
    for time in times {
        match time {
            Time::Older(age) => until = earliest(until, now.checked_sub(*age).ok()?),
            Time::Before(moment) => until = earliest(until, moment.checked_sub(SignedDuration::from_secs(1)).ok()?),
            Time::Newer(_) | Time::After(_) if info.times == Times::Latest => return None,
            Time::Newer(age) => from = latest(from, now.checked_sub(*age).ok()?),
            Time::After(moment) => from = latest(from, *moment),
        }
    }
    let end = match until {
        Some(until) => until.checked_sub(late).ok()?,
        None => now.checked_add(early).ok()?,
    };
    let begin = match from {
        Some(from) => from.checked_add(early).ok()?,
        None => end.checked_sub(Duration::from_secs(OLDEST)).ok()?,
    };
    // The last third of the time that is allowed: what is there only grows older.
    let span = u64::try_from(end.duration_since(begin).as_secs()).ok()? / 3;
    let moment = end.checked_sub(Duration::from_secs(1 + dice.below(span.max(1)))).ok()?;
    (moment > begin).then(|| Start::At((info.moment)(moment).into()))
}

/// Makes a time that misses one of the conditions by a second; `None` if there are none.
pub(super) fn missing(model: Model, times: &[Time], dice: &mut Dice) -> Option<Start> {
    let info = model.info();
    let late = if info.times == Times::Bare { Duration::from_secs(12 * 3600) } else { Duration::ZERO };
    Some(match dice.pick(times)? {
        // It stays so however long a listing takes.
        Time::Older(age) => Start::Ago(age.checked_add(late)?.checked_sub(Duration::from_secs(1))?),
        // A client may count an age from the whole second of a response.
        Time::Newer(age) => Start::Ago(age.checked_add(Duration::from_secs(1))?),
        Time::Before(moment) => Start::At((info.moment)(*moment).into()),
        Time::After(moment) => Start::At((info.moment)(moment.checked_sub(SignedDuration::from_secs(1)).ok()?).into()),
    })
}

fn earliest(one: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(one.map_or(other, |one| one.min(other)))
}

fn latest(one: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(one.map_or(other, |one| one.max(other)))
}
