//! The body of a response while it is sent, whole or cut.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The bytes that are still to go out, and what comes after them.
#[derive(Debug)]
pub(super) struct Delivery {
    left: Option<Bytes>,
    end: End,
}

/// What comes after the bytes.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Nothing.
    Proper,
    /// A moment for the bytes to leave, and then the end of the connection.
    Cut,
    /// The end of the connection.
    Over,
}

impl Delivery {
    /// Delivers all bytes.
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self { left: Some(bytes).filter(|bytes| !bytes.is_empty()), end: End::Proper }
    }

    /// Delivers half of the bytes and then breaks off.
    pub(super) fn cut(bytes: &Bytes) -> Self {
        Self { left: Some(bytes.slice(..bytes.len() / 2)), end: End::Cut }
    }
}

impl Body for Delivery {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.left.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Proper => Poll::Ready(None),
            End::Cut => {
                // hyper writes out what it has before it asks again.
                self.end = End::Over;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Over => Poll::Ready(Some(Err(io::Error::other("the response is cut here")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_none() && self.end == End::Proper
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Proper => SizeHint::with_exact(self.left.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            End::Cut | End::Over => SizeHint::default(),
        }
    }
}
