//! Kinds of targets: what each needs, and how fast it may be stopped.

use std::fmt::Write;

use super::plan;
use super::section::{sentence, with_examples, write_head, write_row};
use allstop::service::{Kind, Param, Shape, Value};

/// Writes the rates that count where a plan states none.
pub(super) fn write_limits(page: &mut String) {
    page.push_str("\n## Rates where none is stated\n\n");
    page.push_str("| kind | rate | burst | where it is from |\n|---|---|---|---|\n");
    for kind in Kind::all() {
        let quota = kind.stop_api.quota;
        let source = if quota.is_some() { "the service's documented quota" } else { "no quota is documented" };
        let quota = plan(*kind).stop_quota(*kind);
        writeln!(page, "| [`{kind}`](#{kind}) | `{}` | {} | {source} |", quota.rate, quota.burst).unwrap();
    }
}

/// Writes what targets of a kind have of their own.
pub(super) fn write(page: &mut String, kind: Kind) {
    let product = kind.stop_api.product.name;
    write!(
        page,
        "\n### `{kind}`\n\n{} Its account is of the cloud `{}`.\nIt is stopped with `{product}:{}`.",
        sentence(kind.title),
        kind.cloud.name(),
        kind.stop_api.action,
    )
    .unwrap();
    if let Some(lasting) = kind.lasting {
        write!(page, "\nStopping one cannot be undone: {lasting}.").unwrap();
    }
    write!(page, "\n\n```yaml\n{}\n```\n\n", example(kind)).unwrap();
    write_head(page);
    for param in kind.params {
        let presence = if param.identifying { "required" } else { "none" };
        let about = with_examples(&sentence(param.about), &[&shown(param)]);
        write_row(page, param.name, &value(param), presence, &about);
    }
}

fn value(param: &Param) -> String {
    match (param.shape, param.identifying) {
        (Shape::Flag, _) => "`true`, `false`".to_owned(),
        (Shape::Text { max_chars, ascii: true }, _) => {
            format!("[text](#values), 1 to {max_chars} printable ASCII characters")
        }
        (Shape::Text { max_chars, .. }, true) => format!("[name](#values), 1 to {max_chars} characters"),
        (Shape::Text { max_chars, .. }, false) => format!("[text](#values), 1 to {max_chars} characters"),
    }
}

fn shown(param: &Param) -> String {
    match param.example {
        Value::Text(text) => text.to_owned(),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// Returns a target with all its own keys, as an entry of `targets`.
pub(super) fn example(kind: Kind) -> String {
    let params = kind.params.iter().map(|param| format!(", {}: {}", param.name, shown(param)));
    format!("- {{kind: {kind}{}}}", params.collect::<String>())
}

/// Writes the columns that files of each kind have.
pub(super) fn write_columns(page: &mut String) {
    page.push_str(
        "\nThe columns of CSV files, and the keys of NDJSON and JSON files, where `labels` and `seen` are mappings:\n\n",
    );
    page.push_str("| kind | must be there | may be there |\n|---|---|---|\n");
    for kind in Kind::all() {
        let of = |identifying| {
            let params = kind.params.iter().filter(move |param| param.identifying == identifying);
            params.map(|param| format!("`{}`", param.name)).collect::<Vec<_>>()
        };
        let own = of(false).into_iter().chain(["`id`", "`account`", "`label.NAME`", "`seen.NAME`"].map(str::to_owned));
        let own = own.collect::<Vec<_>>().join(", ");
        writeln!(page, "| [`{kind}`](#{kind}) | {} | {own} |", of(true).join(", ")).unwrap();
    }
}
