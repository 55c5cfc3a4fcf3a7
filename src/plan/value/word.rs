//! Words of a fixed list.

use std::fmt::Debug;

use crate::plan::key::{Form, Readable, Takes, Writable};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};

/// One of a few words, each of which stands for a value.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Words<T: 'static>(pub(in crate::plan) &'static [(&'static str, T)]);

impl<T: Copy + Debug + Sync> Form for Words<T> {
    fn takes(self) -> Takes {
        Takes::Word(self.0.iter().map(|(word, _)| *word).collect())
    }
}

impl<T: Copy + Debug + Sync> Readable for Words<T> {
    type Value = T;

    fn read(self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<T> {
        let names = self.0.iter().map(|(word, _)| *word);
        let expected = names.clone().map(quote).collect::<Vec<_>>().join(" or ");
        let text = reader.scalar(field, &expected)?;
        if let Some((_, value)) = self.0.iter().find(|(word, _)| *word == text.value) {
            return Some(*value);
        }
        reader.wrong(text.span, format!("invalid value {text} for {field}"), suggest::hint(&text.value, names));
        None
    }
}

impl<T: Copy + Debug + PartialEq + Sync> Writable for Words<T> {
    fn write(self, value: T) -> String {
        let word = self.0.iter().find(|(_, other)| *other == value);
        word.map_or_else(|| format!("{value:?}"), |(word, _)| (*word).to_owned())
    }
}
