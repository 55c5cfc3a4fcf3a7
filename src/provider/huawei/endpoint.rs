//! The endpoints of Huawei Cloud, by product and region.

/// Returns the base URL of a product, by the rule of "Regions and endpoints".
#[must_use]
pub fn endpoint(product: &str, region: &str) -> String {
    let domain = match region {
        "eu-west-101" => "myhuaweicloud.eu",
        _ => "myhuaweicloud.com",
    };
    format!("https://{product}.{region}.{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_follow_the_documented_rules() {
        for (product, region, expected) in [
            ("live", "cn-north-4", "https://live.cn-north-4.myhuaweicloud.com"),
            ("drs", "ap-southeast-3", "https://drs.ap-southeast-3.myhuaweicloud.com"),
            ("drs", "eu-west-0", "https://drs.eu-west-0.myhuaweicloud.com"),
            ("drs", "eu-west-101", "https://drs.eu-west-101.myhuaweicloud.eu"),
            ("iam", "eu-west-101", "https://iam.eu-west-101.myhuaweicloud.eu"),
            ("iam", "cn-north-4", "https://iam.cn-north-4.myhuaweicloud.com"),
        ] {
            assert_eq!(endpoint(product, region), expected);
        }
    }
}
