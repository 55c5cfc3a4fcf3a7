//! The rows of a report, counted by kind and account.

use super::family::{Label, Sample};
use super::histogram::Histogram;
use crate::engine::{LaneInfo, LaneStats, Outcome};
use crate::plan::Plan;
use crate::report::json::{Row, RowSource};
use crate::report::tally::Tally;
use crate::service::Kind;

/// What the targets of one kind in one account came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    /// Their outcomes.
    pub(super) tally: Tally,
    /// How long those took that the run stopped.
    pub(super) took: Histogram,
    /// The requests that stop.
    pub(super) stops: Requests,
    /// The requests that read states.
    pub(super) reads: Requests,
}

/// Requests of one sort.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Requests {
    /// How many were sent.
    pub(super) sent: u64,
    /// How many of them were throttled.
    pub(super) throttled: u64,
}

/// The groups, by kind and account.
#[derive(Debug, Default)]
pub(super) struct Groups(Vec<Named>);

/// A group with its names.
#[derive(Debug)]
struct Named {
    kind: String,
    account: String,
    group: Group,
}

impl Groups {
    /// Makes a group for every kind in every account that the plan has targets of, or selects: one that has nothing is
    /// there with zeros.
    pub(super) fn expect(&mut self, plan: &Plan) {
        for target in &plan.targets {
            self.group(target.kind.name, &plan.account_of(target).name);
        }
        for select in &plan.selects {
            let accounts = select.accounts.iter().filter_map(|number| plan.accounts.get(usize::from(*number)));
            for account in accounts {
                self.group(select.kind.name, &account.name);
            }
        }
    }

    /// Counts the rows.
    pub(super) fn count(&mut self, rows: &impl RowSource) {
        for row in rows.rows() {
            self.group(&row.kind, &row.account).add(&row);
        }
    }

    /// Adds the requests of the lanes.
    pub(super) fn request(&mut self, lanes: &[(LaneInfo, LaneStats)]) {
        for (lane, stats) in lanes {
            let group = self.group(kind_of(&lane.api), &lane.account);
            let requests = if lane.stops { &mut group.stops } else { &mut group.reads };
            requests.sent += stats.requests;
            requests.throttled += stats.throttled;
        }
    }

    fn group(&mut self, kind: &str, account: &str) -> &mut Group {
        let found = self.0.binary_search_by(|named| (&*named.kind, &*named.account).cmp(&(kind, account)));
        let at = found.unwrap_or_else(|at| {
            self.0.insert(at, Named { kind: kind.to_owned(), account: account.to_owned(), group: Group::default() });
            at
        });
        &mut self.0[at].group
    }

    /// Returns samples of each group, with its kind and account as labels.
    pub(super) fn samples<V, I>(&self, samples: impl Fn(&Group) -> I) -> Vec<Sample<V>>
    where
        I: IntoIterator<Item = (Option<Label>, V)>,
    {
        let labelled = self.0.iter().flat_map(|Named { kind, account, group }| {
            samples(group).into_iter().map(move |(label, value)| {
                let labels = [("account", account.clone()), ("kind", kind.clone())].into_iter().chain(label);
                Sample { labels: labels.collect(), value }
            })
        });
        labelled.collect()
    }
}

impl Group {
    fn add(&mut self, row: &Row) {
        row.count(&mut self.tally);
        if let Some(took) = row.took().filter(|_| row.outcome == Outcome::Stopped) {
            self.took.add(took);
        }
    }
}

/// Returns the name of the kind whose service has this API: each service is a product of its own.
fn kind_of(api: &str) -> &'static str {
    let product = api.split(':').next().unwrap_or(api);
    Kind::all().iter().find(|kind| kind.stop_api.product.name == product).map_or("", |kind| kind.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_api_leads_to_its_kind() {
        for kind in Kind::all() {
            for api in kind.apis() {
                assert_eq!(kind_of(&api.name()), kind.name);
            }
        }
        assert_eq!(kind_of("other:Stop"), "");
    }
}
