//! The endpoints of Alibaba Cloud, by product, region and network.

use crate::http::{Hosts, Product};
use crate::provider::network::Network;

/// Returns the base URL of a product.
///
/// Inside the private network, the label before the first dot ends in `-vpc`, or in `-internal` if it is the region.
#[must_use]
pub fn endpoint(product: &Product, region: &str, network: Network) -> String {
    let name = product.name;
    match (product.hosts, network) {
        (Hosts::RegionFirst, Network::Public) => format!("https://{region}.{name}.aliyuncs.com"),
        (Hosts::RegionFirst, Network::Vpc) => format!("https://{region}-internal.{name}.aliyuncs.com"),
        (Hosts::ProductFirst, Network::Public) => format!("https://{name}.{region}.aliyuncs.com"),
        (Hosts::ProductFirst, Network::Vpc) => format!("https://{name}-vpc.{region}.aliyuncs.com"),
    }
}
