//! The endpoints of Huawei Cloud, by product and region.

/// Returns the base URL of a product.
#[must_use]
pub fn endpoint(product: &str, region: &str) -> String {
    format!("https://{product}.{region}.myhuaweicloud.com")
}
