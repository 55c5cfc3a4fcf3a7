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
    join(pairs, &QUERY)
}

/// Encodes parameters as a canonical query, and that as if it were one value of another.
#[must_use]
pub fn query_as_value<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    join(pairs, &QUERY_AS_VALUE)
}

/// Encodes parameters as an `application/x-www-form-urlencoded` body: sorted, a space as `+`.
#[must_use]
pub fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    join(pairs, &FORM)
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

/// What stands for what in encoded parameters.
struct Marks {
    /// Before a value.
    equals: &'static str,
    /// Between parameters.
    and: &'static str,
    /// Before the two digits of a byte.
    percent: &'static str,
    space: &'static str,
}

const QUERY: Marks = Marks { equals: "=", and: "&", percent: "%", space: "%20" };
const FORM: Marks = Marks { space: "+", ..QUERY };
const QUERY_AS_VALUE: Marks = Marks { equals: "%3D", and: "%26", percent: "%25", space: "%2520" };

fn join<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>, marks: &Marks) -> String {
    let mut sorted: Vec<_> = pairs.into_iter().collect();
    sorted.sort_unstable();
    // Few characters are encoded.
    let mut text = String::with_capacity(sorted.iter().map(|(key, value)| key.len() + value.len() + 16).sum());
    for (key, value) in sorted {
        if !text.is_empty() {
            text.push_str(marks.and);
        }
        append(&mut text, key, marks);
        text.push_str(marks.equals);
        append(&mut text, value, marks);
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

/// Appends a key or a value. Most of the work of signing is here.
fn append(text: &mut String, part: &str, marks: &Marks) {
    let mut done = 0;
    for (at, byte) in part.bytes().enumerate() {
        if UNRESERVED[usize::from(byte)] {
            continue;
        }
        // Empty, and no place to cut, between the bytes of one character.
        text.push_str(part.get(done..at).unwrap_or_default());
        if byte == b' ' {
            text.push_str(marks.space);
        } else {
            text.push_str(marks.percent);
            text.push_str(&percent_encode_byte(byte)[1..]);
        }
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
        fn a_query_as_a_value_is_encoded_twice(pairs in prop::collection::vec((".{0,4}", ".{0,4}"), 0..8)) {
            let lent = || pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            prop_assert_eq!(query_as_value(lent()), encode(&query(lent())).to_string());
        }

        #[test]
        fn parts_are_encoded_as_they_are_alone(text: String) {
            prop_assert_eq!(query([("k", text.as_str())]), format!("k={}", encode(&text)));
        }

        #[test]
        fn encoding_loses_nothing(text: String) {
            let encoded = encode(&text).to_string();
            prop_assert_eq!(percent_decode_str(&encoded).decode_utf8_lossy(), text);
        }
    }
}
