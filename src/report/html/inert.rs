//! JSON that is only data in every place: in a page, on a terminal, in an editor.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::base::escape::write_json_fragment;

/// Writes compact JSON in which no text can end the script element around it, move a cursor or reorder what is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for (number, part) in fragment.split('<').enumerate() {
            if number > 0 {
                writer.write_all(b"\\u003c")?;
            }
            write_json_fragment(writer, part)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;
    use crate::base::escape::is_invisible;

    fn inert(text: &str) -> String {
        let mut json = Vec::new();
        text.serialize(&mut serde_json::Serializer::with_formatter(&mut json, Inert)).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn leaves_nothing_active() {
        let table = [
            ("plain ä 名前 🚀", r#""plain ä 名前 🚀""#),
            ("</script><!-- \"", r#""\u003c/script>\u003c!-- \"""#),
            ("\u{1b}[2J\n\u{7f}\u{9b}", r#""\u001b[2J\n\u007f\u009b""#),
            ("\u{202e}\u{2028}\u{feff}", r#""\u202e\u2028\ufeff""#),
        ];
        for (text, json) in table {
            assert_eq!(inert(text), json);
        }
    }

    proptest! {
        #[test]
        fn reads_back_as_it_was(text in "(?s)(.|[<>&'\"\u{1b}\u{2028}\u{202e}]|</script>|<!--|]]>){0,40}") {
            let json = inert(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            prop_assert!(json.chars().all(|ch| ch != '<' && !is_invisible(ch)), "{json}");
        }
    }
}
