//! What a reply says about each target of its request.

use super::exchange::{Exchange, Reply};
use crate::engine::batch::Batch;
use crate::error::ApiError;
use crate::http::Response;
use crate::plan::{Plan, TargetId};
use crate::service::{Observation, Verdict, Verdicts};
use crate::transport::SendError;

/// What a reply says about one target.
pub(in crate::engine) enum Finding {
    /// The request could not be signed and was never sent.
    Unsigned(String),
    /// The response to a stop, and its HTTP status.
    Stop(Verdict, u16),
    /// The response that refused a stop for all its targets and tells nothing of one, and its HTTP status.
    RefusedTogether(Verdict, u16),
    /// A stop got no response.
    NoResponse(SendError),
    /// What a read saw.
    State(Observation),
}

/// What a reply to a stop says about further requests for several targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Batching {
    /// Nothing.
    Goes,
    /// The next ones are to be smaller.
    Smaller,
    /// There are to be none.
    Over,
}

impl Finding {
    /// Returns the error that a response reports.
    pub(in crate::engine) fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Stop(verdict, _) | Self::RefusedTogether(verdict, _) => Some(&verdict.error),
            Self::State(Err(error)) => Some(error),
            Self::State(Ok(_)) | Self::NoResponse(_) | Self::Unsigned(_) => None,
        }
    }
}

impl Reply {
    /// Says what the reply to a stop means for each of its targets, in their order, and for further batches.
    pub(in crate::engine) fn of_stop(&self, plan: &Plan, ids: &Batch<TargetId>) -> (Batch<Finding>, Batching) {
        let findings = match &self.exchange {
            Exchange::Unsigned(error) => ids.map(|_| Finding::Unsigned(error.to_string())),
            Exchange::Failed(error) => ids.map(|_| Finding::NoResponse(error.clone())),
            Exchange::Response(response) if ids.len() > 1 => return self.of_batch(plan, ids, response),
            Exchange::Response(response) => ids.map(|id| {
                let target = &plan[*id];
                Finding::Stop(
                    self.cleaned(target.kind.service().verdict(&target.params, response), response),
                    response.status,
                )
            }),
        };
        (findings, Batching::Goes)
    }

    #[expect(clippy::expect_used, reason = "only a service that takes several targets gets them")]
    fn of_batch(&self, plan: &Plan, ids: &Batch<TargetId>, response: &Response) -> (Batch<Finding>, Batching) {
        let batch: Vec<_> = ids.iter().map(|id| &plan[*id].params).collect();
        let service = plan[*ids.first()].kind.service().batch_stop().expect("the service stops several at once");
        let status = response.status;
        let of_all = |verdict, finding: fn(Verdict, u16) -> Finding| {
            let verdict = self.cleaned(verdict, response);
            ids.map(|_| finding(verdict.clone(), status))
        };
        match service.verdicts(&batch, response) {
            Verdicts::All(verdict) => (of_all(verdict, Finding::Stop), Batching::Goes),
            Verdicts::Refused(verdict) => (of_all(verdict, Finding::RefusedTogether), Batching::Smaller),
            Verdicts::Unavailable(verdict) => (of_all(verdict, Finding::RefusedTogether), Batching::Over),
            Verdicts::Each(verdicts) => {
                assert_eq!(verdicts.len(), ids.len(), "a response says something of each target");
                let mut verdicts = verdicts.into_iter();
                let mut next = || verdicts.next().expect("a response says something of each target");
                (ids.map(|_| Finding::Stop(self.cleaned(next(), response), status)), Batching::Goes)
            }
        }
    }

    fn cleaned(&self, verdict: Verdict, response: &Response) -> Verdict {
        self.echoes.out_of_verdict(self.corrected_verdict(verdict, response))
    }

    /// Says what the reply to a read means for each of its targets, in their order.
    #[expect(clippy::expect_used, reason = "as many are said as asked for")]
    pub(in crate::engine) fn of_read(&self, plan: &Plan, stage: usize, ids: &Batch<TargetId>) -> Batch<Finding> {
        let of_all = |finding: &dyn Fn() -> Finding| ids.map(|_| finding());
        match &self.exchange {
            Exchange::Unsigned(error) => of_all(&|| Finding::Unsigned(error.to_string())),
            Exchange::Failed(error) => of_all(&|| Finding::State(Err(unread(error)))),
            Exchange::Response(response) => {
                let batch: Vec<_> = ids.iter().map(|id| &plan[*id].params).collect();
                let observations = plan[*ids.first()].kind.service().observations(stage, &batch, response);
                assert_eq!(observations.len(), ids.len(), "a read says something of each target");
                let mut observations = observations.into_iter();
                ids.map(|_| {
                    let seen = observations.next().expect("a read says something of each target");
                    let seen = seen.map_err(|error| self.corrected(error, response));
                    Finding::State(self.echoes.out_of_observation(seen))
                })
            }
        }
    }
}

/// Words the loss of a read's response as the error that a response would have carried.
fn unread(error: &SendError) -> ApiError {
    ApiError { class: Some(error.class), message: Some(error.message.as_str().into()), ..ApiError::default() }
}
