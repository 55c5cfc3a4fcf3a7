//! The clouds: their names, regions, endpoints, error envelopes.

use std::fmt;

use super::content::Content;
use super::indicators::{Indicators, is_success};
use super::json::{Object, Search};
use super::network::Network;
use super::{alibaba, huawei, regions};
use crate::base::rate::Rate;
use crate::error::{ApiError, Code};
use crate::http::{Product, Response};

/// A cloud vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cloud {
    /// Alibaba Cloud.
    Alibaba,
    /// Huawei Cloud.
    Huawei,
}

/// The name of the metadata service in a plan's `endpoints`.
pub(crate) const METADATA: &str = "metadata";

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

    /// Returns the regions that the vendor is known to have.
    #[must_use]
    pub const fn regions(self) -> &'static [&'static str] {
        match self {
            Self::Alibaba => regions::ALIBABA,
            Self::Huawei => regions::HUAWEI,
        }
    }

    /// Returns the base URL of a product in a region by the vendor's documented rule, such as
    /// `https://elasticsearch.cn-hangzhou.aliyuncs.com`.
    #[must_use]
    pub fn endpoint(self, product: &Product, region: &str, network: Network) -> String {
        match self {
            Self::Alibaba => alibaba::endpoint(product, region, network),
            Self::Huawei => huawei::endpoint(product, region),
        }
    }

    /// Reads the error of a response, if it carries one.
    #[must_use]
    pub fn error(self, response: &Response) -> ApiError {
        self.read(response, &[], None).error
    }

    /// Reads a response: its error, what else it states of itself, and its body, of which it keeps `fields` besides
    /// those of the vendor's envelope.
    pub(crate) fn read<'a>(
        self,
        response: &'a Response,
        fields: &'static [&'static str],
        search: Option<&mut Search<'_>>,
    ) -> ParsedResponse<'a> {
        let content = Content::of(response, fields, search);
        let (error, is_by_code) = match self {
            Self::Alibaba => alibaba::error(response, &content),
            Self::Huawei => huawei::error(response, &content),
        };
        let code = error.code.as_deref();
        let is_repeat = self == Self::Alibaba && code.is_some_and(alibaba::is_repeat);
        let body = content.into_object();
        let mut indicators = body.as_ref().map(Indicators::of).unwrap_or_default();
        // The code that counts may be nested, or in XML.
        indicators.success |= code.is_some_and(is_success);
        ParsedResponse { error, is_by_code, is_repeat, indicators, body }
    }

    /// Returns the error codes that its services share, explained.
    #[must_use]
    pub const fn codes(self) -> &'static [Code] {
        match self {
            Self::Alibaba => &alibaba::CODES,
            Self::Huawei => &huawei::CODES,
        }
    }

    /// Returns the variables that the vendor's SDKs read an access key from: its id, its secret, its security token.
    #[must_use]
    pub const fn key_variables(self) -> [&'static str; 3] {
        match self {
            Self::Alibaba => {
                ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"]
            }
            Self::Huawei => ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"],
        }
    }

    /// Returns the variable that the vendor's SDKs read the project from; `None` where there are no projects.
    #[must_use]
    pub const fn project_variable(self) -> Option<&'static str> {
        match self {
            Self::Alibaba => None,
            Self::Huawei => Some("HUAWEICLOUD_SDK_PROJECT_ID"),
        }
    }

    /// Returns the names of the endpoints that credentials come from, as a plan's `endpoints` has them beside products.
    #[must_use]
    pub const fn credential_endpoints(self) -> &'static [&'static str] {
        match self {
            Self::Alibaba => &["sts", "oauth", METADATA],
            Self::Huawei => &["iam", "sts", METADATA],
        }
    }

    /// Returns the quota that the response to a throttled request names, if it does.
    #[must_use]
    pub fn stated_limit(self, error: &ApiError) -> Option<Rate> {
        match self {
            Self::Alibaba => None,
            Self::Huawei => huawei::stated_limit(error.message.as_deref()?),
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A response, read by the rules that all services of a vendor share.
pub(crate) struct ParsedResponse<'a> {
    /// Its error, if it carries one.
    pub(crate) error: ApiError,
    /// Whether the class is by the code, and not by the status alone.
    pub(crate) is_by_code: bool,
    /// Whether the service had received a copy of the request before.
    pub(crate) is_repeat: bool,
    /// Its signs of success and of failure.
    pub(crate) indicators: Indicators,
    /// Its JSON object, or a `protocol` error that says what came instead.
    pub(crate) body: Result<Object<'a>, ApiError>,
}
