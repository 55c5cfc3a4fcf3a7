//! Keys of plans: everything that is stated of a key is stated once.
//!
//! A [`Key`] is typed: the reader gets its value, or its default, as the type that the model has. Whoever describes plans
//! (the schema, the reference, `allstop explain`) sees the same key as a [`KeyInfo`].

use std::fmt;

use super::fields::Fields;
use super::reader::{Field, Reader};
use crate::provider::Cloud;

/// What values a key takes, for whoever describes plans.
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
    /// A rate such as `80/min`.
    Rate,
    /// A count such as `3`, or a percentage such as `10%`.
    MaxFailures,
    /// A time of day such as `20:00`.
    TimeOfDay,
    /// Texts by free names.
    Labels,
    /// A list of patterns.
    Patterns,
    /// A list of at least one of a few words in a cyclic order, or of ranges such as `mon-fri`.
    Cycle(Vec<&'static str>),
    /// Base URLs by product.
    Endpoints,
    /// The name of a kind.
    Kind,
    /// Another mapping.
    Section(&'static Section),
    /// Mappings by free names, at least one.
    Each(&'static Section),
    /// Mappings by the names of kinds.
    PerKind(&'static Section),
    /// Targets, and files of them, at least one: mappings of one of these forms.
    Targets([&'static Section; 2]),
}

/// A mapping whose keys are fixed.
#[derive(Debug)]
pub struct Section {
    /// Its place in a plan, such as `limits.per_kind.KIND`; in words where it has no fixed one.
    pub place: &'static str,
    /// What it is about, in one sentence.
    pub about: &'static str,
    /// Its keys, in the order to write them.
    pub(super) keys: &'static [&'static dyn AnyKey],
}

/// One key, for whoever describes plans.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeyInfo {
    /// The key as plans write it.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// What values it takes.
    pub takes: Takes,
    /// Whether it must be there.
    pub required: bool,
    /// Its value if it is omitted, as plans write it.
    pub default: Option<String>,
    /// Values to show, as plans write them.
    pub examples: &'static [&'static str],
    /// The only cloud whose accounts have it.
    pub only_for: Option<Cloud>,
}

impl Section {
    /// Returns the names of the keys.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name()).collect()
    }

    /// Returns the keys, in the order to write them.
    pub fn keys(&self) -> impl Iterator<Item = KeyInfo> + use<> {
        self.keys.iter().map(|key| key.info())
    }

    /// Returns the section itself and every section below it, each before those within it.
    #[must_use]
    pub fn all(&'static self) -> Vec<&'static Self> {
        let inner = self.keys().flat_map(|key| key.takes.sections());
        std::iter::once(self).chain(inner.flat_map(Self::all)).collect()
    }
}

impl Takes {
    /// Returns the sections that the values are.
    #[must_use]
    pub fn sections(&self) -> Vec<&'static Section> {
        match self {
            Self::Section(section) | Self::Each(section) | Self::PerKind(section) => vec![*section],
            Self::Targets(sections) => sections.to_vec(),
            Self::Version
            | Self::Name
            | Self::HostWord
            | Self::Variable
            | Self::Word(_)
            | Self::Count(..)
            | Self::Flag
            | Self::Duration
            | Self::Rate
            | Self::MaxFailures
            | Self::TimeOfDay
            | Self::Labels
            | Self::Patterns
            | Self::Cycle(_)
            | Self::Endpoints
            | Self::Kind => Vec::new(),
        }
    }
}

/// How values are written.
pub(super) trait Form: Copy + fmt::Debug + Sync + 'static {
    /// Describes the values.
    fn takes(self) -> Takes;
}

/// A form that is read without knowing anything else of the plan.
pub(super) trait Readable: Form {
    /// What is read.
    type Value;

    /// Reads a value; `None` after an error was pushed.
    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Self::Value>;
}

/// A form whose values can be shown as plans write them.
pub(super) trait Writable: Readable<Value: Copy + fmt::Debug + Sync> {
    /// Writes a value.
    fn write(self, value: Self::Value) -> String;
}

/// A form whose values are read by code that knows more of the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct InContext(pub(super) fn() -> Takes);

impl Form for InContext {
    fn takes(self) -> Takes {
        self.0()
    }
}

/// A key that may be omitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Optional;

/// A key that must be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Required;

/// A key that has this value if it is omitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Or<V>(V);

/// Whether a key must be there, and what counts if it is not.
pub(super) trait Presence<F>: Copy + fmt::Debug + Sync {
    const IS_REQUIRED: bool = false;

    fn default(self, _: F) -> Option<String> {
        None
    }
}

impl<F> Presence<F> for Optional {}

impl<F> Presence<F> for Required {
    const IS_REQUIRED: bool = true;
}

impl<F: Writable> Presence<F> for Or<F::Value> {
    fn default(self, form: F) -> Option<String> {
        Some(form.write(self.0))
    }
}

/// One key of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<F, P = Optional> {
    pub(super) name: &'static str,
    about: &'static str,
    form: F,
    presence: P,
    examples: &'static [&'static str],
    only_for: Option<(Cloud, &'static str)>,
}

/// A key of any type.
pub(super) trait AnyKey: fmt::Debug + Sync {
    fn name(&self) -> &'static str;

    fn info(&self) -> KeyInfo;

    /// Returns the only cloud whose accounts have it, and a hint for the others.
    fn only_for(&self) -> Option<(Cloud, &'static str)>;
}

impl<F: Form, P: Presence<F>> AnyKey for Key<F, P> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn info(&self) -> KeyInfo {
        KeyInfo {
            name: self.name,
            about: self.about,
            takes: self.form.takes(),
            required: P::IS_REQUIRED,
            default: self.presence.default(self.form),
            examples: self.examples,
            only_for: self.only_for.map(|(cloud, _)| cloud),
        }
    }

    fn only_for(&self) -> Option<(Cloud, &'static str)> {
        self.only_for
    }
}

impl<F: Copy> Key<F> {
    pub(super) const fn new(name: &'static str, about: &'static str, form: F) -> Self {
        Self { name, about, form, presence: Optional, examples: &[], only_for: None }
    }

    pub(super) const fn required(self) -> Key<F, Required> {
        self.with(Required)
    }

    pub(super) const fn or(self, default: F::Value) -> Key<F, Or<F::Value>>
    where
        F: Writable,
    {
        self.with(Or(default))
    }

    const fn with<P: Copy>(self, presence: P) -> Key<F, P> {
        let Self { name, about, form, examples, only_for, .. } = self;
        Key { name, about, form, presence, examples, only_for }
    }
}

impl<F: Copy, P: Copy> Key<F, P> {
    pub(super) const fn examples(self, examples: &'static [&'static str]) -> Self {
        Self { examples, ..self }
    }

    /// Only accounts of this cloud have the key; `hint` is for those of others.
    pub(super) const fn only_for(self, cloud: Cloud, hint: &'static str) -> Self {
        Self { only_for: Some((cloud, hint)), ..self }
    }

    /// Returns the key's value as it is written.
    pub(super) fn field<'t, 's>(&self, fields: &Fields<'t, 's>) -> Option<Field<'t, 's>> {
        fields.get(self.name)
    }
}

impl<F: Readable> Key<F> {
    /// Reads the value; `None` where it is omitted or wrong.
    pub(super) fn read(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<F::Value> {
        self.form.read(self.field(fields)?, reader)
    }
}

impl<F: Copy> Key<F, Required> {
    /// Returns the value as it is written; it is an error if there is none.
    pub(super) fn require<'t, 's>(&self, fields: &Fields<'t, 's>, reader: &mut Reader<'_>) -> Option<Field<'t, 's>> {
        fields.require(self.name, reader)
    }

    /// Reads the value; `None` where it is missing or wrong.
    pub(super) fn read(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<F::Value>
    where
        F: Readable,
    {
        self.form.read(self.require(fields, reader)?, reader)
    }
}

impl<F: Writable> Key<F, Or<F::Value>> {
    pub(super) const fn default(&self) -> F::Value {
        self.presence.0
    }

    /// Reads the value; the default where it is omitted or wrong.
    pub(super) fn read(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> F::Value {
        self.stated(fields, reader).unwrap_or(self.default())
    }

    /// Reads the value; `None` where it is omitted or wrong.
    pub(super) fn stated(&self, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<F::Value> {
        self.form.read(self.field(fields)?, reader)
    }
}
