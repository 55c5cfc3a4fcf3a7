//! Rehearses targets of the kind that `docs/adding-a-service.md` adds, and tries a kind without a model.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use allstop::engine::Run;
use allstop::plan::{Plan, Variables};
use allstop::simulator::{self, Claim, Config, Faults};

/// Reads a plan of 40 jobs of a kind; the last one brings its own token.
fn plan(kind: &str) -> Result<Plan, Box<dyn Error>> {
    let mut text = "version: 1\naccounts: {prod: {cloud: alibaba, region: cn-hangzhou}}\n\
                    defaults: {account: prod}\ntargets:\n"
        .to_owned();
    for number in 0..39 {
        text += &format!("  - {{kind: {kind}, render_job_id: rj-{number}}}\n");
    }
    text += &format!("  - {{kind: {kind}, render_job_id: rj-39, token: mine}}\n");
    let mut plan = Plan::parse(text.as_bytes(), "render.yaml".as_ref(), &Variables::default())?.plan;
    plan.retry.initial_delay = Duration::from_millis(2);
    plan.retry.request_timeout = Duration::from_secs(1);
    Ok(plan)
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config { faults: Faults::Some, seed: 7, speed: 100.0, standing: Some(0.0), ..Config::default() };
    let mut plan = plan("render_job")?;
    let (cloud, keys) = simulator::rehearse(&config, &mut plan)?;
    let plan = Arc::new(plan);
    let run = Run::new(Arc::clone(&plan)).credentials(keys).speed(100.0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let record = runtime.block_on(run.execute())?;

    let mut outcomes = BTreeMap::<_, usize>::new();
    for result in record.results.iter() {
        *outcomes.entry(result.outcome.name()).or_default() += 1;
    }
    println!("outcomes: {outcomes:?}");
    let ledger = cloud.ledger();
    let claims = record
        .results
        .iter()
        .map(|result| Claim::new(result.outcome, result.attempts.iter().map(|attempt| attempt.class)));
    println!("disagreements: {}", simulator::audit(&ledger, &plan.accounts, plan.targets.iter().zip(claims)).len());
    println!("refused: {}, not understood: {}", ledger.requests.bad_auth, ledger.requests.nonsense);
    let tokens: Vec<_> = ledger.resources.iter().filter_map(|resource| resource.said.first()).collect();
    let generated = tokens.iter().filter(|token| token.len() == 32).count();
    println!("tokens: {generated} generated, {} own", tokens.iter().filter(|token| &****token == "mine").count());
    println!("faults: {}", !ledger.requests.faults.is_empty());

    let error = simulator::rehearse(&config, &mut self::plan("render_task")?).expect_err("it has no model");
    println!("error: {error}\nhelp: {}", error.hint());
    Ok(())
}
