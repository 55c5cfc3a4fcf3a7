//! Paths of files.

use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader};

/// The path of a file, as written.
pub(in crate::plan) const PATH: Form<String> = Form { takes: || Takes::Path, read: path };

fn path(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    Some(reader.name(field)?.value.into_owned())
}
