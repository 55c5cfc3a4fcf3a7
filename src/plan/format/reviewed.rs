//! The keys of `reviewed`, which `allstop plan` writes, and of what a listing showed of a target.

use jiff::Timestamp;

use crate::plan::fields::Fields;
use crate::plan::key::{Form, InContext, Key, Takes, section};
use crate::plan::reader::Reader;
use crate::plan::reviewed::{Missed, Original, Reviewed};
use crate::plan::seen::Seen;
use crate::plan::value::{MOMENT, NAME, WORDING, count};

const GENERATED: Form<InContext> = Form::in_context(|| Takes::Generated);

section! {
    /// `reviewed`.
    REVIEWED: ReviewedKeys = "reviewed",
        "What `allstop plan` writes into a reviewed plan. To leave targets out, use `--skip` or `guards.protect`.";

    of: Key<Original> = "The plan that was listed.",
        Form { takes: || Takes::Section(ORIGINAL.section()), read: |field, reader| {
            original(&ORIGINAL.open(field, reader)?, reader)
        } }, required();
    listed_at: Key<Timestamp> = "When the listing began.", MOMENT, required(), examples(&["2026-11-25T09:00:12Z"]);
    expires_at: Key<Timestamp> = "When it expires, at most 30 days later.", MOMENT,
        required(), examples(&["2026-11-25T13:00:12Z"]);
    targets: Key<u64> = "How many targets were reviewed.", count::<u64, { u32::MAX as u64 }>(), required();
    sha256: Key<String> = "The seal: the SHA-256 of accounts and targets.", NAME, required();
    selections: Key<InContext> = "The selections of that plan, to list them again.", GENERATED, required();
    missing: Key<InContext> = "What could not be listed.", GENERATED;
    guards: Key<String> = "The guards as they were then.", WORDING;
    sealed_accounts: Key<InContext> = "The beginning of each account's SHA-256, and its name.", GENERATED, required();
    sealed_targets: Key<InContext> = "The beginning of each target's SHA-256, and its id.", GENERATED, required();
}

section! {
    /// `reviewed.of`.
    ORIGINAL: OriginalKeys = "reviewed.of", "The plan that was listed.";

    path: Key<String> = "Its path.", NAME, required();
    sha256: Key<String> = "Its SHA-256.", NAME, required();
}

section! {
    /// An entry of `reviewed.missing`.
    MISSED: MissedKeys = "reviewed.missing", "A part that could not be listed.";

    account: Key<String> = "The account.", NAME, required();
    region: Key<String> = "The region.", NAME, required();
    what: Key<String> = "What could not be listed.", WORDING, required();
}

section! {
    /// `seen`.
    SEEN: SeenKeys = "a target's seen", "What a listing showed of the target, for reports.";

    state: Key<String> = "The service's word for its state.", WORDING;
    name: Key<String> = "Its name.", WORDING;
    since: Key<String> = "When it began, as the service writes it.", WORDING;
    at: Key<Timestamp> = "When it was listed.", MOMENT;
}

fn original(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Original> {
    let (path, sha256) = (ORIGINAL.path.read(fields, reader), ORIGINAL.sha256.read(fields, reader));
    Some(Original { path: path?, sha256: sha256? })
}

/// Reads `reviewed`, but for its selections and what is sealed.
pub(in crate::plan) fn reviewed(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Reviewed> {
    let of = REVIEWED.of.read(fields, reader);
    let listed_at = REVIEWED.listed_at.read(fields, reader);
    let expires_at = REVIEWED.expires_at.read(fields, reader);
    let targets = REVIEWED.targets.read(fields, reader);
    let sha256 = REVIEWED.sha256.read(fields, reader);
    let missing = REVIEWED.missing.field(fields, reader).and_then(|field| reader.list(field));
    let missing = missing.into_iter().flatten().filter_map(|item| {
        let fields = MISSED.open(item, reader)?;
        let read = [&MISSED.account, &MISSED.region, &MISSED.what].map(|key| key.read(&fields, reader));
        let [account, region, what] = read;
        Some(Missed { account: account?, region: region?, what: what? })
    });
    let missing = missing.collect();
    let guards = REVIEWED.guards.read(fields, reader).unwrap_or_default();
    targets?;
    let (of, listed_at, expires_at, sha256) = (of?, listed_at?, expires_at?, sha256?);
    Some(Reviewed { of, listed_at, expires_at, sha256, selects: Vec::new(), missing, guards })
}

/// Reads what a listing showed of a target.
pub(in crate::plan) fn seen(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Seen {
    Seen {
        state: SEEN.state.read(fields, reader).map(Into::into),
        name: SEEN.name.read(fields, reader).map(Into::into),
        since: SEEN.since.read(fields, reader).map(Into::into),
        at: SEEN.at.read(fields, reader),
    }
}
