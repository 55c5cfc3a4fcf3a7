//! The environment variables that the vendors' own tools read.

use super::Cloud;

impl Cloud {
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
}
