//! A listing request: which page it means, and where it is written down.

use super::fault_injector::FaultInjector;
use super::page::Cut;
use super::resource::Id;
use super::service::Paging;

/// A listing request as ledgers and scripts of faults name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// The API.
    pub(super) api: &'static str,
    /// The number of the account.
    pub(super) account: u16,
    /// What is listed, such as the flow or the instance; for DRS the project and the type, as in `p/sync`.
    pub(super) unit: Box<str>,
    /// The state that the request filters by.
    pub(super) status: Option<Box<str>>,
    /// The page, from 1.
    pub(super) page: usize,
}

impl Place {
    /// Returns the page before it.
    pub(super) fn before(&self) -> Self {
        Self { page: self.page.saturating_sub(1), ..self.clone() }
    }
}

/// Tells tokens that it made from others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens<'a> {
    /// What the token's mark is drawn from.
    pub(super) injector: FaultInjector,
    /// What is listed.
    pub(super) within: &'a Id,
}

impl Tokens<'_> {
    /// Makes the token of a page that begins at a position.
    pub(super) fn make(self, position: usize, page: usize) -> String {
        format!("{position:08x}-{page:04x}-4d85-11ef-{:012x}", self.mark(position, page))
    }

    /// Reads a token; `None` if it is not its own.
    pub(super) fn read(self, token: &str) -> Option<(usize, usize)> {
        let mut parts = token.split('-');
        let mut next = || usize::from_str_radix(parts.next()?, 16).ok();
        let (position, page) = (next()?, next()?);
        (self.make(position, page) == token).then_some((position, page))
    }

    fn mark(self, position: usize, page: usize) -> u64 {
        let salt = (position as u64) << 20 | page as u64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is below 1")]
        let mark = (self.injector.share(self.within, salt ^ 0x7f00_0000_0000_0000) * 2_f64.powi(48)) as u64;
        mark
    }
}

/// Returns the page that a request asks for, from 1, and how it is cut; `None` if its token is not known.
pub(super) fn cut(paging: Paging<'_>, tokens: Tokens<'_>) -> Option<(usize, Cut)> {
    Some(match paging {
        Paging::Whole => (1, Cut::Count { skip: 0, limit: usize::MAX }),
        Paging::Token { token: None, limit } => (1, Cut::Position { from: 0, limit }),
        Paging::Token { token: Some(token), limit } => {
            let (from, page) = tokens.read(token)?;
            (page, Cut::Position { from, limit })
        }
        Paging::Number { size: 0, .. } => (1, Cut::Count { skip: 0, limit: usize::MAX }),
        Paging::Number { page, size } => (page, Cut::Count { skip: (page - 1).saturating_mul(size), limit: size }),
        Paging::Offset { offset, limit } => {
            ((offset / limit.max(1)).saturating_add(1), Cut::Count { skip: offset, limit })
        }
    })
}
