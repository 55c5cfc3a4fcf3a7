//! The endpoints of Huawei Cloud, by product and region.

use crate::http::{Hosts, Product};

/// Returns the base URL of a product, by the rule of "Regions and endpoints".
#[must_use]
pub fn endpoint(product: &Product, region: &str) -> String {
    let domain = match region {
        "eu-west-101" => "myhuaweicloud.eu",
        _ => "myhuaweicloud.com",
    };
    match product.hosts {
        Hosts::ProductFirst => format!("https://{}.{region}.{domain}", product.name),
        Hosts::RegionFirst => format!("https://{region}.{}.{domain}", product.name),
    }
}
