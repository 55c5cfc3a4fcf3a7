//! Reads whose password it is, and where it is: never the password itself.

use crate::plan::credential_source::{Password, SecretAt};
use crate::plan::finding::Finding;
use crate::plan::format::{PASSWORD, SECRET};
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text::refuse_value;

use super::around::Around;

/// Reads `password`.
pub(super) fn read(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Password> {
    const FORM: &str = "write `password: {domain: …, user: …, password: {env: VARIABLE}}`";
    if refuse_value(field, FORM, reader) {
        return None;
    }
    let fields = PASSWORD.open(field, reader)?;
    let domain = PASSWORD.domain.read(&fields, reader);
    let user = PASSWORD.user.read(&fields, reader);
    let place = PASSWORD.password.field(&fields, reader);
    let password = place.and_then(|field| secret(field, around, reader));
    Some(Password { domain: domain?, user: user?, password: password? })
}

/// Reads where a secret is.
fn secret(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<SecretAt> {
    const FORM: &str = "write `password: {env: VARIABLE}` or `password: {file: PATH}`";
    if refuse_value(field, FORM, reader) {
        return None;
    }
    let fields = SECRET.open(field, reader)?;
    let (env, file) = (SECRET.env.given(&fields, reader), SECRET.file.given(&fields, reader));
    match (env?, file?) {
        (Some(variable), None) => Some(SecretAt::Env(variable)),
        (None, Some(written)) => Some(SecretAt::File(around.path(&written))),
        (Some(_), Some(_)) => {
            reader.found.push(Finding::error(fields.place, "a secret is either in a variable or in a file").hint(FORM));
            None
        }
        (None, None) => {
            if !fields.has_mistyped() {
                let title = format!("{field} names neither a variable nor a file");
                reader.found.push(Finding::error(fields.place, title).hint(FORM));
            }
            None
        }
    }
}
