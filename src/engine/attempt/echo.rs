//! What a service repeats of a request is taken out of everything that is read of its response.

pub(super) use crate::provider::{Echoes, Secrets};

use crate::error::ApiError;
use crate::service::{Observation, State, Verdict};
use crate::transport::SendError;

impl Echoes {
    /// Takes secrets out of what a response to a stop means.
    pub(in crate::engine) fn out_of_verdict(&self, verdict: Verdict) -> Verdict {
        Verdict { state: self.out_of_field(verdict.state), error: self.out_of_api_error(verdict.error), ..verdict }
    }

    /// Takes secrets out of what a read saw.
    pub(in crate::engine) fn out_of_observation(&self, observation: Observation) -> Observation {
        match observation {
            Ok(State::Running(word)) => Ok(State::Running(self.out_of(word))),
            Ok(State::Stopping(word)) => Ok(State::Stopping(self.out_of(word))),
            Ok(State::Stopped(word)) => Ok(State::Stopped(self.out_of(word))),
            Ok(State::Ended(word)) => Ok(State::Ended(self.out_of(word))),
            Ok(State::Either(word)) => Ok(State::Either(self.out_of(word))),
            Ok(State::Unclear(word)) => Ok(State::Unclear(self.out_of(word))),
            Ok(State::Absent) => Ok(State::Absent),
            Err(error) => Err(self.out_of_api_error(error)),
        }
    }

    /// Takes secrets out of the error of a request without a response.
    pub(in crate::engine) fn out_of_error(&self, error: SendError) -> SendError {
        SendError { message: self.out_of(error.message.into()).into(), ..error }
    }

    pub(in crate::engine) fn out_of_api_error(&self, error: ApiError) -> ApiError {
        let ApiError { class, code, message, request_id } = error;
        let [code, message, request_id] = [code, message, request_id].map(|field| self.out_of_field(field));
        ApiError { class, code, message, request_id }
    }

    fn out_of_field(&self, field: Option<Box<str>>) -> Option<Box<str>> {
        field.map(|text| self.out_of(text))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::provider::Credentials;
    use crate::service::Meaning;

    #[test]
    fn every_text_of_an_answer_is_looked_at() {
        let token = "CAISzgJ1q6Ft5B2yfSjIr5fEJd3nmpl79ai";
        let echoes = Echoes::of(None, Arc::new(Secrets::of(&Credentials::AuthToken(token.into()))));
        let text = || Some(Box::from(token));
        let error = || ApiError { class: None, code: text(), message: text(), request_id: text() };
        let all = |error: ApiError| [error.code, error.message, error.request_id].map(|text| text.unwrap());
        let verdict = Verdict { meaning: Meaning::Accepted, state: text(), error: error() };
        let clean = echoes.out_of_verdict(verdict);
        assert_eq!(clean.state.as_deref(), Some("[redacted]"));
        assert!(all(clean.error).iter().all(|text| &**text == "[redacted]"));
        let refused = echoes.out_of_observation(Err(error())).unwrap_err();
        assert!(all(refused).iter().all(|text| &**text == "[redacted]"));
        for state in [State::Running, State::Stopping, State::Stopped, State::Ended, State::Unclear] {
            assert_eq!(echoes.out_of_observation(Ok(state(token.into()))), Ok(state("[redacted]".into())));
        }
    }
}
