//! Command lines of the vendors: `aliyun` (Alibaba Cloud CLI) and `hcloud` (Huawei Cloud KooCLI). Values follow an `=`, so
//! that none is taken for an option.

use http::Uri;

use super::accounts::Accounts;
use crate::base::escape::is_invisible;
use crate::base::shell::quoted;
use crate::provider::Cloud;
use crate::report::json::{NamedValue, Row};
use crate::service::Kind;

/// Returns the name of a cloud's command line.
pub(super) const fn program(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "aliyun",
        Cloud::Huawei => "hcloud",
    }
}

/// Returns an operation with the account and the options that name a row's target; `None` if one of them has characters
/// that nobody sees, or is missing.
pub(super) fn line(
    row: &Row,
    kind: Kind,
    accounts: &Accounts<'_>,
    operation: [&str; 2],
    options: &[(&str, usize)],
) -> Option<String> {
    let mut words = vec![program(kind.cloud).to_owned(), operation.join(" ")];
    let number = accounts.profile(row, kind.cloud);
    let account = accounts.of_row(row);
    let endpoint = account.and_then(|account| account.endpoints.get(kind.stop_api.product.name));
    let [profile, region, endpoint_option] = match kind.cloud {
        Cloud::Alibaba => ["--profile", "--region", "--endpoint"],
        Cloud::Huawei => ["--cli-profile", "--cli-region", "--cli-endpoint"],
    };
    words.push(format!("{profile}=\"$PROFILE_{number}\""));
    words.push(option(region, &row.region)?);
    if let Some(url) = endpoint {
        words.push(option(endpoint_option, &host(url)?)?);
    }
    if let (Cloud::Huawei, Some(project)) = (kind.cloud, account.and_then(|account| account.project_id.as_deref())) {
        words.push(option("--project_id", project)?);
    }
    for (name, parameter) in options {
        words.push(option(&format!("--{name}"), value(row, kind, *parameter)?)?);
    }
    Some(words.join(" "))
}

/// Returns the value of a parameter of a row.
fn value(row: &Row, kind: Kind, parameter: usize) -> Option<&str> {
    let name = kind.params.get(parameter)?.name;
    match row.params.0.iter().find(|(given, _)| given == name)? {
        (_, NamedValue::Text(text)) => Some(text),
        (_, NamedValue::Flag(_)) => None,
    }
}

fn option(name: &str, value: &str) -> Option<String> {
    let is_plain = !value.is_empty() && !value.chars().any(is_invisible);
    is_plain.then(|| quoted(&format!("{name}={value}")).into_owned())
}

/// Returns the host of a URL, as the command lines take it.
fn host(url: &str) -> Option<String> {
    Some(url.parse::<Uri>().ok()?.authority()?.as_str().to_owned())
}
