//! The integration tests, all in one binary.

#[cfg(test)]
mod captures;
