//! The recipes of docs/workflows: each command runs as written, against the simulator, and what the recipes
//! say of exit statuses and shards agrees with the program. `docs/workflows/check` adds the systems' own tools.

mod ci;
mod cluster;
mod machine;
mod prebuilt;
mod stage;

use std::collections::BTreeSet;
use std::path::Path;

/// Returns the exit statuses of the documented table that are failures and no signals.
fn failures() -> BTreeSet<u64> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exit-codes.md")).unwrap();
    let first = |line: &str| line.strip_prefix("| ")?.split(' ').next()?.parse::<u64>().ok();
    let statuses: BTreeSet<_> = text.lines().filter_map(first).collect();
    assert!(statuses.contains(&0) && statuses.contains(&143), "{statuses:?}");
    statuses.into_iter().filter(|status| (1..100).contains(status)).collect()
}

/// The failures that a retry does not change: the plan, the command line or a guard is the cause.
const FINAL: [u64; 3] = [2, 3, 4];
