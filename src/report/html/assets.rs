//! The page's style and script, put together from their files, and what the page's policy says of them.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// The style, in the order it applies.
pub(super) const STYLE: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/lanes.css"),
    include_str!("style/targets.css"),
    include_str!("style/narrow.css"),
    include_str!("style/print.css"),
);

/// The style of the page of many runs.
pub(super) const STYLE_OF_HISTORY: &str = concat!(
    include_str!("style/colours.css"),
    include_str!("style/page.css"),
    include_str!("style/lanes.css"),
    include_str!("style/history.css"),
    include_str!("style/narrow.css"),
    include_str!("style/print.css"),
);

/// The script, one module.
pub(super) const SCRIPT: &str = concat!(
    include_str!("script/text.js"),
    include_str!("script/rows.js"),
    include_str!("script/time.js"),
    include_str!("script/filter.js"),
    include_str!("script/order.js"),
    include_str!("script/detail.js"),
    include_str!("script/table.js"),
    include_str!("script/start.js"),
);

/// Returns a policy that allows the page its own style and script, word for word, and nothing else: no request leaves.
pub(super) fn policy() -> String {
    policy_of(STYLE, &format!(" script-src 'sha256-{}';", hash(SCRIPT)))
}

/// Returns the policy of a page with a style and without a script.
pub(super) fn still_policy(style: &str) -> String {
    policy_of(style, "")
}

fn policy_of(style: &str, script: &str) -> String {
    let style = hash(style);
    format!(
        "default-src 'none'; style-src 'sha256-{style}';{script} img-src data:; base-uri 'none'; form-action 'none'"
    )
}

fn hash(text: &str) -> String {
    BASE64.encode(&Sha256::digest(text))
}
