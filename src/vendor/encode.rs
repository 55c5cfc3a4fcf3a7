//! Percent-encoding as the vendors sign it.
