//! A cloud that lists: what it answers is written down, what it was asked is noted, and pages are turned one after
//! another, without retries.

use std::collections::HashMap;
use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::{SCOPE, response};
use crate::error::{ApiError, ErrorClass};
use crate::http::{Body, Request, Response};
use crate::service::{From, Kind, List, Page, PageAt, Paging, Resource, ResourceListing as Listing, Unit, Wanted};

/// What the cloud answers to a request, as [`line`] writes it: status and body.
pub(in crate::service) type Answers<'a> = &'a [(&'a str, u16, &'a str)];

/// What came of a listing.
#[derive(Debug, Default)]
pub(in crate::service) struct Listed {
    /// The requests in their order, as [`line`] writes them.
    pub(in crate::service) requests: Vec<String>,
    /// Each unit by its name, with what it showed, or the error that it ended with.
    pub(in crate::service) units: Vec<(String, Result<Vec<Resource>, ApiError>)>,
    pub(in crate::service) warnings: Vec<String>,
    /// How many units were announced, at last.
    pub(in crate::service) expected: usize,
}

impl Listed {
    /// Returns the names of the units in their order, each with what it showed: its number, or the class of its error.
    pub(in crate::service) fn units(&self) -> Vec<String> {
        let ends = self.units.iter().map(|(name, end)| match end {
            Ok(found) => format!("{name}: {}", found.len()),
            Err(error) => format!("{name}: {}", error.class.unwrap()),
        });
        ends.collect()
    }

    /// Returns everything that was found.
    pub(in crate::service) fn found(&self) -> Vec<&Resource> {
        self.units.iter().filter_map(|(_, end)| end.as_ref().ok()).flatten().collect()
    }
}

/// Lists a kind; the time of the service is known from the first response on.
pub(in crate::service) fn list(kind: &str, wants: &Wants, answers: Answers<'_>) -> Listed {
    let kind = Kind::named(kind).unwrap();
    let listed = Mutex::new(Listed::default());
    let cloud = Cloud { answers, listed: &listed };
    let lister = kind.service().lister();
    lister.list(&cloud, wants).now_or_never().expect("the cloud answers at once");
    let listed = listed.into_inner().unwrap();
    assert_eq!(listed.expected, listed.units.len(), "all units are announced");
    listed
}

/// Writes a request in a line: method, path, query in its order, body.
pub(in crate::service) fn line(request: &Request) -> String {
    let query: Vec<_> = request.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let body = match &request.body {
        Body::Empty => "",
        Body::Json(body) => body,
        Body::Form(_) => panic!("no listing is a form"),
    };
    let space = if body.is_empty() { "" } else { " " };
    // In RPC, all paths are one.
    let path = if request.path == "/" { request.api.action } else { &request.path };
    format!("{} {path}{query}{space}{body}", request.method)
}

/// The time of the service.
pub(in crate::service) const NOW: &str = "2026-11-22T05:00:00Z";

struct Cloud<'a> {
    answers: Answers<'a>,
    listed: &'a Mutex<Listed>,
}

struct OneUnit<'a> {
    cloud: &'a Cloud<'a>,
    number: usize,
    found: Vec<Resource>,
}

impl Cloud<'_> {
    fn answer(&self, request: &Request) -> Response {
        assert_eq!(request.api.max_response_bytes, crate::http::LONG_RESPONSE, "{}", request.api.name());
        let line = line(request);
        let found = self.answers.iter().find(|(asked, ..)| *asked == line);
        let (_, status, body) = found.unwrap_or_else(|| panic!("nobody expects {line}"));
        self.listed.lock().unwrap().requests.push(line);
        response(*status, "", body)
    }
}

impl Listing for Cloud<'_> {
    fn now(&self) -> Option<Timestamp> {
        let is_known = !self.listed.lock().unwrap().requests.is_empty();
        is_known.then(|| NOW.parse().unwrap())
    }

    fn unit(&self, what: String) -> Box<dyn Unit + '_> {
        let mut listed = self.listed.lock().unwrap();
        listed.units.push((what, Err(ApiError { class: Some(ErrorClass::Protocol), ..ApiError::default() })));
        Box::new(OneUnit { cloud: self, number: listed.units.len() - 1, found: Vec::new() })
    }

    fn expect(&self, units: usize) {
        self.listed.lock().unwrap().expected = units;
    }

    fn warn(&self, what: String) {
        self.listed.lock().unwrap().warnings.push(what);
    }
}

impl Unit for OneUnit<'_> {
    fn read<'u>(
        &'u mut self,
        list: &'u dyn List,
        row: &'u mut (dyn FnMut(Resource) -> Option<Resource> + Send),
    ) -> BoxFuture<'u, Result<(), ApiError>> {
        let read = pages(list, |request| self.cloud.answer(request));
        if let Ok(rows) = &read {
            rows.iter().cloned().filter_map(row).for_each(|resource| self.found(resource));
        }
        std::future::ready(read.map(|_| ())).boxed()
    }

    fn found(&mut self, resource: Resource) {
        self.found.push(resource);
    }

    fn complete(self: Box<Self>) {
        self.cloud.listed.lock().unwrap().units[self.number].1 = Ok(self.found);
    }

    fn fail(self: Box<Self>, error: ApiError) {
        self.cloud.listed.lock().unwrap().units[self.number].1 = Err(error);
    }
}

/// Reads a list to its end.
pub(in crate::service) fn pages(
    list: &dyn List,
    answer: impl Fn(&Request) -> Response,
) -> Result<Vec<Resource>, ApiError> {
    let mut rows = Vec::new();
    let size = match list.paging() {
        Paging::Token(size) | Paging::Number(size) | Paging::Offset(size) | Paging::Short(size) => size,
        Paging::Whole => 0,
    };
    let from = match list.paging() {
        Paging::Token(_) | Paging::Whole => From::Start,
        Paging::Number(_) | Paging::Short(_) => From::Number(1),
        Paging::Offset(_) => From::Offset(0),
    };
    let mut at = PageAt { from, size };
    loop {
        let request = list.request(&at, &SCOPE);
        assert_eq!(request.api, list.api());
        let Page { rows: more, total, next } = list.page(&answer(&request))?;
        let count = more.iter().filter(|row| list.id(row).is_some()).count() as u64;
        rows.extend(more);
        let size = u64::from(size);
        at.from = match (list.paging(), at.from) {
            (Paging::Token(_), _) if next.is_some() => From::Token(next.unwrap()),
            (Paging::Number(_), From::Number(n)) if u64::from(n) * size < total.unwrap() && count > 0 => {
                From::Number(n + 1)
            }
            (Paging::Offset(_), From::Offset(n)) if n + size < total.unwrap() && count > 0 => From::Offset(n + size),
            (Paging::Short(_), From::Number(n)) if count >= size && next.is_none() => From::Number(n + 1),
            (Paging::Token(_) | Paging::Number(_) | Paging::Offset(_) | Paging::Short(_) | Paging::Whole, _) => {
                return Ok(rows);
            }
        };
    }
}

/// What a test wants of a listing.
pub(in crate::service) struct Wants {
    /// The exact values of fields.
    pub(in crate::service) exactly: HashMap<usize, Vec<&'static str>>,
    /// The exact values of fields beside others.
    pub(in crate::service) literals: HashMap<usize, Vec<&'static str>>,
    /// The fields that conditions name.
    pub(in crate::service) names: Vec<usize>,
    pub(in crate::service) may_match: fn(&Resource) -> bool,
    pub(in crate::service) prefix: &'static str,
    /// The time before which, and that from which on, something must have begun.
    pub(in crate::service) started: [Option<&'static str>; 2],
    pub(in crate::service) needs_tags: bool,
    pub(in crate::service) needs_start: bool,
    pub(in crate::service) takes_missing_for_none: bool,
}

impl Default for Wants {
    fn default() -> Self {
        Self {
            exactly: HashMap::new(),
            literals: HashMap::new(),
            names: Vec::new(),
            may_match: |_| true,
            prefix: "",
            started: [None; 2],
            needs_tags: false,
            needs_start: false,
            takes_missing_for_none: false,
        }
    }
}

impl Wanted for Wants {
    fn may_match(&self, known: &Resource) -> bool {
        (self.may_match)(known)
    }

    fn exactly(&self, field: usize) -> Option<Vec<String>> {
        self.exactly.get(&field).map(|texts| texts.iter().map(|text| (*text).to_owned()).collect())
    }

    fn literals(&self, field: usize) -> Vec<String> {
        let more = self.literals.get(&field).into_iter().flatten().map(|text| (*text).to_owned());
        self.exactly(field).unwrap_or_default().into_iter().chain(more).collect()
    }

    fn prefix(&self, _known: &Resource, _field: usize) -> String {
        self.prefix.to_owned()
    }

    fn names(&self, field: usize) -> bool {
        self.names.contains(&field)
    }

    fn needs_tags(&self) -> bool {
        self.needs_tags
    }

    fn needs_start(&self) -> bool {
        self.needs_start
    }

    fn started(&self, _known: &Resource, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        assert_eq!(now, NOW.parse().unwrap());
        let [earliest, latest] = self.started.map(|time| time.map(|time| time.parse().unwrap()));
        (earliest, latest)
    }

    fn takes_missing_for_none(&self) -> bool {
        self.takes_missing_for_none
    }
}

/// Returns the values of resources, each with its status, its time and its tags: `a,b,-|Running|2026…|k=v`; `-` is not
/// known.
pub(in crate::service) fn shown<'r>(resources: impl IntoIterator<Item = &'r Resource>) -> Vec<String> {
    let dash = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
    let one = |resource: &Resource| {
        let values: Vec<_> = resource.values.iter().map(dash).collect();
        let tags = resource.tags.as_ref().map(|tags| {
            let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            tags.join(",").into_boxed_str()
        });
        let [status, since, tags] = [&resource.status, &resource.since, &tags].map(dash);
        let child = if resource.is_child { "|child" } else { "" };
        format!("{}|{status}|{since}|{tags}{child}", values.join(","))
    };
    resources.into_iter().map(one).collect()
}

/// What a list's page is worth that no list can be made of, in every shape: all of them are `protocol`.
pub(in crate::service) fn check_bad_pages(list: &dyn List, key: &str) {
    let bodies = [
        "".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "<html>captive portal</html>".to_owned(),
        format!(r#"{{"{key}": null}}"#),
        format!(r#"{{"{key}": {{}}}}"#),
        format!(r#"{{"{key}": "kanari"}}"#),
        format!(r#"{{"{key}": [null]}}"#),
        format!(r#"{{"{key}": ["kanari"]}}"#),
        format!(r#"{{"{key}": [{{"kanari": 1}}]}}"#),
        format!(r#"{{"{key}": [], "{key}": []}}"#),
        format!(r#"{{"{key}": []"#),
        format!(r#"{{"{key}": [], "Code": "InternalServerError", "Message": "m"}}"#),
        format!(r#"{{"{key}": [], "error_code": "X.1"}}"#),
        format!(r#"{{"{key}": [], "Success": false}}"#),
    ];
    let wrong_totals = match list.paging() {
        Paging::Number(_) | Paging::Offset(_) => vec![format!(r#"{{"{key}": []}}"#)],
        Paging::Token(_) | Paging::Short(_) | Paging::Whole => Vec::new(),
    };
    for body in bodies.iter().chain(&wrong_totals) {
        let error = list.page(&response(200, "", body)).unwrap_err();
        assert_eq!(error.class, Some(ErrorClass::Protocol), "{body}");
        let said = format!("{error:?}");
        assert!(!said.contains("kanari") && error.message.is_some(), "{body}: {said}");
    }
}

/// A request that an SDK sent, and what it was answered.
pub(in crate::service) struct Captured {
    request: String,
    pub(in crate::service) status: u16,
    pub(in crate::service) body: String,
}

impl Captured {
    /// Reads a file of `tests/captures`.
    pub(in crate::service) fn read(name: &str) -> Self {
        let path = format!("{}/tests/captures/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let capture: serde_json::Value = serde_json::from_str(&text).unwrap();
        let sent = &capture["requests"][0];
        let text = |field: &str| sent[field].as_str().unwrap().to_owned();
        let target = text("raw_target");
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let parameters = url::form_urlencoded::parse(query.as_bytes());
        let of_rpc = |key: &str| SYSTEM.contains(&key);
        let mut query: Vec<_> = parameters.filter(|(key, _)| !of_rpc(key)).map(|(k, v)| format!("{k}={v}")).collect();
        query.sort();
        let request = format!("{} {} {} {}", text("method"), path, query.join("&"), text("body"));
        let answer = &sent["response_sent"];
        let status = answer["status"].as_u64().unwrap().try_into().unwrap();
        Self { request, status, body: answer["body"].as_str().unwrap().to_owned() }
    }

    pub(in crate::service) fn response(&self) -> Response {
        response(self.status, "", &self.body)
    }

    /// Checks that a request is this one.
    pub(in crate::service) fn check(&self, request: &Request) {
        let mut query: Vec<_> = request.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        query.sort();
        let body = match &request.body {
            Body::Empty => "",
            Body::Json(body) => body,
            Body::Form(_) => panic!("no listing is a form"),
        };
        let ours = format!("{} {} {} {body}", request.method, request.path, query.join("&"));
        // The SDK writes flags as its language does; the vendor's page as JSON does.
        assert_eq!(ours, self.request.replace("MetadataOnly=True", "MetadataOnly=true"));
    }
}

/// What signing adds to a query.
const SYSTEM: [&str; 10] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Returns the place of a page.
pub(in crate::service) const fn page_at(from: From, size: u32) -> PageAt {
    PageAt { from, size }
}

/// Checks that a text is in nothing that a page becomes.
pub(in crate::service) fn check_unseen(page: &Result<Page, ApiError>, secrets: &[&str]) {
    let said = format!("{page:?}");
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}
