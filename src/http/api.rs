//! The APIs of services: name, version, signature, documented quota.

use crate::base::rate::Rate;

/// The most bytes of a response about one resource.
pub const SHORT_RESPONSE: usize = 1 << 20;

/// The most bytes of a response that lists resources.
pub const LONG_RESPONSE: usize = 32 << 20;

/// One API of one service: its name, version and documented quota.
#[derive(Debug, PartialEq, Eq)]
pub struct Api {
    /// The product that it is part of.
    pub product: &'static Product,
    /// The vendor's name of the action.
    pub action: &'static str,
    /// The vendor's version of the API; empty if the path carries it.
    pub version: &'static str,
    /// How its requests are signed, unless an account chooses another signature for the product.
    pub signature: Signature,
    /// The documented quota; `None` if the vendor states none.
    pub quota: Option<Quota>,
    /// How many targets one request may serve; 1 for everything but listings.
    pub batch: usize,
    /// The most bytes of a response's body that are read: [`SHORT_RESPONSE`], or [`LONG_RESPONSE`] for listings.
    pub max_response_bytes: usize,
    /// Whether a connection carries one request after another. `false` if a response does not name its resource: a
    /// response that comes twice on a connection would be taken for that of the next request.
    pub keeps_connections: bool,
}

impl Api {
    /// Returns the name used for lanes, such as `fnf:StopExecution`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.product.name, self.action)
    }

    /// Declares an API without a documented quota, whose requests serve one target each, on a connection of their own.
    #[must_use]
    pub(crate) const fn new(
        product: &'static Product,
        action: &'static str,
        version: &'static str,
        signature: Signature,
    ) -> Self {
        let (quota, max_response_bytes) = (None, SHORT_RESPONSE);
        Self { product, action, version, signature, quota, batch: 1, max_response_bytes, keeps_connections: false }
    }

    /// States the documented quota.
    #[must_use]
    pub(crate) const fn quota(self, rate: Rate, burst: u32) -> Self {
        Self { quota: Some(Quota { rate, burst }), ..self }
    }

    /// Lets a connection carry one request after another, as every response names its resource.
    #[must_use]
    pub(crate) const fn keeping_connections(self) -> Self {
        Self { keeps_connections: true, ..self }
    }

    /// Lets one request serve up to `batch` targets, and reads the long response of a listing.
    #[must_use]
    pub(crate) const fn listing(self, batch: usize) -> Self {
        Self { batch, max_response_bytes: LONG_RESPONSE, ..self }
    }
}

/// A product of a vendor: an endpoint of its own in each region.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Product {
    /// Its name in hosts, lanes and a plan's `endpoints`, such as `elasticsearch`.
    pub name: &'static str,
    /// The order of the labels of its hosts.
    pub hosts: Hosts,
}

/// The order of the labels of a product's hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hosts {
    /// `product.region.…`, as almost every product has them.
    ProductFirst,
    /// `region.product.…`.
    RegionFirst,
}

/// A signature that vendors accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// Alibaba Cloud RPC, version 1, with HMAC-SHA1: the action is a parameter and the path is `/`.
    RpcV1,
    /// Alibaba Cloud ACS3-HMAC-SHA256.
    Acs3,
    /// Huawei Cloud SDK-HMAC-SHA256, or an auth token in its place.
    SdkHmac,
}

/// A documented quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The sustained rate.
    pub rate: Rate,
    /// How many requests may come at once after a pause.
    pub burst: u32,
}
