//! The products of the clouds, whose endpoints a plan may replace.

use super::kind::Kind;
use crate::http::{Hosts, Product};
use crate::provider::Cloud;

/// The product that gives out the tokens of Huawei Cloud.
static IAM: Product = Product { name: "iam", hosts: Hosts::ProductFirst };

/// Returns the products of a cloud: those whose APIs its kinds call, then its own.
#[must_use]
pub fn products(cloud: Cloud) -> Vec<&'static Product> {
    let own: &[&Product] = match cloud {
        Cloud::Alibaba => &[],
        Cloud::Huawei => &[&IAM],
    };
    let kinds = Kind::all().iter().filter(|kind| kind.cloud == cloud);
    let mut products: Vec<&Product> = Vec::new();
    for product in kinds.flat_map(|kind| kind.apis()).map(|api| api.product).chain(own.iter().copied()) {
        if !products.contains(&product) {
            products.push(product);
        }
    }
    products
}
