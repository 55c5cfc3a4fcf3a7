//! Variables of other tools, which are not read, and named where nothing is found.

use super::machine::Machine;
use crate::provider::Cloud;

/// A variable of another tool: its name, the one that is read in its place, and the form of a plan that names it.
type Foreign = (&'static str, &'static str, &'static str);

/// Those of Terraform and of the command line of Alibaba Cloud.
const ALIBABA: [Foreign; 18] = [
    ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "{env: {access_key_id: %, …}}"),
    ("ALICLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_ID", "{env: {access_key_id: %, …}}"),
    ("ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_ID", "{env: {access_key_id: %, …}}"),
    ("ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_ID", "{env: {access_key_id: %, …}}"),
    ("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{env: {access_key_secret: %, …}}"),
    ("ALICLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{env: {access_key_secret: %, …}}"),
    ("ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{env: {access_key_secret: %, …}}"),
    ("ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "{env: {access_key_secret: %, …}}"),
    ("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "{env: {security_token: %, …}}"),
    ("ALIBABACLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "{env: {security_token: %, …}}"),
    ("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "{profile: …}"),
    ("ALIBABACLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE", "{profile: …}"),
    ("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE", "{profile: …, file: …}"),
    ("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI", "{uri: …}"),
    ("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA", "{metadata: {role: …}}"),
    ("ALIBABACLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN", "{oidc: {…}}"),
    ("ALIBABACLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "{oidc: {…}}"),
    ("ALIBABACLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_OIDC_TOKEN_FILE", "{oidc: {token_file: …, …}}"),
];

/// Those of Terraform and of OpenStack.
const HUAWEI: [Foreign; 13] = [
    ("HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK", "{env: {access_key_id: %, …}}"),
    ("OS_ACCESS_KEY", "HUAWEICLOUD_SDK_AK", "{env: {access_key_id: %, …}}"),
    ("HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK", "{env: {access_key_secret: %, …}}"),
    ("OS_SECRET_KEY", "HUAWEICLOUD_SDK_SK", "{env: {access_key_secret: %, …}}"),
    ("HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN", "{env: {security_token: %, …}}"),
    ("HW_AUTH_TOKEN", "HUAWEICLOUD_SDK_AK", "{env: {auth_token: %}}"),
    ("OS_AUTH_TOKEN", "HUAWEICLOUD_SDK_AK", "{env: {auth_token: %}}"),
    ("HW_USER_PASSWORD", "HUAWEICLOUD_SDK_AK", "{password: {…, password: {env: %}}}"),
    ("OS_PASSWORD", "HUAWEICLOUD_SDK_AK", "{password: {…, password: {env: %}}}"),
    ("HW_SHARED_CONFIG_FILE", "HUAWEICLOUD_SDK_CREDENTIALS_FILE", "{profile: …, file: …}"),
    ("HW_PROFILE", "HUAWEICLOUD_SDK_CREDENTIALS_FILE", "{profile: …}"),
    ("HW_ASSUME_ROLE_AGENCY_NAME", "HUAWEICLOUD_SDK_AK", "{role: {agency: …, domain: …}}"),
    ("HW_ASSUME_ROLE_IDP_ID", "HUAWEICLOUD_SDK_IDP_ID", "{oidc: {idp_id: …, token_file: …}}"),
];

/// Returns a line for each variable of another tool that is set.
pub(super) fn lines(machine: &Machine<'_>) -> Vec<String> {
    let known: &[Foreign] = match machine.account.cloud {
        Cloud::Alibaba => &ALIBABA,
        Cloud::Huawei => &HUAWEI,
    };
    let set = known.iter().filter(|(name, ..)| machine.value(name).is_some());
    set.map(|(name, own, form)| {
        format!("{name} is set: allstop reads {own}; or say credentials: {}", form.replace('%', name))
    })
    .collect()
}
