//! The keys of `accounts.NAME`.

use crate::http::Signature;
use crate::plan::key::{Form, InContext, Key, Or, Takes, section};
use crate::plan::value::{HOST_WORD, word};
use crate::provider::{Cloud, Network};

use super::credentials::CREDENTIALS;

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
    account_id: Key<InContext> =
        "The id of the account. It is compared with the credentials: a run refuses those of any other account. Two accounts with the same id are one account for duplicates and protect.",
        Form::in_context(|| Takes::AccountId), examples(&["1865410598556969"]);
    project_id: Key<String> =
        "The project; Huawei Cloud only. Default: HUAWEICLOUD_SDK_PROJECT_ID if the vendor's own variables have the key, else the region's project, which is looked up.",
        HOST_WORD,
        examples(&["054ba152d480d55b2f5dc0069e7ddef0"]),
        only_for(Cloud::Huawei, "only Huawei Cloud has projects; remove it");
    projects: Key<InContext> =
        "The projects of several regions, in place of `region` and `project_id`, such as {cn-north-4: 054ba152d480d55b2f5dc0069e7ddef0}: each region is an account NAME@REGION; Huawei Cloud only.",
        Form::in_context(|| Takes::Projects),
        only_for(Cloud::Huawei, "write `regions: [REGION, …]` for the regions of an Alibaba Cloud account");
    credentials: Key<InContext> =
        "Where the credentials come from: the only place that is asked. Default: the default chain, which is the first place that is configured on the machine.",
        Form::in_context(|| Takes::Source(CREDENTIALS.section())), examples(&["{profile: ops}"]);
    network: Or<Network> = "Which of the vendor's endpoints to use; Alibaba Cloud only.", (word(), Network::Public),
        only_for(Cloud::Alibaba, "Huawei Cloud has one endpoint for each region; remove it");
    endpoints: Key<InContext> = "Base URLs that replace the vendor's, by product, and by what gives credentials out.",
        Form::in_context(|| Takes::Endpoints);
    signature: Or<Signature> =
        "How fnf requests are signed: v1 is HMAC-SHA1, v3 is ACS3-HMAC-SHA256; Alibaba Cloud only.",
        (word(), Signature::RpcV1),
        only_for(Cloud::Alibaba, "it applies to Alibaba Cloud fnf only; remove it");
}
