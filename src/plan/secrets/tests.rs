use std::path::Path;

use crate::plan::{Plan, Variables};

const SECRET: &str = "hush-hush-hush-hush";

/// Reads a plan whose target has this cause; returns what is wrong with it.
fn errors(cause: &str, set: &[(&str, &str)], environment: &[(&'static str, &'static str)]) -> Vec<String> {
    let text = format!(
        "version: 1\naccounts: {{a: {{cloud: alibaba, region: r, endpoints: {{fnf: 'https://example.com'}},\n  \
         credentials: {{env: {{access_key_id: MY_ID, access_key_secret: \"${{WHOSE}}_SECRET\"}}}}}}}}\n\
         defaults: {{account: a}}\ntargets:\n  \
         - {{kind: fnf_execution, flow_name: f, execution_name: e, cause: \"{cause}\"}}\n"
    );
    let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let environment = [("WHOSE", "MY")].iter().chain(environment).copied().collect();
    match Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables { set, environment }) {
        Ok(_) => Vec::new(),
        Err(errors) => {
            assert!(!errors.to_string().contains("hush"), "{errors}");
            assert!(
                errors.errors().iter().all(|error| error.position().is_some_and(|(line, _)| line == 6)),
                "{errors}"
            );
            errors.errors().iter().map(|error| format!("{}; {}", error.title(), error.hint().unwrap())).collect()
        }
    }
}

#[test]
fn a_variable_that_holds_a_credential_is_refused_by_its_name() {
    for name in [
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "ALICLOUD_SECRET_KEY",
        "HUAWEICLOUD_SDK_SK",
        "HUAWEICLOUD_SDK_SECURITY_TOKEN",
        "HW_AUTH_TOKEN",
        "OS_PASSWORD",
        "ACCESS_KEY_SECRET",
        "alibaba_cloud_access_key_secret",
        // The accounts of the plan say so.
        "MY_ID",
        "MY_SECRET",
    ] {
        for cause in [format!("${{{name}}}"), format!("because ${{{name}:-of that}}")] {
            for environment in [&[][..], &[(name, SECRET)]] {
                let found = errors(&cause, &[], environment);
                assert_eq!(found.len(), 1, "{cause}: {found:?}");
                assert!(found[0].starts_with(&format!("the variable `{name}` is a credential")), "{found:?}");
            }
            assert_eq!(errors(&cause, &[(name, SECRET)], &[]).len(), 1, "{cause}");
        }
    }
}

#[test]
fn a_variable_that_has_the_value_of_a_credential_is_refused() {
    for (variable, value) in [
        ("HW_SECRET_KEY", SECRET),
        ("MY_SECRET", SECRET),
        ("MY_SECRET", "hush"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", SECRET),
    ] {
        let carrier = value.to_owned() + "\n";
        let found = errors("${REASON}", &[("REASON", &carrier)], &[(variable, value)]);
        assert_eq!(found.len(), 1, "{variable}");
        assert!(
            found[0].starts_with(&format!("the variable `REASON` has the same value as the credential `{variable}`")),
            "{found:?}"
        );
    }
    assert_eq!(errors("${REASON:-x}", &[("REASON", &format!("a {SECRET} b"))], &[("MY_SECRET", SECRET)]).len(), 1);
    assert_eq!(errors("${REASON}", &[], &[("MY_SECRET", SECRET), ("REASON", SECRET)]).len(), 1);
}

#[test]
fn all_other_variables_are_put_in() {
    for name in
        ["REASON", "CLIENT_TOKEN", "HUAWEICLOUD_SDK_PROJECT_ID", "HW_REGION_NAME", "ALIBABA_CLOUD_ROLE_ARN", "OS_X"]
    {
        let found = errors(&format!("${{{name}}}"), &[(name, "incident")], &[("MY_SECRET", SECRET), ("MY_ID", "inc")]);
        assert_eq!(found, [""; 0], "{name}");
    }
    // A literal `${` names no variable.
    assert_eq!(errors("$${MY_SECRET}", &[], &[("MY_SECRET", SECRET)]), [""; 0]);
}
