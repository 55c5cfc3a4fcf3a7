//! Percent-encoding, read and written with the simulator's own code.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes a text as both vendors' canonical requests have it.
pub(super) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Decodes one segment of a path; `None` where the bytes are no UTF-8.
pub(super) fn decode_segment(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}

/// Decodes the parameters of a query or a form, where `+` is a space; `None` where the bytes are no UTF-8.
pub(super) fn decode_parameters(text: &str) -> Option<Vec<(String, String)>> {
    let decode = |part: &str| decode_segment(&part.replace('+', " "));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Joins parameters as `name=value&…`, encoded and sorted by name, then value.
pub(super) fn canonical_parameters<'a>(parameters: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut pairs: Vec<_> = parameters.collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_forms_and_written_canonically() {
        let read = decode_parameters("b=2+3&a=%E4%B8%AD*~&c&&d=").expect("UTF-8");
        assert_eq!(canonical_parameters(read.iter()), "a=%E4%B8%AD%2A~&b=2%203&c=&d=");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(decode_parameters("a=%FF"), None);
        assert_eq!(decode_segment("%FF"), None);
        assert_eq!(decode_segment("50%"), Some("50%".to_owned()));
    }
}
