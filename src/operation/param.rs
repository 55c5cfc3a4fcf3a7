//! The parameters of a target: what a kind declares, and what a plan gives.

/// One parameter that a kind declares.
#[derive(Debug, PartialEq, Eq)]
pub struct Param {
    /// The key in plans, such as `flow_name`.
    pub name: &'static str,
    /// One line for help texts and the plan reference.
    pub about: &'static str,
    /// What values it takes.
    pub shape: Shape,
    /// Whether it names the resource; such a parameter is required.
    pub identifying: bool,
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Text, exactly as the plan has it.
    Text(Box<str>),
    /// A flag.
    Flag(bool),
}

/// The values of one target, in the order its kind declares them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Params(Box<[Option<Value>]>);

impl Params {
    /// Wraps values that stand in the order the kind declares them.
    #[must_use]
    pub fn new(values: Vec<Option<Value>>) -> Self {
        Self(values.into_boxed_slice())
    }

    /// Returns the text of parameter number `index`, if it was given.
    #[must_use]
    pub fn text(&self, index: usize) -> Option<&str> {
        match self.0.get(index) {
            Some(Some(Value::Text(text))) => Some(text),
            Some(Some(Value::Flag(_)) | None) | None => None,
        }
    }

    /// Returns the text of an identifying parameter, which a validated target always has.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        self.text(index).unwrap_or_default()
    }

    /// Returns the flag of parameter number `index`, if it was given.
    #[must_use]
    pub fn flag(&self, index: usize) -> Option<bool> {
        match self.0.get(index) {
            Some(Some(Value::Flag(flag))) => Some(*flag),
            Some(Some(Value::Text(_)) | None) | None => None,
        }
    }

    /// Returns the parameters that were given, with what their kind declares of them.
    pub fn given<'a>(&'a self, declared: &'static [Param]) -> impl Iterator<Item = (&'static Param, &'a Value)> {
        declared.iter().zip(&*self.0).filter_map(|(param, value)| Some((param, value.as_ref()?)))
    }

    /// Returns the texts of the identifying parameters.
    pub fn identity<'a>(&'a self, declared: &'static [Param]) -> impl Iterator<Item = &'a str> {
        self.given(declared).filter(|(param, _)| param.identifying).filter_map(|(_, value)| match value {
            Value::Text(text) => Some(&**text),
            Value::Flag(_) => None,
        })
    }
}
