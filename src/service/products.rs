//! The products of the clouds, whose endpoints a plan may replace.

use super::kind::Kind;
use crate::http::Product;
use crate::provider::Cloud;

/// Returns the products of a cloud: those whose APIs its kinds call.
#[must_use]
pub fn products(cloud: Cloud) -> Vec<&'static Product> {
    let kinds = Kind::all().iter().filter(|kind| kind.cloud == cloud);
    let mut products: Vec<&Product> = Vec::new();
    for product in kinds.flat_map(|kind| kind.apis()).map(|api| api.product) {
        if !products.contains(&product) {
            products.push(product);
        }
    }
    products
}
