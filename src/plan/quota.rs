//! How fast a lane may go: what the plan states, else what the vendor documents, else ten a second.

use crate::base::rate::Rate;
use crate::http::{Api, Quota};
use crate::service::Kind;

use super::limits::KindLimits;
use super::model::Plan;

/// The rate of a lane without a stated or documented rate.
const FALLBACK: Rate = Rate::per_second(10);

impl Plan {
    /// Returns the rate and burst of the lanes that stop targets of `kind`.
    ///
    /// The rate is that of `limits.per_kind`, else that of `limits`, else the documented one, else 10/s. The burst is
    /// the one stated next to or above that rate, else the documented one of a documented rate, else
    /// [`Rate::default_burst`]. Runs that share the plan's limits have an equal part of both.
    #[must_use]
    pub fn stop_quota(&self, kind: Kind) -> Quota {
        let own = self.limits.per_kind.get(kind.name).copied().unwrap_or_default();
        self.quota(own, kind.stop_api)
    }

    /// Returns how many targets of `kind` one request stops at most: as many as the service takes and `limits.per_kind`
    /// states, and no more than there may be requests at once.
    #[must_use]
    pub fn stop_batch(&self, kind: Kind) -> usize {
        let own = self.limits.per_kind.get(kind.name).copied().unwrap_or_default();
        let concurrency = own.concurrency.unwrap_or(usize::MAX).min(self.limits.concurrency);
        kind.stop_batch().min(own.batch.unwrap_or(usize::MAX)).min(concurrency).max(1)
    }

    /// Returns the rate and burst of a lane that reads states with `api`; `limits.per_kind` is about stops only.
    #[must_use]
    pub fn read_quota(&self, api: &Api) -> Quota {
        self.quota(KindLimits::default(), api)
    }

    fn quota(&self, own: KindLimits, api: &Api) -> Quota {
        let Quota { rate, burst } = self.whole_quota(own, api);
        let runs = self.limits.shared_by.max(1);
        Quota { rate: rate.part(runs), burst: (burst / runs).max(1) }
    }

    fn whole_quota(&self, own: KindLimits, api: &Api) -> Quota {
        if let Some(rate) = own.rate {
            // A burst stated for all lanes belongs to the rate stated for all lanes, not to this one.
            return Quota { rate, burst: own.burst.unwrap_or_else(|| rate.default_burst()) };
        }
        let stated = own.burst.or(self.limits.burst);
        let Quota { rate, burst } = match (self.limits.rate, api.quota) {
            (Some(rate), _) => Quota { rate, burst: rate.default_burst() },
            (None, Some(documented)) => documented,
            (None, None) => Quota { rate: FALLBACK, burst: FALLBACK.default_burst() },
        };
        Quota { rate, burst: stated.unwrap_or(burst) }
    }
}
