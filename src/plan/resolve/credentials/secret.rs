//! Reads where a secret is.

use crate::plan::credential_source::SecretAt;
use crate::plan::finding::Finding;
use crate::plan::format::SECRET;
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text::refuse_value;

use super::around::Around;

/// Reads where a secret is: in a variable or in a file.
pub(in crate::plan::resolve) fn secret(
    field: Field<'_, '_>,
    around: Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<SecretAt> {
    let form = format!("write `{0}: {{env: VARIABLE}}` or `{0}: {{file: PATH}}`", field.name);
    if refuse_value(field, &form, reader) {
        return None;
    }
    let fields = SECRET.open(field, reader)?;
    let (env, file) = (SECRET.env.given(&fields, reader), SECRET.file.given(&fields, reader));
    match (env?, file?) {
        (Some(variable), None) => Some(SecretAt::Env(variable)),
        (None, Some(written)) => Some(SecretAt::File(around.path(&written))),
        (Some(_), Some(_)) => {
            reader.found.push(Finding::error(fields.place, "a secret is either in a variable or in a file").hint(form));
            None
        }
        (None, None) => {
            if !fields.has_mistyped() {
                let title = format!("{field} names neither a variable nor a file");
                reader.found.push(Finding::error(fields.place, title).hint(form));
            }
            None
        }
    }
}
