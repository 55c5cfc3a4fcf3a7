//! Which shards there are: `2/5`, or merged ones, `1,3/5`.

use std::collections::BTreeSet;
use std::fmt;

use super::error::MergeError;
use super::part::ShardReport;
use crate::plan::Shard;

/// How many missing shards are named.
const SHOWN: usize = 10;

/// Some of the shards of a plan, written `2/5`, or where there are several, `1,3/5`: what `run.shard` of a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shards {
    held: BTreeSet<u32>,
    of: u32,
}

impl Shards {
    /// Reads them; `None` where the text is something else.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (held, of) = text.split_once('/')?;
        let of = of.parse().ok()?;
        let held = held.split(',').map(|number| number.parse().ok()).collect::<Option<BTreeSet<u32>>>()?;
        held.iter().all(|number| (1..=of).contains(number)).then_some(Self { held, of })
    }

    /// Returns whether a shard is among them.
    #[must_use]
    pub(crate) fn takes(&self, shard: Shard) -> bool {
        shard.of() == self.of && self.held.contains(&shard.number())
    }

    /// Returns the one that there is; `None` where there are several.
    #[must_use]
    pub(crate) fn only(&self) -> Option<Shard> {
        let mut held = self.held.iter();
        match (held.next(), held.next()) {
            (Some(number), None) => Shard::new(*number, self.of),
            _ => None,
        }
    }

    /// Returns whether no shard is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.missing() == 0
    }

    fn missing(&self) -> u32 {
        self.of - u32::try_from(self.held.len()).unwrap_or(self.of)
    }

    /// Fails when a shard is missing, unless that is wanted.
    pub(super) fn demand_all(&self, partial: bool) -> Result<(), MergeError> {
        if partial || self.is_whole() {
            return Ok(());
        }
        let first = (1..=self.of).filter(|number| !self.held.contains(number)).take(SHOWN);
        let first: Vec<_> = first.map(|number| number.to_string()).collect();
        let rest = if self.missing() as usize > first.len() { ", …" } else { "" };
        Err(MergeError::Missing { count: self.missing(), of: self.of, first: first.join(", ") + rest })
    }
}

impl fmt::Display for Shards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held: Vec<_> = self.held.iter().map(ToString::to_string).collect();
        write!(f, "{}/{}", held.join(","), self.of)
    }
}

/// Puts the reports in the order of their shards; returns all their shards, too.
pub(super) fn in_order(parts: Vec<ShardReport>) -> Result<(Shards, Vec<ShardReport>), MergeError> {
    let mut parts = parts.into_iter().map(with_shards).collect::<Result<Vec<_>, _>>()?;
    parts.sort_by(|(one, _), (other, _)| one.held.cmp(&other.held));
    let mut seen: Vec<(&Shards, &ShardReport)> = Vec::new();
    for (shards, part) in &parts {
        for (earlier, one) in &seen {
            let paths = || (one.path.clone(), part.path.clone());
            if earlier.of != shards.of {
                let (one, other) = paths();
                return Err(MergeError::Differ { one, other, what: "the number of shards" });
            }
            if let Some(shard) = earlier.held.intersection(&shards.held).next() {
                let (one, other) = paths();
                return Err(MergeError::Twice { one, other, shard: *shard });
            }
        }
        seen.push((shards, part));
    }
    let of = parts.first().ok_or(MergeError::Nothing)?.0.of;
    let held = parts.iter().flat_map(|(shards, _)| shards.held.iter().copied()).collect();
    Ok((Shards { held, of }, parts.into_iter().map(|(_, part)| part).collect()))
}

fn with_shards(part: ShardReport) -> Result<(Shards, ShardReport), MergeError> {
    let Some(text) = &part.report.run.shard else { return Err(MergeError::Whole(part.path)) };
    let Some(shards) = Shards::parse(text) else { return Err(MergeError::Garbled(part.path)) };
    Ok((shards, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_come_back_as_they_were_written() {
        for text in ["1/1", "2/5", "1,3/5", "4294967295/4294967295"] {
            assert_eq!(Shards::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "1", "/", "0/2", "3/2", "1,/2", "1/0", "a/2", "-1/2", "1/2/3"] {
            assert_eq!(Shards::parse(text), None, "{text}");
        }
    }

    #[test]
    fn one_shard_is_told_from_several() {
        let shard = |number, of| Shard::new(number, of).unwrap();
        let (one, several) = (Shards::parse("2/5").unwrap(), Shards::parse("1,3/5").unwrap());
        assert_eq!((one.only(), several.only()), (Some(shard(2, 5)), None));
        assert!(several.takes(shard(1, 5)) && several.takes(shard(3, 5)));
        assert!(!several.takes(shard(2, 5)) && !several.takes(shard(1, 3)));
    }
}
