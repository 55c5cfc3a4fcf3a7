//! The keys of `accounts.NAME`.

use crate::http::Signature;
use crate::plan::key::{Form, InContext, Key, Or, Takes, section};
use crate::plan::value::{HOST_WORD, NAME, VARIABLE, word};
use crate::provider::{Cloud, Network};

/// The product that the key `signature` is about: its clients sign in either way.
pub(in crate::plan) const SIGNED: &str = "fnf";

section! {
    /// An account.
    ACCOUNT: AccountKeys = "accounts.NAME", "An account of one cloud, in one region or in several.";

    cloud: Key<Cloud> = "The vendor.", word(), required();
    region: Key<String> =
        "The region, such as cn-hangzhou or cn-north-4; required without `regions` or `projects`.", HOST_WORD,
        examples(&["cn-hangzhou", "cn-north-4"]);
    regions: Key<InContext> =
        "Several regions, in place of `region`: each region is an account NAME@REGION; Alibaba Cloud only.",
        Form::in_context(|| Takes::Regions), examples(&["cn-hangzhou", "cn-shanghai"]),
        only_for(Cloud::Alibaba, "write `projects: {REGION: PROJECT_ID}` for the regions of a Huawei Cloud account");
    account_id: Key<String> =
        "Account number. Two accounts with the same number are one account for duplicates and protect. It is not compared with the credentials.", NAME,
        examples(&["1865410598556969"]);
    project_id: Key<String> =
        "The project, needed for Huawei Cloud and only there; else from HUAWEICLOUD_SDK_PROJECT_ID.", HOST_WORD,
        examples(&["054ba152d480d55b2f5dc0069e7ddef0"]),
        only_for(Cloud::Huawei, "only Huawei Cloud has projects; remove it");
    projects: Key<InContext> =
        "The projects of several regions, in place of `region` and `project_id`, such as {cn-north-4: 054ba152d480d55b2f5dc0069e7ddef0}: each region is an account NAME@REGION; Huawei Cloud only.",
        Form::in_context(|| Takes::Projects),
        only_for(Cloud::Huawei, "write `regions: [REGION, …]` for the regions of an Alibaba Cloud account");
    credentials: Key<InContext> = "Where to find the keys. Default: the vendor's own environment variables.",
        Form::in_context(|| Takes::Section(CREDENTIALS.section()));
    network: Or<Network> = "Which of the vendor's endpoints to use; Alibaba Cloud only.", (word(), Network::Public),
        only_for(Cloud::Alibaba, "Huawei Cloud has one endpoint for each region; remove it");
    endpoints: Key<InContext> = "Base URLs that replace the vendor's, by product.",
        Form::in_context(|| Takes::Endpoints);
    signature: Or<Signature> =
        "How fnf requests are signed: v1 is HMAC-SHA1, v3 is ACS3-HMAC-SHA256; Alibaba Cloud only.",
        (word(), Signature::RpcV1),
        only_for(Cloud::Alibaba, "it applies to Alibaba Cloud fnf only; remove it");
}

section! {
    /// `credentials`.
    CREDENTIALS: CredentialKeys = "accounts.NAME.credentials", "Where to find the keys: never the keys themselves.";

    env: Key<InContext> = "The environment variables that hold the keys.",
        Form::in_context(|| Takes::Section(ENV.section())), required();
}

section! {
    /// `credentials.env`.
    ENV: EnvKeys = "accounts.NAME.credentials.env",
        "Names of environment variables: an access key's id and secret, or an auth token.";

    access_key_id: Key<String> = "The variable with the access key's id.", VARIABLE, examples(&["ALI_AK"]);
    access_key_secret: Key<String> = "The variable with the access key's secret.", VARIABLE, examples(&["ALI_SK"]);
    security_token: Key<String> = "The variable with the token of a temporary access key.", VARIABLE,
        examples(&["ALI_TOKEN"]);
    auth_token: Key<String> =
        "The variable with an auth token, in place of an access key; Huawei Cloud only.", VARIABLE,
        examples(&["HW_TOKEN"]);
}
