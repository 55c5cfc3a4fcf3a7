//! What listers share: how a list is read into one unit, and how a unit ends.

use std::collections::BTreeMap;

use super::lister::{List, Unit};
use super::resource::Resource;
use crate::error::{ApiError, ErrorClass};

/// Reads a list, and takes all of it in as found.
pub(super) async fn found(unit: &mut dyn Unit, list: &dyn List) -> Result<(), ApiError> {
    unit.read(list, &mut Some).await
}

/// Reads a list that others hang on, by the first field of its rows, in its order.
pub(super) async fn all(unit: &mut dyn Unit, list: &dyn List) -> Result<BTreeMap<Box<str>, Resource>, ApiError> {
    let mut rows = BTreeMap::new();
    let mut row = |row: Resource| {
        if let Some(name) = row.value(0) {
            rows.insert(name.into(), row);
        }
        None
    };
    unit.read(list, &mut row).await?;
    Ok(rows)
}

/// Ends a unit.
pub(super) fn end(unit: Box<dyn Unit + '_>, read: Result<(), ApiError>) {
    match read {
        Ok(()) => unit.complete(),
        Err(error) => unit.fail(error),
    }
}

/// Builds the error of something that the plan names and that is not there.
pub(super) fn missing(what: &str) -> ApiError {
    ApiError { class: Some(ErrorClass::NotFound), message: Some(what.into()), ..ApiError::default() }
}
