//! Where Huawei Cloud hands credentials out.

use crate::base::environment::Environment;
use crate::http::{Hosts, Product};
use crate::plan::Account;
use crate::provider::{Cloud, Network};

/// IAM: users, projects, agencies by name.
pub(super) static IAM: Product = Product { name: "iam", hosts: Hosts::ProductFirst };

/// STS v5: agencies by URN, and whose a key is.
pub(super) static STS: Product = Product { name: "sts", hosts: Hosts::ProductFirst };

/// The name of the metadata service in a plan's `endpoints`.
const METADATA: &str = "metadata";

/// The regions with an IAM host of their own, as the vendor's SDK lists them; and `eu-west-101`, which is a site of its
/// own.
const IAM_REGIONS: [&str; 28] = [
    "cn-north-2",
    "cn-north-4",
    "cn-north-1",
    "cn-east-2",
    "cn-east-3",
    "cn-south-1",
    "cn-south-2",
    "cn-southwest-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "af-south-1",
    "sa-brazil-1",
    "la-south-2",
    "na-mexico-1",
    "la-north-2",
    "cn-north-9",
    "eu-west-0",
    "my-kualalumpur-1",
    "ru-moscow-1",
    "me-east-1",
    "ap-southeast-4",
    "ae-ad-1",
    "cn-east-4",
    "cn-east-5",
    "tr-west-1",
    "cn-north-12",
    "eu-west-101",
];

/// The regions with an STS host, as the vendor's SDK lists them.
const STS_REGIONS: [&str; 12] = [
    "cn-north-4",
    "cn-south-1",
    "cn-east-3",
    "cn-southwest-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-2",
    "sa-brazil-1",
    "la-south-2",
    "af-south-1",
    "ap-southeast-4",
    "tr-west-1",
];

/// Returns the base URL of IAM; `beside` is the one that stands beside the keys in a profile.
pub(super) fn iam(account: &Account, environment: &Environment, beside: Option<&str>) -> String {
    let own = chosen(account, environment, &IAM, "HUAWEICLOUD_SDK_IAM_ENDPOINT");
    own.or_else(|| beside.map(with_scheme)).unwrap_or_else(|| {
        if IAM_REGIONS.contains(&&*account.region) {
            Cloud::Huawei.endpoint(&IAM, &account.region, Network::Public)
        } else {
            "https://iam.myhuaweicloud.com".to_owned()
        }
    })
}

/// Returns the base URL of STS. A region without an STS host uses that of another region of the same site; `None` for
/// a site that has none at all.
pub(super) fn sts(account: &Account, environment: &Environment) -> Option<String> {
    if let Some(own) = chosen(account, environment, &STS, "HUAWEICLOUD_SDK_STS_ENDPOINT") {
        return Some(own);
    }
    let region = match &*account.region {
        "eu-west-101" => return None,
        region if STS_REGIONS.contains(&region) => region,
        region if region.starts_with("cn-") => "cn-north-4",
        _ => "ap-southeast-3",
    };
    Some(Cloud::Huawei.endpoint(&STS, region, Network::Public))
}

/// Returns the base URL of the metadata service.
pub(super) fn metadata(account: &Account, environment: &Environment) -> String {
    let own = account.endpoints.get(METADATA).map(String::as_str);
    let own = own.or_else(|| environment.get("ALLSTOP_HUAWEI_METADATA_ENDPOINT").map(str::trim));
    own.map_or_else(|| "http://169.254.169.254".to_owned(), with_scheme)
}

/// Returns the base URL of the plan, else of the environment.
fn chosen(account: &Account, environment: &Environment, product: &Product, variable: &str) -> Option<String> {
    let own = account.endpoints.get(product.name).map(String::as_str);
    own.or_else(|| environment.get(variable).map(str::trim).filter(|url| !url.is_empty())).map(with_scheme)
}

/// Completes a base URL: one without a scheme is `https`.
fn with_scheme(endpoint: &str) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("https://{endpoint}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_region(region: &str) -> Account {
        Account::in_region(Cloud::Huawei, region.to_owned())
    }

    #[test]
    fn the_region_chooses_the_hosts() {
        let nothing = Environment::default();
        for (region, iam_host, sts_host) in [
            ("cn-north-4", "iam.cn-north-4.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("cn-east-3", "iam.cn-east-3.myhuaweicloud.com", Some("sts.cn-east-3.myhuaweicloud.com")),
            ("cn-north-9", "iam.cn-north-9.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("cn-north-99", "iam.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("ap-southeast-1", "iam.ap-southeast-1.myhuaweicloud.com", Some("sts.ap-southeast-1.myhuaweicloud.com")),
            ("na-mexico-1", "iam.na-mexico-1.myhuaweicloud.com", Some("sts.ap-southeast-3.myhuaweicloud.com")),
            ("eu-west-101", "iam.eu-west-101.myhuaweicloud.eu", None),
        ] {
            let account = in_region(region);
            assert_eq!(iam(&account, &nothing, None), format!("https://{iam_host}"), "{region}");
            assert_eq!(sts(&account, &nothing), sts_host.map(|host| format!("https://{host}")), "{region}");
            assert_eq!(metadata(&account, &nothing), "http://169.254.169.254");
        }
    }

    #[test]
    fn the_plan_beats_the_environment_and_that_the_profile() {
        let mut account = in_region("eu-west-101");
        assert_eq!(iam(&account, &Environment::default(), Some("iam.example.com/")), "https://iam.example.com");
        let environment: Environment = [
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "iam.of-environment "),
            ("HUAWEICLOUD_SDK_STS_ENDPOINT", "http://127.0.0.1:1/"),
            ("ALLSTOP_HUAWEI_METADATA_ENDPOINT", "http://127.0.0.1:2"),
        ]
        .into_iter()
        .collect();
        assert_eq!(iam(&account, &environment, Some("x")), "https://iam.of-environment");
        assert_eq!(sts(&account, &environment).as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(metadata(&account, &environment), "http://127.0.0.1:2");
        for product in ["iam", "sts", "metadata"] {
            account.endpoints.insert(product.into(), format!("http://127.0.0.1/{product}"));
        }
        assert_eq!(iam(&account, &environment, Some("x")), "http://127.0.0.1/iam");
        assert_eq!(sts(&account, &environment).as_deref(), Some("http://127.0.0.1/sts"));
        assert_eq!(metadata(&account, &environment), "http://127.0.0.1/metadata");
    }
}
