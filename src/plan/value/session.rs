//! What a session of a role is asked for with: names of roles and providers, session names, external ids.

use crate::plan::key::{Fit, Form, Takes};
use crate::plan::reader::{Field, Reader};

/// Makes the form of texts that are of a certain form.
macro_rules! fitting {
    ($fit:ident) => {
        Form { takes: || Takes::Fitting(&$fit), read: |field, reader| fitting(&$fit, field, reader) }
    };
}

/// The ARN of an Alibaba Cloud role.
pub(in crate::plan) const ROLE_ARN: Form<String> = fitting!(ROLE_ARN_FIT);
/// The ARN of an Alibaba Cloud identity provider.
pub(in crate::plan) const PROVIDER_ARN: Form<String> = fitting!(PROVIDER_ARN_FIT);
/// The URN of a Huawei Cloud agency.
pub(in crate::plan) const AGENCY_URN: Form<String> = fitting!(AGENCY_URN_FIT);
/// The URN of a Huawei Cloud identity provider.
pub(in crate::plan) const PROVIDER_URN: Form<String> = fitting!(PROVIDER_URN_FIT);
/// The name of a session.
pub(in crate::plan) const SESSION_NAME: Form<String> = fitting!(SESSION_NAME_FIT);
/// What the trust policy of a role asks for besides.
pub(in crate::plan) const EXTERNAL_ID: Form<String> = fitting!(EXTERNAL_ID_FIT);

static ROLE_ARN_FIT: Fit = Fit {
    words: "the ARN of a role",
    pattern: "^acs:ram::[0-9]+:role/[!-~]+$",
    hint: "write `acs:ram::ACCOUNT_ID:role/NAME`",
    fits: |text| is_arn(text, "role/"),
};

static PROVIDER_ARN_FIT: Fit = Fit {
    words: "the ARN of an OIDC provider",
    pattern: "^acs:ram::[0-9]+:oidc-provider/[!-~]+$",
    hint: "write `acs:ram::ACCOUNT_ID:oidc-provider/NAME`",
    fits: |text| is_arn(text, "oidc-provider/"),
};

static AGENCY_URN_FIT: Fit = Fit {
    words: "the URN of an agency",
    pattern: "^iam::[0-9A-Za-z_-]+:agency:.+$",
    hint: "write `iam::DOMAIN_ID:agency:NAME`",
    fits: |text| is_urn(text, "agency:"),
};

static PROVIDER_URN_FIT: Fit = Fit {
    words: "the URN of an OIDC provider",
    pattern: "^iam::[0-9A-Za-z_-]+:oidc-provider:.+$",
    hint: "write `iam::DOMAIN_ID:oidc-provider:NAME`",
    fits: |text| is_urn(text, "oidc-provider:"),
};

static SESSION_NAME_FIT: Fit = Fit {
    words: "2 to 128 letters, digits, `.`, `@`, `_` and `-`",
    pattern: "^[A-Za-z0-9.@_-]{2,128}$",
    hint: "such as `allstop-incident-4711`",
    fits: |text| {
        (2..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".@_-".contains(&byte))
    },
};

static EXTERNAL_ID_FIT: Fit = Fit {
    words: "2 to 1224 letters, digits and `_+=,.@:/-`",
    pattern: "^[A-Za-z0-9_+=,.@:/-]{2,1224}$",
    hint: "write the external id that the trust policy of the role asks for",
    fits: |text| {
        let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
        (2..=1224).contains(&text.len()) && text.bytes().all(is_fine)
    },
};

fn fitting(fit: &Fit, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<String> {
    let text = reader.name(field)?;
    if (fit.fits)(&text.value) {
        return Some(text.value.into_owned());
    }
    reader.wrong(text.span, format!("{field} must be {}, not {text}", fit.words), Some(fit.hint.to_owned()));
    None
}

fn is_arn(text: &str, resource: &str) -> bool {
    let parts = text.strip_prefix("acs:ram::").and_then(|rest| rest.split_once(':'));
    parts.is_some_and(|(account, rest)| {
        let name = rest.strip_prefix(resource).unwrap_or_default();
        is_some_of(account, |byte| byte.is_ascii_digit()) && is_some_of(name, |byte| byte.is_ascii_graphic())
    })
}

fn is_urn(text: &str, resource: &str) -> bool {
    let parts = text.strip_prefix("iam::").and_then(|rest| rest.split_once(':'));
    parts.is_some_and(|(domain, rest)| {
        let name = rest.strip_prefix(resource).unwrap_or_default();
        is_some_of(domain, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) && !name.is_empty()
    })
}

fn is_some_of(text: &str, is_fine: fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(is_fine)
}
