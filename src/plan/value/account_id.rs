//! The ids of accounts, exactly as they are written: none is ever a number.

use crate::plan::key::{Form, Takes};
use crate::plan::reader::{Field, Reader, Text};
use crate::plan::tree::Style;
use crate::provider::Cloud;

/// A list of at least one id, of any cloud.
pub(in crate::plan) const ACCOUNT_IDS: Form<Vec<String>> = Form { takes: || Takes::AccountIds, read: account_ids };

/// The most digits of the number of an Alibaba Cloud account; today it has 16.
const MOST_DIGITS: usize = 20;

/// The hexadecimal digits of the id of a Huawei Cloud account.
const HEX_DIGITS: usize = 32;

/// Reads the id of an account of a cloud; of any cloud where that is not known.
pub(in crate::plan) fn account_id(
    field: Field<'_, '_>,
    cloud: Option<Cloud>,
    reader: &mut Reader<'_>,
) -> Option<String> {
    let text = reader.name(field)?;
    let is_of = |other| cloud.is_none_or(|cloud| cloud == other);
    let (what, hint) = match cloud {
        Some(Cloud::Alibaba) => ("the number of an Alibaba Cloud account", "write all its digits, and nothing else"),
        Some(Cloud::Huawei) => (
            "the id of a Huawei Cloud account",
            "write its 32 hexadecimal digits in quotes; the console calls it account ID or domain ID",
        ),
        None => (
            "the id of an account",
            "write the digits of an Alibaba Cloud account, or the 32 hexadecimal digits of a Huawei Cloud account in quotes",
        ),
    };
    let title = if is_of(Cloud::Huawei) && is_misread(field, &text, cloud) {
        format!("{field} must be quoted: without quotes {text} is a number to YAML")
    } else if is_of(Cloud::Alibaba) && is_number(&text.value) || is_of(Cloud::Huawei) && is_hex(&text.value) {
        return Some(text.value.to_ascii_lowercase());
    } else {
        format!("{field} must be {what}, not {text}")
    };
    reader.wrong(text.span, title, Some(hint.to_owned()));
    None
}

/// Reads the id of a Huawei Cloud account.
pub(in crate::plan) fn domain_id(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    account_id(field, Some(Cloud::Huawei), reader)
}

fn account_ids(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let items: Vec<_> = reader.list(field)?.collect();
    if items.is_empty() {
        let hint = "name at least one account, or omit the key".to_owned();
        reader.wrong(field.node.span, format!("{field} is an empty list"), Some(hint));
        return None;
    }
    let ids: Vec<_> = items.into_iter().map(|item| account_id(item, None, reader)).collect();
    ids.into_iter().collect()
}

/// Tells whether a text is the id of an account of either cloud.
pub(crate) fn is_account_id(text: &str) -> bool {
    is_number(text) || is_hex(text)
}

fn is_number(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_hex(text: &str) -> bool {
    text.len() == HEX_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Tells whether other programs would take the id of a Huawei Cloud account for a number: it is written without quotes,
/// and looks like one.
fn is_misread(field: Field<'_, '_>, text: &Text<'_>, cloud: Option<Cloud>) -> bool {
    let is_unquoted = field.node.scalar().is_some_and(|scalar| scalar.style != Style::Quoted);
    let is_number = text.value == text.written && text.value.parse::<f64>().is_ok();
    let has_exponent = cloud.is_some() && text.value.contains(['e', 'E']);
    is_unquoted && is_number && (is_hex(&text.value) || has_exponent)
}
