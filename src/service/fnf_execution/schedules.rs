//! The list of a flow's schedules: `ListSchedules`.

use http::Method;
use jiff::Timestamp;
use serde::Deserialize;

use super::super::entry::Text;
use super::super::lister::{List, Page, PageAt, Paging, Restarts};
use super::super::resource::Resource;
use super::super::response;
use super::super::scope::Scope;
use super::cron;
use super::flows::{next, with_page};
use super::info::{INFO, LIST_SCHEDULES};
use crate::error::ApiError;
use crate::http::{Api, Body, Request, Response};

/// The most schedules of a page that the service takes.
const PAGE: u32 = 1000;

/// The list of a flow's schedules. A row is a schedule.
pub(super) struct Schedules {
    pub(super) flow_name: String,
}

/// The field of a schedule that has its name.
const NAME: usize = 0;
/// The field of a schedule that has its times.
const CRON: usize = 1;
/// How many fields there are.
const FIELDS: usize = 2;

/// The status of a schedule that starts executions.
const ENABLED: &str = "enabled";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SchedulePage {
    #[serde(default)]
    next_token: Text,
    schedules: Vec<Schedule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Schedule {
    schedule_name: Box<str>,
    #[serde(default)]
    cron_expression: Text,
    enable: bool,
}

impl List for Schedules {
    fn api(&self) -> &'static Api {
        &LIST_SCHEDULES
    }

    fn paging(&self) -> Paging {
        Paging::Token(PAGE)
    }

    fn request(&self, page: &PageAt, _scope: &Scope<'_>) -> Request {
        let query = with_page(vec![("FlowName", self.flow_name.clone())], page);
        Request { api: &LIST_SCHEDULES, method: Method::GET, path: "/".into(), query, body: Body::Empty }
    }

    fn page(&self, response: &Response) -> Result<Page, ApiError> {
        let (_, page): (_, SchedulePage) =
            response::of_page(&INFO, response, &["Schedules"]).map_err(response::Refusal::into_error)?;
        Ok(Page { rows: page.schedules.into_iter().map(resource).collect(), total: None, next: next(page.next_token) })
    }

    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str> {
        row.value(NAME)
    }
}

impl Restarts for Schedules {
    fn says(&self, row: &Resource) -> Option<String> {
        if row.status.as_deref() != Some(ENABLED) {
            return None;
        }
        let name = row.value(NAME).unwrap_or_default();
        let cron = row.value(CRON).map(|cron| format!(" ({cron})")).unwrap_or_default();
        Some(format!("{} has the enabled schedule {name}{cron}", self.flow_name))
    }

    fn next(&self, row: &Resource, now: Timestamp) -> Option<Timestamp> {
        cron::next(row.value(CRON)?, now)
    }
}

fn resource(schedule: Schedule) -> Resource {
    let fields =
        Resource::unknown(FIELDS).with(NAME, Some(schedule.schedule_name)).with(CRON, schedule.cron_expression.0);
    Resource { status: schedule.enable.then(|| ENABLED.into()), ..fields }
}

#[cfg(test)]
mod tests {
    use super::super::super::lister::{From, Lister};
    use super::super::super::tests::listing::{Captured, check_bad_pages, check_unseen, page_at};
    use super::super::super::tests::{SCOPE, params, response};
    use super::super::listing::LISTER;
    use super::*;

    #[test]
    fn the_enabled_schedules_of_a_flow_are_told() {
        let list = LISTER.restarts(&params(&["etl-orders", "run-1"])).unwrap();
        let capture = Captured::read("fnf-ListSchedules--first");
        capture.check(&list.request(&page_at(From::Start, PAGE), &SCOPE));
        let page = list.page(&capture.response()).unwrap();
        let said: Vec<_> = page.rows.iter().map(|row| list.says(row)).collect();
        assert_eq!(said, [Some("etl-orders has the enabled schedule hourly (0 0 * * * *)".to_owned())]);
        let off = r#"{"Schedules": [{"ScheduleName": "a", "Enable": false, "Payload": "kanari"}]}"#;
        let page = list.page(&response(200, "", off));
        check_unseen(&page, &["kanari"]);
        assert_eq!(list.says(&page.unwrap().rows[0]), None);
        check_bad_pages(&*list, "Schedules");
    }
}
