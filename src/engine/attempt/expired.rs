//! Whether a clock error is that of temporary keys that have expired.
//!
//! Huawei Cloud says "signature expired" for both (frequently asked questions of its services): the clock of the response
//! tells which it is.

use jiff::SignedDuration;

use super::exchange::Reply;
use crate::error::{ApiError, ErrorClass};
use crate::http::Response;
use crate::service::{Meaning, Verdict};

/// How far the clocks must be apart for a clock error to temporary keys to be one.
const LEAST_SKEW: SignedDuration = SignedDuration::from_mins(5);

impl Reply {
    /// Tells whether a clock error in this response means that the keys have expired.
    fn means_expired_keys(&self, response: &Response) -> bool {
        let ours = self.sent.permit.clock.apply(self.sent.wall);
        let skew = response.date().map(|theirs| theirs.duration_since(ours).abs());
        self.is_temporary && skew.is_none_or(|skew| skew < LEAST_SKEW)
    }

    /// Corrects the class of an error.
    pub(in crate::engine) fn corrected(&self, mut error: ApiError, response: &Response) -> ApiError {
        if error.class == Some(ErrorClass::Clock) && self.means_expired_keys(response) {
            error.class = Some(ErrorClass::Auth);
        }
        error
    }

    /// Corrects the class of a verdict.
    pub(super) fn corrected_verdict(&self, verdict: Verdict, response: &Response) -> Verdict {
        let error = self.corrected(verdict.error, response);
        let is_corrected =
            verdict.meaning == Meaning::Failed(ErrorClass::Clock) && error.class == Some(ErrorClass::Auth);
        let meaning = if is_corrected { Meaning::Failed(ErrorClass::Auth) } else { verdict.meaning };
        Verdict { meaning, error, ..verdict }
    }
}
