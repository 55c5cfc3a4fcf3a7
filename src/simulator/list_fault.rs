//! Faults of listings that a test scripts.

use std::time::Duration;

use super::resource::Resource;

/// What goes wrong with listing requests that are like it.
#[derive(Debug, Clone)]
pub struct ListFault {
    /// The API, such as `fnf:ListExecutions`; `None` for any.
    pub api: Option<String>,
    /// The page, from 1; `None` for any.
    pub page: Option<usize>,
    /// A glob of what is listed, such as the flow, the instance or the project; `None` for any.
    pub scope: Option<String>,
    /// The number of the account; `None` for any.
    pub account: Option<u16>,
    /// The state that the request filters by; `None` for any.
    pub status: Option<String>,
    /// How many such requests go well before.
    pub skip: u32,
    /// How many go wrong; `None` for all.
    pub times: Option<u32>,
    /// What goes wrong.
    pub trouble: ListTrouble,
}

/// What can go wrong with a listing request.
#[derive(Debug, Clone)]
pub enum ListTrouble {
    /// It is throttled.
    Throttled,
    /// The service refuses it.
    Denied,
    /// The service fails.
    Broken,
    /// The service answers with this HTTP status and code.
    Error(u16, &'static str),
    /// The connection is reset.
    Reset,
    /// A gateway answers with 502 and an HTML page.
    Html,
    /// The response comes after this time.
    Slow(Duration),
    /// The response is `{}`.
    Empty,
    /// The list is `null`.
    Null,
    /// The list is an object.
    Object,
    /// There is no list.
    Missing,
    /// The page before comes again.
    Repeat,
    /// The first entry is one of the page before; on the first page, the second entry is the first once more.
    Duplicate,
    /// The total tells so many fewer.
    Shrink(usize),
    /// The list is empty although the total tells more.
    Short,
    /// The list is empty, and a token leads to what should be there.
    Hollow,
    /// The token that leads on is the one that led here.
    TokenBack,
    /// Each entry is larger by so many bytes.
    Fat(usize),
    /// After the response, the first resource of the next page comes to the front of the list.
    Move,
    /// After the response, the first thing that it shows is gone.
    Drop,
    /// After the response, the first resource that it shows ends by itself.
    End,
    /// After the response, these resources are there, too.
    Put(Vec<Resource>),
}

impl ListFault {
    /// Builds a fault that happens once, to any listing request.
    #[must_use]
    pub const fn new(trouble: ListTrouble) -> Self {
        Self { api: None, page: None, scope: None, account: None, status: None, skip: 0, times: Some(1), trouble }
    }

    /// Limits it to an API.
    #[must_use]
    pub fn api(mut self, api: &str) -> Self {
        self.api = Some(api.to_owned());
        self
    }

    /// Limits it to a page, from 1.
    #[must_use]
    pub const fn page(mut self, page: usize) -> Self {
        self.page = Some(page);
        self
    }

    /// Limits it to what matches a glob.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = Some(scope.to_owned());
        self
    }

    /// Limits it to an account.
    #[must_use]
    pub const fn account(mut self, account: u16) -> Self {
        self.account = Some(account);
        self
    }

    /// Limits it to requests that filter by a state.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        self.status = Some(status.to_owned());
        self
    }

    /// Lets so many requests go well before.
    #[must_use]
    pub const fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Sets how many requests go wrong.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Lets all requests go wrong.
    #[must_use]
    pub const fn forever(mut self) -> Self {
        self.times = None;
        self
    }
}

impl ListTrouble {
    /// Returns the name used in ledgers.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Broken | Self::Error(..) => "server",
            Self::Reset => "reset",
            Self::Html => "gateway",
            Self::Slow(_) => "slow",
            Self::Empty => "list_empty",
            Self::Null => "list_null",
            Self::Object => "list_object",
            Self::Missing => "list_missing",
            Self::Repeat => "list_repeat",
            Self::Duplicate => "list_duplicate",
            Self::Shrink(_) => "list_shrink",
            Self::Short => "list_short",
            Self::Hollow => "list_hollow",
            Self::TokenBack => "list_token_back",
            Self::Fat(_) => "list_fat",
            Self::Move => "list_move",
            Self::Drop => "list_drop",
            Self::End => "list_end",
            Self::Put(_) => "list_put",
        }
    }

    /// Returns whether the response shows all resources of the page.
    pub(super) const fn shows_all(&self) -> bool {
        matches!(
            self,
            Self::Slow(_)
                | Self::Shrink(_)
                | Self::TokenBack
                | Self::Fat(_)
                | Self::Move
                | Self::Drop
                | Self::End
                | Self::Put(_)
        )
    }
}
