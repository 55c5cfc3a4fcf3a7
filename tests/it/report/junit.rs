//! A report as JUnit XML.

use allstop::engine::Outcome;
use allstop::report::{Escaped, Format, Rehearsal, Report, Row};
use allstop::simulator::Disagreement;
use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::every::{NASTY, every, infested, outcomes};

fn junit(report: &Report) -> String {
    let mut text = Vec::new();
    Format::Junit.write(report, None, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn elements<'a>(node: Node<'a, 'a>, name: &str) -> Vec<Node<'a, 'a>> {
    node.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// Fails where the XML has not the shape that Jenkins and GitLab read, or its counts are wrong.
fn check(text: &str, report: &Report) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    for node in elements(root, "testsuites").into_iter().chain(elements(root, "testsuite")) {
        for (count, name) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            let stated: usize = node.attribute(count).unwrap().parse().unwrap();
            assert_eq!(stated, elements(node, name).len(), "{count} of {text}");
        }
        node.attribute("time").unwrap().parse::<f64>().unwrap();
        assert!(node.attribute("name").is_some());
    }
    for case in elements(root, "testcase") {
        assert!(case.parent().unwrap().has_tag_name("testsuite"));
        assert!(case.attribute("name").is_some() && case.attribute("classname").is_some());
        case.attribute("time").unwrap().parse::<f64>().unwrap();
        let results: Vec<_> =
            case.children().filter(|child| child.is_element() && !child.has_tag_name("properties")).collect();
        assert!(results.len() <= 1, "{text}");
        for result in results {
            assert!(result.attribute("message").is_some() && result.attribute("type").is_some());
        }
    }
    assert_eq!(elements(root, "testcase").len(), report.targets.len() + report.selections.len());
}

#[test]
fn has_a_case_for_each_target() {
    let report = every();
    let text = junit(&report);
    check(&text, &report);
    insta::assert_snapshot!("junit", text);
}

#[test]
fn only_what_is_done_passes() {
    use Outcome::{Accepted, AlreadyStopped, Failed, NotFound, Stopped, Unknown};
    let all = [Stopped, AlreadyStopped, Accepted, NotFound, Failed, Unknown];
    let failures = |exit_code, rows: &[Outcome]| {
        let text = junit(&outcomes(exit_code, rows));
        let document = Document::parse(&text).unwrap();
        elements(document.root_element(), "failure").len()
    };
    assert_eq!(failures(1, &all), 4);
    assert_eq!(failures(0, &all[..4]), 0);
}

/// What is said of a target whose row the ledger does not bear out.
fn disagreement(row: &Row) -> String {
    let truth = "it is not stopped (running, 2 stop requests)".to_owned();
    Disagreement { target: row.id.as_str().into(), outcome: row.outcome, truth }.to_string()
}

#[test]
fn a_row_that_the_ledger_disagrees_with_fails() {
    let mut report = every();
    // The first passed, the seventh has a nasty name and has failed already, the last was skipped.
    let lies = [0, 6, report.targets.len() - 1];
    let disagreements: Vec<_> = lies.iter().map(|index| disagreement(&report.targets[*index])).collect();
    let before = Document::parse(&junit(&report)).map(|xml| elements(xml.root_element(), "failure").len()).unwrap();
    let rehearsal = Rehearsal {
        seed: 1,
        faults: "some".to_owned(),
        speed: 1.0,
        agrees: false,
        disagreements: disagreements.clone(),
    };
    report.rehearsal = Some(rehearsal);
    let text = junit(&report);
    check(&text, &report);
    let document = Document::parse(&text).unwrap();
    let failures = elements(document.root_element(), "failure");
    assert_eq!(failures.len(), before + 2);
    let told: Vec<_> = failures.iter().filter(|failure| failure.attribute("type") == Some("disagreement")).collect();
    assert_eq!(told.len(), lies.len());
    for (index, disagreement) in lies.iter().zip(disagreements) {
        let name = Escaped(&report.targets[*index].id).to_string();
        let failure = told.iter().find(|failure| failure.parent().unwrap().attribute("name") == Some(&name)).unwrap();
        let message = format!("the simulator's ledger disagrees: {}", Escaped(&disagreement));
        assert_eq!(failure.attribute("message"), Some(&*message));
    }
}

#[test]
fn nothing_to_report_is_a_document_too() {
    let report = outcomes(4, &[]);
    check(&junit(&report), &report);
}

#[test]
fn a_nasty_text_stays_a_text() {
    let report = infested(NASTY);
    let text = junit(&report);
    check(&text, &report);
    let document = Document::parse(&text).unwrap();
    let cases = elements(document.root_element(), "testcase");
    assert!(cases[0].attribute("name").unwrap().starts_with("<script>alert('x')</script> | **b**"), "{text}");
    assert!(cases[0].attribute("name").unwrap().contains(r"\u{1b}[31m\r\n# two"), "{text}");
}

proptest! {
    #[test]
    fn any_text_fits_into_the_xml(text in any::<String>()) {
        let report = infested(&text);
        check(&junit(&report), &report);
    }

    #[test]
    fn so_do_texts_that_xml_cannot_hold(text in "[\u{0}-\u{20}\u{7f}-\u{a0}\u{fff0}-\u{ffff}&<>'\"\\]]{0,20}") {
        let report = infested(&text);
        check(&junit(&report), &report);
    }
}
