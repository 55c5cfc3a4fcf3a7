//! The networks that a vendor's endpoints are in.

/// Which of a vendor's endpoints to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// The endpoint on the internet.
    #[default]
    Public,
    /// The endpoint inside the vendor's private network.
    Vpc,
}

impl Network {
    /// Returns the name used in plans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Vpc => "vpc",
        }
    }
}
