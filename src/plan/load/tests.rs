//! Plans from memory, and the variables that they use.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::*;

const PLAN: &str = "version: 1
accounts: {a: {cloud: '${CLOUD}', region: '${REGION:-cn-north-4}', credentials: {env: {auth_token: TOKEN}}}}
# ${TOKEN}
targets: [{kind: drs_job, account: a, from: lists/jobs.csv}]
";

struct Memory(BTreeMap<&'static str, &'static str>);

impl FileSource for Memory {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let text = path.to_str().and_then(|path| self.0.get(path));
        let text = text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(Cursor::new(text.as_bytes())))
    }
}

fn variables() -> Variables {
    let set = [("CLOUD", "huawei"), ("TOKEN", "a-secret-token")];
    Variables { set: set.map(|(name, value)| (name.to_owned(), value.to_owned())).into(), ..Variables::default() }
}

fn load(path: &str, files: &Memory) -> Result<Loaded, PlanErrors> {
    Plan::parse_with(PLAN.as_bytes(), Path::new(path).into(), &variables(), files)
}

#[test]
fn a_plan_and_its_files_may_be_in_memory() {
    let files = Memory([("plans/lists/jobs.csv", "job_id\nj-1\nj-2\n")].into());
    let Loaded { plan, files: paths, .. } = load("plans/night.yaml", &files).unwrap();
    let ids: Vec<_> = plan.targets.iter().map(|target| target.id()).collect();
    assert_eq!(ids, ["drs_job:j-1", "drs_job:j-2"]);
    assert_eq!((plan.name.as_str(), plan.path.as_path()), ("night", Path::new("plans/night.yaml")));
    assert_eq!(paths, [Path::new("plans/lists/jobs.csv")]);
    let errors = load("other/night.yaml", &files).unwrap_err().to_string();
    assert!(errors.contains("other/night.yaml:4:45"), "{errors}");
}

#[test]
fn a_bad_row_of_a_file_in_memory_has_its_place() {
    let errors = load("night.yaml", &Memory([("lists/jobs.csv", "job_id\n.\n")].into())).unwrap_err().to_string();
    assert!(errors.contains("lists/jobs.csv:2:1"), "{errors}");
}

#[test]
fn the_variables_that_were_used_are_enough_to_read_the_plan_again() {
    let files = Memory([("lists/jobs.csv", "job_id\nj-1\n")].into());
    let loaded = load("night.yaml", &files).unwrap();
    assert_eq!(loaded.used.set, [("CLOUD".to_owned(), "huawei".to_owned())].into());
    let again = Plan::parse_with(PLAN.as_bytes(), Path::new("night.yaml").into(), &loaded.used, &files).unwrap();
    assert_eq!(again.plan.targets, loaded.plan.targets);
    assert_eq!(again.plan.accounts, loaded.plan.accounts);
    assert!(!format!("{loaded:?}").contains("a-secret-token"));
}

#[test]
fn a_plan_from_standard_input_has_a_name_and_files_in_the_current_directory() {
    let files = Memory([("lists/jobs.csv", "job_id\nj-1\n")].into());
    let plan = Plan::parse_with(PLAN.as_bytes(), PlanInput::Stdin, &variables(), &files).unwrap().plan;
    assert_eq!((plan.name.as_str(), plan.path.as_path()), ("stdin", Path::new("-")));
}
