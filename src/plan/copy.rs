//! A copy of what a plan was read from, so that it can be read again where its files are not.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::diagnostic::PlanErrors;
use super::load::{self, Loaded};
use super::model::Plan;
use super::source::{Disk, FileSource, PlanInput};
use super::variables::Variables;

/// A copy of what a plan was read from: its bytes, the files that it names, and the variables that it uses, with their
/// values.
///
/// Its `Debug` shows names and sizes only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCopy {
    /// Where it was read from; `None` for standard input.
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    /// Shared with whoever reads them: they may be large.
    files: BTreeMap<PathBuf, Arc<[u8]>>,
    variables: BTreeMap<String, String>,
}

impl PlanCopy {
    /// Reads a plan, and keeps a copy of what it was read from.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the file or the plan in it.
    pub fn take(source: PlanInput<'_>, variables: &Variables) -> Result<(Loaded, Self), PlanErrors> {
        let bytes = load::bytes(source)?;
        let kept = Kept::default();
        let loaded = Plan::parse_with(&bytes, source, variables, &kept)?;
        let path = match source {
            PlanInput::File(path) => Some(path.to_owned()),
            PlanInput::Stdin => None,
        };
        let variables = loaded.used.set.clone();
        Ok((loaded, Self { path, bytes, files: kept.files.into_inner(), variables }))
    }

    /// Reads the plan again from the copy alone: from no file and no variable of this machine.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the plan, where this version of the library reads it otherwise.
    pub fn read(&self) -> Result<Loaded, PlanErrors> {
        let source = self.path.as_deref().map_or(PlanInput::Stdin, PlanInput::File);
        let variables = Variables { set: self.variables.clone(), ..Variables::default() };
        Plan::parse_with(&self.bytes, source, &variables, self)
    }

    /// Returns the names of the variables that the plan uses; their values are part of the copy.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }
}

impl FileSource for PlanCopy {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let bytes = self.files.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(Cursor::new(Arc::clone(bytes))))
    }
}

impl fmt::Debug for PlanCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.bytes.len() + self.files.values().map(|file| file.len()).sum::<usize>();
        let names: Vec<_> = self.variables().collect();
        f.debug_struct("PlanCopy").field("path", &self.path).field("bytes", &size).field("variables", &names).finish()
    }
}

/// The files of this machine, each kept when it is opened.
#[derive(Default)]
struct Kept {
    files: RefCell<BTreeMap<PathBuf, Arc<[u8]>>>,
}

impl FileSource for Kept {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let mut bytes = Vec::new();
        Disk.open(path)?.read_to_end(&mut bytes)?;
        let bytes: Arc<[u8]> = bytes.into();
        self.files.borrow_mut().insert(path.to_owned(), Arc::clone(&bytes));
        Ok(Box::new(Cursor::new(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version: 1
accounts:
  prod: {cloud: alibaba, region: \"${REGION}\"}
defaults: {account: prod}
targets:
  - {kind: fnf_execution, from: runs.csv}
";

    #[test]
    fn a_plan_is_read_again_without_its_files_and_variables() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        std::fs::write(&path, TEXT).unwrap();
        std::fs::write(folder.path().join("runs.csv"), "flow_name,execution_name\netl,run-1\netl,run-2\n").unwrap();
        let set = BTreeMap::from([("REGION".to_owned(), "cn-hangzhou".to_owned())]);
        let (loaded, copy) = PlanCopy::take((&*path).into(), &Variables { set, ..Variables::default() }).unwrap();
        drop(folder);
        let again = copy.read().unwrap();
        assert_eq!(again.plan.targets.len(), 2);
        assert_eq!(again.plan.sha256, loaded.plan.sha256);
        assert_eq!(again.plan.accounts, loaded.plan.accounts);
        assert!(!format!("{copy:?}").contains("cn-hangzhou"));
    }
}
