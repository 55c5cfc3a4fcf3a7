//! Reads which source it is: exactly one.

use crate::plan::credential_source::{AssumedRole, CredentialSource, Metadata, Process, Profile};
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::{CREDENTIALS, EnvKeys, METADATA};
use crate::plan::reader::{Field, Reader};
use crate::plan::secret_text;
use crate::plan::suggest::quote;
use crate::plan::tree::Span;

use super::around::Around;
use super::{env, oidc, password, role, uri};

/// The word for the default chain.
const DEFAULT: &str = "default";

/// So many roles may follow each other.
const MOST_ROLES: usize = 4;

/// Reads `credentials`. A value in a place where a secret could be is hidden.
pub(in crate::plan::resolve) fn read(
    field: Field<'_, '_>,
    around: Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<CredentialSource> {
    source(field, 0, around, reader)
}

/// Reads `credentials`, or the `source` below `roles` roles.
fn source(field: Field<'_, '_>, roles: usize, around: Around<'_>, reader: &mut Reader<'_>) -> Option<CredentialSource> {
    if field.node.scalar().is_some_and(|scalar| !scalar.is_null()) {
        return default(field, reader);
    }
    let fields = CREDENTIALS.open(field, reader)?;
    let is_foreign = around.refuse_foreign(&CREDENTIALS.section(), &fields, reader);
    let is_one = is_one(field, &fields, reader);
    refuse_alone(&fields, reader);
    // Each of them is read, so that all errors are shown.
    let mut sources = Vec::new();
    if let Some(field) = fields.get(CREDENTIALS.env.name) {
        sources.push(env::read(field, around.cloud, reader).map(CredentialSource::Env));
    }
    let file = CREDENTIALS.file.given(&fields, reader);
    let file = file.map(|file| file.map(|written| around.path(&written)));
    if fields.get(CREDENTIALS.profile.name).is_some() {
        let name = CREDENTIALS.profile.read(&fields, reader);
        sources.push(name.zip(file).map(|(name, file)| CredentialSource::Profile(Profile { name, file })));
    } else if fields.get(CREDENTIALS.file.name).is_some() {
        sources.push(file.flatten().map(CredentialSource::File));
    }
    let timeout = CREDENTIALS.timeout.read(&fields, reader);
    if fields.get(CREDENTIALS.process.name).is_some() {
        let command = CREDENTIALS.process.read(&fields, reader);
        sources.push(command.map(|command| CredentialSource::Process(Process { command, timeout })));
    }
    let insecure_http = CREDENTIALS.insecure_http.read(&fields, reader);
    if let Some(field) = fields.get(CREDENTIALS.uri.name) {
        sources.push(uri::read(field, insecure_http, reader).map(CredentialSource::Uri));
    }
    if let Some(field) = fields.get(CREDENTIALS.metadata.name) {
        sources.push(metadata(field, around, reader).map(CredentialSource::Metadata));
    }
    if fields.get(CREDENTIALS.pod.name).is_some() {
        sources.push(CREDENTIALS.pod.read(&fields, reader).map(|()| CredentialSource::Pod));
    }
    if let Some(field) = fields.get(CREDENTIALS.oidc.name) {
        sources.push(oidc::read(field, around, reader).map(CredentialSource::Oidc));
    }
    if let Some(field) = fields.get(CREDENTIALS.role.name) {
        sources.push(assumed(field, &fields, roles, around, reader));
    }
    if let Some(field) = fields.get(CREDENTIALS.password.name) {
        sources.push(password::read(field, around, reader).map(CredentialSource::Password));
    }
    sources.pop().flatten().filter(|_| is_one && !is_foreign)
}

/// Reads the word for the default chain; anything else may be a secret.
fn default(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<CredentialSource> {
    if reader.unsaid(|quiet| quiet.text(field).is_some_and(|text| text.value == DEFAULT)) {
        return Some(CredentialSource::Default);
    }
    reader.found.mask(field.node);
    // Its variables may be wrong.
    reader.text(field)?;
    if secret_text::is_refused(field, reader) {
        return None;
    }
    let title = format!("{field} must be {} or a mapping, not another value", quote(DEFAULT));
    reader.wrong(field.node.span, title, Some("name a source, such as `{profile: NAME}` or `{env: {…}}`".into()));
    None
}

/// Returns the keys of the sources that are there, each with its place.
fn named(fields: &Fields<'_, '_>) -> Vec<(&'static str, Span)> {
    let keys = &CREDENTIALS;
    let beside_profile = fields.key(keys.profile.name).is_some();
    let names = [
        (keys.env.name, false),
        (keys.profile.name, false),
        (keys.file.name, beside_profile),
        (keys.process.name, false),
        (keys.uri.name, false),
        (keys.metadata.name, false),
        (keys.pod.name, false),
        (keys.oidc.name, false),
        (keys.role.name, false),
        (keys.password.name, false),
    ];
    let mut named: Vec<_> = names
        .into_iter()
        .filter(|(_, is_detail)| !is_detail)
        .filter_map(|(name, _)| Some((name, fields.key(name)?)))
        .collect();
    named.sort_by_key(|(_, place)| *place);
    named
}

/// Tells whether exactly one source is named; anything else is reported.
fn is_one(field: Field<'_, '_>, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> bool {
    let named = named(fields);
    let Some(((first, place), others)) = named.split_first() else {
        if !fields.has_mistyped() {
            let title = format!("{field} names no source");
            let is_bare = EnvKeys::NAMES.iter().any(|name| fields.has(name));
            let hint = if is_bare {
                "write `env: {access_key_id: VARIABLE, access_key_secret: VARIABLE}`, with the names of variables"
            } else {
                "name one, such as `profile: NAME`, or write `default`"
            };
            reader.found.push(Finding::error(fields.place, title).hint(hint));
        }
        return false;
    };
    for (other, again) in others {
        let title = format!("{field} has exactly one source, not both {} and {}", quote(first), quote(other));
        reader.found.push(Finding::error(*again, title).related(*place, "the first one").hint("remove one of them"));
    }
    others.is_empty()
}

/// Reports keys without the one that they belong to.
fn refuse_alone(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    let keys = &CREDENTIALS;
    for (detail, of) in [
        (keys.timeout.key.name, keys.process.name),
        (keys.insecure_http.key.name, keys.uri.name),
        (keys.source.name, keys.role.name),
    ] {
        if let Some(place) = fields.key(detail).filter(|_| fields.get(of).is_none() && !fields.is_mistyped(of)) {
            let title = format!("{} goes with {} only", quote(detail), quote(of));
            reader.found.push(Finding::error(place, title).hint(format!("add `{of}: …`, or remove it")));
        }
    }
}

fn metadata(field: Field<'_, '_>, around: Around<'_>, reader: &mut Reader<'_>) -> Option<Metadata> {
    let fields = METADATA.open(field, reader)?;
    let is_foreign = around.refuse_foreign(&METADATA.section(), &fields, reader);
    let role = METADATA.role.given(&fields, reader)?;
    (!is_foreign).then_some(Metadata { role })
}

/// Reads a role, and the source of the keys that assume it.
fn assumed(
    field: Field<'_, '_>,
    fields: &Fields<'_, '_>,
    roles: usize,
    around: Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<CredentialSource> {
    if roles == MOST_ROLES {
        let place = fields.key(CREDENTIALS.role.name).unwrap_or(field.node.span);
        let title = format!("more than {MOST_ROLES} roles follow each other");
        reader.found.push(Finding::error(place, title).hint("assume the last role with fewer steps"));
        return None;
    }
    let below = match fields.get(CREDENTIALS.source.name) {
        Some(field) => source(field, roles + 1, around, reader),
        None => Some(CredentialSource::Default),
    };
    let is_of_role = matches!(below, Some(CredentialSource::Role(_)));
    let role = role::read(field, is_of_role, around, reader);
    let (role, source) = role.zip(below)?;
    Some(CredentialSource::Role(Box::new(AssumedRole { role, source })))
}
