//! Keys of plans: everything that is stated of a key is stated once.
//!
//! A [`Key`] is typed: the reader gets its value, or its default, as the type that the model has. Code that describes
//! plans (the schema, the reference, `allstop explain`) sees the same key as a [`KeyInfo`].

use std::time::Duration;

use super::fields::Fields;
use super::finding::Findings;
use super::reader::{Field, Reader};
use crate::provider::Cloud;

/// The values of a key, for code that describes plans.
#[derive(Debug, Clone)]
pub enum Takes {
    /// The version of the format.
    Version,
    /// Text that names something: not empty, and without control characters.
    Name,
    /// A name of letters, digits, `-` and `_`.
    HostWord,
    /// The name of an environment variable.
    Variable,
    /// One of a few words.
    Word(Vec<&'static str>),
    /// A whole number between two bounds.
    Count(u64, u64),
    /// `true` or `false`.
    Flag,
    /// A duration such as `30s`.
    Duration,
    /// A duration, or `0s`.
    Wait,
    /// A duration between two bounds.
    Between(Duration, Duration),
    /// A rate such as `80/min`.
    Rate,
    /// A count such as `3`, or a percentage such as `10%`.
    MaxFailures,
    /// A duration such as `30s`, or `ask`.
    Pause,
    /// A time of day such as `20:00`.
    TimeOfDay,
    /// Any text, also an empty one.
    Wording,
    /// What only this program writes.
    Generated,
    /// Texts by free names.
    Labels,
    /// A list of patterns.
    Patterns,
    /// Days by patterns; at least one.
    Until,
    /// A pattern, or a list of at least one.
    Globs,
    /// Patterns, or lists of them, by free names; at least one.
    Tags,
    /// A list of at least one pattern of names.
    Names,
    /// A moment such as `2026-11-22T03:12:00Z`.
    Moment,
    /// A day or a span such as `2026-12-24..2027-01-02`, a mapping, or a list of at least one of them.
    Exceptions(Section),
    /// One of a few words, or a list of at least one of them.
    Words(Vec<&'static str>),
    /// A list of at least one of a few words in a cyclic order, or of ranges such as `mon-fri`.
    Cycle(Vec<&'static str>),
    /// Base URLs by product, and by what gives credentials out.
    Endpoints,
    /// The id of an account: a number, or 32 hexadecimal digits.
    AccountId,
    /// A list of at least one id of an account.
    AccountIds,
    /// The path of a file.
    Path,
    /// A URL.
    Url,
    /// A program and its arguments: a text, or a list.
    Command,
    /// A policy: a mapping, or a text of JSON.
    Policy,
    /// Where a secret is: in a variable or in a file.
    Secret(Section),
    /// Where secrets are, by free names; at least one.
    Secrets(Section),
    /// JSON with placeholders: a mapping, or a text.
    Template,
    /// Text of a certain form.
    Fitting(&'static Fit),
    /// An empty mapping.
    Nothing,
    /// The word `default`, or a mapping.
    Source(Section),
    /// The same as the source of credentials that it stands in.
    SameSource,
    /// A list of at least one region, each once.
    Regions,
    /// The projects of at least one region, by region.
    Projects,
    /// The name of a kind.
    Kind,
    /// Another mapping.
    Section(Section),
    /// Mappings by free names, at least one.
    Each(Section),
    /// Mappings by the names of kinds.
    PerKind(Section),
    /// The word `all`, or a mapping; besides its keys it has the fields of the kind.
    Select(Section),
    /// A mapping of conditions as in a section of the same keys, or a list of at least one.
    Conditions,
    /// A list of mappings, at least one.
    List(Section),
    /// A list as the key `targets` of a plan takes it.
    TargetList,
    /// Targets, selections and files of targets, at least one: mappings of one of these forms.
    Targets([Section; 3]),
}

/// A form of text.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fit {
    /// What it is, in words, with the article.
    pub words: &'static str,
    /// The regular expression of JSON Schema that it matches.
    pub pattern: &'static str,
    /// What to write.
    pub hint: &'static str,
    /// Tells whether a text is of this form.
    pub(super) fits: fn(&str) -> bool,
}

/// A mapping whose keys are fixed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Section {
    /// Its place in a plan, such as `limits.per_kind.KIND`; in words where it has no fixed one.
    pub place: &'static str,
    /// What it is about, in one sentence.
    pub about: &'static str,
    /// Its keys, in the order to write them.
    pub keys: Vec<KeyInfo>,
}

/// One key, for code that describes plans.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeyInfo {
    /// The key as plans write it.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// Its values.
    pub takes: Takes,
    /// Whether it is required.
    pub required: bool,
    /// Its value if it is omitted, as plans write it.
    pub default: Option<String>,
    /// Examples of values, as plans write them.
    pub examples: &'static [&'static str],
    /// The only cloud whose accounts have it, and a hint for those of others.
    pub only_for: Option<(Cloud, &'static str)>,
}

impl Section {
    /// Returns the section itself and every section below it, each before those within it.
    #[must_use]
    pub fn all(&self) -> Vec<&Self> {
        let inner = self.keys.iter().flat_map(|key| key.takes.sections());
        std::iter::once(self).chain(inner.flat_map(Self::all)).collect()
    }
}

impl Takes {
    /// Returns the sections that the values are.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        if let Self::Section(section)
        | Self::Each(section)
        | Self::PerKind(section)
        | Self::List(section)
        | Self::Source(section)
        | Self::Exceptions(section)
        | Self::Select(section) = self
        {
            std::slice::from_ref(section)
        } else if let Self::Targets(sections) = self {
            sections
        } else {
            &[]
        }
    }
}

/// A form of values: how they are described and read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<T> {
    pub(super) takes: fn() -> Takes,
    /// Reads a value; `None` after an error was pushed.
    pub(super) read: fn(Field<'_, '_>, &mut Reader<'_>) -> Option<T>,
}

/// A value that is read by code that knows more of the plan than one field.
#[derive(Debug, Clone, Copy)]
pub(super) enum InContext {}

impl Form<InContext> {
    pub(super) const fn in_context(takes: fn() -> Takes) -> Self {
        Self { takes, read: |_, _| None }
    }
}

/// One key of a mapping, with values of type `T`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<T> {
    pub(super) name: &'static str,
    about: &'static str,
    form: Form<T>,
    is_required: bool,
    examples: &'static [&'static str],
    only_for: Option<(Cloud, &'static str)>,
}

/// A key that has a default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Or<T> {
    pub(super) key: Key<T>,
    pub(super) default: T,
}

/// A default that can be shown as plans write it.
pub(super) trait Written {
    fn written(&self) -> String;
}

impl<T> Key<T> {
    pub(super) const fn new(name: &'static str, about: &'static str, form: Form<T>) -> Self {
        Self { name, about, form, is_required: false, examples: &[], only_for: None }
    }

    pub(super) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    pub(super) const fn examples(self, examples: &'static [&'static str]) -> Self {
        Self { examples, ..self }
    }

    /// Only accounts of this cloud have the key; `hint` is for those of others.
    pub(super) const fn only_for(self, cloud: Cloud, hint: &'static str) -> Self {
        Self { only_for: Some((cloud, hint)), ..self }
    }

    pub(super) fn info(&self) -> KeyInfo {
        let Self { name, about, form, is_required: required, examples, only_for } = self;
        let (name, about, required, examples, only_for) = (*name, *about, *required, *examples, *only_for);
        KeyInfo { name, about, takes: (form.takes)(), required, default: None, examples, only_for }
    }

    /// Returns the value as it is written; a missing one is an error if the key is required.
    pub(super) fn field<'t, 's>(&self, fields: &Fields<'t, 's>, reader: &mut Reader<'_>) -> Option<Field<'t, 's>> {
        if self.is_required { fields.require(self.name, reader) } else { fields.get(self.name) }
    }

    /// Reads the value; `None` where it is omitted or wrong.
    pub(super) fn read(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<T> {
        (self.form.read)(self.field(fields, reader)?, reader)
    }

    /// Reads the value of a key that is required here; a missing one is an error.
    pub(super) fn demand(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<T> {
        (self.form.read)(fields.require(self.name, reader)?, reader)
    }

    /// Reads the value of an optional key; the inner `None` where it is omitted, and `None` where it is wrong.
    pub(super) fn given(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Option<T>> {
        match fields.get(self.name) {
            Some(field) => (self.form.read)(field, reader).map(Some),
            None => Some(None),
        }
    }
}

impl<T: Copy + Written> Or<T> {
    pub(super) const fn new(name: &'static str, about: &'static str, (form, default): (Form<T>, T)) -> Self {
        Self { key: Key::new(name, about, form), default }
    }

    pub(super) const fn only_for(self, cloud: Cloud, hint: &'static str) -> Self {
        Self { key: self.key.only_for(cloud, hint), ..self }
    }

    pub(super) fn info(&self) -> KeyInfo {
        KeyInfo { default: Some(self.default.written()), ..self.key.info() }
    }

    /// Reads the value; the default where it is omitted or wrong.
    pub(super) fn read(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> T {
        self.key.read(fields, reader).unwrap_or(self.default)
    }
}

/// Returns what a section makes of a plan that omits it.
pub(super) fn omitted<T>(read: fn(&Fields<'_, '_>, &mut Reader<'_>) -> T) -> T {
    read(&Fields::NONE, &mut Reader { source: "", variables: None, found: Findings::default() })
}

/// States a mapping with fixed keys: its name, place and description, then for each key its name, its type, what it is
/// for, its form (with the default, for an `Or`), and further details.
macro_rules! section {
    (
        $(#[$doc:meta])* $section:ident: $Keys:ident = $place:literal, $about:expr;
        $($key:ident: $Type:ty = $sentence:expr, $form:expr $(, $detail:ident($($argument:expr),*))*;)+
    ) => {
        $(#[$doc])*
        pub(in crate::plan) static $section: $Keys = $Keys {
            $($key: <$Type>::new(stringify!($key), $sentence, $form)$(.$detail($($argument),*))*),+
        };

        pub(in crate::plan) struct $Keys {
            $(pub(in crate::plan) $key: $Type),+
        }

        // Not every section needs all of them.
        #[allow(dead_code)]
        impl $Keys {
            pub(in crate::plan) const ABOUT: &str = $about;
            pub(in crate::plan) const NAMES: &[&str] = &[$(stringify!($key)),+];

            /// Describes the section.
            pub(in crate::plan) fn section(&self) -> $crate::plan::key::Section {
                let keys = vec![$(self.$key.info()),+];
                $crate::plan::key::Section { place: $place, about: Self::ABOUT, keys }
            }

            /// Opens a mapping with these keys.
            pub(in crate::plan) fn open<'t, 's>(
                &self,
                field: $crate::plan::reader::Field<'t, 's>,
                reader: &mut $crate::plan::reader::Reader<'_>,
            ) -> Option<$crate::plan::fields::Fields<'t, 's>> {
                reader.fields(field, field.to_string(), Self::NAMES)
            }
        }
    };
}

pub(super) use section;
