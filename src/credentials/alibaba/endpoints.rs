//! Where Alibaba Cloud hands credentials out.

use crate::credentials::client::with_scheme;
use crate::credentials::surroundings::Surroundings;
use crate::http::{Hosts, Product};
use crate::provider::{Cloud, Network};

/// STS.
pub(super) static STS: Product = Product { name: "sts", hosts: Hosts::ProductFirst };

/// The STS that serves every region.
pub(super) const STS_EVERYWHERE: &str = "https://sts.aliyuncs.com";

/// An endpoint of STS.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StsEndpoint {
    /// The base URL.
    pub(super) url: String,
    /// Whether it is that of a region, which may have none.
    pub(super) is_regional: bool,
}

/// Returns the endpoint of STS: that of the plan, of the environment, of the profile (`beside`, a host or a region), or of
/// the region.
pub(super) fn sts(around: Surroundings<'_>, beside: Option<&str>) -> StsEndpoint {
    let beside = beside.map(str::trim).filter(|beside| !beside.is_empty());
    let (host, region) = match beside {
        Some(host) if host.contains(['.', ':']) => (Some(host), None),
        region => (None, region),
    };
    if let Some(url) = around.endpoint(STS.name, "ALIBABA_CLOUD_STS_ENDPOINT").or_else(|| host.map(with_scheme)) {
        return StsEndpoint { url, is_regional: false };
    }
    let region = region.or_else(|| around.variable("ALIBABA_CLOUD_STS_REGION")).unwrap_or(&around.account.region);
    let is_vpc = around.account.network == Network::Vpc || around.is_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED");
    let network = if is_vpc { Network::Vpc } else { Network::Public };
    StsEndpoint { url: Cloud::Alibaba.endpoint(&STS, region, network), is_regional: true }
}

/// Returns the base URL of the metadata service of ECS.
pub(super) fn metadata(around: Surroundings<'_>) -> String {
    let own = around.endpoint("metadata", "ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT");
    own.unwrap_or_else(|| "http://100.100.100.200".to_owned())
}

/// Returns the base URL that the plan puts in the place of those that exchange logins.
pub(super) fn login(around: Surroundings<'_>) -> Option<String> {
    around.account.endpoints.get("oauth").map(|url| with_scheme(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::environment::Environment;
    use crate::credentials::client::Clients;
    use crate::plan::Account;

    fn of(account: &Account, variables: &[(&str, &str)], beside: Option<&str>) -> (String, bool) {
        let (environment, clients) = (variables.iter().copied().collect::<Environment>(), Clients::default());
        let around = Surroundings {
            account,
            environment: &environment,
            clients: &clients,
            session: "s",
            iam_endpoint: None,
            log: None,
        };
        let StsEndpoint { url, is_regional } = sts(around, beside);
        (url.strip_prefix("https://").unwrap_or(&url).to_owned(), is_regional)
    }

    #[test]
    fn the_plan_beats_the_environment_and_that_the_profile_and_that_the_region() {
        let mut account = Account::in_region(Cloud::Alibaba, "cn-hangzhou".to_owned());
        let endpoint = ("ALIBABA_CLOUD_STS_ENDPOINT", "sts.env.example");
        let region = ("ALIBABA_CLOUD_STS_REGION", "cn-beijing");
        let vpc = ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "True");
        for (variables, beside, url, is_regional) in [
            (&[][..], None, "sts.cn-hangzhou.aliyuncs.com", true),
            (&[vpc], None, "sts-vpc.cn-hangzhou.aliyuncs.com", true),
            (&[region], None, "sts.cn-beijing.aliyuncs.com", true),
            (&[region, vpc], Some("cn-shanghai"), "sts-vpc.cn-shanghai.aliyuncs.com", true),
            (&[region], Some("sts.cn-shanghai.aliyuncs.com"), "sts.cn-shanghai.aliyuncs.com", false),
            (&[endpoint], Some("sts.cn-shanghai.aliyuncs.com"), "sts.env.example", false),
            (&[], Some(" "), "sts.cn-hangzhou.aliyuncs.com", true),
        ] {
            assert_eq!(of(&account, variables, beside), (url.to_owned(), is_regional));
        }
        account.network = Network::Vpc;
        assert_eq!(of(&account, &[], None).0, "sts-vpc.cn-hangzhou.aliyuncs.com");
        account.endpoints.insert("sts".to_owned(), "http://127.0.0.1:1".to_owned());
        assert_eq!(of(&account, &[endpoint], None).0, "http://127.0.0.1:1");
    }
}
