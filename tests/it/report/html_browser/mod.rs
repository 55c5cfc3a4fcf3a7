//! The HTML report in a real browser: filtered, sorted and opened as people do it.

mod chromium;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use allstop::report::{Disposition, Escaped, Format, Report, spoken};
use serde_json::{Value, json};

use self::chromium::Page;
use super::every::{every, of_two_accounts, steady};
use crate::environment::TestEnvironment;

fn written(report: &Report, folder: &Path) -> PathBuf {
    let path = folder.join("report.html");
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    Format::Html.write(report, None, &mut out).unwrap();
    path
}

/// Rehearses 2,000 targets of all kinds in a storm.
fn storm() -> Report {
    let mut plan =
        "version: 1\naccounts:\n  ali: {cloud: alibaba, region: cn-hangzhou}\n  hw: {cloud: huawei, region: \
                    cn-north-4, project_id: p1}\ndefaults: {account: ali}\nguards: {max_targets: 2000}\nlimits: {rate: \
                    2000/s, burst: 200}\ntargets:\n"
            .to_owned();
    for number in 0..2_000 {
        let fields = match number % 5 {
            0 => format!("kind: fnf_execution, flow_name: etl, execution_name: run-{number}"),
            1 => format!("kind: opensearch_task, instance_id: ha-cn-1, fsm_id: t{number}"),
            2 => format!("kind: elasticsearch_task, instance_id: es-cn-{number}"),
            3 => format!("kind: live_flow, account: hw, flow_id: flow-{number}"),
            _ => format!("kind: drs_job, account: hw, job_id: job-{number}"),
        };
        plan.push_str(&format!("  - {{{fields}}}\n"));
    }
    let env = TestEnvironment::new().with("storm.yaml", plan);
    env.run(["run", "storm.yaml", "--rehearse", "--faults", "storm", "--yes", "--speed", "1000"]);
    Report::read(&env.path("storm.rehearsal.report.json")).unwrap()
}

/// Makes a report of 50,000 targets out of a row of a smaller one; every hundredth has failed.
fn large(mut report: Report) -> Report {
    let row = report.targets.iter().find(|row| !row.attempts.is_empty()).unwrap().clone();
    let failed =
        json!({"class": "denied", "code": "AccessDenied", "message": "<b>no</b>", "request_id": null, "hint": null});
    report.targets = (0..50_000)
        .map(|number| {
            let mut row = row.clone();
            row.id = format!("many-{number:05}");
            if number % 100 == 99 {
                row.outcome = allstop::engine::Outcome::Failed;
                row.disposition = Disposition::Open;
                row.error = Some(serde_json::from_value(failed.clone()).unwrap());
            }
            row
        })
        .collect();
    report.summary.targets = 50_000;
    (report.summary.stopped, report.summary.failed, report.run.exit_code) = (49_500, 500, 1);
    report
}

/// Fails where the page asked for anything besides itself, or anything was said in the console.
fn was_quiet(page: &Page) {
    for event in &page.events {
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap();
                assert!(
                    url.starts_with("file:///") && url.ends_with("/report.html") || url.starts_with("data:"),
                    "{url}"
                );
            }
            "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded" => panic!("{params}"),
            _ => {}
        }
    }
}

fn shown(page: &mut Page) -> Value {
    page.value("document.getElementById('shown').textContent")
}

fn first_id(page: &mut Page) -> Value {
    page.value("document.querySelector('.opener').textContent")
}

/// Filters by a word, clears, sorts both ways, and opens rows with the mouse and with keys.
fn is_of_use(page: &mut Page, all: &str, word: &str, found: &str) {
    assert_eq!(shown(page), format!("All {all} rows"));
    assert_eq!(page.value("document.querySelectorAll('tr.row').length"), 100);
    let (first, second) = (first_id(page), page.value("document.querySelectorAll('.opener')[1].textContent"));

    page.click("input[type=search]");
    page.write(word);
    page.wait_for(&format!("document.getElementById('shown').textContent === '{found} of {all} rows'"));
    page.click("button[type=reset]");
    page.wait_for(&format!("document.getElementById('shown').textContent === 'All {all} rows'"));

    page.click("th.of-number button");
    assert_eq!(page.value("document.querySelector('th.of-number').getAttribute('aria-sort')"), "descending");
    assert_ne!(first_id(page), first);
    page.click("th.of-id button");
    assert_eq!(page.value("document.querySelector('th.of-id').getAttribute('aria-sort')"), "ascending");
    page.click("th.of-number button");
    assert_eq!(first_id(page), first);

    page.click("tr.row .opener");
    assert_eq!(page.value("document.querySelector('.opener').getAttribute('aria-expanded')"), "true");
    assert!(page.value("document.querySelector('.opened .attempts tbody').rows.length").as_u64().unwrap() > 0);
    page.press("ArrowDown", 40);
    assert_eq!(page.value("document.activeElement.textContent"), second);
    page.press("Enter", 13);
    assert_eq!(page.value("document.querySelectorAll('.opened').length"), 2);
    page.press("Enter", 13);
    assert_eq!(page.value("document.querySelectorAll('.opened').length"), 1);
}

/// Fails unless the stated rate is a dashed line with a title within its drawing, in a colour of its own for the screen
/// by day, by night, and on paper.
fn shows_the_stated_rate(page: &mut Page) {
    assert_eq!(page.value("document.querySelector('.bars .stated title').textContent"), "stated 4/s");
    let is_within = "(() => { const [line, bars] = ['.stated .quota', '.bars']
         .map((selector) => document.querySelector(selector).getBoundingClientRect());
         return line.width > 100 && bars.top < line.top && line.bottom < bars.bottom; })()";
    assert_eq!(page.value(is_within), true);
    let mut seen = |media: &str, scheme: &str| {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        page.call("Emulation.setEmulatedMedia", json!({"media": media, "features": features}));
        assert_ne!(page.value("getComputedStyle(document.querySelector('.quota')).strokeDasharray"), "none");
        let colours = "['.stated .quota', '.stated .halo'].map((selector) =>
             getComputedStyle(document.querySelector(selector)).stroke)";
        page.value(colours)
    };
    let (day, night) = (seen("screen", "light"), seen("screen", "dark"));
    assert_eq!(day, json!(["rgb(27, 34, 44)", "rgb(255, 255, 255)"]));
    assert_eq!(night, json!(["rgb(230, 234, 240)", "rgb(23, 29, 38)"]));
    assert_eq!((seen("print", "light"), seen("print", "dark")), (day.clone(), day), "paper is white");
}

/// Returns what every element that a selector finds shows.
fn texts(page: &mut Page, selector: &str) -> Value {
    page.value(&format!("Array.from(document.querySelectorAll({selector:?}), (found) => found.textContent)"))
}

/// Returns the colours of elements, one for each selector.
fn colours(page: &mut Page, selectors: &[&str]) -> Vec<String> {
    let colour = |selector: &&str| {
        let colour = page.value(&format!("getComputedStyle(document.querySelector({selector:?})).color"));
        colour.as_str().unwrap().to_owned()
    };
    selectors.iter().map(colour).collect()
}

#[test]
fn chips_carry_words_and_what_was_not_sent_does_not_look_like_what_was_left_out() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut page = Page::open(&chromium, &written(&every(), folder.path()));
    assert_eq!(texts(&mut page, "header .mode"), json!(["live run"]));
    let tiles = texts(&mut page, ".tile .outcome");
    let wanted = ["not sent", "left out"].map(|label| json!(label));
    assert_eq!(tiles.as_array().unwrap()[tiles.as_array().unwrap().len() - 2..], wanted);
    for scheme in ["light", "dark"] {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        page.call("Emulation.setEmulatedMedia", json!({"media": "screen", "features": features}));
        let colours = colours(&mut page, &[".tile .not_sent", ".tile .left_out", ".tile .failed", ".tile .unknown"]);
        let distinct: std::collections::BTreeSet<_> = colours.iter().collect();
        assert_eq!(distinct.len(), colours.len(), "{scheme}: {colours:?}");
    }
    page.click("[data-outcome=not_sent]");
    page.wait_for("document.getElementById('shown').textContent === '5 of 19 rows'");
    assert!(texts(&mut page, ".row .outcome").as_array().unwrap().iter().all(|word| word == "not sent"));
    page.click("[data-outcome=left_out]");
    page.wait_for("document.getElementById('shown').textContent === '5 of 19 rows'");
    page.click("[data-cause='1']");
    page.wait_for("document.getElementById('shown').textContent === '2 of 19 rows'");
    assert_eq!(texts(&mut page, ".chip"), json!(["Only failed: denied, AccessDenied ✕"]));
    was_quiet(&page);
}

#[test]
fn times_are_in_the_plans_zone_and_can_be_read_in_the_readers() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut report = every();
    report.run.plan.timezone = Some("Asia/Shanghai".to_owned());
    let mut page = Page::zoned(&chromium, &written(&report, folder.path()), "America/New_York");
    let shown = |page: &mut Page| texts(page, "[data-at]")[0].as_str().unwrap().to_owned();
    assert_eq!(
        texts(&mut page, "#zone option"),
        json!(["Asia/Shanghai (the plan's)", "UTC", "America/New_York (yours)"])
    );
    assert_eq!(shown(&mut page), "2026-11-22 13:00:00 +08:00 (Asia/Shanghai)");
    page.click("tr.row .opener");
    let in_row = |page: &mut Page| texts(page, ".detail .facts").to_string();
    assert!(in_row(&mut page).contains("2026-11-22 13:00:00.005 +08:00 (Asia/Shanghai)"));
    for (zone, start, first) in [
        ("America/New_York", "2026-11-22 00:00:00 -05:00 (America/New_York)", "00:00:00.005 -05:00"),
        ("UTC", "2026-11-22 05:00:00 UTC", "05:00:00.005 UTC"),
        ("Asia/Shanghai", "2026-11-22 13:00:00 +08:00 (Asia/Shanghai)", "13:00:00.005 +08:00"),
    ] {
        let choose = "(zone) => { const select = document.getElementById('zone');
             select.value = zone; select.dispatchEvent(new Event('change')); }";
        page.value(&format!("({choose})({zone:?})"));
        assert_eq!(shown(&mut page), start);
        assert!(in_row(&mut page).contains(first), "{zone}");
    }
    was_quiet(&page);
    let mut page = Page::zoned(&chromium, &written(&every(), folder.path()), "America/New_York");
    assert_eq!(shown(&mut page), "2026-11-22 05:00:00 UTC");
    was_quiet(&page);
}

#[test]
fn the_page_writes_durations_as_the_program_does() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut page = Page::open(&chromium, &written(&of_two_accounts(), folder.path()));
    let near =
        [0, 1, 10, 999, 1_000, 1_239, 1_500, 9_999, 10_099, 12_345, 59_999, 60_000, 125_000, 3_599_999, 3_605_000];
    let far = [7_260_000, 86_399_999, 86_400_000, 86_460_000, 90_061_000, 864_000_000];
    let millis: Vec<u64> = near.into_iter().chain(far).chain((0..400).map(|step| step * step * 37)).collect();
    let wanted: Vec<_> = millis.iter().map(|millis| spoken(Duration::from_millis(*millis))).collect();
    let script = include_str!("../../../../src/report/html/script/text.js");
    let shown = page.value(&format!("(() => {{ {script}\nreturn {}.map(lasting); }})()", json!(millis)));
    assert_eq!(shown, json!(wanted));
    was_quiet(&page);
}

#[test]
fn a_phone_shows_account_and_region_and_every_unseen_character_is_escaped() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut report = of_two_accounts();
    let unseen: String = crate::unseen::unseen().into_iter().collect();
    report.targets[0].id.clone_from(&unseen);
    let mut page = Page::open(&chromium, &written(&report, folder.path()));
    assert_eq!(first_id(&mut page), Escaped(&unseen).to_string());
    let phone = json!({"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": true});
    page.call("Emulation.setDeviceMetricsOverride", phone);
    let is_seen =
        "Array.from(document.querySelectorAll('.row .place'), (place) => place.getBoundingClientRect().height > 5)";
    assert_eq!(page.value(is_seen), json!([true, true]));
    assert_eq!(texts(&mut page, ".row .place"), json!(["ali-prod cn-hangzhou", "hw-prod cn-north-4"]));
    assert_eq!(page.value("document.documentElement.scrollWidth <= 390"), true);
    was_quiet(&page);
}

#[test]
fn on_a_phone_no_word_leaves_its_tile_and_no_number_is_without_its_word() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut report = every();
    let mut reads = report.lanes[0].clone();
    reads.api = "fnf:DescribeExecution".to_owned();
    report.lanes.push(reads);
    let mut page = Page::open(&chromium, &written(&report, folder.path()));
    for width in [320, 375, 820] {
        let phone = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": true});
        page.call("Emulation.setDeviceMetricsOverride", phone);
        let wide = "Array.from(document.querySelectorAll('.tile')).filter((tile) => {
             const [outer, inner] = [tile, tile.querySelector('.outcome')].map((one) => one.getBoundingClientRect());
             return inner.right > outer.right - 5; }).map((tile) => tile.textContent)";
        assert_eq!(page.value(wide), json!([]), "{width}");
        assert_eq!(page.value("document.documentElement.scrollWidth"), width);
        let words = "Array.from(document.querySelectorAll('.others tr:last-child td'), (cell) =>
             getComputedStyle(cell, '::before').content)";
        let wanted = ["none", "none", "\"requests \"", "\"throttled \"", "\"reached \"", "\"busy for \""];
        assert_eq!(page.value(words), json!(wanted), "{width}");
    }
    was_quiet(&page);
}

#[test]
fn a_storm_and_fifty_thousand_targets_in_a_browser() {
    let Some(chromium) = chromium::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut page = Page::open(&chromium, &written(&steady(4.0), folder.path()));
    shows_the_stated_rate(&mut page);
    was_quiet(&page);

    let storm = storm();
    let mut page = Page::open(&chromium, &written(&storm, folder.path()));
    is_of_use(&mut page, "2,000", "run-1995", "1");
    was_quiet(&page);

    let large = large(storm);
    let mut page = Page::open(&chromium, &written(&large, folder.path()));
    is_of_use(&mut page, "50,000", "many-499 denied", "1");
    page.click("[data-cause]");
    page.wait_for("document.getElementById('shown').textContent === '500 of 50,000 rows'");
    page.click("[name=after]");
    assert_eq!(first_id(&mut page), "many-10099");
    page.click("tr.row .opener");
    assert_eq!(page.value("document.querySelector('.failure .message').textContent"), "<b>no</b>");
    was_quiet(&page);
}
