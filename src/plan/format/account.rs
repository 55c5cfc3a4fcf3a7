//! The keys of `accounts.NAME`.

use crate::http::Signature;
use crate::plan::key::{InContext, Key, Or, Required, Section, Takes};
use crate::plan::value::{HostWord, Name, Variable, Words};
use crate::provider::{Cloud, Network};

pub(in crate::plan) static CLOUD: Key<Words<Cloud>, Required> = Key::new(
    "cloud",
    "The vendor.",
    Words(&[(Cloud::Alibaba.name(), Cloud::Alibaba), (Cloud::Huawei.name(), Cloud::Huawei)]),
)
.required();
pub(in crate::plan) static REGION: Key<HostWord, Required> =
    Key::new("region", "The region, such as cn-hangzhou or cn-north-4.", HostWord)
        .required()
        .examples(&["cn-hangzhou", "cn-north-4"]);
pub(in crate::plan) static ACCOUNT_ID: Key<Name> =
    Key::new("account_id", "Account number, as a note for people; it is not compared with the credentials.", Name)
        .examples(&["1865410598556969"]);
pub(in crate::plan) static PROJECT_ID: Key<HostWord> = Key::new(
    "project_id",
    "The project, needed for Huawei Cloud and only there; else from HUAWEICLOUD_SDK_PROJECT_ID.",
    HostWord,
)
.examples(&["054ba152d480d55b2f5dc0069e7ddef0"])
.only_for(Cloud::Huawei, "only Huawei Cloud has projects; remove it");
pub(in crate::plan) static CREDENTIALS_KEY: Key<InContext> = Key::new(
    "credentials",
    "Where to find the keys. Default: the vendor's own environment variables.",
    InContext(|| Takes::Section(&CREDENTIALS)),
);
pub(in crate::plan) static NETWORK: Key<Words<Network>, Or<Network>> = Key::new(
    "network",
    "Which of the vendor's endpoints to use; Alibaba Cloud only.",
    Words(&[(Network::Public.name(), Network::Public), (Network::Vpc.name(), Network::Vpc)]),
)
.or(Network::Public)
.only_for(Cloud::Alibaba, "Huawei Cloud has one endpoint for each region; remove it");
pub(in crate::plan) static ENDPOINTS: Key<InContext> =
    Key::new("endpoints", "Base URLs that replace the vendor's, by product.", InContext(|| Takes::Endpoints));
/// The product that [`SIGNATURE`] is about: its clients sign in either way.
pub(in crate::plan) const SIGNED: &str = "fnf";
pub(in crate::plan) static SIGNATURE: Key<Words<Signature>, Or<Signature>> = Key::new(
    "signature",
    "How fnf requests are signed: v1 is HMAC-SHA1, v3 is ACS3-HMAC-SHA256; Alibaba Cloud only.",
    Words(&[("v1", Signature::RpcV1), ("v3", Signature::Acs3)]),
)
.or(Signature::RpcV1)
.only_for(Cloud::Alibaba, "it applies to Alibaba Cloud fnf only; remove it");

/// An account.
pub static ACCOUNT: Section = Section {
    place: "accounts.NAME",
    about: "An account of one cloud in one region.",
    keys: &[&CLOUD, &REGION, &ACCOUNT_ID, &PROJECT_ID, &CREDENTIALS_KEY, &NETWORK, &ENDPOINTS, &SIGNATURE],
};

pub(in crate::plan) static ENV_KEY: Key<InContext, Required> =
    Key::new("env", "The environment variables that hold the keys.", InContext(|| Takes::Section(&ENV))).required();

/// `credentials`.
pub static CREDENTIALS: Section = Section {
    place: "accounts.NAME.credentials",
    about: "Where to find the keys: never the keys themselves.",
    keys: &[&ENV_KEY],
};

pub(in crate::plan) static ACCESS_KEY_ID: Key<Variable> =
    Key::new("access_key_id", "The variable with the access key's id.", Variable).examples(&["ALI_AK"]);
pub(in crate::plan) static ACCESS_KEY_SECRET: Key<Variable> =
    Key::new("access_key_secret", "The variable with the access key's secret.", Variable).examples(&["ALI_SK"]);
pub(in crate::plan) static SECURITY_TOKEN: Key<Variable> =
    Key::new("security_token", "The variable with the token of a temporary access key.", Variable)
        .examples(&["ALI_TOKEN"]);
pub(in crate::plan) static AUTH_TOKEN: Key<Variable> =
    Key::new("auth_token", "The variable with an auth token, in place of an access key; Huawei Cloud only.", Variable)
        .examples(&["HW_TOKEN"]);

/// `credentials.env`.
pub static ENV: Section = Section {
    place: "accounts.NAME.credentials.env",
    about: "Names of environment variables: an access key's id and secret, or an auth token.",
    keys: &[&ACCESS_KEY_ID, &ACCESS_KEY_SECRET, &SECURITY_TOKEN, &AUTH_TOKEN],
};
