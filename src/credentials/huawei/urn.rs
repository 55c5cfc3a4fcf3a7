//! The names that Huawei Cloud gives to whoever calls, such as `iam::d78c…:user:ops`.

use crate::credentials::identity::Identity;
use crate::provider::tidy;

/// The most characters of a name that are shown.
const NAME_CHARS: usize = 128;

/// Reads whose a URN is: `iam::ACCOUNT:user:NAME`, `sts::ACCOUNT:assumed-agency:AGENCY/SESSION` and the like. `None` if it
/// names no account.
pub(super) fn identity(urn: &str) -> Option<Identity> {
    let mut parts = urn.splitn(5, ':');
    let (_service, _region, account_id) = (parts.next()?, parts.next()?, parts.next()?);
    if !is_id(account_id) {
        return None;
    }
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let words = match (kind, name.split_once('/')) {
        ("assumed-agency", Some((agency, session))) => format!("agency {agency}, session {session}"),
        ("assumed-agency", None) => format!("agency {name}"),
        (kind, _) => format!("{kind} {name}"),
    };
    Some(Identity::new(account_id, &*tidy(&words, NAME_CHARS)))
}

/// Returns a name as it is shown.
pub(super) fn name(text: &str) -> String {
    tidy(text, NAME_CHARS).into()
}

/// Returns whether a text can be the id of an account, a project or the like.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns_are_read() {
        for (urn, account, name) in [
            ("iam::d78cbac186b744899480f25bd022f468:user:ops", "d78cbac186b744899480f25bd022f468", "user ops"),
            ("iam::d78c:user:a:b", "d78c", "user a:b"),
            ("sts::d78c:assumed-agency:stopper/allstop-1", "d78c", "agency stopper, session allstop-1"),
            ("sts::d78c:assumed-agency:stopper", "d78c", "agency stopper"),
            ("iam::d78c:agency:stopper", "d78c", "agency stopper"),
            ("iam::d78c:root", "d78c", "root"),
            ("iam::d78c:user:a\u{1b}[31m", "d78c", "user a [31m"),
        ] {
            assert_eq!(identity(urn), Some(Identity::new(account, name)), "{urn}");
        }
    }

    #[test]
    fn a_urn_without_an_account_is_nobody_s() {
        for urn in ["", "iam", "iam::", "iam:::user:ops", "iam::two words:user:ops", "nobody"] {
            assert_eq!(identity(urn), None, "{urn}");
        }
    }
}
