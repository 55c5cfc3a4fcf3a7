//! What each notation is read as, and that nothing makes it fail.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::plan::rows::source::Taken;
use crate::plan::tree::{Content, Node};

fn rows(bytes: &[u8], ending: &str) -> Rows {
    let source = Source::new(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
    Rows::of(source, Some(ending), Kind::named("fnf_execution").unwrap())
}

/// Reads rows as `line: key=value …`, or as `line: !` where they are bad.
fn read(bytes: &[u8], ending: &str) -> Vec<String> {
    let (mut rows, mut read) = (rows(bytes, ending), Vec::new());
    while let Some(row) = rows.next().unwrap() {
        let content = match row.node.as_ref().filter(|_| !row.found.has_errors()) {
            Some(node) => shown(node),
            None => "!".to_owned(),
        };
        read.push(format!("{}: {content}", row.line));
    }
    read
}

fn shown(node: &Node<'_>) -> String {
    match node.content() {
        Content::Scalar(scalar) => scalar.text.to_string(),
        Content::Sequence(_) => "[]".to_owned(),
        Content::Mapping(entries) => {
            let pairs: Vec<_> =
                entries.iter().map(|entry| format!("{}={}", entry.name(), shown(&entry.value))).collect();
            pairs.join(" ")
        }
    }
}

const HEADER: &str = "flow_name,execution_name,cause,label.team\n";

#[test]
fn tables_are_read_as_everybody_writes_them() {
    for (text, expected) in [
        ("f,e,,\n", &["2: flow_name=f execution_name=e"][..]),
        ("f,e,,", &["2: flow_name=f execution_name=e"]),
        (
            "f,e,c,t\r\n\r\n\nf,g,,\r\n",
            &["2: flow_name=f execution_name=e cause=c labels=team=t", "5: flow_name=f execution_name=g"],
        ),
        ("\"f\",\"a \"\"b\"\", c\",,\n", &["2: flow_name=f execution_name=a \"b\", c"]),
        (
            "f,e,\"one\ntwo\r\n\",\nf,g,,",
            &["2: flow_name=f execution_name=e cause=one\ntwo\r\n", "5: flow_name=f execution_name=g"],
        ),
        ("f, e ,,\n", &["2: flow_name=f execution_name= e "]),
        (",e,,\n", &["2: flow_name= execution_name=e"]),
        ("f\nf,e,,,\nf,e,,\n", &["2: !", "3: !", "4: flow_name=f execution_name=e"]),
        ("f,e\r,,\nf,g,,\n", &["2: !", "3: flow_name=f execution_name=g"]),
        ("f,e,\"open,\nf,g,,\n", &["2: !"]),
        ("\u{feff}f,null,~,\n", &["2: flow_name=\u{feff}f execution_name=null cause=~"]),
        ("", &[]),
    ] {
        assert_eq!(read(format!("{HEADER}{text}").as_bytes(), "csv"), expected, "{text:?}");
    }
}

#[test]
fn a_bad_header_is_all_that_is_read() {
    for header in
        ["flow_name", "flow_name,execution_name,flow_name", "flow_name,execution_name,x", "f,e", "\"", "\u{1f},\0"]
    {
        assert_eq!(read(format!("{header}\nf,e\n").as_bytes(), "csv"), ["1: !"], "{header}");
    }
    assert!(read(b"", "csv").is_empty());
    assert!(read(b"\n\r\n", "csv").is_empty());
}

#[test]
fn lines_and_lists_of_objects_are_the_same() {
    let objects = [r#"{"a":"1","b":{"c":"\u00e9 \"}"}}"#, r#"{ "a" : true }"#, "7", r#"{"a":"1","a":"2"}"#, "{\"a\":"];
    let expected = ["1: a=1 b=c=é \"}", "2: a=true", "3: 7", "4: !"];
    let lines = read(objects.join("\n").as_bytes(), "ndjson");
    assert_eq!(lines, [&expected[..], &["5: !"]].concat());
    let list = read(format!("[{}]", objects[..4].join(",\n")).as_bytes(), "json");
    assert_eq!(list, expected);
    assert_eq!(read(b" [ ] \n", "json"), [""; 0]);
    for broken in ["[", "[{}", "[{},]", "[,{}]", "[] x", "[{\"a\":\"]"] {
        assert!(read(broken.as_bytes(), "json").iter().any(|row| row.ends_with('!')), "{broken}");
    }
}

#[test]
fn a_spreadsheets_empty_rows_and_columns_are_skipped() {
    for (text, expected) in [
        (",,,\n,flow_name,,execution_name\n,,,\n,f,,e\n\"\",\"\",,\n,,,\n", &["4: flow_name=f execution_name=e"][..]),
        ("flow_name,execution_name,,\nf,e,,\n,,,\n,\n", &["2: flow_name=f execution_name=e"]),
        ("flow_name,execution_name,\nf,e,x\nf,,\n", &["2: !", "3: flow_name=f execution_name="]),
        (",,\n,,\n", &[]),
    ] {
        assert_eq!(read(text.as_bytes(), "csv"), expected, "{text:?}");
    }
}

#[test]
fn a_list_in_an_object_is_read_as_the_list() {
    for (text, expected) in [
        // What is in the object besides the list says nothing, wherever it stands.
        (
            r#"{"a":"[{","b":{"c":[{}]},"d":["x"],"e":[],"items":[{"a":"1"},{"a":"2"}],"f":[],"g":"\"}"}"#,
            &["1: a=1", "1: a=2"][..],
        ),
        ("{\n  \"items\": [\n    {\n      \"a\": \"1\"\n    }\n  ]\n}\n", &["3: a=1"]),
        // Pages, one behind the other.
        ("{\"items\":[{\"a\":\"1\"}]}\n{\"items\":[{\"a\":\"2\"}]} {\"n\":1}\n", &["1: a=1", "2: a=2"]),
        // A vendor's list has more than names, under names of its own.
        (
            r#"{"NextToken":"","Executions":[{"FlowName":"f","Name":"e","Status":"Running","Input":"{}"}],"RequestId":"r"}"#,
            &["1: flow_name=f execution_name=e"],
        ),
        (
            r#"{"Executions":[{"flow_name":"f","execution_name":"e","caus":"c"}]}"#,
            &["1: flow_name=f execution_name=e caus=c"],
        ),
        (r#"{"other":[{"FlowName":"f","Name":"e"}]}"#, &["1: FlowName=f Name=e"]),
        (r#"{"Executions":[],"RequestId":"r"}"#, &[]),
        (r#"{"items":[{"a":"1"}],"more":[{"a":"2"}]}"#, &["1: a=1", "1: !"]),
        (r#"{"items":[{"a":"1"}]"#, &["1: a=1", "1: !"]),
        (r#"{"items":[{"a":"1"}"#, &["1: !"]),
        (r#"{"items":[{"a":"1"},]}"#, &["1: a=1", "1: !"]),
        (r#"{"items":[{"a":"1"}]} x"#, &["1: a=1", "1: !"]),
    ] {
        for ending in ["json", "ndjson", "txt"] {
            assert_eq!(read(text.as_bytes(), ending), expected, "{text:?}");
        }
    }
}

#[test]
fn a_page_that_is_not_the_last_is_told() {
    let warns = |text: &str| {
        let (mut rows, mut warns) = (rows(text.as_bytes(), "json"), false);
        while let Some(row) = rows.next().unwrap() {
            assert!(!row.found.has_errors());
            warns |= !row.found.is_empty();
        }
        warns
    };
    let page = |token: &str| format!(r#"{{"Executions":[{{"FlowName":"f","Name":"e"}}],"NextToken":{token},"Z":"z"}}"#);
    assert!(warns(&page("\"more\"")));
    assert!(warns(r#"{"nextToken":"more","items":[{"a":"1"}]}"#));
    for last in ["\"\"", "null"] {
        assert!(!warns(&page(last)) && !warns(&(page("\"more\"") + &page(last))), "{last}");
    }
}

#[test]
fn the_ending_says_how_a_file_is_written_or_else_how_it_begins() {
    let notation = |bytes: &[u8], ending| match rows(bytes, ending) {
        Rows::Table(_) => "table",
        Rows::Lines(_) => "lines",
        Rows::List(_) => "list",
    };
    for (text, ending, expected) in [
        ("[", "csv", "table"),
        ("\u{feff} \n[", "json", "list"),
        (" {", "json", "lines"),
        ("[", "txt", "list"),
        ("{", "", "lines"),
        ("a,b", "txt", "table"),
        ("a,b", "jsonl", "lines"),
        ("", "ndjson", "lines"),
    ] {
        assert_eq!(notation(text.as_bytes(), ending), expected, "{text:?} in a .{ending} file");
    }
}

/// A row is never held beyond the bound, and what follows a line that is too long is still read.
#[test]
fn rows_are_bounded() {
    let long = "x".repeat(10 << 20);
    let table = read(format!("{HEADER}f,{long},,\nf,e,,\n").as_bytes(), "csv");
    assert_eq!(table, ["2: !", "3: flow_name=f execution_name=e"]);
    let quoted = format!("{HEADER}f,\"{}\n", "x\n".repeat(5 << 20));
    assert!(read(quoted.as_bytes(), "csv").first().is_some_and(|row| row == "2: !"));
    assert_eq!(read(format!("{{\"a\":\"{long}\"}}\n{{\"a\":\"b\"}}").as_bytes(), "ndjson"), ["1: !", "2: a=b"]);
    assert_eq!(read(format!("[{{\"a\":\"{long}\"}}, {{}}]").as_bytes(), "json"), ["1: !"]);
    let mut source = Source::new(Box::new(Cursor::new(long.into_bytes()))).unwrap();
    let mut text = Vec::new();
    assert!(matches!(source.line(&mut text).unwrap(), Taken::Part));
    assert_eq!(text.len(), Source::LONGEST + 1);
}

#[test]
fn the_digest_is_of_all_bytes() {
    use sha2::{Digest, Sha256};
    for (bytes, ending) in
        [(&b"\xef\xbb\xbf{}\r\n{}\n"[..], "ndjson"), (b"[{}] \n", "json"), (b"flow_name,execution_name\n1,2", "csv")]
    {
        let mut rows = rows(bytes, ending);
        while rows.next().unwrap().is_some() {}
        assert_eq!(rows.digest()[..], Sha256::digest(bytes)[..]);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), ending in "csv|json|ndjson|x") {
        prop_assume!(!bytes.starts_with(&[0xff, 0xfe]) && !bytes.starts_with(&[0xfe, 0xff]));
        read(&bytes, &ending);
    }

    #[test]
    fn nothing_like_a_row_makes_it_panic(text in "(flow_name,execution_name\n|\\[)?[a-z\"\\\\{}\\[\\],:0-9 \t\r\n\0é-]{0,80}", ending in "csv|json|ndjson") {
        read(text.as_bytes(), &ending);
    }

    /// Whatever a text is, all notations bring it back.
    #[test]
    fn texts_survive(texts in proptest::collection::vec("\\PC{1,20}|[\"\\\\,\r\n{}\\[\\]]{1,6}", 1..5)) {
        let quoted = |text: &String| format!("f,\"{}\",,\n", text.replace('"', "\"\""));
        let table = format!("{HEADER}{}", texts.iter().map(quoted).collect::<String>());
        let objects: Vec<_> = texts
            .iter()
            .map(|text| serde_json::json!({"flow_name": "f", "execution_name": text}).to_string())
            .collect();
        let (lines, list) = (objects.join("\n"), format!("[{}]", objects.join(",")));
        let expected: Vec<_> = texts.iter().map(|text| format!("flow_name=f execution_name={text}")).collect();
        for (bytes, ending) in [(table, "csv"), (lines, "ndjson"), (list, "json")] {
            let rows = read(bytes.as_bytes(), ending);
            let mut contents: Vec<_> = rows.iter().map(|row| row.split_once(": ").unwrap().1.to_owned()).collect();
            // The objects' keys are sorted.
            contents.iter_mut().filter(|content| content.starts_with("execution_name=")).for_each(|content| {
                let text = content.strip_prefix("execution_name=").unwrap().strip_suffix(" flow_name=f").unwrap();
                *content = format!("flow_name=f execution_name={text}");
            });
            prop_assert_eq!(&contents, &expected, "{}", ending);
        }
    }
}
