//! The error that a response carries.

use super::class::ErrorClass;

/// The error that a response carries, in the vendor's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    /// What it means by the vendor's common rules (code first, status second); `None` where the response is a success.
    pub class: Option<ErrorClass>,
    /// The vendor's error code.
    pub code: Option<Box<str>>,
    /// The vendor's message, shortened.
    pub message: Option<Box<str>>,
    /// The vendor's id of the request.
    pub request_id: Option<Box<str>>,
}
