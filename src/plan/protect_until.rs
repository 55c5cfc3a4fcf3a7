//! Patterns of targets that are protected until the end of a day.

use globset::Glob;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::pattern::Patterns;
use super::suggest::quote;
use crate::base::count::counted;

/// Patterns of protected targets, each with the last day on which it protects.
///
/// It knows no clock. Until [`decide`](Self::decide) is called, all of them protect.
#[derive(Debug, Clone)]
pub struct ProtectUntil {
    /// As written.
    entries: Vec<(String, Date)>,
    zone: TimeZone,
    /// Those that protect.
    holding: Patterns,
    /// The moment that [`decide`](Self::decide) was given.
    decided_at: Option<Timestamp>,
}

impl Default for ProtectUntil {
    fn default() -> Self {
        Self { entries: Vec::new(), zone: TimeZone::UTC, holding: Patterns::default(), decided_at: None }
    }
}

impl ProtectUntil {
    /// How many days before its last one a pattern is warned of.
    const WARNED_AHEAD: i64 = 7;

    /// Puts compiled patterns together, each with its text as written and its last day, in a time zone.
    pub(super) fn of(entries: Vec<(Glob, String, Date)>, zone: TimeZone) -> Result<Self, globset::Error> {
        let (patterns, entries): (Vec<_>, _) =
            entries.into_iter().map(|(glob, text, day)| ((glob, text.clone()), (text, day))).unzip();
        Ok(Self { entries, zone, holding: Patterns::of(patterns)?, decided_at: None })
    }

    /// Takes the parts of one that was taken apart; `holding` are those of its patterns that protect.
    pub(super) const fn with(entries: Vec<(String, Date)>, zone: TimeZone, holding: Patterns) -> Self {
        Self { entries, zone, holding, decided_at: None }
    }

    /// Returns the patterns as written, each with the last day on which it protects.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&str, Date)> {
        self.entries.iter().map(|(text, day)| (text.as_str(), *day))
    }

    /// Returns the time zone of the days.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the patterns that protect.
    #[must_use]
    pub const fn holding(&self) -> &Patterns {
        &self.holding
    }

    /// Returns those that protect, each with the last day on which it does.
    pub(crate) fn holding_entries(&self) -> impl Iterator<Item = (&str, Date)> {
        self.entries().filter(|(text, _)| self.holding.texts().iter().any(|holding| holding == text))
    }

    /// Decides which patterns protect in a run that began at a moment: those whose last day had not ended.
    pub fn decide(&mut self, began: Timestamp) {
        let holding =
            self.entries.iter().filter(|(_, day)| !self.has_ended(*day, began)).map(|(text, _)| text.as_str());
        // They were compiled together before: without some of them, they are no larger.
        if let Ok(holding) = Patterns::new(holding) {
            self.holding = holding;
        }
        self.decided_at = Some(began);
    }

    /// Returns the moment for which it was decided which patterns protect, where there are some.
    pub(crate) fn decided_at(&self) -> Option<Timestamp> {
        self.decided_at.filter(|_| !self.entries.is_empty())
    }

    /// Says, one sentence each, which patterns protect no more, and which end within a week.
    #[must_use]
    pub fn warnings(&self, now: Timestamp) -> Vec<String> {
        let today = self.zone.to_datetime(now).date();
        let warning = |(text, day): &(String, Date)| {
            let pattern = quote(text);
            if self.has_ended(*day, now) {
                return Some(format!(
                    "guards.protect_until: {pattern} protects nothing any more: its last day was {day}"
                ));
            }
            let warned_from = day.checked_sub(Self::WARNED_AHEAD.days()).unwrap_or(Date::MIN);
            let left = match u64::try_from((*day - today).get_days()).unwrap_or(0) {
                0 => "today".to_owned(),
                days => format!("in {}", counted(days, "day")),
            };
            let ends =
                || format!("guards.protect_until: {pattern} protects until the end of {day}: its last day is {left}");
            (warned_from <= today).then(ends)
        };
        self.entries.iter().filter_map(warning).collect()
    }

    /// Tells whether a day has ended.
    fn has_ended(&self, day: Date, now: Timestamp) -> bool {
        let end = day.tomorrow().and_then(|next| next.to_zoned(self.zone.clone())).map(|next| next.timestamp());
        // What the calendar cannot show never ends.
        end.is_ok_and(|end| now >= end)
    }
}

#[cfg(test)]
mod tests;
