//! How the service refuses parameters.

/// The code where a required one is missing.
pub(super) const MISSING: &str = "MissingRequiredParams";

/// The code where a value is not allowed.
pub(super) const INVALID: &str = "InvalidArgument";
