//! What the parts of a run cost: signing a request, loading a plan, writing and reading a report.
//!
//! `cargo bench --locked` measures all of them; `cargo bench --locked -- signing` one sort; `-- --quick` takes seconds.

#![expect(clippy::expect_used, reason = "what cannot be set up cannot be measured")]
#![allow(missing_docs, reason = "criterion's macros make public items")]

mod plan;
mod report;
mod signing;
mod world;

criterion::criterion_group!(benches, signing::bench, plan::bench, report::bench);
criterion::criterion_main!(benches);
