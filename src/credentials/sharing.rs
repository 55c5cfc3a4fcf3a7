//! Which accounts share one source of credentials.

use std::fmt::Write;

use crate::plan::{Account, CredentialSource};

/// Returns a text that is equal for accounts of one cloud that share a source: it is asked once for all of them.
///
/// They have the same form, and ask at the same endpoints. A token that a password brings is for one project of one
/// region.
pub(super) fn shared_by(account: &Account) -> String {
    let Account { cloud, credentials, endpoints, .. } = account;
    let mut text = format!("{cloud} {credentials:?}");
    for name in cloud.credential_endpoints() {
        if let Some(url) = endpoints.get(*name) {
            // Writing to a text cannot fail.
            let _ = write!(text, " {name}={url}");
        }
    }
    if starts_from_password(credentials) {
        let _ = write!(text, " in {} {:?}", account.region, account.project_id);
    }
    text
}

fn starts_from_password(form: &CredentialSource) -> bool {
    match form {
        CredentialSource::Password(_) => true,
        CredentialSource::Role(role) => starts_from_password(&role.source),
        CredentialSource::Default
        | CredentialSource::Env(_)
        | CredentialSource::Profile(_)
        | CredentialSource::File(_)
        | CredentialSource::Process(_)
        | CredentialSource::Uri(_)
        | CredentialSource::Metadata(_)
        | CredentialSource::Pod
        | CredentialSource::Oidc(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{AssumedRole, Domain, Metadata, Password, Role, SecretAt};
    use crate::provider::Cloud;

    fn account(cloud: Cloud, region: &str, credentials: CredentialSource) -> Account {
        Account { credentials, ..Account::in_region(cloud, region.to_owned()) }
    }

    #[test]
    fn equal_forms_in_one_cloud_share() {
        let of = |region: &str, form: &CredentialSource| shared_by(&account(Cloud::Alibaba, region, form.clone()));
        let metadata = CredentialSource::Metadata(Metadata::default());
        assert_eq!(of("cn-hangzhou", &CredentialSource::Default), of("cn-beijing", &CredentialSource::Default));
        assert_eq!(of("cn-hangzhou", &metadata), of("cn-beijing", &metadata));
        assert_ne!(of("cn-hangzhou", &metadata), of("cn-hangzhou", &CredentialSource::Default));
        let huawei = account(Cloud::Huawei, "cn-north-4", CredentialSource::Default);
        assert_ne!(shared_by(&huawei), of("cn-north-4", &CredentialSource::Default));
    }

    #[test]
    fn another_endpoint_is_another_source_and_that_of_a_service_is_not() {
        let mut one = account(Cloud::Alibaba, "cn-hangzhou", CredentialSource::Default);
        let two = one.clone();
        one.endpoints.insert("fnf".to_owned(), "http://127.0.0.1:1".to_owned());
        assert_eq!(shared_by(&one), shared_by(&two));
        one.endpoints.insert("sts".to_owned(), "http://127.0.0.1:1".to_owned());
        assert_ne!(shared_by(&one), shared_by(&two));
    }

    #[test]
    fn a_password_brings_a_token_for_one_region() {
        let password = SecretAt::Env("PW".to_owned());
        let password = Password { domain: "acme".to_owned(), user: "ops".to_owned(), password };
        let password = CredentialSource::Password(password);
        let role = Role::Agency { agency: "a".to_owned(), domain: Domain::Name("b".to_owned()), duration: None };
        let role = CredentialSource::Role(Box::new(AssumedRole { role, source: password.clone() }));
        for form in [password, role] {
            let of = |region: &str| shared_by(&account(Cloud::Huawei, region, form.clone()));
            assert_ne!(of("cn-north-4"), of("cn-east-3"));
            assert_eq!(of("cn-north-4"), of("cn-north-4"));
        }
    }
}
