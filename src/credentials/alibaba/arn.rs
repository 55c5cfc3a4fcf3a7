//! Who an ARN of RAM names.

use crate::credentials::identity::Identity;
use crate::provider::tidy;

/// The most characters that are shown of a name.
const NAME_CHARS: usize = 120;

/// Reads who an ARN such as `acs:ram::1865410598556969:user/ops` names; `None` where it is none.
///
/// The answer to AssumeRole says `role/ROLE/SESSION` of what GetCallerIdentity calls `assumed-role/ROLE/SESSION`.
pub(super) fn identity(arn: &str) -> Option<Identity> {
    let (account_id, resource) = arn.strip_prefix("acs:ram::")?.split_once(':')?;
    if account_id.is_empty() || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let name = match resource.split_once('/') {
        None if resource == "root" => "root account".to_owned(),
        Some(("user", name)) => format!("user {name}"),
        Some(("role" | "assumed-role", role)) => match role.rsplit_once('/') {
            Some((role, session)) => format!("role {role}, session {session}"),
            None => format!("role {role}"),
        },
        Some(_) | None => resource.to_owned(),
    };
    Some(Identity::new(account_id, tidy(&name, NAME_CHARS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_roots_and_roles_are_told_apart() {
        for (arn, name) in [
            ("acs:ram::1:user/ops", "user ops"),
            ("acs:ram::1:root", "root account"),
            ("acs:ram::1:role/stopper/allstop-1", "role stopper, session allstop-1"),
            ("acs:ram::1:assumed-role/stopper/a@b", "role stopper, session a@b"),
            ("acs:ram::1:federated/x", "federated/x"),
        ] {
            assert_eq!(identity(arn), Some(Identity::new("1", name)), "{arn}");
        }
        for arn in ["", "acs:ram::", "acs:ram:::root", "acs:ram::x:root", "arn:aws:iam::1:root"] {
            assert_eq!(identity(arn), None, "{arn}");
        }
    }
}
