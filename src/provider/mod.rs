//! What the two vendors share across their services: endpoints, signing, error envelopes, credentials.
//!
//! Nothing here knows a single service, sends anything or keeps state.

use std::fmt;

pub mod alibaba;
pub mod canonical;
mod claims;
mod content;
mod credentials;
mod draft;
pub mod encode;
mod envelope;
pub mod huawei;
mod json;
mod mac;
mod origin;
mod regions;
mod text;
mod throttle;
mod variables;

pub use credentials::{Credentials, Principal};
pub(crate) use draft::Carrier;
pub(crate) use json::{Json, Listed, Object, Search};
pub use origin::Origin;
pub(crate) use text::tidy;

use self::claims::Claims;
use self::content::Content;
use crate::base::rate::Rate;
use crate::error::{ApiError, Code};
use crate::http::{Request, Response, SignedRequest};

/// A cloud vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cloud {
    /// Alibaba Cloud.
    Alibaba,
    /// Huawei Cloud.
    Huawei,
}

impl Cloud {
    /// Every cloud, in the order used in help texts.
    pub const ALL: [Self; 2] = [Self::Alibaba, Self::Huawei];

    /// Returns the name used in plans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alibaba => "alibaba",
            Self::Huawei => "huawei",
        }
    }

    /// Returns the products whose endpoints a plan may override.
    #[must_use]
    pub const fn products(self) -> &'static [&'static str] {
        match self {
            Self::Alibaba => &["fnf", "searchengine", "elasticsearch"],
            Self::Huawei => &["live", "drs", "iam"],
        }
    }

    /// Returns the regions that the vendor is known to have.
    #[must_use]
    pub const fn regions(self) -> &'static [&'static str] {
        match self {
            Self::Alibaba => regions::ALIBABA,
            Self::Huawei => regions::HUAWEI,
        }
    }

    /// Returns the base URL of a product in a region by the vendor's documented rule, such as
    /// `https://cn-hangzhou.fnf.aliyuncs.com`.
    #[must_use]
    pub fn endpoint(self, product: &str, region: &str, network: Network) -> String {
        match self {
            Self::Alibaba => alibaba::endpoint(product, region, network),
            Self::Huawei => huawei::endpoint(product, region),
        }
    }

    /// Reads the error an answer carries, if it carries one.
    #[must_use]
    pub fn error(self, response: &Response) -> ApiError {
        self.read(response, None).error
    }

    /// Reads an answer: what it says is wrong, what else it says of itself, and what it consists of.
    pub(crate) fn read<'a>(self, response: &'a Response, search: Option<&mut Search<'_>>) -> Heard<'a> {
        let content = Content::of(response, search);
        let (error, is_by_code) = match self {
            Self::Alibaba => alibaba::error(response, &content),
            Self::Huawei => huawei::error(response, &content),
        };
        let code = error.code.as_deref();
        let is_repeat = self == Self::Alibaba && code.is_some_and(alibaba::is_repeat);
        let body = content.into_object();
        let mut claims = body.as_ref().map(Claims::of).unwrap_or_default();
        // The code that counts may be nested, or stand in XML.
        claims.well |= code.is_some_and(claims::is_well);
        Heard { error, is_by_code, is_repeat, claims, body }
    }

    /// Returns the error codes that its services share, explained.
    #[must_use]
    pub const fn codes(self) -> &'static [Code] {
        match self {
            Self::Alibaba => &alibaba::CODES,
            Self::Huawei => &huawei::CODES,
        }
    }

    /// Returns the quota that a throttled answer names, if it does.
    #[must_use]
    pub fn stated_limit(self, error: &ApiError) -> Option<Rate> {
        match self {
            Self::Alibaba => None,
            Self::Huawei => huawei::stated_limit(error.message.as_deref()?),
        }
    }

    /// Signs a request for this cloud.
    ///
    /// # Errors
    ///
    /// Fails when a credential cannot be put into a header.
    pub fn sign(self, request: &Request, signing: &Signing<'_>) -> Result<SignedRequest, SignError> {
        match self {
            Self::Alibaba => alibaba::sign(request, signing),
            Self::Huawei => huawei::sign(request, signing),
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which of a vendor's endpoints to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// The endpoint on the internet.
    #[default]
    Public,
    /// The endpoint inside the vendor's private network.
    Vpc,
}

impl Network {
    /// Returns the name used in plans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Vpc => "vpc",
        }
    }
}

/// Which signature an Alibaba Cloud account uses for fnf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FnfSignature {
    /// RPC V1 with HMAC-SHA1, as the official fnf SDK signs.
    #[default]
    V1,
    /// ACS3-HMAC-SHA256.
    V3,
}

/// Everything besides the request that goes into a signature.
pub struct Signing<'a> {
    /// Where the request goes.
    pub origin: &'a Origin,
    /// Who signs.
    pub credentials: &'a Credentials,
    /// The Huawei Cloud project, sent as `X-Project-Id`.
    pub project_id: Option<&'a str>,
    /// The signature of fnf requests.
    pub fnf_signature: FnfSignature,
    /// The moment of signing, in the service's time.
    pub at: jiff::Timestamp,
    /// A text that no other request carries; 32 hexadecimal digits.
    pub nonce: &'a str,
}

/// A request that cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The endpoint is no URL with a host, or has more than scheme, host and port.
    #[error("the endpoint {0:?} is not a URL of just a scheme, a host and a port")]
    Endpoint(String),
    /// A header's value has characters that HTTP forbids; the value itself may be secret and is not shown.
    #[error("the value of {0} has characters that HTTP forbids")]
    Header(&'static str),
    /// These credentials cannot sign for this cloud.
    #[error("{0} credentials cannot sign for this cloud")]
    Credentials(&'static str),
}

/// What an answer says, read by the rules that all services of a vendor share.
pub(crate) struct Heard<'a> {
    /// The error that it carries, if it carries one.
    pub(crate) error: ApiError,
    /// Whether the class is by the code, and not by the status alone.
    pub(crate) is_by_code: bool,
    /// Whether a copy of the request was there first.
    pub(crate) is_repeat: bool,
    /// What it says of itself.
    pub(crate) claims: Claims,
    /// The JSON object that it consists of, or a `protocol` error that says what came in an object's place.
    pub(crate) body: Result<Object<'a>, ApiError>,
}

#[cfg(test)]
mod tests;
