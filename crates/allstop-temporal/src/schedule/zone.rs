//! Time zones by name.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Serialize, Serializer};

/// A time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that no time zone has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{0}`: expected a name such as Europe/Berlin, Asia/Shanghai or UTC")]
pub struct ZoneError(String);

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let unknown = || ZoneError(name.to_owned());
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        match zone.is_unknown() || zone.iana_name().is_none() {
            true => Err(unknown()),
            false => Ok(Self(zone)),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Temporal knows names in this spelling only.
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl Zone {
    /// Returns the rules of the zone.
    #[must_use]
    pub const fn rules(&self) -> &TimeZone {
        &self.0
    }
}

/// A moment on the clock of a zone, with its offset from UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime(Zoned);

impl LocalTime {
    pub(super) fn new(at: Timestamp, zone: &Zone) -> Self {
        Self(at.to_zoned(zone.0.clone()))
    }

    /// Returns the time of day with the offset, such as `02:30 +01:00`.
    #[must_use]
    pub fn time(&self) -> String {
        self.0.strftime("%H:%M %:z").to_string()
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.date(), self.time())
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.strftime("%Y-%m-%dT%H:%M:%S%:z"))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_as_temporal_knows_them() {
        for (name, spelled) in [("europe/berlin", "Europe/Berlin"), ("utc", "UTC"), ("UTC", "UTC")] {
            assert_eq!(name.parse::<Zone>().unwrap().to_string(), spelled);
        }
        for name in ["", "Europe/Nowhere", "Local", "Etc/Unknown", "+02:00"] {
            assert!(name.parse::<Zone>().unwrap_err().to_string().contains("Europe/Berlin"), "{name}");
        }
    }
}
