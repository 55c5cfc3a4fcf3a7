//! Whether an account is one of a stand-in on this machine, such as a simulator: no vendor knows it.

use url::Url;

use super::surroundings::Surroundings;
use crate::http::is_loopback;
use crate::plan::Account;
use crate::provider::Cloud;
use crate::service::products;

/// What a vendor would be asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// Whose keys are.
    Identity,
    /// Which project a region has.
    Project,
}

/// Tells whether the vendor is not to be asked about an account: its requests go to this machine, and nobody says that
/// this question goes elsewhere than to the vendor.
pub(super) fn is_stand_in(around: Surroundings<'_>, asked: Asked) -> bool {
    let (name, variable) = match (around.account.cloud, asked) {
        (Cloud::Alibaba, _) => ("sts", "ALIBABA_CLOUD_STS_ENDPOINT"),
        (Cloud::Huawei, Asked::Identity) => ("sts", "HUAWEICLOUD_SDK_STS_ENDPOINT"),
        (Cloud::Huawei, Asked::Project) => ("iam", "HUAWEICLOUD_SDK_IAM_ENDPOINT"),
    };
    is_here(around.account) && around.endpoint(name, variable).is_none() && around.iam_endpoint.is_none()
}

fn is_here(account: &Account) -> bool {
    let is_near = |url: &str| Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(is_loopback));
    products(account.cloud).into_iter().any(|product| is_near(&account.endpoint(product)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::environment::Environment;
    use crate::credentials::client::Clients;

    #[test]
    fn the_vendor_is_asked_about_no_account_of_this_machine_unless_somebody_says_where() {
        let clients = Clients::new(Environment::default());
        let says = |endpoints: &[(&str, &str)], variables: &[(&str, &str)], cloud, asked| {
            let mut account = Account::in_region(cloud, "cn-north-4".to_owned());
            let pair = |(name, url): &(&str, &str)| ((*name).to_owned(), (*url).to_owned());
            account.endpoints = endpoints.iter().map(pair).collect();
            let environment: Environment = variables.iter().copied().collect();
            let (account, environment, clients) = (&account, &environment, &clients);
            let around = Surroundings { account, environment, clients, session: "s", iam_endpoint: None, log: None };
            is_stand_in(around, asked)
        };
        let here = ("fnf", "http://127.0.0.1:18080");
        assert!(says(&[here], &[], Cloud::Alibaba, Asked::Identity));
        assert!(!says(&[], &[], Cloud::Alibaba, Asked::Identity));
        assert!(!says(&[("fnf", "https://fnf.example.com")], &[], Cloud::Alibaba, Asked::Identity));
        assert!(!says(&[here, ("sts", "http://127.0.0.1:1")], &[], Cloud::Alibaba, Asked::Identity));
        assert!(!says(&[here], &[("ALIBABA_CLOUD_STS_ENDPOINT", "127.0.0.1:1")], Cloud::Alibaba, Asked::Identity));
        let here = [("drs", "http://127.0.0.1:18080"), ("iam", "http://127.0.0.1:18080")];
        assert!(says(&here, &[], Cloud::Huawei, Asked::Identity));
        assert!(!says(&here, &[], Cloud::Huawei, Asked::Project));
        assert!(says(&here[..1], &[], Cloud::Huawei, Asked::Project));
    }
}
