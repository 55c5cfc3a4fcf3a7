//! The endpoints of Alibaba Cloud, by product, region and network.

use crate::vendor::Network;

/// Returns the base URL of a product.
#[must_use]
pub fn endpoint(product: &str, region: &str, network: Network) -> String {
    let _ = network;
    format!("https://{product}.{region}.aliyuncs.com")
}
