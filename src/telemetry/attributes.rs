//! The attributes of spans and metrics.

use opentelemetry::KeyValue;

use crate::report::Label;

/// Makes an attribute of this program.
pub(super) fn own(name: &str, value: impl Into<opentelemetry::Value>) -> KeyValue {
    KeyValue::new(format!("allstop.{name}"), value)
}

/// Makes the attributes of a sample of its labels.
pub(super) fn of_labels<'l>(labels: impl IntoIterator<Item = &'l Label>) -> Vec<KeyValue> {
    labels.into_iter().map(|(name, value)| KeyValue::new(*name, value.clone())).collect()
}
