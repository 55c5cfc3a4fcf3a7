//! The signature of a request that was signed, to find it in what comes back.

use http::{HeaderValue, header};

use crate::http::SignedRequest;

/// What carries the signature of a request.
#[derive(Debug, Clone)]
pub(crate) enum SentSignature {
    /// This header.
    Header(HeaderValue),
    /// This parameter of the query.
    Parameter(Box<str>),
}

impl SentSignature {
    /// Finds it: whatever the scheme, it is at the end of a header or of the query.
    #[must_use]
    pub(crate) fn of(signed: &SignedRequest) -> Option<Self> {
        let header = signed.headers.get(header::AUTHORIZATION).cloned().map(Self::Header);
        let parameter = || Some(Self::Parameter(signed.url.query()?.rsplit('&').next()?.into()));
        header.or_else(parameter)
    }

    /// Returns the signature as it is sent; nothing if a token is sent instead.
    #[must_use]
    pub(crate) fn text(&self) -> Option<&str> {
        let text = match self {
            Self::Header(header) => header.to_str().ok()?,
            Self::Parameter(parameter) => parameter,
        };
        text.rsplit_once('=').filter(|(rest, _)| rest.ends_with("Signature")).map(|(_, signature)| signature)
    }
}
