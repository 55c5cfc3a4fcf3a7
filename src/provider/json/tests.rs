use super::search::{Listed, Search};
use super::value::{Json, Object};
use super::*;

/// The fields of services that occur here.
const FIELDS: &[&str] = &["Status", "status", "Result", "result"];

fn object(text: &str) -> Object<'_> {
    match read(text.as_bytes(), FIELDS, false, None) {
        Ok(Json::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_what_has_a_meaning_is_kept() {
    let read =
        object(r#"{"Input": "x", "Status": "Stopped", "Odd": {"Code": "x"}, "Result": {"status": "a", "b": 1}}"#);
    assert_eq!(read.text("Status"), Some("Stopped"));
    assert_eq!((read.fields.len(), read.others.len()), (2, 0));
    assert_eq!(read.object("Result").and_then(|result| result.text("status")), Some("a"));
}

#[test]
fn an_object_is_empty_only_without_any_field() {
    assert!(object("{}").is_empty());
    assert!(!object(r#"{"odd": 1}"#).is_empty());
}

#[test]
fn a_field_that_is_there_twice_says_nothing() {
    for text in
        [r#"{"Code": "a", "Code": "a"}"#, r#"{"Code": "a", "\u0043ode": "b"}"#, r#"{"code": null, "Code": "b"}"#]
    {
        let read = object(text);
        assert!(read.fields.iter().all(|(_, value)| *value == Json::Twice), "{text}");
        assert_eq!(read.text("Code"), None, "{text}");
    }
}

#[test]
fn a_field_in_a_spelling_that_no_service_has_says_nothing() {
    for (text, name) in [
        (r#"{"CODE": "a"}"#, "Code"),
        (r#"{"Code": "a", "CODE": "b"}"#, "Code"),
        (r#"{"STATUS": 1, "Status": "Stopped"}"#, "Status"),
        (r#"{"SUCCESS": false}"#, "Success"),
        (r#"{"Error_Code": {"a": 1}}"#, "error_code"),
    ] {
        assert_eq!(object(text).get(name), Some(&Json::Twice), "{text}");
    }
    let read =
        object(r#"{"CODE": null, "STATUS": "", "MESSAGE": "m", "REQUESTID": "r", "RequestID": "r", "Message": "n"}"#);
    assert_eq!((read.fields.len(), read.text("Message")), (1, Some("n")));
}

#[test]
fn a_listed_status_in_two_spellings_is_no_state() {
    for entry in
        [r#""status": "a", "Status": "b""#, r#""STATUS": "b", "status": "a""#, r#""status": "a", "STATUS": "a""#]
    {
        let text = format!(r#"{{"result": [{{"id": "x", {entry}}}]}}"#);
        let mut search = Search::new("result", "id", ["x"]);
        read(text.as_bytes(), FIELDS, false, Some(&mut search)).unwrap();
        assert_eq!(search.of("x"), Some(&Listed::Unclear), "{text}");
    }
}

#[test]
fn a_nested_error_is_kept_where_it_is_wanted() {
    let text = r#"{"a": {"b": {"c": {"error_code": "A.1"}, "d": []}}, "e": "x"}"#;
    let Ok(Json::Object(deep)) = read(text.as_bytes(), FIELDS, true, None) else { panic!("{text}") };
    let nested = deep.objects().flat_map(Object::objects).flat_map(Object::objects).next().unwrap();
    assert_eq!(nested.text("error_code"), Some("A.1"));
    assert!(object(text).objects().next().is_none());
}

#[test]
fn whatever_stands_beside_it_the_rest_is_read() {
    for odd in [
        r#""\ud800""#,
        r#""\udc00x""#,
        r#""\q""#,
        "\"\u{1}\n\"",
        "NaN",
        "1e999",
        "'x'",
        "00",
        r#"[{"a": "\ud800"}]"#,
        r#"{"\ud800": "\uZ"}"#,
    ] {
        for key in ["Input", "Message"] {
            let text = format!(r#"{{"{key}": {odd}, "Code": "InvalidArgument"}}"#);
            assert_eq!(object(&text).text("Code"), Some("InvalidArgument"), "{text}");
        }
    }
    let latin = b"{\"Message\": \"\xe9t\xe9\", \"Code\": \"x\"}";
    assert!(matches!(read(latin, FIELDS, false, None), Ok(Json::Object(object)) if object.text("Code") == Some("x")));
}

#[test]
fn what_is_broken_as_a_whole_is_not_read() {
    for (text, is_cut_short) in [
        ("", true),
        ("{", true),
        (r#"{"Code": "x"#, true),
        (r#"{"Code": "x",}"#, false),
        (r#"{} {}"#, false),
        ("<html>", false),
    ] {
        assert_eq!(read(text.as_bytes(), FIELDS, false, None).unwrap_err().is_cut_short, is_cut_short, "{text}");
    }
    assert_eq!(read(b"[1]", FIELDS, false, None).unwrap(), Json::List { is_empty: false });
}

#[test]
fn a_search_starts_anew_where_the_strict_reading_failed() {
    let mut search = Search::new("result", "fsmId", ["a", "b"]);
    let text = r#"{"result": [{"fsmId": "a", "status": "x"}, {"fsmId": "b", "status": "\ud800"}]}"#;
    read(text.as_bytes(), FIELDS, false, Some(&mut search)).unwrap();
    assert_eq!(search.of("a"), Some(&Listed::Status("x".into())));
    assert_eq!(search.of("b"), Some(&Listed::Status("\u{fffd}".into())));
    assert_eq!(search.of("c"), None);
}

#[test]
fn what_is_kept_of_a_long_response_is_little() {
    let many = |n: usize| (0..n).map(|n| format!(r#""a{n}": {{"code": {n}}}"#)).collect::<Vec<_>>().join(",");
    let text = format!("{{{}}}", many(1000));
    let Ok(Json::Object(deep)) = read(text.as_bytes(), FIELDS, true, None) else { panic!() };
    assert_eq!(deep.others.len(), 32);
    let nested = format!(r#"{}"x"{}"#, r#"{"error": "#.repeat(100), "}".repeat(100));
    let levels = |is_deep| {
        let Ok(Json::Object(mut object)) = read(nested.as_bytes(), FIELDS, is_deep, None) else { panic!() };
        let mut levels = 1;
        while let Some(inner) = object.object("error").cloned() {
            (object, levels) = (inner, levels + 1);
        }
        levels
    };
    // The last of them is known to have fields, and none of those is kept.
    assert_eq!((levels(false), levels(true)), (3, 6));
}

#[test]
fn every_field_stands_where_it_is_looked_up() {
    for (length, names) in names::ENVELOPE.iter().enumerate() {
        assert!(names.iter().all(|name| name.len() == length), "{names:?}");
    }
}
