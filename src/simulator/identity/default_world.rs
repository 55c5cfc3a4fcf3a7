//! The world of a seed: an account of each cloud for every number, which trust each other.

use std::collections::BTreeMap;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::world::{
    Account, AlibabaMetadata, CloudName, Door, Expired, HuaweiMetadata, IdToken, Locking, Login, Oauth, Open, Role,
    World,
};
use crate::provider::Cloud;

/// The regions in which accounts have a project.
const REGIONS: [&str; 5] = ["cn-north-4", "cn-east-3", "cn-south-1", "ap-southeast-1", "ap-southeast-3"];

/// When the id tokens end, in seconds: long ago, and not soon.
const LONG_AGO: u64 = 1_577_836_800;
const NOT_SOON: u64 = 4_102_444_800;

/// The longest that the roles' keys may live, in seconds.
const LONGEST: u64 = 12 * 3600;

/// Returns the id of the account with a number.
pub(in crate::simulator) fn account_id(seed: u64, cloud: Cloud, number: u16) -> String {
    let bytes = digest(seed, &format!("{}/{number}", cloud.name()));
    match cloud {
        Cloud::Alibaba => {
            let digits = bytes.iter().take(7).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
            format!("1{:015}", digits % 1_000_000_000_000_000)
        }
        Cloud::Huawei => HEXLOWER.encode(bytes.get(..16).unwrap_or_default()),
    }
}

/// Makes the world of a seed with so many accounts.
pub(super) fn world(seed: u64, accounts: u16) -> World {
    let ids = |cloud| (0..accounts).map(move |number| account_id(seed, cloud, number)).collect::<Vec<_>>();
    let (alibaba, huawei) = (ids(Cloud::Alibaba), ids(Cloud::Huawei));
    let (first, domain) = (account_id(seed, Cloud::Alibaba, 0), account_id(seed, Cloud::Huawei, 0));
    let secret = |what: &str| HEXLOWER.encode(&digest(seed, what));
    let account = |cloud, ids: &[String]| {
        let account = move |(number, id): (u16, &String)| {
            (id.clone(), Account { cloud, number, name: format!("account-{number}") })
        };
        (0..).zip(ids).map(account).collect::<Vec<_>>()
    };
    let trusting =
        |ids: &[String]| Role { trust: ids.to_vec(), provider: None, max_duration_s: LONGEST, external_id: None };
    let provided = |provider: String| Role {
        trust: Vec::new(),
        provider: Some(provider),
        max_duration_s: LONGEST,
        external_id: None,
    };
    let roles = alibaba.iter().flat_map(|id| {
        let arn = |name: &str| format!("acs:ram::{id}:role/{name}");
        let provider = format!("acs:ram::{id}:oidc-provider/ack");
        [(arn("stopper"), trusting(&alibaba)), (arn("rrsa"), provided(provider))]
    });
    let agencies = huawei.iter().flat_map(|id| {
        let urn = |name: &str| format!("iam::{id}:agency:{name}");
        let provider = format!("iam::{id}:oidc-provider:cce");
        [(urn("stopper"), trusting(&huawei)), (urn("rrsa"), provided(provider))]
    });
    let project = |id: &String, region: &str| {
        HEXLOWER.encode(digest(seed, &format!("{id}/{region}")).get(..16).unwrap_or_default())
    };
    let projects = |id: &String| {
        let region = |region: &&str| ((*region).to_owned(), vec![project(id, region)]);
        (id.clone(), REGIONS.iter().map(region).collect())
    };
    let id_token = |name: &str, ends, is: IdToken| (id_token(seed, name, ends), is);
    World {
        accounts: account(CloudName::Alibaba, &alibaba)
            .into_iter()
            .chain(account(CloudName::Huawei, &huawei))
            .collect(),
        users: BTreeMap::new(),
        roles: roles.collect(),
        agencies: agencies.collect(),
        id_tokens: [id_token("good", NOT_SOON, IdToken::Good), id_token("old", LONG_AGO, IdToken::Expired)].into(),
        idps: [("cce".to_owned(), domain.clone())].into(),
        passwords: [("account-0/operator".to_owned(), secret("password"))].into(),
        hide_domains: false,
        projects: huawei.iter().map(projects).collect(),
        alibaba_metadata: Some(AlibabaMetadata {
            role: Some("ecs-role".to_owned()),
            account: first.clone(),
            v2: true,
            v1: true,
            caches: false,
        }),
        huawei_metadata: Some(HuaweiMetadata {
            agency: Some("ecs-agency".to_owned()),
            account: domain.clone(),
            v2: true,
            caches: false,
        }),
        pod: Some(Door { token: secret("pod"), account: domain }),
        uri: Some(Open { account: first.clone() }),
        sso: Some(Login { access_token: secret("sso"), account: first.clone() }),
        oauth: Some(Oauth {
            access_token: secret("oauth"),
            refresh_token: secret("refresh"),
            account: first,
            lower_case: false,
        }),
        lock: Locking { after: 5, for_s: 300 },
        expired: Expired::Expired,
    }
}

/// Makes an id token; its signature is nobody's.
fn id_token(seed: u64, name: &str, ends: u64) -> String {
    let encode = |part: &serde_json::Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    let head = json!({"alg": "RS256", "kid": "simulator", "typ": "JWT"});
    let claims = json!({"aud": "sts", "exp": ends, "iss": "https://oidc.invalid", "jti": name, "sub": "system:serviceaccount:ops:allstop"});
    let signature = BASE64URL_NOPAD.encode(&digest(seed, name));
    format!("{}.{}.{signature}", encode(&head), encode(&claims))
}

fn digest(seed: u64, of: &str) -> [u8; 32] {
    Sha256::digest(format!("{seed}/world/{of}")).into()
}
