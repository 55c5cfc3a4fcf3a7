//! From a file to a plan: reads the bytes, checks that they are text, and collects all errors.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::diagnostic::{Diagnostics, PlanErrors};
use super::excerpt::Lines;
use super::files::Files;
use super::finding::{Finding, Findings};
use super::model::Plan;
use super::reader::Reader;
use super::secrets::Known;
use super::source::{Disk, FileSource, PlanInput};
use super::tree::Span;
use super::variables::Variables;
use super::{opened, resolve, suggest, yaml};

/// The largest plan: 256 MiB.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A plan, and what came with it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Loaded {
    /// The plan.
    pub plan: Plan,
    /// The warnings about it.
    pub warnings: Diagnostics,
    /// The files that it names, with `from` and as calendars.
    pub files: Vec<PathBuf>,
    /// The variables that it uses, with their values: with these alone it can be read again.
    pub used: Variables,
}

impl Plan {
    /// Reads the plan in the file at `path`.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the file or the plan in it.
    pub fn load(path: &Path, variables: &Variables) -> Result<Loaded, PlanErrors> {
        Self::read(path.into(), variables)
    }

    /// Reads the plan in a file or from standard input.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the file or the plan in it.
    pub fn read(source: PlanInput<'_>, variables: &Variables) -> Result<Loaded, PlanErrors> {
        Self::parse_with(&bytes(source)?, source, variables, &Disk)
    }

    /// Reads a plan from the bytes of its file; `path` is what messages call it, and the files that it names lie next to
    /// that.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the plan and the files that it names.
    pub fn parse(bytes: &[u8], path: &Path, variables: &Variables) -> Result<Loaded, PlanErrors> {
        Self::parse_with(bytes, path.into(), variables, &Disk)
    }

    /// Reads a plan from its bytes, and the files that it names from `files`.
    ///
    /// # Errors
    ///
    /// Fails with all errors of the plan and the files that it names.
    pub fn parse_with(
        bytes: &[u8],
        source: PlanInput<'_>,
        variables: &Variables,
        files: &dyn FileSource,
    ) -> Result<Loaded, PlanErrors> {
        let path = source.path();
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
            let finding = Finding::of_file("the plan is larger than 256 MiB").hint("split it into several plans");
            return Err(refused(finding, path, ""));
        }
        let written = text(bytes).map_err(|finding| refused(finding, path, &String::from_utf8_lossy(bytes)))?;
        let mut found = Findings::default();
        let tree = match yaml::read(written, &mut found) {
            Ok(tree) => tree,
            Err(finding) => {
                found.push(finding);
                return Err(errors(found, path, written));
            }
        };
        let known = Known::of(&tree, variables);
        let mut reader = Reader { source: written, variables: Some(&known), found };
        let mut files = Files::next_to(path, bytes, files);
        let plan = resolve::plan(&tree, source, &mut files, &mut reader);
        drop(tree);
        variables.idle(written).into_iter().for_each(|finding| reader.found.push(finding));
        let found = reader.found;
        match plan {
            Some(plan) if !found.has_errors() && files.errors.is_empty() => {
                let mut warnings = warnings(found, path, written);
                warnings.append(files.warnings);
                Ok(Loaded { plan, warnings, files: files.paths, used: known.used() })
            }
            Some(_) | None => {
                let mut errors = errors(found, path, written);
                errors.errors.append(files.errors);
                Err(errors)
            }
        }
    }
}

/// Reads the bytes of a plan.
pub(super) fn bytes(source: PlanInput<'_>) -> Result<Vec<u8>, PlanErrors> {
    let read = match source {
        PlanInput::File(path) => opened::plan(path).and_then(read_all),
        PlanInput::Stdin => read_all(io::stdin().lock()),
    };
    read.map_err(|error| {
        let path = source.path();
        let hint = (error.kind() == io::ErrorKind::NotFound).then(|| absent(path));
        let finding = Finding::of_file(format!("cannot read the plan: {error}"));
        refused(finding.maybe_hint(hint), path, "")
    })
}

/// Returns a hint about a plan that does not exist: perhaps one of a similar name does.
fn absent(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_plan = |name: &String| name.ends_with(".yaml") || name.ends_with(".yml");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let plans: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(is_plan).collect();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match suggest::nearest(&name, plans.iter().map(String::as_str)) {
        Some(near) => suggest::meant(&path.with_file_name(near).display().to_string()),
        None => "run `allstop init` to write an example plan".into(),
    }
}

/// Reads to the end, or just past the limit: a longer plan is refused later.
fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the bytes as text, without a byte-order mark.
fn text(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Finding::of_file("the plan is written in UTF-16").hint("save it as UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        // The source is shown with U+FFFD, three bytes long, in place of invalid bytes.
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        Finding::error(
            Span { start, end: start.saturating_add(3) },
            format!("byte {at} of the plan, 0x{byte:02x}, is not UTF-8"),
        )
        .hint("save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn refused(finding: Finding, path: &Path, source: &str) -> PlanErrors {
    let mut found = Findings::default();
    found.push(finding);
    errors(found, path, source)
}

fn errors(found: Findings, path: &Path, source: &str) -> PlanErrors {
    let (errors, _, masks) = found.into_parts();
    PlanErrors { path: path.to_owned(), errors: Diagnostics::of(errors, path, &Lines::of(source, masks)) }
}

fn warnings(found: Findings, path: &Path, source: &str) -> Diagnostics {
    let (_, warnings, masks) = found.into_parts();
    if warnings.kept.is_empty() {
        return Diagnostics::default();
    }
    Diagnostics::of(warnings, path, &Lines::of(source, masks))
}

#[cfg(test)]
mod tests;
