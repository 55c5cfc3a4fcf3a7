//! The parameters of a target: what a kind declares, and what a plan gives.

use std::fmt::{self, Write};

/// One parameter that a kind declares.
#[derive(Debug, PartialEq, Eq)]
pub struct Param {
    /// The key in plans, such as `flow_name`.
    pub name: &'static str,
    /// One line for help texts and the plan reference.
    pub about: &'static str,
    /// A value to show.
    pub example: Value<'static>,
    /// What values it takes.
    pub shape: Shape,
    /// Whether it names the resource; such a parameter is required.
    pub identifying: bool,
    /// Whether it makes a repeated request harmless; the run makes one up for a target without one.
    pub idempotency_token: bool,
}

impl Param {
    /// Declares a text of up to `max_chars` characters that names the resource.
    pub(crate) const fn identity(
        name: &'static str,
        about: &'static str,
        example: &'static str,
        max_chars: usize,
    ) -> Self {
        Self { identifying: true, ..Self::text(name, about, example, max_chars) }
    }

    /// Declares an optional text of up to `max_chars` characters.
    pub(crate) const fn text(name: &'static str, about: &'static str, example: &'static str, max_chars: usize) -> Self {
        let (example, shape) = (Value::Text(example), Shape::Text { max_chars, ascii: false });
        Self { name, about, example, shape, identifying: false, idempotency_token: false }
    }

    /// Declares an optional flag.
    pub(crate) const fn flag(name: &'static str, about: &'static str, example: bool) -> Self {
        let example = Value::Flag(example);
        Self { name, about, example, shape: Shape::Flag, identifying: false, idempotency_token: false }
    }
}

impl Param {
    /// Returns why a text cannot be its value, if it cannot.
    #[must_use]
    pub fn misfit(&self, text: &str) -> Option<Misfit> {
        let Shape::Text { max_chars, ascii } = self.shape else { return None };
        let chars = text.chars().count();
        if (self.identifying || ascii) && text.chars().any(char::is_control) {
            Some(Misfit::Control)
        } else if chars == 0 || chars > max_chars {
            Some(Misfit::Length { chars, max_chars })
        // Such a name would vanish from the path of the request.
        } else if self.identifying && matches!(text, "." | "..") {
            Some(Misfit::NoName)
        } else {
            (ascii && !text.is_ascii()).then_some(Misfit::NotAscii)
        }
    }
}

/// Why a text cannot be the value of a parameter; its `Display` goes behind the parameter's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// A control character is in it.
    #[error("contains a control character, such as a line break")]
    Control,
    /// It is empty, or longer than the service takes.
    #[error("has {chars} characters; the service accepts 1 to {max_chars}")]
    Length {
        /// How many characters it has.
        chars: usize,
        /// The most characters that the service takes.
        max_chars: usize,
    },
    /// It means a place in a path.
    #[error("cannot be `.` or `..`: no resource has such a name")]
    NoName,
    /// It is not ASCII.
    #[error("contains characters that are not ASCII")]
    NotAscii,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text of 1 to `max_chars` characters.
    Text {
        /// The most characters the service takes.
        max_chars: usize,
        /// Whether only ASCII is allowed.
        ascii: bool,
    },
    /// `true` or `false`.
    Flag,
}

/// A parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value<'a> {
    /// Text, exactly as the plan has it.
    Text(&'a str),
    /// A flag.
    Flag(bool),
}

/// The values of one target, in the order its kind declares them.
///
/// All of them are in one allocation, since a plan may have a million targets: an absent value is `-`, a flag `t` or
/// `f`, and a text its length in bytes, a colon and the text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Params(Box<str>);

impl Params {
    /// Packs values, in the order the kind declares them.
    #[must_use]
    pub fn new<'v>(values: impl IntoIterator<Item = Option<Value<'v>>>) -> Self {
        let mut packed = String::with_capacity(128);
        for value in values {
            match value {
                None => packed.push('-'),
                Some(Value::Flag(flag)) => packed.push(if flag { 't' } else { 'f' }),
                Some(Value::Text(text)) => {
                    // Writing to a string does not fail.
                    let _ = write!(packed, "{}:{text}", text.len());
                }
            }
        }
        Self(packed.into())
    }

    /// Returns the text of parameter number `index`, if it was given.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&str> {
        self.values().nth(index)?.and_then(Value::text)
    }

    /// Returns the text of an identifying parameter, which a validated target always has.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        self.text(index).unwrap_or_default()
    }

    /// Returns the flag of parameter number `index`, if it was given.
    #[must_use]
    pub fn flag(&self, index: usize) -> Option<bool> {
        match self.values().nth(index)? {
            Some(Value::Flag(flag)) => Some(flag),
            Some(Value::Text(_)) | None => None,
        }
    }

    /// Returns the parameters that were given, with what their kind declares of them.
    pub fn given<'a>(&'a self, declared: &'static [Param]) -> impl Iterator<Item = (&'static Param, Value<'a>)> {
        declared.iter().zip(self.values()).filter_map(|(param, value)| Some((param, value?)))
    }

    /// Returns the texts of the identifying parameters.
    pub fn identity<'a>(&'a self, declared: &'static [Param]) -> impl Iterator<Item = &'a str> {
        self.given(declared).filter(|(param, _)| param.identifying).filter_map(|(_, value)| value.text())
    }

    fn values(&self) -> Values<'_> {
        Values(&self.0)
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values()).finish()
    }
}

impl<'a> Value<'a> {
    /// Returns the text, unless it is a flag.
    #[must_use]
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag(_) => None,
        }
    }
}

/// Unpacks values.
struct Values<'a>(&'a str);

impl<'a> Iterator for Values<'a> {
    type Item = Option<Value<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (mark, mut rest) = self.0.split_at_checked(1)?;
        let value = match mark {
            "-" => None,
            "t" => Some(Value::Flag(true)),
            "f" => Some(Value::Flag(false)),
            _ => {
                let colon = self.0.bytes().position(|byte| byte == b':')?;
                let length = self.0.get(..colon)?.parse().ok()?;
                let text;
                (text, rest) = self.0.get(colon + 1..)?.split_at_checked(length)?;
                Some(Value::Text(text))
            }
        };
        self.0 = rest;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(texts in proptest::collection::vec(proptest::option::of(".{0,20}"), 0..5)) {
            let mut values: Vec<_> = texts.iter().map(|text| text.as_deref().map(Value::Text)).collect();
            values.extend([Some(Value::Flag(true)), None, Some(Value::Flag(false))]);
            let params = Params::new(values.iter().copied());
            prop_assert_eq!(params.values().collect::<Vec<_>>(), values);
            prop_assert_eq!(params.flag(texts.len()), Some(true));
            for (index, text) in texts.iter().enumerate() {
                prop_assert_eq!(params.text(index), text.as_deref());
            }
        }
    }
}
