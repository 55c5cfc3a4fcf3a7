//! A run from its submission to its end.

use std::time::{Duration, Instant};

use allstop::report::Report;

use super::process::Process;
use super::{Judgement, Site, Size, Timeline};

/// How often sessions tell what they did, and when they are lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) checkpoint: Duration,
    pub(crate) timeout: Duration,
}

impl Pace {
    /// Returns what the figures of the documentation were measured with; in CI, what makes tests short.
    pub(crate) fn of(size: Size) -> Self {
        let ms = Duration::from_millis;
        Self { checkpoint: size.of(ms(250), ms(500)), timeout: size.of(ms(3000), ms(5000)) }
    }

    /// Returns the options of a submission.
    pub(crate) fn options(self) -> [String; 4] {
        let ms = |duration: Duration| format!("{}ms", duration.as_millis());
        ["--checkpoint".to_owned(), ms(self.checkpoint), "--heartbeat-timeout".to_owned(), ms(self.timeout)]
    }
}

/// A run whose submission waits for its end.
pub(crate) struct Submission<'s> {
    site: &'s Site,
    pub(crate) process: Process,
    begin: Instant,
    report: String,
}

/// A run that has ended.
pub(crate) struct Done {
    /// The exit status of the submission.
    pub(crate) code: i32,
    /// From the start of the submission to its end.
    pub(crate) took: Duration,
    pub(crate) report: Report,
    pub(crate) judgement: Judgement,
    pub(crate) timeline: Timeline,
}

impl<'s> Submission<'s> {
    /// Submits the plan of a site, with these options besides.
    pub(crate) fn start(site: &'s Site, pace: Pace, id: &str, options: &[&str]) -> Self {
        let report = format!("{id}.json");
        let pace = pace.options();
        let fixed = ["submit", "plan.yaml", "--yes", "--wait", "--id", id, "--report", &report];
        let all = fixed.into_iter().chain(pace.iter().map(String::as_str)).chain(options.iter().copied());
        let begin = Instant::now();
        Self { site, process: site.start(all), begin, report }
    }

    /// Waits until the run is submitted.
    #[track_caller]
    pub(crate) fn is_submitted(&self) {
        let said = self.process.says("submitted the run", super::PATIENCE);
        assert!(said.is_some(), "{}", self.process.output());
    }

    /// Waits for the end of the run, and judges it.
    #[track_caller]
    pub(crate) fn done(mut self, size: Size) -> Done {
        let status = self.process.ended(size.patience());
        let took = self.begin.elapsed();
        let code = status.code().unwrap_or_else(|| panic!("{status}: {}", self.process.output()));
        assert!(self.site.path(&self.report).exists(), "no report: {}", self.process.output());
        let report = self.site.report(&self.report);
        Done { code, took, judgement: self.site.judge(&report), timeline: self.site.timeline(), report }
    }
}

/// Returns the least time that so many targets take at this rate.
pub(crate) fn floor(targets: usize, burst: usize, rate: f64) -> Duration {
    Duration::from_secs_f64((targets - burst) as f64 / rate)
}
