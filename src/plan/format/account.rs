//! The keys of `accounts.NAME`.

use super::{Key, Section, Takes};
use crate::provider::Cloud;

/// The names of the clouds.
const CLOUDS: [&str; 2] = [Cloud::Alibaba.name(), Cloud::Huawei.name()];

/// An account.
pub static ACCOUNT: Section = Section {
    about: "An account of one cloud in one region.",
    keys: &[
        Key::new("cloud", "The vendor.", Takes::Word(&CLOUDS)).required(),
        Key::new("region", "The region, such as cn-hangzhou or cn-north-4.", Takes::HostWord)
            .required()
            .examples(&["cn-hangzhou", "cn-north-4"]),
        Key::new("account_id", "Whose account it is, for people; not compared with the credentials yet.", Takes::Name)
            .examples(&["1865410598556969"]),
        Key::new(
            "project_id",
            "The project, needed for Huawei Cloud and only there; else from HUAWEICLOUD_SDK_PROJECT_ID.",
            Takes::HostWord,
        )
        .examples(&["054ba152d480d55b2f5dc0069e7ddef0"]),
        Key::new(
            "credentials",
            "Where the keys are found; the vendor's own environment variables where it is left out.",
            Takes::Section(&CREDENTIALS),
        ),
        Key::new(
            "network",
            "Which of the vendor's endpoints to use; Alibaba Cloud only.",
            Takes::Word(&["public", "vpc"]),
        )
        .default("public"),
        Key::new("endpoints", "Base URLs that replace the vendor's, by product.", Takes::Endpoints),
        Key::new(
            "signature",
            "How fnf requests are signed: v1 is HMAC-SHA1, v3 is ACS3-HMAC-SHA256; Alibaba Cloud only.",
            Takes::Word(&["v1", "v3"]),
        )
        .default("v1"),
    ],
};

/// `credentials`.
pub static CREDENTIALS: Section = Section {
    about: "Where the keys are found: never the keys themselves.",
    keys: &[Key::new("env", "The environment variables that hold the keys.", Takes::Section(&ENV)).required()],
};

/// `credentials.env`.
pub static ENV: Section = Section {
    about: "Names of environment variables: an access key's id and secret, or an auth token.",
    keys: &[
        Key::new("access_key_id", "The variable with the access key's id.", Takes::Variable).examples(&["ALI_AK"]),
        Key::new("access_key_secret", "The variable with the access key's secret.", Takes::Variable)
            .examples(&["ALI_SK"]),
        Key::new("security_token", "The variable with the token of a temporary access key.", Takes::Variable)
            .examples(&["ALI_TOKEN"]),
        Key::new(
            "auth_token",
            "The variable with an auth token, in place of an access key; Huawei Cloud only.",
            Takes::Variable,
        )
        .examples(&["HW_TOKEN"]),
    ],
};
