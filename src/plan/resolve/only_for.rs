//! Keys that only the accounts of one cloud have.

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::key::Section;
use crate::plan::reader::Reader;
use crate::plan::suggest::quote;
use crate::provider::Cloud;

/// Reports the keys of a section that only another cloud has; tells whether there is one.
pub(super) fn refuse(cloud: Cloud, section: &Section, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> bool {
    let mut is_foreign = false;
    for key in &section.keys {
        let foreign = key.only_for.filter(|(only, _)| *only != cloud);
        if let (Some((_, hint)), Some(place)) = (foreign, fields.key(key.name)) {
            let title = format!("{} is not for accounts of the cloud {}", quote(key.name), quote(cloud.name()));
            reader.found.push(Finding::error(place, title).hint(hint));
            is_foreign = true;
        }
    }
    is_foreign
}
