//! Errors of requests: their classes, the vendors' codes, and the error that a response carries.

mod api_error;
mod class;
mod code;

pub use api_error::ApiError;
pub use class::ErrorClass;
pub use code::Code;
