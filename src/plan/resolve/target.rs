//! Reads `defaults` and `targets`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::operation::Kind;
use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::model::Target;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::{self, quote};
use crate::plan::tree::{Entry, Span};

use super::labels::LabelSets;
use super::{Accounts, identity, param, unsupported};

/// The keys that targets of every kind have.
const KEYS: [&str; 4] = ["kind", "id", "account", "labels"];
/// Keys of the format that this program cannot follow yet.
const UNSUPPORTED: [(&str, &str); 2] =
    [("from", "list the targets in the plan itself"), ("select", "list the targets in the plan itself")];

/// What all targets share while they are read.
struct Reading<'t, 's> {
    accounts: &'t Accounts<'t>,
    default_account: Option<Field<'t, 's>>,
    labels: LabelSets,
    /// The ids that the plan states, and where.
    ids: HashMap<Arc<str>, Span>,
}

/// Reads all targets; those with a problem are left out.
pub(super) fn targets(plan: &Fields<'_, '_>, accounts: &Accounts<'_>, reader: &mut Reader<'_>) -> Vec<Target> {
    let defaults = plan.get("defaults").and_then(|field| reader.fields(field, "`defaults`", &["account", "labels"]));
    let mut labels = LabelSets::default();
    if let Some(field) = defaults.as_ref().and_then(|defaults| defaults.get("labels")) {
        labels.set_defaults(field, reader);
    }
    let default_account = defaults.as_ref().and_then(|defaults| defaults.get("account"));
    let known = default_account.is_none_or(|field| lookup(field, accounts, reader).is_some());
    let mut reading =
        Reading { accounts, default_account: default_account.filter(|_| known), labels, ids: HashMap::new() };
    let Some(field) = plan.require("targets", reader) else { return Vec::new() };
    let items: Vec<_> = match reader.list(field) {
        Some(items) => items.collect(),
        None => return Vec::new(),
    };
    if items.is_empty() {
        let finding = Finding::error(field.node.span, "`targets` lists no target, so there is nothing to stop");
        reader.found.push(finding);
    }
    let (mut targets, mut places) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
    for item in items {
        if let Some(target) = reading.target(Field { name: "a target", ..item }, known, reader) {
            targets.push(target);
            places.push(item.node.span);
        }
    }
    identity::settle(&mut targets, &places, reading.ids, reader);
    targets
}

impl Reading<'_, '_> {
    fn target(&mut self, field: Field<'_, '_>, has_default: bool, reader: &mut Reader<'_>) -> Option<Target> {
        let entries = reader.entries(field)?;
        let kind = kind(field, entries, reader)?;
        for (key, hint) in UNSUPPORTED {
            if let Some(entry) = entries.iter().find(|entry| entry.name() == key) {
                unsupported(reader, entry.key.span, &quote(key), hint);
                return None;
            }
        }
        let keys: Vec<_> = KEYS.into_iter().chain(kind.params().iter().map(|param| param.name)).collect();
        let fields = reader.fields(field, kind.name(), &keys)?;
        let params = param::params(kind, &fields, reader);
        let id = fields.get("id").map(|field| self.id(field, reader));
        let labels = self.labels.of(fields.get("labels"), reader);
        let account = self.account(kind, &fields, has_default, reader);
        Some(Target {
            own_id: id.map_or(Some(None), |id| id.map(Some))?,
            kind,
            account: account?,
            params: params?,
            labels: labels?,
            duplicate_of: None,
        })
    }

    /// Reads a stated id, which no other target may state.
    fn id(&mut self, field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Arc<str>> {
        let text = reader.name(field)?;
        let id: Arc<str> = text.value.as_ref().into();
        if let Some(first) = self.ids.get(&id) {
            reader.found.push(
                Finding::error(text.span, format!("the id {text} is given to two targets"))
                    .label("given again")
                    .related(*first, "first given here"),
            );
            return None;
        }
        self.ids.insert(id.clone(), text.span);
        Some(id)
    }

    /// Returns the number of a target's account, which must be of its kind's cloud.
    fn account(&self, kind: Kind, fields: &Fields<'_, '_>, has_default: bool, reader: &mut Reader<'_>) -> Option<u16> {
        let own = fields.get("account");
        let place = own.map_or(fields.place, |field| field.node.span);
        let Some(field) = own.or(self.default_account) else {
            // What is wrong with a default, or with a key that should be this one, was said at its own place.
            if has_default && !fields.is_mistyped("account") {
                let finding =
                    Finding::error(place, format!("{kind} needs an account, and the plan has no default one"));
                reader.found.push(finding.hint(self.advice(kind)));
            }
            return None;
        };
        let number = lookup(field, self.accounts, reader)??;
        let account = self.accounts.list.get(usize::from(number))?;
        if account.cloud == kind.cloud() {
            return Some(number);
        }
        let which = if own.is_some() { "the account" } else { "the default account" };
        let title = format!(
            "{kind} needs an account of the cloud `{}`, but {which} {} is of `{}`",
            kind.cloud(),
            quote(&account.name),
            account.cloud
        );
        reader.found.push(Finding::error(place, title).hint(self.advice(kind)));
        None
    }

    /// Says which accounts would do for a kind.
    fn advice(&self, kind: Kind) -> String {
        let fitting: Vec<_> =
            self.accounts.list.iter().filter(|account| account.cloud == kind.cloud()).take(4).collect();
        match fitting.as_slice() {
            [] if self.accounts.list.len() < self.accounts.numbers.len() => "write `account: …`".into(),
            [] => format!("the plan has no account of the cloud `{}` yet: add one under `accounts`", kind.cloud()),
            some => {
                let names: Vec<_> = some.iter().map(|account| format!("`account: {}`", account.name)).collect();
                format!("write {}", names.join(" or "))
            }
        }
    }
}

/// Finds the account that is named; the inner `None` stands for one that has problems of its own.
fn lookup(field: Field<'_, '_>, accounts: &Accounts<'_>, reader: &mut Reader<'_>) -> Option<Option<u16>> {
    let text = reader.name(field)?;
    let number = accounts.numbers.get(&*text.value);
    if number.is_none() {
        let hint = suggest::hint(&text.value, accounts.numbers.keys().copied());
        reader.wrong(text.span, format!("the plan has no account {text}"), hint);
    }
    number.copied()
}

/// Reads a target's kind, which says what other keys it takes.
fn kind(field: Field<'_, '_>, entries: &[Entry<'_>], reader: &mut Reader<'_>) -> Option<Kind> {
    let names = Kind::all().iter().map(|kind| kind.name());
    let Some(entry) = entries.iter().find(|entry| entry.name() == "kind") else {
        let finding = Finding::error(field.node.span, "a target needs `kind`");
        reader.found.push(finding.maybe_hint(suggest::hint("", names)));
        return None;
    };
    let text = reader.name(Field { name: "kind", node: &entry.value })?;
    let kind = Kind::named(&text.value);
    if kind.is_none() {
        reader.wrong(text.span, format!("{text} is not a kind of target"), suggest::hint(&text.value, names));
    }
    kind
}
