//! The file that says what a simulator has.

use std::borrow::Cow;
use std::{fs, io};

use crate::session::{Input, SessionError};
use crate::simulator::World;

/// Reads it.
pub(super) fn read(input: &Input) -> Result<World, SessionError> {
    let text = match input {
        Input::Stdin => io::read_to_string(io::stdin().lock()),
        Input::File(path) => fs::read_to_string(path),
    };
    let text = text.map_err(|error| SessionError::input(format!("cannot read {}: {error}", name(input)), ""))?;
    let unfit = |error: crate::simulator::WorldError| {
        SessionError::input(format!("cannot read {}: {error}", name(input)), error.hint())
    };
    World::read(&text).map_err(unfit)
}

/// Returns what messages call it.
pub(super) fn name(input: &Input) -> Cow<'_, str> {
    input.path().map_or("standard input".into(), |path| path.to_string_lossy())
}
