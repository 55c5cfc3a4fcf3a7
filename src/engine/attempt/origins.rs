//! Where the requests of each account go.

use crate::http::{Api, Product};
use crate::plan::{AccountId, Plan};
use crate::provider::{Origin, SignError};
use crate::service::Kind;

/// Where the requests to each API of each account go.
pub(in crate::engine) struct Origins(Vec<Vec<(&'static Product, Result<Origin, SignError>)>>);

impl Origins {
    /// Finds the origins of all APIs of these kinds in these accounts.
    pub(in crate::engine) fn new(plan: &Plan, sorts: impl Iterator<Item = (AccountId, Kind)>) -> Self {
        let mut origins: Vec<Vec<(&'static Product, _)>> = plan.accounts.iter().map(|_| Vec::new()).collect();
        for (account, kind) in sorts {
            for api in std::iter::once(kind.stop_api).chain(kind.read_apis.iter().copied()) {
                let known = &mut origins[account.index()];
                if known.iter().all(|(product, _)| *product != api.product) {
                    known.push((api.product, Origin::parse(&plan[account].endpoint(api.product))));
                }
            }
        }
        Self(origins)
    }

    #[expect(clippy::expect_used, reason = "requests are sent only for the kinds and accounts that have lanes")]
    pub(super) fn of(&self, account: AccountId, api: &Api) -> Result<&Origin, SignError> {
        let origin = self.0[account.index()].iter().find(|(product, _)| *product == api.product);
        origin.expect("every API of a lane has its origin").1.as_ref().map_err(SignError::clone)
    }
}
