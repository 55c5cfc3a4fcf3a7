//! Percent-encoding as the vendors sign it: everything but `A-Z a-z 0-9 - _ . ~`, with upper-case digits.
//!
//! The same text is signed and sent, so nothing can re-encode it in between.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, percent_encode, percent_encode_byte,
    utf8_percent_encode,
};

/// RFC 3986 leaves only its unreserved characters as they are.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The same for a whole path, whose separators stay.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Encodes one path segment, or one key or value of a query.
#[must_use]
pub fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Encodes parameters as a canonical query, which is also the query on the wire: sorted, a space as `%20`.
#[must_use]
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    join(pairs, "%20")
}

/// Encodes parameters as a canonical query, and together with those of a body as another.
pub(super) fn query_and_all<'a>(
    query: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> (String, String) {
    let mut sorted: Vec<_> = query.into_iter().map(|pair| (pair, true)).collect();
    sorted.extend(body.into_iter().map(|pair| (pair, false)));
    sorted.sort_unstable();
    let (mut query, mut all) = (String::with_capacity(512), String::with_capacity(1024));
    for ((key, value), is_of_query) in sorted {
        let from = all.len();
        append(&mut all, key, "%20");
        all.push('=');
        append(&mut all, value, "%20");
        all.push('&');
        if is_of_query {
            query.push_str(all.get(from..).unwrap_or_default());
        }
    }
    query.pop();
    all.pop();
    (query, all)
}

/// Encodes parameters as an `application/x-www-form-urlencoded` body: sorted, a space as `+`.
#[must_use]
pub fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    join(pairs, "+")
}

/// Decodes a path and encodes it again, so that `%2F` becomes a separator.
#[must_use]
pub fn reencode_path(path: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    percent_encode(&decoded, RESERVED_IN_PATH).to_string()
}

/// Lends key-value pairs the way [`query`] and [`form`] take them.
pub fn lend<'a>(pairs: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs.iter().map(|(key, value)| (*key, value.as_str()))
}

fn join<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, space: &str) -> String {
    let mut sorted: Vec<_> = pairs.into_iter().collect();
    sorted.sort_unstable();
    let mut text = String::with_capacity(sorted.iter().map(|(key, value)| key.len() + value.len() + 8).sum());
    for (key, value) in sorted {
        if !text.is_empty() {
            text.push('&');
        }
        append(&mut text, key, space);
        text.push('=');
        append(&mut text, value, space);
    }
    text
}

/// Tells of each byte whether it stays as it is.
static UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~');
        byte += 1;
    }
    table
};

/// Appends what [`encode`] returns, but for spaces. Most of the work of signing is here.
pub(super) fn append(text: &mut String, part: &str, space: &str) {
    let mut done = 0;
    for (at, byte) in part.bytes().enumerate() {
        if UNRESERVED[usize::from(byte)] {
            continue;
        }
        // Empty, and no place to cut, between the bytes of one character.
        text.push_str(part.get(done..at).unwrap_or_default());
        text.push_str(if byte == b' ' { space } else { percent_encode_byte(byte) });
        done = at + 1;
    }
    text.push_str(part.get(done..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encode("aZ09-_.~").to_string(), "aZ09-_.~");
        assert_eq!(encode(" +*/%@:'()!").to_string(), "%20%2B%2A%2F%25%40%3A%27%28%29%21");
        assert_eq!(encode("停").to_string(), "%E5%81%9C");
    }

    #[test]
    fn a_space_differs_between_query_and_form() {
        let pairs = [("b", "x y+%20"), ("a", "")];
        assert_eq!(query(pairs), "a=&b=x%20y%2B%2520");
        assert_eq!(form(pairs), "a=&b=x+y%2B%2520");
        assert_eq!(query([]), "");
    }

    #[test]
    fn a_path_is_decoded_before_it_is_encoded() {
        assert_eq!(reencode_path("/v5/a%2Fb%20c/stop"), "/v5/a/b%20c/stop");
        assert_eq!(reencode_path("/a%25b%zz"), "/a%25b%25zz");
    }

    proptest! {
        #[test]
        fn a_query_does_not_depend_on_order(
            mut pairs in prop::collection::vec((".{0,4}", ".{0,4}"), 0..8),
            seed: u64,
        ) {
            let lend = |pairs: &[(String, String)]| query(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            let before = lend(&pairs);
            fastrand::Rng::with_seed(seed).shuffle(&mut pairs);
            prop_assert_eq!(before, lend(&pairs));
        }

        #[test]
        fn a_query_with_and_without_a_body_is_encoded_at_once(
            pairs in prop::collection::vec((".{0,4}", ".{0,4}"), 0..8),
            of_query in 0..8usize,
        ) {
            let lent = || pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let (alone, all) = query_and_all(lent().take(of_query), lent().skip(of_query));
            prop_assert_eq!(alone, query(lent().take(of_query)));
            prop_assert_eq!(all, query(lent()));
        }

        #[test]
        fn appending_is_encoding(text: String) {
            let mut appended = String::from("before ");
            append(&mut appended, &text, "%20");
            prop_assert_eq!(appended, format!("before {}", encode(&text)));
        }

        #[test]
        fn encoding_loses_nothing(text: String) {
            let encoded = encode(&text).to_string();
            prop_assert_eq!(percent_decode_str(&encoded).decode_utf8_lossy(), text);
        }
    }
}
