//! A list, page by page to its end, and again where it changes meanwhile.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::pages::{Pages, Unread};
use crate::error::{ApiError, ErrorClass};
use crate::service::{From, List, Page, PageAt, Paging, Resource};

/// How often a list that changes while it is read is read at most.
const PASSES: u32 = 3;

/// How many pages in a row may be empty and name a next one.
const MOST_EMPTY: u32 = 100;

/// The most rows of one list: far more than any service has.
const MOST_ROWS: u64 = 20_000_000;

/// What ended a pass.
enum Pass {
    /// Every page was there, and they agree.
    Whole,
    /// The list changed, and how.
    Torn(String),
    /// A page was too long: all over again with shorter ones.
    Shorten(u32),
}

/// Reads a list to its end; gives every row to `row`.
///
/// # Errors
///
/// Fails when a page cannot be read, and when the list changes again and again.
pub(super) async fn read(
    pages: &Pages<'_>,
    list: &dyn List,
    row: &mut (dyn FnMut(Resource) + Send),
) -> Result<(), ApiError> {
    let mut size = size(list.paging());
    let mut passes = 1;
    loop {
        match pass(pages, list, size, row).await? {
            Pass::Whole => return Ok(()),
            Pass::Shorten(shorter) => size = shorter,
            Pass::Torn(_) if passes < PASSES => passes += 1,
            Pass::Torn(how) => {
                let message = format!("the list changed while it was read, {PASSES} times: {how}");
                return Err(error(ErrorClass::Conflict, message));
            }
        }
    }
}

/// Reads a list once.
async fn pass(
    pages: &Pages<'_>,
    list: &dyn List,
    size: u32,
    row: &mut (dyn FnMut(Resource) + Send),
) -> Result<Pass, ApiError> {
    let paging = list.paging();
    let mut checks = Checks::default();
    let mut at = PageAt { from: first(paging), size };
    loop {
        let mut page = match pages.read(list, &at).await {
            Ok(page) => page,
            Err(Unread::TooLong(_)) if at.size > 1 => return Ok(Pass::Shorten(at.size / 2)),
            Err(Unread::TooLong(error) | Unread::Failed(error)) => return Err(error),
        };
        let rows = std::mem::take(&mut page.rows);
        let counted = checks.take(&rows, list, page.total);
        rows.into_iter().for_each(&mut *row);
        if checks.rows.max(checks.total.unwrap_or_default()) > MOST_ROWS {
            return Err(error(ErrorClass::Protocol, format!("the list has more than {MOST_ROWS} rows")));
        }
        if checks.is_repeating {
            return Ok(checks.verdict());
        }
        match next(paging, &at, page, counted, &mut checks)? {
            Some(from) => at.from = from,
            None => return Ok(checks.verdict()),
        }
    }
}

/// Says where the next page begins; `None` after the last one.
fn next(paging: Paging, at: &PageAt, page: Page, counted: u64, checks: &mut Checks) -> Result<Option<From>, ApiError> {
    let protocol = |message: &str| error(ErrorClass::Protocol, message.to_owned());
    match (paging, &at.from) {
        (Paging::Whole, _) => Ok(None),
        (Paging::Token(_), _) => {
            let Some(token) = page.next.filter(|token| !token.is_empty()) else { return Ok(None) };
            checks.empty = if counted == 0 { checks.empty + 1 } else { 0 };
            if checks.empty > MOST_EMPTY {
                return Err(protocol("the list has one empty page after another, and no end"));
            }
            if !checks.is_new(&token) {
                return Err(protocol("a page names a next one that was read already"));
            }
            Ok(Some(From::Token(token)))
        }
        (Paging::Short(_), From::Number(number)) => {
            let is_last = counted < u64::from(at.size) || page.next.as_deref() == Some("");
            Ok((!is_last).then_some(From::Number(number + 1)))
        }
        (Paging::Number(_) | Paging::Offset(_), _) if page.total.is_none() => {
            Err(protocol("a page without the total of the list"))
        }
        (Paging::Number(_), From::Number(number)) => {
            Ok(checks.goes_on(u64::from(*number) * u64::from(at.size), counted).then_some(From::Number(number + 1)))
        }
        (Paging::Offset(_), From::Offset(offset)) => {
            let behind = offset + u64::from(at.size);
            Ok(checks.goes_on(behind, counted).then_some(From::Offset(behind)))
        }
        // The first page of a list decides how the others begin.
        (Paging::Short(_) | Paging::Number(_) | Paging::Offset(_), _) => Err(protocol("a page that was not asked for")),
    }
}

const fn first(paging: Paging) -> From {
    match paging {
        Paging::Token(_) | Paging::Whole => From::Start,
        Paging::Number(_) | Paging::Short(_) => From::Number(1),
        Paging::Offset(_) => From::Offset(0),
    }
}

const fn size(paging: Paging) -> u32 {
    match paging {
        Paging::Token(size) | Paging::Number(size) | Paging::Offset(size) | Paging::Short(size) => size,
        Paging::Whole => 1,
    }
}

fn error(class: ErrorClass, message: String) -> ApiError {
    ApiError { class: Some(class), message: Some(message.into()), ..ApiError::default() }
}

/// What the pages of one pass say, taken together.
#[derive(Default)]
struct Checks {
    hashes: RandomState,
    /// The ids that were shown, hashed: that two are taken for one costs another pass.
    ids: HashSet<u64>,
    tokens: HashSet<String>,
    total: Option<u64>,
    rows: u64,
    /// Whether the last page had entries, and none that was new: a service that answers so need never come to an end.
    is_repeating: bool,
    /// How many pages in a row were empty.
    empty: u32,
    /// How the pages contradict each other, if they do.
    torn: Option<String>,
}

impl Checks {
    /// Takes in the rows of a page; returns how many of them count.
    fn take(&mut self, rows: &[Resource], list: &dyn List, total: Option<u64>) -> u64 {
        let (mut counted, mut new) = (0, 0);
        for id in rows.iter().filter_map(|row| list.id(row)) {
            counted += 1;
            if self.ids.insert(self.hashes.hash_one(id)) {
                new += 1;
            } else {
                self.torn.get_or_insert_with(|| "an entry came twice".to_owned());
            }
        }
        self.rows += counted;
        self.is_repeating = counted > 0 && new == 0;
        if let (Some(before), Some(now)) = (self.total, total)
            && before != now
        {
            self.torn.get_or_insert_with(|| format!("its total was {before}, then {now}"));
        }
        self.total = total.or(self.total);
        counted
    }

    /// Tells whether there is another page after the one that ends at this row. An empty page that comes too early is
    /// the last one.
    fn goes_on(&mut self, behind: u64, counted: u64) -> bool {
        let total = self.total.unwrap_or_default();
        behind < total && counted > 0
    }

    fn is_new(&mut self, token: &str) -> bool {
        self.tokens.insert(token.to_owned())
    }

    /// Judges the pass after its last page.
    fn verdict(self) -> Pass {
        let ids = self.ids.len() as u64;
        let short = self.total.filter(|total| *total != ids);
        match self.torn.or_else(|| short.map(|total| format!("it had {ids} entries, and a total of {total}"))) {
            None => Pass::Whole,
            Some(how) => Pass::Torn(how),
        }
    }
}
