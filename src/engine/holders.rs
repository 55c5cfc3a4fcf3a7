//! Which accounts credentials are asked for: once for all regions of an account.

use std::collections::HashMap;

use crate::plan::{AccountId, Plan};

/// Returns for each account in use the one that its credentials are asked for: itself, or the first account in use of
/// which both are regions. `None` where an account is not in use.
pub(super) fn holders(plan: &Plan, in_use: &[bool]) -> Vec<Option<AccountId>> {
    let mut first_of = HashMap::new();
    let holder = |(id, is_used): (AccountId, &bool)| {
        let own = || match plan[id].base.as_deref() {
            Some(base) => *first_of.entry(base).or_insert(id),
            None => id,
        };
        is_used.then(own)
    };
    plan.account_ids().zip(in_use).map(holder).collect()
}
