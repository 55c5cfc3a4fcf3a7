//! The targets that would be stopped and those that are protected, by name.

use crate::base::count::HumanCount;
use crate::base::escape::Escaped;
use crate::plan::{Choice, Listing, Target};

use super::grid::grid;

/// Names the targets that would be stopped and those that are protected: at most this many of each, and how many more
/// there are.
#[must_use]
pub fn targets(listing: &Listing<'_>, most: usize) -> String {
    let parts = [(Choice::Stop, "To be stopped:"), (Choice::Protected, "Protected:")];
    let parts = parts.into_iter().filter(|(choice, _)| listing.of(*choice).next().is_some());
    parts.map(|(choice, heading)| format!("{heading}\n{}", part(listing, choice, most))).collect()
}

fn part(listing: &Listing<'_>, choice: Choice, most: usize) -> String {
    let rows: Vec<_> = listing.of(choice).take(most).map(|target| line(listing, target)).collect();
    let mut shown = grid(&rows, &[]);
    match listing.of(choice).count().saturating_sub(most) {
        0 => {}
        more => shown.push_str(&format!("  and {} more\n", HumanCount(more as u64))),
    }
    shown
}

/// Returns the id, what it is if the id does not say so, and whose it is if there are several accounts.
fn line(listing: &Listing<'_>, target: &Target) -> [String; 4] {
    let (id, made) = (target.id(), target.made_id());
    let what = if id.starts_with(&made) { String::new() } else { made };
    let (account, region) = listing.account(target).map_or(("", ""), |account| (&account.name, &account.region));
    [&id, &*what, account, region].map(|cell| Escaped(cell).to_string())
}
