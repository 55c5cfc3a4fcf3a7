//! What a response indicates beside its status: by its codes, its success flag, its errors.

use super::json::{Json, Object};

/// What a response indicates. One that indicates both is contradictory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Indicators {
    /// It indicates success.
    pub(crate) success: bool,
    /// It indicates an error.
    pub(crate) error: bool,
    /// It has a code, which no documented success has.
    pub(crate) has_code: bool,
}

impl Indicators {
    /// Reads those of a response's object.
    pub(super) fn of(object: &Object<'_>) -> Self {
        let mut indicators = Self::default();
        for (key, value) in object.fields().filter(|(_, value)| value.says()) {
            match key {
                "Code" | "code" | "error_code" | "errorCode" | "ErrorCode" => {
                    indicators.has_code = true;
                    indicators.add(value.as_code().map(is_success));
                }
                "Success" | "success" => indicators.add(is_set(value)),
                "Errors" | "errors" | "Error" | "error" | "error_msg" | "errorMsg" => {
                    indicators.error |= is_error(value)
                }
                _ => {}
            }
        }
        indicators
    }

    /// Adds one; what can mean anything means both.
    const fn add(&mut self, is_success: Option<bool>) {
        self.success |= !matches!(is_success, Some(false));
        self.error |= !matches!(is_success, Some(true));
    }
}

/// Returns whether a code means success.
pub(super) fn is_success(code: &str) -> bool {
    matches!(code.to_ascii_lowercase().as_str(), "0" | "ok" | "success" | "succeeded")
        || (code.len() == 3 && code.starts_with('2') && code.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Reads a flag, which may be spelt as a text.
fn is_set(flag: &Json<'_>) -> Option<bool> {
    if let Json::Bool(flag) = flag {
        return Some(*flag);
    }
    flag.as_code()?.to_ascii_lowercase().parse().ok()
}

fn is_error(value: &Json<'_>) -> bool {
    match value {
        Json::List { is_empty } => !is_empty,
        Json::Object(error) => !error.is_empty(),
        Json::Bool(is_error) => *is_error,
        Json::Null | Json::Number(_) | Json::Text(_) | Json::Twice => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    fn indicators(body: &str) -> Indicators {
        match json::read(body.as_bytes(), &[], false, None) {
            Ok(Json::Object(object)) => Indicators::of(&object),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn codes_flags_and_errors_indicate_success_or_error() {
        let (silent, well, ill) = ((false, false), (true, false), (false, true));
        for (body, wanted) in [
            (r#"{"Status": "Stopped"}"#, silent),
            (r#"{"Code": "", "errorCode": null, "error_msg": "", "errors": [], "error": {}, "Success": null}"#, silent),
            (r#"{"Code": "200"}"#, well),
            (r#"{"Code": 200, "Success": true}"#, well),
            (r#"{"code": "OK", "success": "true"}"#, well),
            (r#"{"error_code": "0"}"#, well),
            (r#"{"Code": "2000"}"#, ill),
            (r#"{"Code": 500}"#, ill),
            (r#"{"error_code": 601}"#, ill),
            (r#"{"errorCode": "x"}"#, ill),
            (r#"{"Success": false}"#, ill),
            (r#"{"errors": ["x"]}"#, ill),
            (r#"{"error": {"x": 1}}"#, ill),
            (r#"{"error": "x"}"#, ill),
            (r#"{"error": true}"#, ill),
            (r#"{"Code": "OK", "errors": [{}]}"#, (true, true)),
            (r#"{"Code": "OK", "Success": false}"#, (true, true)),
            (r#"{"Code": "OK", "Code": "OK"}"#, (true, true)),
            (r#"{"Code": "OK", "code": "InternalError"}"#, (true, true)),
            (r#"{"CODE": "x"}"#, (true, true)),
            (r#"{"SUCCESS": false}"#, (true, true)),
            (r#"{"ERROR": "x"}"#, ill),
            (r#"{"Code": true}"#, (true, true)),
            (r#"{"Code": {}}"#, (true, true)),
            (r#"{"Success": 1}"#, (true, true)),
        ] {
            let indicators = indicators(body);
            assert_eq!((indicators.success, indicators.error), wanted, "{body}");
        }
    }
}
