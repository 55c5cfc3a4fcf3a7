//! Limits, retries, verification and guards as plans write them: what differs from the defaults.

use std::fmt::Display;

use super::flow::{List, Mapping};
use super::scalar::{Text, duration};
use crate::plan::guards::{Guards, MaxFailures};
use crate::plan::limits::{KindLimits, Limits, Retry, Verify};
use crate::plan::stage::{Pause, Stage};
use crate::plan::value::Word;
use crate::plan::window::Window;

pub(super) fn limits(limits: &Limits) -> Mapping {
    let usual = Limits::default();
    let mut written = Mapping::default();
    changed(&mut written, "concurrency", limits.concurrency, usual.concurrency);
    rates(&mut written, limits.rate, limits.burst);
    changed(&mut written, "adaptive", limits.adaptive, usual.adaptive);
    let mut per_kind = Mapping::default();
    for (kind, KindLimits { rate, burst, concurrency, batch }) in &limits.per_kind {
        let mut own = Mapping::default();
        rates(&mut own, *rate, *burst);
        concurrency.iter().for_each(|concurrency| own.put("concurrency", concurrency));
        batch.iter().for_each(|batch| own.put("batch", batch));
        per_kind.put(kind, own);
    }
    written.mapping("per_kind", &per_kind);
    written
}

fn rates(written: &mut Mapping, rate: Option<impl Display>, burst: Option<u32>) {
    written.text("rate", rate.map(|rate| rate.to_string()).as_deref());
    burst.iter().for_each(|burst| written.put("burst", burst));
}

pub(super) fn retry(retry: &Retry) -> Mapping {
    let usual = Retry::default();
    let mut written = Mapping::default();
    changed(&mut written, "max_attempts", retry.max_attempts, usual.max_attempts);
    let times = [
        ("initial_delay", retry.initial_delay, usual.initial_delay),
        ("max_delay", retry.max_delay, usual.max_delay),
        ("max_elapsed", retry.max_elapsed, usual.max_elapsed),
        ("request_timeout", retry.request_timeout, usual.request_timeout),
        ("connect_timeout", retry.connect_timeout, usual.connect_timeout),
        ("credentials_wait", retry.credentials_wait, usual.credentials_wait),
    ];
    for (key, time, usual) in times {
        if time != usual {
            written.text(key, Some(&duration(time)));
        }
    }
    written
}

pub(super) fn verify(verify: &Verify) -> Mapping {
    let usual = Verify::default();
    let mut written = Mapping::default();
    changed(&mut written, "mode", Text(&verify.mode.word()).to_string(), Text(&usual.mode.word()).to_string());
    if verify.timeout != usual.timeout {
        written.text("timeout", Some(&duration(verify.timeout)));
    }
    written
}

/// Writes the guards; how many targets there may be is always said.
pub(super) fn guards(guards: &Guards) -> Mapping {
    let mut written = Mapping::default();
    written.put("max_targets", guards.max_targets);
    if !guards.protect.texts().is_empty() {
        written.put("protect", List(guards.protect.texts().to_vec()));
    }
    let mut until = Mapping::default();
    guards.protect_until.entries().for_each(|(pattern, day)| until.put(pattern, day));
    written.mapping("protect_until", &until);
    if let Some(most) = guards.max_failures {
        written.put("max_failures", failures(most));
    }
    changed(&mut written, "not_found", guards.not_found.word(), Guards::default().not_found.word());
    guards.window.iter().for_each(|window| written.put("window", self::window(window)));
    if !guards.denied_accounts.is_empty() {
        let mut accounts = Mapping::default();
        accounts.put("deny", List(guards.denied_accounts.clone()));
        written.put("accounts", accounts);
    }
    written
}

/// Returns the keys of a stage, without its targets.
pub(super) fn stage(stage: &Stage) -> Vec<(&'static str, String)> {
    let Stage { name, canary, pause, max_failures } = stage;
    let pause = pause.map(|pause| match pause {
        Pause::For(time) => Text(&duration(time)).to_string(),
        Pause::Ask => "ask".to_owned(),
    });
    let entries = [
        ("name", Some(Text(name).to_string())),
        ("canary", canary.map(|canary| failures(canary.form()))),
        ("pause", pause),
        ("max_failures", max_failures.map(failures)),
    ];
    entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Writes a threshold.
fn failures(most: MaxFailures) -> String {
    match most {
        MaxFailures::Count(count) => count.to_string(),
        MaxFailures::Percent(_) => Text(&most.to_string()).to_string(),
    }
}

fn window(window: &Window) -> Mapping {
    let mut written = Mapping::default();
    if !window.days.is_empty() {
        written.put("days", List(window.days.iter().map(Word::word).collect()));
    }
    written.text("from", Some(&window.from.strftime("%H:%M").to_string()));
    written.text("to", Some(&window.to.strftime("%H:%M").to_string()));
    written.text("timezone", window.timezone.iana_name());
    if !window.except.is_empty() {
        written.put("except", List(window.except.texts()));
    }
    written
}

fn changed<T: PartialEq + Display>(written: &mut Mapping, key: &str, value: T, usual: T) {
    if value != usual {
        written.put(key, value);
    }
}
