//! The endpoints of Alibaba Cloud, by product, region and network.

use crate::provider::Network;

/// Returns the base URL of a product.
///
/// Every product has `product.region`, and `product-vpc.region` inside the private network; fnf has the region
/// first ("Serverless Workflow: endpoints"). The vendor's SDK builds other fnf hosts for the regions that are not
/// in its table; no page documents those.
#[must_use]
pub fn endpoint(product: &str, region: &str, network: Network) -> String {
    match (product, network) {
        ("fnf", Network::Public) => format!("https://{region}.fnf.aliyuncs.com"),
        ("fnf", Network::Vpc) => format!("https://{region}-internal.fnf.aliyuncs.com"),
        (_, Network::Public) => format!("https://{product}.{region}.aliyuncs.com"),
        (_, Network::Vpc) => format!("https://{product}-vpc.{region}.aliyuncs.com"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_follow_the_documented_rules() {
        for (product, region, network, expected) in [
            ("fnf", "cn-hangzhou", Network::Public, "https://cn-hangzhou.fnf.aliyuncs.com"),
            ("fnf", "ap-southeast-1", Network::Public, "https://ap-southeast-1.fnf.aliyuncs.com"),
            ("fnf", "cn-shanghai", Network::Vpc, "https://cn-shanghai-internal.fnf.aliyuncs.com"),
            ("searchengine", "eu-central-1", Network::Public, "https://searchengine.eu-central-1.aliyuncs.com"),
            ("searchengine", "cn-beijing", Network::Vpc, "https://searchengine-vpc.cn-beijing.aliyuncs.com"),
            ("elasticsearch", "cn-hangzhou", Network::Public, "https://elasticsearch.cn-hangzhou.aliyuncs.com"),
            ("elasticsearch", "us-west-1", Network::Vpc, "https://elasticsearch-vpc.us-west-1.aliyuncs.com"),
        ] {
            assert_eq!(endpoint(product, region, network), expected);
        }
    }
}
