//! Where Huawei Cloud hands credentials out.

use crate::credentials::client::with_scheme;
use crate::credentials::surroundings::Surroundings;
use crate::http::{Hosts, Product};
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

/// Returns the base URL of IAM.
pub(super) fn iam(around: Surroundings<'_>) -> String {
    let own = around.endpoint(IAM.name, "HUAWEICLOUD_SDK_IAM_ENDPOINT");
    own.or_else(|| around.iam_endpoint.map(with_scheme)).unwrap_or_else(|| {
        if IAM_REGIONS.contains(&&*around.account.region) {
            Cloud::Huawei.endpoint(&IAM, &around.account.region, Network::Public)
        } else {
            "https://iam.myhuaweicloud.com".to_owned()
        }
    })
}

/// Returns the base URL of STS. A region without an STS host uses that of another region of the same site; `None` for
/// a site that has none at all.
pub(super) fn sts(around: Surroundings<'_>) -> Option<String> {
    let region = || {
        let region = match &*around.account.region {
            "eu-west-101" => return None,
            region if STS_REGIONS.contains(&region) => region,
            region if region.starts_with("cn-") => "cn-north-4",
            _ => "ap-southeast-3",
        };
        Some(Cloud::Huawei.endpoint(&STS, region, Network::Public))
    };
    around.endpoint(STS.name, "HUAWEICLOUD_SDK_STS_ENDPOINT").or_else(region)
}

/// Returns the base URL of the metadata service.
pub(super) fn metadata(around: Surroundings<'_>) -> String {
    let own = around.endpoint(METADATA, "ALLSTOP_HUAWEI_METADATA_ENDPOINT");
    own.unwrap_or_else(|| "http://169.254.169.254".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::environment::Environment;
    use crate::credentials::huawei::tests::Around;

    fn in_region(region: &str, variables: &[(&str, &str)]) -> Around {
        let mut around = Around::new(Environment::from_iter(variables.iter().copied()));
        around.account.region = region.to_owned();
        around
    }

    #[test]
    fn the_region_chooses_the_hosts() {
        for (region, iam_host, sts_host) in [
            ("cn-north-4", "iam.cn-north-4.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("cn-east-3", "iam.cn-east-3.myhuaweicloud.com", Some("sts.cn-east-3.myhuaweicloud.com")),
            ("cn-north-9", "iam.cn-north-9.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("cn-north-99", "iam.myhuaweicloud.com", Some("sts.cn-north-4.myhuaweicloud.com")),
            ("ap-southeast-1", "iam.ap-southeast-1.myhuaweicloud.com", Some("sts.ap-southeast-1.myhuaweicloud.com")),
            ("na-mexico-1", "iam.na-mexico-1.myhuaweicloud.com", Some("sts.ap-southeast-3.myhuaweicloud.com")),
            ("eu-west-101", "iam.eu-west-101.myhuaweicloud.eu", None),
        ] {
            let around = in_region(region, &[]);
            assert_eq!(iam(around.lend()), format!("https://{iam_host}"), "{region}");
            assert_eq!(sts(around.lend()), sts_host.map(|host| format!("https://{host}")), "{region}");
            assert_eq!(metadata(around.lend()), "http://169.254.169.254");
        }
    }

    #[test]
    fn the_plan_beats_the_environment_and_that_the_profile() {
        let profile = Some("iam.example.com/");
        let around = in_region("eu-west-101", &[]);
        assert_eq!(iam(Surroundings { iam_endpoint: profile, ..around.lend() }), "https://iam.example.com");
        let variables = [
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "iam.of-environment "),
            ("HUAWEICLOUD_SDK_STS_ENDPOINT", "http://127.0.0.1:1/"),
            ("ALLSTOP_HUAWEI_METADATA_ENDPOINT", "http://127.0.0.1:2"),
        ];
        let mut around = in_region("eu-west-101", &variables);
        assert_eq!(iam(Surroundings { iam_endpoint: profile, ..around.lend() }), "https://iam.of-environment");
        assert_eq!(sts(around.lend()).as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(metadata(around.lend()), "http://127.0.0.1:2");
        for product in ["iam", "sts", "metadata"] {
            around.account.endpoints.insert(product.into(), format!("http://127.0.0.1/{product}"));
        }
        assert_eq!(iam(Surroundings { iam_endpoint: profile, ..around.lend() }), "http://127.0.0.1/iam");
        assert_eq!(sts(around.lend()).as_deref(), Some("http://127.0.0.1/sts"));
        assert_eq!(metadata(around.lend()), "http://127.0.0.1/metadata");
    }
}
