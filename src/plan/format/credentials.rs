//! The keys of `accounts.NAME.credentials`: where credentials come from, and never the credentials themselves.

use std::time::Duration;

use crate::plan::credential_source::AgencyApi;
use crate::plan::key::{Form, InContext, Key, Or, Takes, section};
use crate::plan::value::{
    AGENCY_URN, COMMAND, EXTERNAL_ID, FLAG, NAME, PATH, POLICY, PROVIDER_ARN, PROVIDER_URN, ROLE_ARN, SESSION_NAME,
    VARIABLE, between, word,
};
use crate::provider::Cloud;

/// How long a session may last at all, in seconds; some sessions must be shorter.
const DURATION: Form<Duration> = between::<900, 86_400>();

/// What to write in place of the keys of the other cloud.
const NO_AGENCIES: &str = "Alibaba Cloud has roles: write `arn`";
const NO_ROLES: &str = "Huawei Cloud has agencies: write `agency` and `domain`, or `urn`";

section! {
    /// `credentials`.
    CREDENTIALS: CredentialKeys = "accounts.NAME.credentials",
        "Where the credentials come from, and never the credentials themselves: one source.";

    env: Key<InContext> = "The environment variables that hold the keys.",
        Form::in_context(|| Takes::Section(ENV.section()));
    profile: Key<String> = "A profile of the vendor's command line or SDK, by its name.", NAME, examples(&["ops"]);
    file: Key<String> =
        "A JSON file with keys, which is read again when they expire; with `profile`, the file that has the profile.",
        PATH, examples(&["keys.json", "~/keys.json"]);
    process: Key<Vec<String>> = "A program that prints keys as JSON, with its arguments; no shell takes part.", COMMAND,
        examples(&["get-keys --for ops", "[get-keys, --for, ops]"]);
    timeout: Or<Duration> = "How long `process` may take.", (between::<1, 600>(), Duration::from_secs(60));
    uri: Key<InContext> =
        "A URL that returns keys as JSON: https, or http on this machine or to a link-local address.",
        Form::in_context(|| Takes::Url), examples(&["http://127.0.0.1:6666/keys"]);
    insecure_http: Or<bool> = "Whether `uri` may be plain http to another machine.", (FLAG, false);
    metadata: Key<InContext> = "The metadata service of the machine: the role or agency that it has.",
        Form::in_context(|| Takes::Section(METADATA.section()));
    pod: Key<()> = "The pod identity of CCE; Huawei Cloud only.",
        Form { takes: || Takes::Nothing, read: |field, reader| reader.fields(field, field.to_string(), &[]).map(|_| ()) },
        only_for(Cloud::Huawei, "use `oidc` for a pod of ACK");
    oidc: Key<InContext> = "An OIDC token in a file, exchanged for keys.",
        Form::in_context(|| Takes::Section(OIDC.section()));
    role: Key<InContext> = "A role or an agency, assumed with the keys of `source`.",
        Form::in_context(|| Takes::Section(ROLE.section()));
    source: Key<InContext> =
        "Where the keys that assume `role` come from, with the keys of `credentials`. It may be a role again: at most four follow each other. Default: the default chain.",
        Form::in_context(|| Takes::SameSource), examples(&["{profile: basic}"]);
    password: Key<InContext> = "A user's password, exchanged for an auth token; Huawei Cloud only.",
        Form::in_context(|| Takes::Section(PASSWORD.section())),
        only_for(Cloud::Huawei, "Alibaba Cloud has no tokens for passwords");
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

section! {
    /// `credentials.metadata`.
    METADATA: MetadataKeys = "accounts.NAME.credentials.metadata",
        "The metadata service of the machine. An empty mapping takes what it has.";

    role: Key<String> = "The name of the role, where the machine has several; Alibaba Cloud only.", NAME,
        examples(&["ecs-ops"]), only_for(Cloud::Alibaba, "a machine of Huawei Cloud has one agency; remove it");
}

section! {
    /// `credentials.oidc`.
    OIDC: OidcKeys = "accounts.NAME.credentials.oidc",
        "An OIDC token in a file, exchanged for the keys of a role, of an agency or of a federated user.";

    role_arn: Key<String> = "The role; Alibaba Cloud only, and required there.", ROLE_ARN,
        examples(&["acs:ram::1865410598556969:role/stopper"]),
        only_for(Cloud::Alibaba, "write `agency_urn` and `provider_urn`, or `idp_id`");
    provider_arn: Key<String> = "The identity provider; Alibaba Cloud only, and required there.", PROVIDER_ARN,
        examples(&["acs:ram::1865410598556969:oidc-provider/ack"]),
        only_for(Cloud::Alibaba, "write `agency_urn` and `provider_urn`, or `idp_id`");
    agency_urn: Key<String> = "The agency, with `provider_urn`; Huawei Cloud only.", AGENCY_URN,
        examples(&["iam::d78cbac186b744899480f25bd022f468:agency:stopper"]),
        only_for(Cloud::Huawei, "write `role_arn` and `provider_arn`");
    provider_urn: Key<String> = "The identity provider of `agency_urn`; Huawei Cloud only.", PROVIDER_URN,
        examples(&["iam::d78cbac186b744899480f25bd022f468:oidc-provider:cce"]),
        only_for(Cloud::Huawei, "write `role_arn` and `provider_arn`");
    idp_id: Key<String> =
        "The identity provider of a federated user, in place of `agency_urn` and `provider_urn`; Huawei Cloud only.",
        NAME, examples(&["my-idp"]), only_for(Cloud::Huawei, "write `role_arn` and `provider_arn`");
    token_file: Key<String> = "The file with the token, which is read again each time.", PATH, required(),
        examples(&["/var/run/secrets/tokens/oidc"]);
    session_name: Key<String> = SESSION_NAME_ABOUT, SESSION_NAME, examples(&["incident-4711"]);
    duration: Key<Duration> = "How long the keys live. Default: 1h.", between::<900, 43_200>(), examples(&["1h"]);
    policy: Key<String> = POLICY_ABOUT, POLICY, examples(&[POLICY_EXAMPLE]);
}

const SESSION_NAME_ABOUT: &str = "The name of the session in the cloud's audit log; for Alibaba Cloud at most 64 characters. Default: one with the run's id.";
const POLICY_ABOUT: &str = "A policy that narrows what the session may do, as a mapping or as a text of JSON.";
const POLICY_EXAMPLE: &str = "{Version: \"1\", Statement: []}";

section! {
    /// `credentials.role`.
    ROLE: RoleKeys = "accounts.NAME.credentials.role", "A role of Alibaba Cloud, or an agency of Huawei Cloud.";

    arn: Key<String> = "The role; Alibaba Cloud only, and required there.", ROLE_ARN,
        examples(&["acs:ram::1865410598556969:role/stopper"]), only_for(Cloud::Alibaba, NO_ROLES);
    urn: Key<String> = "The agency by its URN; Huawei Cloud only.", AGENCY_URN,
        examples(&["iam::d78cbac186b744899480f25bd022f468:agency:stopper"]), only_for(Cloud::Huawei, NO_AGENCIES);
    agency: Key<String> = "The agency by its name, in place of `urn`; Huawei Cloud only.", NAME, examples(&["stopper"]),
        only_for(Cloud::Huawei, NO_AGENCIES);
    domain: Key<String> = "The name of the account that has `agency`; Huawei Cloud only.", NAME, examples(&["acme"]),
        only_for(Cloud::Huawei, NO_AGENCIES);
    domain_id: Key<InContext> = "The id of the account that has `agency`, in place of `domain`; Huawei Cloud only.",
        Form::in_context(|| Takes::AccountId), examples(&["d78cbac186b744899480f25bd022f468"]),
        only_for(Cloud::Huawei, NO_AGENCIES);
    api: Key<AgencyApi> =
        "Who gives the keys of `agency` out: IAM (v3) or STS (v5), which needs `domain_id`. Default: v5 with `domain_id`, else v3; Huawei Cloud only.",
        word(), only_for(Cloud::Huawei, NO_AGENCIES);
    session_name: Key<String> = SESSION_NAME_ABOUT, SESSION_NAME, examples(&["incident-4711"]);
    duration: Key<Duration> =
        "How long the keys live: at most 12h, or 24h from IAM (v3); at most 1h where `source` is a role. Default: 1h.",
        DURATION, examples(&["1h"]);
    external_id: Key<String> = "What the role's trust policy asks for besides.", EXTERNAL_ID, examples(&["ext-4711"]);
    policy: Key<String> = POLICY_ABOUT, POLICY, examples(&[POLICY_EXAMPLE]);
}

section! {
    /// `credentials.password`.
    PASSWORD: PasswordKeys = "accounts.NAME.credentials.password",
        "A user's password at IAM, exchanged for an auth token of the region's project.";

    domain: Key<String> = "The name of the account.", NAME, required(), examples(&["acme"]);
    user: Key<String> = "The name of the user.", NAME, required(), examples(&["ops"]);
    password: Key<InContext> = "Where the password is.", Form::in_context(|| Takes::Section(SECRET.section())),
        required();
}

section! {
    /// `credentials.password.password`.
    SECRET: SecretKeys = "accounts.NAME.credentials.password.password", "Where a secret is: in a variable or in a file.";

    env: Key<String> = "The environment variable that holds it.", VARIABLE, examples(&["HW_PASSWORD"]);
    file: Key<String> = "The file that holds it.", PATH, examples(&["~/.hw-password"]);
}
