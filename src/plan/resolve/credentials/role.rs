//! Reads a role, or an agency.

use std::time::Duration;

use crate::plan::credential_source::{AgencyApi, Domain, Role};
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::ROLE;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::value::domain_id;
use crate::provider::Cloud;

use super::around::Around;
use super::session::{self, SessionKeys};

const SESSION: SessionKeys<'static> =
    SessionKeys { name: &ROLE.session_name, duration: &ROLE.duration, policy: &ROLE.policy };

/// The longest session of an agency at IAM.
const LONGEST_AT_IAM: (Duration, &str) = (Duration::from_secs(24 * 3600), "IAM gives no longer ones");

/// Reads `role`; `is_of_role` tells whether it is assumed with the keys of a role.
pub(super) fn read(
    field: Field<'_, '_>,
    is_of_role: bool,
    around: Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<Role> {
    let fields = ROLE.open(field, reader)?;
    let is_foreign = around.refuse_foreign(&ROLE.section(), &fields, reader);
    let longest = if is_of_role {
        (session::LONGEST_OF_ROLE, "its keys come from another role")
    } else {
        (session::LONGEST, "it is the longest session")
    };
    let role = match around.cloud? {
        Cloud::Alibaba => alibaba(longest, &fields, reader),
        Cloud::Huawei => huawei(field, longest, &fields, reader),
    };
    role.filter(|_| !is_foreign)
}

fn alibaba(longest: (Duration, &str), fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Role> {
    let arn = fields.require(ROLE.arn.name, reader).and_then(|_| ROLE.arn.read(fields, reader));
    let external_id = ROLE.external_id.given(fields, reader);
    let session = session::read(&SESSION, longest, Cloud::Alibaba, fields, reader);
    Some(Role::Alibaba { arn: arn?, external_id: external_id?, session: session? })
}

fn huawei(
    field: Field<'_, '_>,
    longest: (Duration, &str),
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> Option<Role> {
    let has = |key: &'static str| fields.get(key).is_some();
    let (by_urn, by_name) = (has(ROLE.urn.name), has(ROLE.agency.name));
    let api = ROLE.api.given(fields, reader);
    if by_urn {
        let urn = ROLE.urn.read(fields, reader);
        let keys = [ROLE.agency.name, ROLE.domain.name, ROLE.domain_id.name];
        let is_fine = refuse(keys, (fields.key(ROLE.urn.name)?, ROLE.urn.name), fields, reader);
        if let (Some(Some(AgencyApi::V3)), Some(value)) = (api, fields.get(ROLE.api.name)) {
            let title = format!("an agency by its {} is assumed with `api: v5`", quote(ROLE.urn.name));
            reader.wrong(value.node.span, title, Some("remove `api`, or name `agency` and `domain`".into()));
            return None;
        }
        let role = by_sts(urn, longest, fields, reader);
        return role.filter(|_| is_fine && api.is_some());
    }
    let agency = ROLE.agency.read(fields, reader);
    let domain = domain(fields, reader);
    if !by_name {
        if !fields.is_mistyped(ROLE.urn.name) && !fields.is_mistyped(ROLE.agency.name) {
            let title = format!("{field} names no agency");
            let hint = "write `agency` and `domain`, or `urn`";
            reader.found.push(Finding::error(fields.place, title).hint(hint));
        }
        return None;
    }
    let (domain, api) = (domain?, api?);
    match (domain, api) {
        (Domain::Name(_), Some(AgencyApi::V5)) => {
            let place = fields.get(ROLE.api.name).map_or(fields.place, |value| value.node.span);
            let title = format!("`api: v5` needs {}", quote(ROLE.domain_id.name));
            reader.wrong(place, title, Some("write the id of the account in place of its name".into()));
            None
        }
        (Domain::Id(id), None | Some(AgencyApi::V5)) => {
            let urn = agency.map(|name| format!("iam::{id}:agency:{name}"));
            by_sts(urn, longest, fields, reader)
        }
        (domain, None | Some(AgencyApi::V3)) => by_iam(agency, domain, fields, reader),
    }
}

/// Reads the account of an agency, which has exactly one of two keys.
fn domain(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Domain> {
    let (name, id) = (ROLE.domain.name, ROLE.domain_id.name);
    match (fields.get(name), fields.get(id)) {
        (Some(_), None) => ROLE.domain.read(fields, reader).map(Domain::Name),
        (None, Some(field)) => domain_id(field, reader).map(Domain::Id),
        (Some(first), Some(field)) => {
            let _ = (ROLE.domain.read(fields, reader), domain_id(field, reader));
            let place = fields.key(id).unwrap_or(field.node.span);
            let title = format!("an agency has either {} or {}", quote(name), quote(id));
            let finding = Finding::error(place, title).related(first.node.span, "the other one");
            reader.found.push(finding.hint("remove one of them"));
            None
        }
        (None, None) => {
            // Without an agency, too, that is what is said.
            let is_meant = fields.is_mistyped(name) || fields.is_mistyped(id) || fields.get(ROLE.agency.name).is_none();
            if !is_meant {
                let title = format!("{} needs {} or {}", quote(ROLE.agency.name), quote(name), quote(id));
                let hint = "name the account that has the agency";
                reader.found.push(Finding::error(fields.place, title).hint(hint));
            }
            None
        }
    }
}

fn by_sts(
    urn: Option<String>,
    longest: (Duration, &str),
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> Option<Role> {
    let external_id = ROLE.external_id.given(fields, reader);
    let session = session::read(&SESSION, longest, Cloud::Huawei, fields, reader);
    Some(Role::AgencyUrn { urn: urn?, external_id: external_id?, session: session? })
}

fn by_iam(agency: Option<String>, domain: Domain, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Role> {
    let duration = session::duration(&ROLE.duration, LONGEST_AT_IAM, fields, reader);
    let mut is_fine = true;
    for key in [ROLE.session_name.name, ROLE.external_id.name, ROLE.policy.name] {
        if let Some(place) = fields.key(key) {
            let title = format!("{} needs STS, which assumes agencies by the id of their account", quote(key));
            let hint = "write `domain_id` in place of `domain`, without `api: v3`; or remove it";
            reader.found.push(Finding::error(place, title).hint(hint));
            is_fine = false;
        }
    }
    let role = Role::Agency { agency: agency?, domain, duration: duration? };
    is_fine.then_some(role)
}

/// Reports keys that do not go with another one; tells whether there was none.
fn refuse(
    keys: [&'static str; 3],
    (place, with): (crate::plan::tree::Span, &str),
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> bool {
    let mut is_fine = true;
    for key in keys {
        if let Some(again) = fields.key(key) {
            let title = format!("{} does not go with {}", quote(key), quote(with));
            let finding = Finding::error(again, title).related(place, "names the agency already");
            reader.found.push(finding.hint("remove one of them"));
            is_fine = false;
        }
    }
    is_fine
}
