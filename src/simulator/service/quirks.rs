//! What a service may do differently from what its pages say.

/// What the simulated services do differently from the usual, all of them off by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// DRS v5 ListJobs refuses a request without `job_type`.
    pub requires_job_type: bool,
    /// fnf ListExecutions refuses the filter `Starting`.
    pub refuses_starting: bool,
    /// Listings ignore what requests filter by.
    pub ignores_filters: bool,
    /// fnf ListExecutions ignores `MetadataOnly`.
    pub ignores_metadata_only: bool,
    /// The most resources on a page that ends with a token, whatever the request allows; `None` for no other bound.
    pub most_before_token: Option<usize>,
    /// The `NextToken` of fnf's last pages; by default there is none.
    pub last_token: LastToken,
    /// DRS answers a listing without resources by a 422, `DRS.M00002`.
    pub empty_is_an_error: bool,
    /// What DRS does with a stop of several jobs.
    pub batch_stops: BatchStops,
}

/// What DRS does with a stop of several jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BatchStops {
    /// It takes up to ten jobs.
    #[default]
    Usual,
    /// It takes so many jobs.
    AtMost(usize),
    /// There is no such API.
    Missing,
    /// The caller may not use it.
    Denied,
}

/// The `NextToken` of a last page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LastToken {
    /// There is none.
    #[default]
    Absent,
    /// It is `""`.
    Empty,
    /// It is `null`.
    Null,
}
