//! Texts from outside, made fit for reports: bounded, free of control characters and of what repeats the request.

/// Where a gateway begins to repeat the request it refused, security token and all; in lower case.
const ECHOES: [&str; 10] = [
    "string to sign",
    "stringtosign",
    "canonical",
    "authorization:",
    "signature:",
    "signature=",
    "security-token:",
    "securitytoken=",
    "securitytoken%3d",
    "auth-token:",
];

/// Shortens a text to `max_chars` characters and replaces its control characters by spaces.
///
/// It escapes nothing: reports keep what the vendor wrote, and whoever shows it escapes it. Line breaks and other controls
/// are not worth keeping.
///
/// Both vendors respond to a wrong signature with the string that they signed themselves, and a security token can be
/// part of it: such a text ends where the echo begins.
#[must_use]
pub(crate) fn tidy(text: &str, max_chars: usize) -> Box<str> {
    let kept = without_echo(text);
    if kept.len() == text.len() && text.len() <= max_chars && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.into();
    }
    let mut tidy: String = kept.trim().chars().take(max_chars).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if kept.len() < text.len() {
        tidy.push_str(" [echo of the request removed]");
    } else if kept.trim().chars().nth(max_chars).is_some() {
        tidy.push('…');
    }
    tidy.into_boxed_str()
}

fn without_echo(text: &str) -> &str {
    // Every echo has an `n`, and most ids and words for a state have none.
    if !text.contains(['n', 'N']) {
        return text;
    }
    let lower = text.to_ascii_lowercase();
    let echo = ECHOES.iter().filter_map(|echo| lower.find(echo)).min();
    echo.and_then(|at| text.get(..at)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{ECHOES, tidy};

    #[test]
    fn bounds_and_replaces() {
        assert_eq!(&*tidy(" a\r\nb\u{1b}[31m ", 300), "a  b [31m");
        assert_eq!(&*tidy("四五六", 3), "四五六");
        assert_eq!(&*tidy("四五六七", 3), "四五六…");
        assert_eq!(&*tidy("", 3), "");
    }

    #[test]
    fn no_echo_is_without_the_letter_that_is_looked_for_first() {
        assert!(ECHOES.iter().all(|echo| echo.contains('n')));
    }

    #[test]
    fn leaves_out_what_repeats_the_request() {
        for message in [
            "Specified signature is not matched. server string to sign is:POST&%2F&SecurityToken%3Dhush",
            "verify aksk signature fail, canonicalRequest:GET\n/|x-security-token:hush",
            "the header Authorization: SDK-HMAC-SHA256 Signature=hush",
            "X-Auth-Token: hush",
            "İ SECURITYTOKEN=hush",
        ] {
            let tidy = tidy(message, 300);
            assert!(!tidy.contains("hush"), "{tidy}");
            assert!(tidy.ends_with("[echo of the request removed]"), "{tidy}");
        }
    }
}
