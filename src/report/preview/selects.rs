//! What a run would list, for people.

use crate::base::escape::Escaped;
use crate::plan::SelectPreview;

/// Says what a run would list before it stops anything; empty where a plan does not select.
#[must_use]
pub fn to_list(selects: &[SelectPreview]) -> String {
    if selects.is_empty() {
        return String::new();
    }
    let mut text = "\nA run lists this first, shows what it found, and asks before it stops anything:\n".to_owned();
    for select in selects {
        let SelectPreview { id, kind, accounts, conditions, requests, rates } = select;
        let accounts = accounts.join(", ");
        text.push_str(&format!(
            "\n  {}: {kind} in {}\n    where     {}\n    requests  {requests}; {}\n",
            Escaped(id),
            Escaped(&accounts),
            Escaped(conditions),
            rates.join(", ")
        ));
    }
    text.push_str("\nTo see what it finds without stopping anything, use `allstop run PLAN --dry-run`.\n");
    text
}
