//! What a reply says about each target of its request.

use super::exchange::{Exchange, Reply};
use crate::engine::batch::Batch;
use crate::error::ApiError;
use crate::plan::{Plan, TargetId};
use crate::service::{Observation, Verdict};
use crate::transport::SendError;

/// What a reply says about one target.
pub(in crate::engine) enum Finding {
    /// The request could not be signed and was never sent.
    Unsigned(String),
    /// The response to a stop, and its HTTP status.
    Stop(Verdict, u16),
    /// A stop got no response.
    NoResponse(SendError),
    /// What a read saw.
    State(Observation),
}

impl Finding {
    /// Returns the error that a response reports.
    pub(in crate::engine) fn error(&self) -> Option<&ApiError> {
        match self {
            Self::Stop(verdict, _) => Some(&verdict.error),
            Self::State(Err(error)) => Some(error),
            Self::State(Ok(_)) | Self::NoResponse(_) | Self::Unsigned(_) => None,
        }
    }
}

impl Reply {
    /// Says what the reply to a stop means for each of its targets, in their order.
    pub(in crate::engine) fn of_stop(&self, plan: &Plan, ids: &Batch<TargetId>) -> Batch<Finding> {
        ids.map(|id| self.of_one(plan, *id))
    }

    fn of_one(&self, plan: &Plan, id: TargetId) -> Finding {
        let target = &plan[id];
        match &self.exchange {
            Exchange::Unsigned(error) => Finding::Unsigned(error.to_string()),
            Exchange::Failed(error) => Finding::NoResponse(error.clone()),
            Exchange::Response(response) => {
                let verdict = target.kind.service().verdict(&target.params, response);
                let verdict = self.corrected_verdict(verdict, response);
                Finding::Stop(self.echoes.out_of_verdict(verdict), response.status)
            }
        }
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
