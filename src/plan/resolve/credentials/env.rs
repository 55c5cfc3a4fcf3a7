//! Reads the names of the variables that hold credentials.

use crate::plan::credential_source::CredentialNames;
use crate::plan::finding::Finding;
use crate::plan::format::ENV;
use crate::plan::reader::{Field, Reader};
use crate::provider::Cloud;

/// Reads `env`; a value in a place where a secret could be is hidden.
pub(super) fn read(field: Field<'_, '_>, cloud: Option<Cloud>, reader: &mut Reader<'_>) -> Option<CredentialNames> {
    if field.node.scalar().is_some_and(|scalar| !scalar.is_null()) {
        reader.found.mask(field.node);
    }
    let place = field.node.span;
    let fields = ENV.open(field, reader)?;
    let names = [&ENV.access_key_id, &ENV.access_key_secret, &ENV.security_token, &ENV.auth_token];
    let names = names.map(|key| key.field(&fields, reader).map(|_| key.read(&fields, reader)));
    if let Some(wrong) = misfit(names.each_ref().map(Option::is_some), cloud) {
        reader.found.push(Finding::error(place, wrong));
        return None;
    }
    if names.contains(&Some(None)) {
        return None;
    }
    let [access_key_id, access_key_secret, security_token, auth_token] = names.map(Option::flatten);
    Some(CredentialNames { access_key_id, access_key_secret, security_token, auth_token })
}

/// Returns why these of the four names do not go together, if they do not.
const fn misfit([id, secret, session, token]: [bool; 4], cloud: Option<Cloud>) -> Option<&'static str> {
    match (id, secret, token) {
        (true, true, false) => None,
        (false, false, true) if session => Some("`security_token` requires an access key"),
        (false, false, true) if matches!(cloud, Some(Cloud::Alibaba)) => Some("only Huawei Cloud has auth tokens"),
        (false, false, true) => None,
        (_, _, true) => Some("an `auth_token` replaces the access key; use one of them"),
        (true, false, false) => Some("`access_key_id` requires `access_key_secret`"),
        (false, true, false) => Some("`access_key_secret` requires `access_key_id`"),
        (false, false, false) => Some("name `access_key_id` and `access_key_secret`, or `auth_token`"),
    }
}
