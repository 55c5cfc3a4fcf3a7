//! What a run would list, for people.

use crate::base::escape::Escaped;
use crate::plan::SelectPreview;

/// Says what a run would list before it stops anything.
pub(super) fn to_list(selects: &[SelectPreview]) -> String {
    let mut text = "It lists this first, shows what it found, and asks before it stops anything:\n".to_owned();
    for select in selects {
        let SelectPreview { id, kind, accounts, conditions, requests, rates, at_the_quota } = select;
        let accounts = accounts.join(", ");
        let pace = std::iter::once(requests).chain(rates).chain(at_the_quota).cloned().collect::<Vec<_>>().join("; ");
        text.push_str(&format!(
            "\n  {}: {kind} in {}\n    where     {}\n    requests  {pace}\n",
            Escaped(id),
            Escaped(&accounts),
            Escaped(conditions)
        ));
    }
    text.push_str("\nTo see what it finds without stopping anything, use `allstop run PLAN --dry-run`.\n");
    text
}
