//! Reads what an OIDC token is exchanged for.

use crate::plan::credential_source::Oidc;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::OIDC;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::provider::Cloud;

use super::around::Around;
use super::session::{self, SessionKeys};

const SESSION: SessionKeys<'static> =
    SessionKeys { name: &OIDC.session_name, duration: &OIDC.duration, policy: &OIDC.policy };

/// Reads `oidc`.
pub(super) fn read(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Oidc> {
    let fields = OIDC.open(field, reader)?;
    let is_foreign = around.refuse_foreign(&OIDC.section(), &fields, reader);
    let token_file = OIDC.token_file.read(&fields, reader).map(|written| around.path(&written));
    let cloud = around.cloud?;
    let bound = (session::LONGEST, "it is the longest session");
    let session = session::read(&SESSION, bound, cloud, &fields, reader);
    let oidc = match cloud {
        Cloud::Alibaba => {
            let role_arn = required(&OIDC.role_arn, &fields, reader);
            let provider_arn = required(&OIDC.provider_arn, &fields, reader);
            Oidc::Alibaba {
                role_arn: role_arn?,
                provider_arn: provider_arn?,
                token_file: token_file?,
                session: session?,
            }
        }
        Cloud::Huawei if fields.get(OIDC.idp_id.name).is_some() => {
            let idp_id = OIDC.idp_id.read(&fields, reader);
            refuse_beside_idp(&fields, reader)?;
            session?;
            Oidc::Federated { idp_id: idp_id?, token_file: token_file? }
        }
        Cloud::Huawei if [&OIDC.agency_urn, &OIDC.provider_urn].iter().all(|key| fields.get(key.name).is_none()) => {
            if !fields.has_mistyped() {
                let title = format!("{field} names nothing that the token is exchanged for");
                let hint = "write `agency_urn` and `provider_urn`, or `idp_id` for a federated user";
                reader.found.push(Finding::error(fields.place, title).hint(hint));
            }
            return None;
        }
        Cloud::Huawei => {
            let agency_urn = required(&OIDC.agency_urn, &fields, reader);
            let provider_urn = required(&OIDC.provider_urn, &fields, reader);
            Oidc::Huawei {
                agency_urn: agency_urn?,
                provider_urn: provider_urn?,
                token_file: token_file?,
                session: session?,
            }
        }
    };
    (!is_foreign).then_some(oidc)
}

/// Reads a key that the cloud requires.
fn required(key: &crate::plan::key::Key<String>, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    fields.require(key.name, reader)?;
    key.read(fields, reader)
}

/// Reports what a federated user has not; `None` if there was something.
fn refuse_beside_idp(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<()> {
    let keys =
        [OIDC.agency_urn.name, OIDC.provider_urn.name, OIDC.session_name.name, OIDC.duration.name, OIDC.policy.name];
    let mut is_fine = Some(());
    for key in keys {
        if let Some(place) = fields.key(key) {
            let title = format!("{} does not go with {}", quote(key), quote(OIDC.idp_id.name));
            reader.found.push(Finding::error(place, title).hint("remove one of them"));
            is_fine = None;
        }
    }
    is_fine
}
