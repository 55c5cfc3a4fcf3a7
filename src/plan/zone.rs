//! Time zones by their names.

use jiff::tz::TimeZone;

/// Names that a database of zones may have, and that are no zone, or another one on each machine.
const NO_ZONES: [&str; 4] = ["Etc/Unknown", "Factory", "localtime", "posixrules"];

/// Returns the zone of a name of the IANA database.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    let is_zone = !NO_ZONES.iter().any(|no_zone| name.eq_ignore_ascii_case(no_zone));
    is_zone.then(|| TimeZone::get(name).ok()).flatten()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_differs_between_machines_is_no_zone() {
        for (name, is_zone) in [("Asia/Shanghai", true), ("utc", true), ("localtime", false), ("etc/unknown", false)] {
            assert_eq!(super::named(name).is_some(), is_zone, "{name}");
        }
    }
}
