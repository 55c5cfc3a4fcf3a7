//! Reads what a session of a role is to be: its name, how long its keys live, and what narrows it.

use std::time::Duration;

use crate::plan::credential_source::RoleSession;
use crate::plan::fields::Fields;
use crate::plan::key::Key;
use crate::plan::reader::Reader;
use crate::plan::suggest::quote;
use crate::plan::units;
use crate::provider::Cloud;

/// The longest session.
pub(super) const LONGEST: Duration = Duration::from_secs(12 * 3600);

/// The longest session of a role that is assumed with the keys of a role.
pub(super) const LONGEST_OF_ROLE: Duration = Duration::from_secs(3600);

/// The most characters of the name of an Alibaba Cloud session.
const MOST_OF_NAME: usize = 64;

/// The most characters of a policy at Alibaba Cloud.
const MOST_OF_POLICY: usize = 2048;

/// The keys of a session.
pub(super) struct SessionKeys<'k> {
    pub(super) name: &'k Key<String>,
    pub(super) duration: &'k Key<Duration>,
    pub(super) policy: &'k Key<String>,
}

/// Reads a session of at most a duration, with the reason why it is not longer.
pub(super) fn read(
    keys: &SessionKeys<'_>,
    (most, why): (Duration, &str),
    cloud: Cloud,
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> Option<RoleSession> {
    let name = text(keys.name, (cloud, MOST_OF_NAME), fields, reader);
    let duration = duration(keys.duration, (most, why), fields, reader);
    let policy = text(keys.policy, (cloud, MOST_OF_POLICY), fields, reader);
    Some(RoleSession { name: name?, duration: duration?, policy: policy? })
}

/// Reads a text, which Alibaba Cloud wants shorter.
fn text(
    key: &Key<String>,
    (cloud, most): (Cloud, usize),
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> Option<Option<String>> {
    let text = key.given(fields, reader)?;
    let length = text.as_ref().map_or(0, |text| text.chars().count());
    if cloud == Cloud::Alibaba && length > most {
        let title = format!("{} has {length} characters, more than {most}", quote(key.name));
        wrong(key.name, title, "shorten it", fields, reader);
        return None;
    }
    Some(text)
}

/// Reads how long keys live.
pub(super) fn duration(
    key: &Key<Duration>,
    (most, why): (Duration, &str),
    fields: &Fields<'_, '_>,
    reader: &mut Reader<'_>,
) -> Option<Option<Duration>> {
    let duration = key.given(fields, reader)?;
    if duration.is_some_and(|duration| duration > most) {
        let title = format!("{} must be at most {}: {why}", quote(key.name), units::show(most));
        wrong(key.name, title, "shorten it; keys are renewed before they expire", fields, reader);
        return None;
    }
    Some(duration)
}

/// Reports the value of a key.
fn wrong(key: &'static str, title: String, hint: &str, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    if let Some(field) = fields.get(key) {
        reader.wrong(field.node.span, title, Some(hint.to_owned()));
    }
}
