//! The machine as the sources of one account see it: variables, and where the home directory is.

use std::path::{Path, PathBuf};

use super::resolution::Reads;
use super::{shown, variables};
use crate::base::environment::Environment;
use crate::credentials::error::{Nature, SourceError};
use crate::plan::Account;
use crate::provider::Cloud;

/// The machine as the sources of one account see it.
#[derive(Clone, Copy)]
pub(super) struct Machine<'a> {
    pub(super) account: &'a Account,
    pub(super) environment: &'a Environment,
    pub(super) reads: Reads,
}

impl<'a> Machine<'a> {
    /// Returns the value of a variable; a blank one counts as unset.
    pub(super) fn value(&self, variable: &str) -> Option<&'a str> {
        variables::value(self.environment, variable)
    }

    /// Returns those of the variables that are not set.
    pub(super) fn unset<'n>(&self, names: &[&'n str]) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.value(name).is_none()).collect()
    }

    /// Tells whether a switch is on.
    pub(super) fn is_true(&self, variable: &str) -> bool {
        variables::is_true(self.environment, variable)
    }

    /// Returns a file below the home directory; `None` where nobody knows that.
    pub(super) fn at_home(&self, below: &str) -> Option<PathBuf> {
        Some(home(self.environment)?.join(below))
    }

    /// Returns the file that a variable or a plan names, as an absolute path.
    pub(super) fn path(&self, text: impl AsRef<Path>) -> Result<PathBuf, SourceError> {
        absolute(self.environment, text.as_ref())
    }

    /// Returns a path as it is shown.
    pub(super) fn shown(&self, path: &Path) -> String {
        shown_path(self.environment, path)
    }

    /// Returns the metadata service in words, with the host that is asked.
    pub(super) fn metadata_service(&self) -> String {
        let (variable, usual) = match self.account.cloud {
            Cloud::Alibaba => ("ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", "100.100.100.200"),
            Cloud::Huawei => ("ALLSTOP_HUAWEI_METADATA_ENDPOINT", "169.254.169.254"),
        };
        let own = self.account.endpoints.get("metadata").map(String::as_str).or_else(|| self.value(variable));
        let host = own.unwrap_or(usual).split_once("://").map_or(own.unwrap_or(usual), |(_, host)| host);
        format!("the metadata service ({})", host.split(['/', '?', '#']).next().unwrap_or_default())
    }
}

/// Returns the home directory.
fn home(environment: &Environment) -> Option<&Path> {
    let names = if cfg!(windows) { ["USERPROFILE", "HOME"] } else { ["HOME", "USERPROFILE"] };
    names.into_iter().find_map(|name| environment.get(name)).map(Path::new)
}

/// Returns a path as it is shown, with `~` for the home directory.
pub(super) fn shown_path(environment: &Environment, path: &Path) -> String {
    shown::path(path, home(environment))
}

/// Returns a path as an absolute one; `~/` is the home directory.
pub(super) fn absolute(environment: &Environment, path: &Path) -> Result<PathBuf, SourceError> {
    let fault = |what: &str| {
        let message = format!("{}: {what}", shown::path(path, None));
        Err(SourceError::new(Nature::Final, message, "write an absolute path"))
    };
    let path = match (path.strip_prefix("~"), home(environment)) {
        (Ok(below), Some(home)) => home.join(below),
        (Ok(_), None) => return fault("the home directory is not known: HOME is not set"),
        (Err(_), _) => path.to_owned(),
    };
    std::path::absolute(&path).or_else(|_| fault("the current directory is not known"))
}
