//! How a target with an error ended, for the advice on it.

use crate::advice::{self, Ending, Origin};
use crate::error::ErrorClass;
use crate::service::Kind;

use super::outcome::{Outcome, TargetError, TargetResult};

pub(super) use crate::advice::Signer;

/// What a target went through, as far as advice depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Circumstances {
    /// What ended its attempts early.
    pub(super) cut: Option<Cut>,
    /// Whether its error is that of a read.
    pub(super) was_reading: bool,
    /// Whether its error is that an earlier process of the run recorded no response.
    pub(super) is_unnoted: bool,
}

/// What ended a target's attempts early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The run ended.
    Run,
    /// The account's credentials were refused.
    Account,
    /// The engine gave up on the API that comes next.
    Lane,
}

/// Returns what a person can do about a target that has this result and this error.
pub(super) fn of_result(
    (result, error): (&TargetResult, &TargetError),
    circumstances: Circumstances,
    kind: Kind,
    signer: Signer<'_>,
) -> String {
    let origin = if circumstances.was_reading { Origin::Read(kind) } else { Origin::Stop(kind) };
    let advice = advice::advice(error.class, error.code.as_deref(), Some(&error.message), origin);
    advice::of_target(ending(result.outcome, error.class, circumstances), error.class, advice, signer)
}

fn ending(outcome: Outcome, class: ErrorClass, circumstances: Circumstances) -> Ending {
    let Circumstances { cut, was_reading, is_unnoted } = circumstances;
    match (outcome, cut) {
        (Outcome::NotFound, _) if class != ErrorClass::NotFound => Ending::Gone,
        (Outcome::Accepted, _) if is_fixable(class) => Ending::Unreadable,
        (Outcome::Accepted, _) => Ending::Unverified,
        (Outcome::Failed, Some(Cut::Run)) if class == ErrorClass::Network => Ending::Unreached,
        (Outcome::Failed, Some(Cut::Run)) => Ending::NotRetried,
        (Outcome::Unknown, Some(Cut::Run)) if was_reading => Ending::CutWhileReading,
        (Outcome::Unknown, Some(Cut::Run)) => Ending::CutInDoubt,
        (Outcome::Unknown | Outcome::Failed, Some(Cut::Account)) if class != ErrorClass::Auth => Ending::AccountRefused,
        (Outcome::Unknown | Outcome::Failed, _) if is_unnoted && !was_reading => Ending::ResponseLost,
        (Outcome::Unknown, _) if was_reading => Ending::Unread,
        _ => Ending::Error,
    }
}

/// Tells whether an error of this class says what to fix, so that a verification would work.
const fn is_fixable(class: ErrorClass) -> bool {
    matches!(class, ErrorClass::Denied | ErrorClass::Auth | ErrorClass::Clock)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_ending_is_that_of_some_target() {
        let cuts = [None, Some(Cut::Run), Some(Cut::Account), Some(Cut::Lane)];
        let circumstances = cuts.into_iter().flat_map(|cut| {
            [(false, false), (true, false), (false, true)].map(|(was_reading, is_unnoted)| Circumstances {
                cut,
                was_reading,
                is_unnoted,
            })
        });
        let all = circumstances.flat_map(|circumstances| {
            let outcomes = Outcome::ALL.into_iter();
            outcomes.flat_map(move |outcome| ErrorClass::ALL.map(|class| ending(outcome, class, circumstances)))
        });
        let seen: HashSet<_> = all.collect();
        let text = |ending: &Ending| {
            let signer = Signer { account: "a", source: None };
            advice::of_target(*ending, ErrorClass::Server, "this".to_owned(), signer)
        };
        let texts: HashSet<_> = seen.iter().map(text).collect();
        assert_eq!((seen.len(), texts.len()), (11, 11), "{seen:?}");
    }
}
