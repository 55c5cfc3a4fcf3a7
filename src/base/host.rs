//! The name of this machine.

use std::fs;

use super::environment::Environment;

/// Where Linux has the name.
const NAME: &str = "/proc/sys/kernel/hostname";

/// Returns the name of this machine, where it is known: from the system, else from `HOSTNAME` or `COMPUTERNAME`.
pub(crate) fn name(environment: &Environment) -> Option<String> {
    let given = || ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|variable| environment.get(variable));
    known(fs::read_to_string(NAME).ok().as_deref()).or_else(|| known(given()))
}

fn known(name: Option<&str>) -> Option<String> {
    name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word() {
        assert_eq!(known(Some(" ops-1\n")), Some("ops-1".to_owned()));
        assert_eq!((known(Some("\n")), known(None)), (None, None));
        let environment = [("HOSTNAME", "ops-2")].into_iter().collect();
        assert!(name(&environment).is_some_and(|name| !name.is_empty()));
    }
}
