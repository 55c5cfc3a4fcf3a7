//! Words of a fixed list.

use jiff::civil::Weekday;

use crate::http::Signature;
use crate::plan::credential_source::AgencyApi;
use crate::plan::guards::NotFound;
use crate::plan::key::{Form, Takes, Written};
use crate::plan::limits::VerifyMode;
use crate::plan::notification::When;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};

use super::pattern::one_or_more;
use crate::plan::select::{Children, Order};
use crate::provider::{Cloud, Network};
use crate::service::Phase;

/// A value that plans write as a word.
pub(in crate::plan) trait Word: Copy + PartialEq + 'static {
    /// Every value with its word.
    const WORDS: &[(&str, Self)];

    /// Returns the value's word.
    fn word(&self) -> String {
        Self::WORDS.iter().filter(|(_, value)| value == self).map(|(word, _)| *word).collect()
    }
}

impl Word for Cloud {
    const WORDS: &[(&str, Self)] = &[(Self::Alibaba.name(), Self::Alibaba), (Self::Huawei.name(), Self::Huawei)];
}

impl Word for Network {
    const WORDS: &[(&str, Self)] = &[(Self::Public.name(), Self::Public), (Self::Vpc.name(), Self::Vpc)];
}

impl Word for Signature {
    const WORDS: &[(&str, Self)] = &[("v1", Self::RpcV1), ("v3", Self::Acs3)];
}

impl Word for AgencyApi {
    const WORDS: &[(&str, Self)] = &[("v3", Self::V3), ("v5", Self::V5)];
}

impl Word for VerifyMode {
    const WORDS: &[(&str, Self)] = &[("auto", Self::Auto), ("always", Self::Always), ("off", Self::Off)];
}

impl Word for NotFound {
    const WORDS: &[(&str, Self)] = &[("ok", Self::Ok), ("fail", Self::Fail)];
}

impl Word for When {
    const WORDS: &[(&str, Self)] = &[
        (Self::Start.name(), Self::Start),
        (Self::End.name(), Self::End),
        (Self::NotStopped.name(), Self::NotStopped),
        (Self::Refused.name(), Self::Refused),
    ];
}

impl Word for Weekday {
    const WORDS: &[(&str, Self)] = &[
        ("mon", Self::Monday),
        ("tue", Self::Tuesday),
        ("wed", Self::Wednesday),
        ("thu", Self::Thursday),
        ("fri", Self::Friday),
        ("sat", Self::Saturday),
        ("sun", Self::Sunday),
    ];
}

impl Word for Phase {
    // What has ended is not stopped.
    const WORDS: &[(&str, Self)] =
        &[("running", Self::Running), ("stopping", Self::Stopping), ("unclear", Self::Unclear)];
}

impl Word for Order {
    const WORDS: &[(&str, Self)] = &[("oldest", Self::Oldest), ("newest", Self::Newest)];
}

impl Word for Children {
    const WORDS: &[(&str, Self)] = &[("include", Self::Include)];
}

/// One of the words, or a list of at least one of them.
pub(in crate::plan) const fn words<T: Word>() -> Form<Vec<T>> {
    Form { takes: || Takes::Words(names::<T>().collect()), read: read_all }
}

fn read_all<T: Word>(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<T>> {
    let items: Vec<_> = one_or_more(field, reader)?.into_iter().map(|item| read(item, reader)).collect();
    items.into_iter().collect()
}

/// One of the words.
pub(in crate::plan) const fn word<T: Word>() -> Form<T> {
    Form { takes: || Takes::Word(names::<T>().collect()), read }
}

pub(super) fn names<T: Word>() -> impl Iterator<Item = &'static str> + Clone {
    T::WORDS.iter().map(|(word, _)| *word)
}

pub(super) fn read<T: Word>(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<T> {
    let expected = names::<T>().map(quote).collect::<Vec<_>>().join(" or ");
    let text = reader.scalar(field, &expected)?;
    if let Some((_, value)) = T::WORDS.iter().find(|(word, _)| *word == text.value) {
        return Some(*value);
    }
    reader.wrong(text.span, format!("invalid value {text} for {field}"), suggest::hint(&text.value, names::<T>()));
    None
}

impl<T: Word> Written for T {
    fn written(&self) -> String {
        self.word()
    }
}
