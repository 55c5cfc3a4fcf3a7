//! How the resources of a kind are listed: what a service states, and what it is given to do so.

use futures::future::BoxFuture;
use jiff::Timestamp;

use super::param::Params;
use super::resource::{Phase, Resource};
use super::scope::Scope;
use super::selectable::Selectable;
use crate::error::ApiError;
use crate::http::{Api, Request, Response};

/// One service's way to list its resources.
pub trait Lister: Sync {
    /// Returns what its listings show.
    fn selectable(&self) -> &'static Selectable;

    /// Returns the APIs that list. Each of them has a quota of its own.
    fn apis(&self) -> &'static [&'static Api];

    /// Returns what to grant where a listing is refused.
    fn permission(&self) -> &'static str;

    /// Returns what a status means.
    fn phase(&self, status: &str) -> Phase;

    /// Says which requests a listing sends, for people: `1, and 2 for each flow that matches`.
    fn requests(&self, wanted: &dyn Wanted) -> String;

    /// Returns the request that a listing sends for each of many things; `None` where there is none.
    fn repeated(&self, wanted: &dyn Wanted) -> Option<Repeated> {
        let _ = wanted;
        None
    }

    /// Returns the APIs that tell what starts a target again, besides those that [list](Self::apis).
    fn restart_apis(&self) -> &'static [&'static Api] {
        &[]
    }

    /// Lists what an account has, unit by unit. What fails is told to the [unit](Listing::unit) that it concerns.
    fn list<'a>(&'a self, listing: &'a dyn Listing, wanted: &'a dyn Wanted) -> BoxFuture<'a, ()>;

    /// Returns what a target shares with the one in whose place it came back, such as the flow of an execution; `None` for
    /// what does not come back.
    fn comes_back<'t>(&self, _target: &'t Params) -> Option<&'t str> {
        None
    }

    /// Returns the list of what starts such a target again by itself, if the service shows that. `None` for what has no
    /// such list.
    fn restarts(&self, _target: &Params) -> Option<Box<dyn Restarts>> {
        None
    }
}

/// A request that is sent once or more often for each of many things.
#[derive(Debug, Clone, Copy)]
pub struct Repeated {
    /// Its API.
    pub api: &'static Api,
    /// How often it is sent for each.
    pub times: u32,
    /// What they are, such as `flows`.
    pub noun: &'static str,
}

/// The list of what starts a target again by itself.
pub trait Restarts: List {
    /// Says what a row of the list does, for people: `etl-orders has the enabled schedule hourly (0 0 * * * *)`. `None` for
    /// one that starts nothing, such as a schedule that is not enabled.
    fn says(&self, row: &Resource) -> Option<String>;

    /// Returns when a row that starts something does so next after `now`, where that is certain.
    fn next(&self, _row: &Resource, _now: Timestamp) -> Option<Timestamp> {
        None
    }
}

/// The listing of one kind in one account, as a service uses it. It sends, waits, retries and counts.
pub trait Listing: Send + Sync {
    /// Returns the service's time, once a response has shown it.
    fn now(&self) -> Option<Timestamp>;

    /// Begins a unit: something that is listed as a whole, or has failed. `what` names it for people, such as
    /// `flow etl-orders`. It counts as failed until it is [completed](Unit::complete).
    fn unit(&self, what: String) -> Box<dyn Unit + '_>;

    /// Says how many units there will be, for the progress.
    fn expect(&self, units: usize);

    /// Warns of something that is no failure.
    fn warn(&self, what: String);
}

/// One unit of a listing.
pub trait Unit: Send {
    /// Reads a list to its end, page by page, gives each row to `row`, and takes in what that returns, as
    /// [`found`](Self::found) does. So a long list need not be held. A list that changes while it is read is read again;
    /// a row may come more than once, and the last time counts.
    ///
    /// # Errors
    ///
    /// Fails when a page cannot be read, and when the pages contradict each other again and again.
    fn read<'u>(
        &'u mut self,
        list: &'u dyn List,
        row: &'u mut (dyn FnMut(Resource) -> Option<Resource> + Send),
    ) -> BoxFuture<'u, Result<(), ApiError>>;

    /// Takes in a resource that the unit shows. One that was shown before is replaced.
    fn found(&mut self, resource: Resource);

    /// Ends the unit: what it showed counts.
    fn complete(self: Box<Self>);

    /// Ends the unit with an error.
    fn fail(self: Box<Self>, error: ApiError);
}

/// One list of a service, to be read page by page.
pub trait List: Send + Sync {
    /// Returns the API.
    fn api(&self) -> &'static Api;

    /// Returns how it is paged.
    fn paging(&self) -> Paging;

    /// Builds the request for a page.
    fn request(&self, page: &PageAt, scope: &Scope<'_>) -> Request;

    /// Reads a page.
    ///
    /// # Errors
    ///
    /// Fails when the response is an error, and when it has no list.
    fn page(&self, response: &Response) -> Result<Page, ApiError>;

    /// Returns what tells the rows of the list apart; `None` for a row that does not count for the total.
    fn id<'r>(&self, row: &'r Resource) -> Option<&'r str>;
}

/// How a list is paged, with the largest size of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// A page names the next one.
    Token(u32),
    /// Pages have numbers from 1, and each states the total.
    Number(u32),
    /// Pages begin at a row, counted from 0, and each states the total.
    Offset(u32),
    /// Pages have numbers from 1. One with fewer rows than asked for is the last, or one whose [`next`](Page::next) is an
    /// empty text.
    Short(u32),
    /// There is one page.
    Whole,
}

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAt {
    /// Where it begins.
    pub from: From,
    /// How many rows it has at most.
    pub size: u32,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// At the beginning.
    Start,
    /// Where the page before said.
    Token(String),
    /// At the page of this number, from 1.
    Number(u32),
    /// At this row, from 0.
    Offset(u64),
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<Resource>,
    /// How many rows all pages have, where the service says so.
    pub total: Option<u64>,
    /// What names the next page. `None` after the last one, and where pages have numbers.
    pub next: Option<String>,
}

/// What is wanted of a listing: the conditions of all selections that share it.
///
/// A condition that a service can check only later is not false. Only what is certainly not wanted may be left out.
pub trait Wanted: Send + Sync {
    /// Tells whether something of which this much is known may be selected.
    fn may_match(&self, known: &Resource) -> bool;

    /// Returns the exact values that a field must have, without repetition; `None` where a selection takes others, too.
    fn exactly(&self, field: usize) -> Option<Vec<String>>;

    /// Returns the exact values that selections state for a field, without repetition, also where they take others, too:
    /// `a` of `[a, "b*"]`. What `except` states is none of them.
    fn literals(&self, field: usize) -> Vec<String>;

    /// Returns the beginning that a field must have, of all selections that may take something of which this much is
    /// known; empty where there is none.
    fn prefix(&self, known: &Resource, field: usize) -> String;

    /// Tells whether a condition names a field.
    fn names(&self, field: usize) -> bool;

    /// Tells whether tags are needed.
    fn needs_tags(&self) -> bool;

    /// Tells whether it must be known when something began.
    fn needs_start(&self) -> bool;

    /// Returns the earliest and the latest time at which something must have begun, if it is `now`, of all selections
    /// that may take something of which this much is known; `None` where there is no bound.
    fn started(&self, known: &Resource, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>);

    /// Tells whether a selection shows what is missing as nothing, and not as a failure (`guards.not_found: ok`).
    fn takes_missing_for_none(&self) -> bool;
}
