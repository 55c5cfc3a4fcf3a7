//! What an account's credentials are read with.

use std::path::{self, Path, PathBuf};

use crate::plan::fields::Fields;
use crate::plan::key::Section;
use crate::plan::reader::Reader;
use crate::plan::resolve::only_for;
use crate::provider::Cloud;

/// What surrounds the credentials of an account.
#[derive(Clone, Copy)]
pub(in crate::plan::resolve) struct Around<'a> {
    /// The account's cloud; `None` if it is wrong, which was reported.
    pub(in crate::plan::resolve) cloud: Option<Cloud>,
    /// The directory of the plan.
    pub(in crate::plan::resolve) directory: &'a Path,
}

impl Around<'_> {
    /// Reports the keys of a section that only another cloud has; tells whether there is one.
    pub(super) fn refuse_foreign(self, section: &Section, fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> bool {
        self.cloud.is_some_and(|cloud| only_for::refuse(cloud, section, fields, reader))
    }

    /// Returns where a file is: a relative path starts at the plan's directory. Below the home directory, which is not
    /// known here, it stays as it is written.
    pub(super) fn path(self, written: &str) -> PathBuf {
        if written == "~" || written.starts_with("~/") {
            return written.into();
        }
        let path = self.directory.join(written);
        path::absolute(&path).unwrap_or(path)
    }
}
