//! What listers share: how a list is read into one unit, and how a unit ends.

use std::collections::BTreeMap;

use super::info::ServiceInfo;
use super::lister::{List, Unit, Wanted};
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

/// Returns the names that the plan states for a field and that a list lacks. There are none where a selection takes what
/// is missing for nothing.
pub(super) fn missing_names(wanted: &dyn Wanted, field: usize, listed: &BTreeMap<Box<str>, Resource>) -> Vec<String> {
    let mut names = if wanted.takes_missing_for_none() { Vec::new() } else { wanted.literals(field) };
    names.retain(|name| !listed.contains_key(&**name));
    names
}

/// Builds the error of something that the plan names and that a list lacks, in the words of the code for it.
pub(super) fn missing(info: &ServiceInfo, code: &str) -> ApiError {
    let message = info.codes.iter().find(|known| known.code == code).map(|known| known.means.into());
    ApiError { class: Some(ErrorClass::NotFound), message, ..ApiError::default() }
}
