//! The body of a webhook: JSON with placeholders.

use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest;
use crate::plan::template::{Placeholder, Template, TemplateError};
use crate::plan::tree::Content;

use super::policy::write;

/// JSON with placeholders: a mapping, or a text.
pub(in crate::plan) const TEMPLATE: Form<Template> = Form { takes: || Takes::Template, read: template };

fn template(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Template> {
    let text = match field.node.content() {
        Content::Mapping(_) => {
            let mut json = String::new();
            write(field.name, field.node, &mut json, reader)?;
            json
        }
        Content::Scalar(_) | Content::Sequence(_) => {
            reader.scalar(field, "a mapping, or a text of JSON")?.value.into_owned()
        }
    };
    let error = match Template::new(text) {
        Ok(template) => return Some(template),
        Err(error) => error,
    };
    let hint = match &error {
        TemplateError::Unknown(name) => {
            let all: Vec<_> = Placeholder::ALL.iter().map(|(name, _)| *name).collect();
            let near = suggest::nearest(name, all.iter().copied()).map(suggest::meant);
            let near = near.map(|near| format!("{near} ")).unwrap_or_default();
            format!("{near}The placeholders are {}", all.join(", "))
        }
        TemplateError::Open => "close it, as in `{{ title }}`".to_owned(),
        TemplateError::NotJson(_) => "write text in quotes, and numbers and `{{ json }}` without".to_owned(),
    };
    reader.wrong(field.node.span, format!("{field} {error}"), Some(hint));
    None
}
