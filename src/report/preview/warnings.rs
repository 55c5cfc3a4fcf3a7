//! What to know before a run: what cannot be undone, and what is in its way.

use crate::base::count::{HumanCount, counted};
use crate::plan::{Account, Overview, Plan};
use crate::service::Kind;

/// Warns of what a run of the plan would do or meet, one sentence each.
#[must_use]
pub fn warnings(plan: &Plan, overview: &Overview) -> Vec<String> {
    let stopping = |kind: &Kind| overview.rows.iter().any(|row| row.kind == *kind && row.stops > 0);
    let lasting = Kind::all().iter().filter(|kind| stopping(kind)).filter_map(|kind| Some((kind, kind.lasting?)));
    let mut warnings: Vec<_> =
        lasting.map(|(kind, what)| format!("Stopping a {kind} cannot be undone: {what}.")).collect();
    warnings.extend(plan.accounts.iter().filter_map(replaced_endpoints));
    let stops = overview.stops() + overview.elsewhere;
    let most = plan.guards.max_targets as u64;
    if stops > most {
        warnings.push(format!(
            "The run would be refused: {} exceed guards.max_targets ({}).",
            counted(stops, "target"),
            HumanCount(most)
        ));
    }
    warnings
}

/// Says where an account's requests go, if not to the vendor's own endpoints.
fn replaced_endpoints(account: &Account) -> Option<String> {
    let replaced = account.replaced_endpoints().map(|(product, url)| format!("{product} to {url}"));
    let list = replaced.collect::<Vec<_>>().join(", ");
    (!list.is_empty()).then(|| format!("Account {} sends requests to replaced endpoints: {list}.", account.name))
}
