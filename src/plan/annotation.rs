//! Diagnostics as GitHub Actions takes them: one workflow command a line, shown at the plan's line in a pull request.

use super::diagnostic::{Diagnostic, Diagnostics, PlanErrors};
use super::finding::Severity;
use crate::base::escape::escaped_lines;

impl Diagnostic {
    /// Returns the workflow command, such as `::error file=plan.yaml,line=4,col=10::…`.
    ///
    /// Whatever could begin another command or property is escaped, as the page "Workflow commands" asks.
    fn annotation(&self) -> String {
        let name = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut properties = format!("file={}", property(&self.path.display().to_string()));
        if let Some((line, column)) = self.position() {
            properties.push_str(&format!(",line={line},col={column}"));
        }
        let hint = self.hint.as_ref().map(|hint| format!("\n{hint}")).unwrap_or_default();
        format!("::{name} {properties}::{}", message(&format!("{}{hint}", self.title)))
    }
}

impl Diagnostics {
    /// Returns the workflow commands of those that are shown, one a line.
    #[must_use]
    pub fn annotations(&self) -> String {
        self.iter().map(|diagnostic| diagnostic.annotation() + "\n").collect()
    }
}

impl PlanErrors {
    /// Returns the workflow commands of the errors that are shown, one a line.
    #[must_use]
    pub fn annotations(&self) -> String {
        self.errors().annotations()
    }
}

fn message(text: &str) -> String {
    escaped_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::plan::{Plan, Variables};

    fn annotations(text: &str, path: &str) -> String {
        Plan::parse(text.as_bytes(), Path::new(path), &Variables::default()).unwrap_err().annotations()
    }

    #[test]
    fn name_the_place_and_the_hint() {
        let text =
            annotations("version: 1\naccounts: {a: {cloud: alibaba, region: r}}\nlimits: {conc: 1}\n", "plan.yaml");
        assert_eq!(
            text.lines().last(),
            Some("::error file=plan.yaml,line=3,col=10::unknown key `conc` in `limits`%0Adid you mean `concurrency`?")
        );
    }

    #[test]
    fn nothing_in_a_plan_or_its_name_can_begin_another_command() {
        let text = annotations("\"100%\\r\\n::set-output name=x::y\": 1\n", "a,b:c%\n::d.yaml");
        for line in text.lines() {
            assert!(line.starts_with("::error file=a%2Cb%3Ac%25%0A%3A%3Ad.yaml"), "{line}");
        }
        assert!(text.contains("100%25") && !text.contains('\r'), "{text}");
        assert_eq!(text.matches('\n').count(), text.lines().count());
    }
}
