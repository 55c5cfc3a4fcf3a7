//! Reads whose password it is, and where it is: never the password itself.

use crate::plan::credential_source::Password;
use crate::plan::format::PASSWORD;
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text::refuse_value;

use super::around::Around;
use super::secret::secret;

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
