//! `docs/plan-reference.md`: everything below its mark is made of the tables that the reader and the schema go by.

mod kind;
mod section;
mod select;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use allstop::plan::{Plan, Variables, format};
use allstop::provider::Cloud;
use allstop::schema;
use allstop::service::Kind;
use serde_json::Value;
use snapbox::{Assert, Data};

/// What stands between what is written by hand and what is made.
const MARK: &str = "<!-- Made from the program's table of keys. To renew it: \
                    SNAPSHOTS=overwrite cargo test --locked reference -->\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plan-reference.md")
}

/// Returns the page: what is written by hand as it stands, and the rest as it should be.
fn page() -> String {
    let found = fs::read_to_string(path()).unwrap();
    let (lead, _) = found.split_once(MARK).expect("the page has the mark");
    format!("{lead}{MARK}{}", made())
}

/// Returns what is made of the tables.
fn made() -> String {
    let mut page = String::new();
    let plan = format::plan();
    let place = |place: &str| plan.all().into_iter().find(|section| section.place == place).unwrap();
    section::write_all(&mut page, &plan);
    kind::write_limits(&mut page);
    writeln!(page, "\n## `targets`\n\n{}", section::sentence("a list of targets, selections, and files of targets"))
        .unwrap();
    section::write_keys(&mut page, "### What every target has", place("a target"));
    section::write_keys(&mut page, "### `seen`", place("a target's seen"));
    Kind::all().iter().for_each(|kind| kind::write(&mut page, *kind));
    section::write_keys(&mut page, "### A selection of targets", place("a target with select"));
    section::write_keys(&mut page, "### `select`", place("select"));
    select::write(&mut page, place("select"));
    section::write_keys(&mut page, "#### `select.expect`", place("select.expect"));
    section::write_keys(&mut page, "### A file of targets", place("a target with from"));
    kind::write_columns(&mut page);
    page
}

#[test]
fn the_page_is_what_the_tables_make_of_it() {
    Assert::new().action_env("SNAPSHOTS").eq(page(), Data::read_from(&path(), None).raw());
}

/// Calls `visit` with every property of every mapping in a schema.
fn each_property(schema: &Value, visit: &mut impl FnMut(&str, &Value)) {
    super::schema::each_mapping(schema, &mut |mapping| {
        mapping["properties"].as_object().unwrap().iter().for_each(|(name, property)| visit(name, property));
    });
}

#[test]
fn the_page_has_every_property_of_the_schema() {
    // Not the file: another test may be renewing it.
    let page = made();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let mut seen = 0;
    each_property(&schema::plan(), &mut |name, property| {
        let said = property["description"].as_str().unwrap();
        let is_shown = |row: &&&str| row.starts_with(&format!("| `{name}` |")) && row.contains(said);
        // A kind's title and a product's URL have headings and rows of their own.
        if name == "kind" || said.starts_with("The base URL of ") || Kind::named(name).is_some() {
            assert!(page.contains(&format!("`{name}`")), "{name}");
        } else {
            let row = rows.iter().find(is_shown).unwrap_or_else(|| panic!("no row of {name}: {said}"));
            if let Some(default) = property.get("default") {
                let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
                assert!(row.contains(&format!("| `{default}` |")), "{name}: {row}");
            }
        }
        seen += 1;
    });
    assert!(seen > 90, "only {seen} properties");
}

/// Returns a plan with a kind's example and nothing that need not be there.
fn plan(kind: Kind) -> Plan {
    let project = if kind.cloud == Cloud::Huawei { ", project_id: p" } else { "" };
    let account = format!("{{cloud: {}, region: r{project}}}", kind.cloud.name());
    let text = format!(
        "version: 1\naccounts: {{a: {account}}}\ndefaults: {{account: a}}\ntargets:\n  {}\n",
        kind::example(kind)
    );
    let read = Plan::parse(text.as_bytes(), Path::new("p.yaml"), &Variables::default());
    read.unwrap_or_else(|errors| panic!("{text}\n{errors}")).plan
}
