//! Reads the parameters that a kind declares.

use std::borrow::Cow;

use crate::plan::fields::Fields;
use crate::plan::format::is_for_many;
use crate::plan::reader::{Field, Reader};
use crate::plan::value::flag;
use crate::service::{Kind, Misfit, Param, Params, Shape, Value};

use super::doubt;

/// A value that was read but is not packed yet.
enum Read<'t> {
    Text(Cow<'t, str>),
    Flag(bool),
}

impl Read<'_> {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Flag(flag) => Value::Flag(*flag),
        }
    }
}

/// Reads all parameters of a target, and reports all their errors.
pub(super) fn params(kind: Kind, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Params> {
    packed(kind.params.iter().map(|param| value(param, fields, reader)).collect())
}

/// Reads the parameters that all targets of a selection share, and reports all their errors.
pub(super) fn shared(kind: Kind, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Params> {
    let one = |param: &'static Param| if is_for_many(param) { value(param, fields, reader) } else { Some(None) };
    packed(kind.params.iter().map(one).collect())
}

fn packed(read: Vec<Option<Option<Read<'_>>>>) -> Option<Params> {
    let read: Vec<Option<Read<'_>>> = read.into_iter().collect::<Option<_>>()?;
    Some(Params::new(read.iter().map(|read| read.as_ref().map(Read::value))))
}

/// Reads one parameter: outer `None` if it is wrong, inner if it is absent.
fn value<'t>(param: &'static Param, fields: &Fields<'t, '_>, reader: &mut Reader<'_>) -> Option<Option<Read<'t>>> {
    let field = if param.identifying { Some(fields.require(param.name, reader)?) } else { fields.get(param.name) };
    let Some(field) = field else { return Some(None) };
    let read = match param.shape {
        Shape::Flag => Read::Flag(flag(field, reader)?),
        Shape::Text { ascii, .. } => Read::Text(text(param, field, ascii, reader)?),
    };
    Some(Some(read))
}

fn text<'t>(param: &Param, field: Field<'t, '_>, ascii: bool, reader: &mut Reader<'_>) -> Option<Cow<'t, str>> {
    let text = if param.identifying || ascii { reader.name(field)? } else { reader.text(field)? };
    let name = param.name;
    if let Some(misfit) = param.misfit(&text.value) {
        let title = match misfit {
            Misfit::NoName => format!("invalid value {text} for `{name}`: no resource has such a name"),
            Misfit::Control | Misfit::Length { .. } | Misfit::NotAscii => format!("`{name}` {misfit}"),
        };
        let is_empty = matches!(misfit, Misfit::Length { chars: 0, .. });
        reader.wrong(text.span, title, is_empty.then(|| "omit the key".into()));
        return None;
    }
    if param.identifying {
        doubt::warn(name, &text, reader);
    }
    Some(text.value)
}
