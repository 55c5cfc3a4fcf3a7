//! What issues credentials and knows them again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXUPPER};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::auth::Claim;
use super::super::entry::Moment;
use super::super::fault_injector::FaultInjector;
use super::super::keyring::{self, Keyring, Known, KnownToken};
use super::super::resource::Id;
use super::book::{Book, Issued, Keys, Proof};
use super::calls::Calls;
use super::default_world::{account_id, world};
use super::holder::{Holder, Rank, Signer};
use super::invocation::Invocation;
use super::ledger::{CredentialLedger, IssuedCredentials, SignedStop, UsedKey};
use super::lock::Locks;
use super::operation::Operation;
use super::script::{Script, Trouble};
use super::settings::{CredentialSettingsError, Revocation, knobs, object, operation};
use super::stops::Stops;
use super::storm::{Fate, KeyFault, Storm};
use super::world::{Expired, World};
use crate::provider::Cloud;

/// What the user of the simulator's own keys is called.
const OPERATOR: &str = "operator";

/// How long keys are over that come too late, in seconds.
const PAST: i64 = 60;

/// The most keys whose uses are counted: more than this are guesses.
const MOST_KEYS: usize = 10_000;

/// What issues credentials and knows them again.
#[derive(Debug)]
pub(in crate::simulator) struct Issuer {
    keyring: Keyring,
    seed: u64,
    /// Who is there.
    pub(super) world: World,
    /// What was issued.
    pub(super) book: Book,
    /// The faults that somebody scripts.
    pub(super) script: Script,
    /// The faults that are drawn.
    storm: Storm,
    /// The calls.
    pub(super) calls: Calls,
    locks: Locks,
    keys: BTreeMap<Arc<str>, UsedKey>,
    revoked: BTreeSet<String>,
    stops: Stops,
    /// The faults that happened and are not counted yet.
    faults: Vec<KeyFault>,
}

/// Credentials to be issued.
pub(super) struct Order {
    /// Whose they will be.
    pub(super) holder: Holder,
    /// How long they are to live, in seconds.
    pub(super) asked: Option<u64>,
}

impl Issuer {
    /// Builds the issuer of a simulator that has so many accounts.
    pub(in crate::simulator) fn new(keyring: Keyring, seed: u64, injector: FaultInjector, accounts: u16) -> Self {
        Self {
            keyring,
            seed,
            world: world(seed, accounts),
            book: Book::default(),
            script: Script::default(),
            storm: Storm::new(injector),
            calls: Calls::default(),
            locks: Locks::default(),
            keys: BTreeMap::new(),
            revoked: BTreeSet::new(),
            stops: Stops::default(),
            faults: Vec::new(),
        }
    }

    /// Returns the world as it is set.
    pub(in crate::simulator) fn world(&self) -> Value {
        serde_json::to_value(&self.world).unwrap_or_default()
    }

    /// Replaces parts of the world.
    ///
    /// # Errors
    ///
    /// Fails if a part is not known, or is not as it must be.
    pub(in crate::simulator) fn set(&mut self, parts: &Value) -> Result<(), CredentialSettingsError> {
        self.world = self.world.with(object(parts)?).map_err(|error| CredentialSettingsError(error.to_string()))?;
        Ok(())
    }

    /// Scripts faults of operations.
    ///
    /// # Errors
    ///
    /// Fails if an operation is not known, or a fault is not as it must be.
    pub(in crate::simulator) fn script(&mut self, faults: &Value) -> Result<(), CredentialSettingsError> {
        self.script.set(knobs(faults)?);
        Ok(())
    }

    /// Revokes what was issued, and returns how many.
    ///
    /// # Errors
    ///
    /// Fails if the operation is not known.
    pub(in crate::simulator) fn revoke(&mut self, what: &Revocation) -> Result<usize, CredentialSettingsError> {
        let op = what.op.as_deref().map(operation).transpose()?;
        let is_meant = |issued: &Issued| {
            op.is_none_or(|op| op == issued.operation) && what.key.as_deref().is_none_or(|key| key == &*issued.id)
        };
        let revoke = |issued: &mut Issued| issued.is_revoked = true;
        let count = self.book.iter_mut().filter(|issued| is_meant(issued) && !issued.is_revoked).map(revoke).count();
        match &what.key {
            Some(key) if count == 0 => Ok(self.revoked.insert(key.clone()).into()),
            Some(_) | None => Ok(count),
        }
    }

    /// Returns the id of the account of a number.
    pub(in crate::simulator) fn account_id(&self, cloud: Cloud, number: u16) -> String {
        self.world.account(cloud, number).map_or_else(|| account_id(self.seed, cloud, number), str::to_owned)
    }

    /// Draws what goes wrong with a call.
    pub(super) fn draw(&mut self, operation: Operation, by: &str) -> Option<Trouble> {
        let trouble = self.storm.call(operation, by)?;
        self.faults.push(KeyFault::Call);
        Some(trouble)
    }

    /// Takes the faults that were drawn and have happened since the last time, by the names used in ledgers.
    pub(in crate::simulator) fn faults(&mut self) -> impl Iterator<Item = &'static str> {
        std::mem::take(&mut self.faults).into_iter().map(KeyFault::name)
    }

    /// Notes that a call has come in.
    pub(in crate::simulator) fn begin(&mut self, operation: Operation) {
        self.calls.begin(operation);
    }

    /// Notes that a call has its response, or will not have one.
    pub(in crate::simulator) fn end(&mut self, operation: Operation) {
        self.calls.end(operation);
    }

    /// Returns whether the key that a request names is locked.
    pub(in crate::simulator) fn is_locked(&self, claim: Claim<'_>, now: Moment) -> bool {
        match claim {
            Claim::Key(Cloud::Huawei, id) => self.locks.is_locked(id, now.instant),
            Claim::Key(Cloud::Alibaba, _) | Claim::Token(_) => false,
        }
    }

    /// Notes that a request was accepted or refused for what it is signed with.
    pub(in crate::simulator) fn note(&mut self, claim: Claim<'_>, is_refused: bool, now: Moment) {
        if let Claim::Key(Cloud::Huawei, id) = claim {
            match is_refused {
                true => self.locks.refuse(id, self.world.lock, now.instant),
                false => self.locks.accept(id),
            }
        }
        let Some(issued) = self.book.find_mut(claim) else {
            self.note_key(claim, is_refused);
            return;
        };
        issued.uses += 1;
        issued.late_uses += u64::from(now.wall >= issued.expires_at);
        issued.refused += u64::from(is_refused);
        match issued.fate {
            Fate::Revoked(number) if issued.uses >= number && !issued.is_revoked => {
                issued.is_revoked = true;
                self.faults.push(KeyFault::Revoke);
            }
            Fate::Refused(number) if issued.uses == number && is_refused => self.faults.push(KeyFault::Refuse),
            Fate::Revoked(_) | Fate::Refused(_) | Fate::Quiet => {}
        }
    }

    /// Counts a use of a key that was not issued here.
    fn note_key(&mut self, claim: Claim<'_>, is_refused: bool) {
        if let Claim::Key(_, id) = claim
            && let Some(key) = self.keys.get_mut(id)
        {
            key.uses += 1;
            key.refused += u64::from(is_refused);
            return;
        }
        let known = self.signer(claim);
        let id: Arc<str> = match (&known, claim) {
            (Some(signer), _) => Arc::clone(&signer.id),
            (None, Claim::Key(_, id)) => id.into(),
            // What is no token of anybody is not written down.
            (None, Claim::Token(_)) => return,
        };
        if self.keys.len() >= MOST_KEYS && !self.keys.contains_key(&id) {
            return;
        }
        let account_id = known.map(|signer| signer.holder.account);
        let key = self.keys.entry(Arc::clone(&id)).or_insert(UsedKey { key: id, account_id, uses: 0, refused: 0 });
        key.uses += 1;
        key.refused += u64::from(is_refused);
    }

    /// Returns whose the credentials are that a request names.
    pub(in crate::simulator) fn signer(&self, claim: Claim<'_>) -> Option<Signer> {
        if let Some(issued) = self.book.find(claim) {
            let (id, holder) = (Arc::clone(&issued.id), issued.holder.clone());
            return Some(Signer { id, holder, is_temporary: true });
        }
        match claim {
            Claim::Token(token) => {
                let account = keyring::Keys::find_token(&self.keyring, token)?.account;
                let holder = Holder::user(Cloud::Huawei, &self.account_id(Cloud::Huawei, account), OPERATOR);
                Some(Signer { id: format!("token-of-account-{account}").into(), holder, is_temporary: true })
            }
            Claim::Key(cloud, id) => {
                if let Some(user) = self.world.users.get(id).filter(|user| Cloud::from(user.cloud) == cloud) {
                    let rank = user.name.as_deref().map_or(Rank::Root, |name| Rank::User(name.into()));
                    let holder = Holder { cloud, account: user.account.as_str().into(), rank };
                    return Some(Signer { id: id.into(), holder, is_temporary: false });
                }
                let known = keyring::Keys::find(&self.keyring, cloud, id)?;
                let account = self.account_id(cloud, known.account);
                let is_temporary = known.security_token.is_some();
                let holder = match is_temporary {
                    true => Holder::session(cloud, &account, OPERATOR, "simulator"),
                    false => Holder::user(cloud, &account, OPERATOR),
                };
                Some(Signer { id: id.into(), holder, is_temporary })
            }
        }
    }

    /// Writes down what a stop is signed with.
    pub(in crate::simulator) fn stop(&mut self, claim: Claim<'_>, id: impl FnOnce() -> Id, at: Timestamp) {
        if self.stops.is_full() {
            return;
        }
        if let Some(Signer { id: key, holder, .. }) = self.signer(claim) {
            let op = self.book.find(claim).map(|issued| issued.operation.name());
            self.stops.add(SignedStop { at, id: id(), account_id: holder.account, key, op });
        }
    }

    /// Issues keys.
    pub(super) fn issue(&mut self, call: &Invocation<'_>, order: Order) -> Keys {
        let (issued, text) = self.prepare(call, order);
        let id = match issued.holder.cloud {
            Cloud::Alibaba => format!("STS.N{}", self.word(&text, "id", 20)),
            Cloud::Huawei => format!("HST{}", self.word(&text, "id", 17)),
        };
        let secret = self.word(&text, "secret", 40);
        // A real token has characters that must be encoded; one without would hide mistakes.
        let security_token = format!("CAIS/{}+/==", BASE64.encode(&self.digest(&text, "token")));
        let keys = Keys { id: id.into(), secret, security_token, expires_at: issued.expires_at };
        let proof = Proof::Key { secret: keys.secret.clone(), security_token: keys.security_token.clone() };
        self.book.add(Issued { id: Arc::clone(&keys.id), proof, ..issued });
        keys
    }

    /// Issues keys, or hands out once more those that are good for a while.
    pub(super) fn issue_cached(&mut self, call: &Invocation<'_>, order: Order) -> Keys {
        let is_good = |issued: &&Issued| {
            let is_alike = issued.operation == call.operation && issued.holder == order.holder;
            is_alike && !issued.is_revoked && issued.expires_at > call.now
        };
        let good = self.book.iter().rfind(is_good).and_then(Issued::keys);
        good.unwrap_or_else(|| self.issue(call, order))
    }

    /// Issues a token, of which IAM tells what `body` makes of the moments that it begins and ends; returns both.
    pub(super) fn issue_token(
        &mut self,
        call: &Invocation<'_>,
        order: Order,
        project: Option<String>,
        body: impl FnOnce(Timestamp, Timestamp) -> Value,
    ) -> (String, Value) {
        let (issued, text) = self.prepare(call, order);
        let value =
            format!("MII{}", BASE64URL_NOPAD.encode(&[self.digest(&text, "a"), self.digest(&text, "b")].concat()));
        let body = body(issued.issued_at, issued.expires_at);
        let proof = Proof::Token { value: value.clone(), project, body: body.clone() };
        let id = format!("token-{}", self.book.len()).into();
        self.book.add(Issued { id, proof, ..issued });
        (value, body)
    }

    /// Draws what is common to all that is issued; returns what the rest is derived from, too.
    fn prepare(&mut self, call: &Invocation<'_>, Order { holder, asked }: Order) -> (Issued, String) {
        let (operation, holder_key) = (call.operation, holder.key());
        let number = self.book.count(operation, &holder);
        let usual = asked.unwrap_or_else(|| operation.lifetime());
        let lifetime = match (call.is_past, self.script.lifetime(operation)) {
            (true, _) => -PAST,
            (false, Some(scripted)) => seconds(scripted),
            (false, None) => {
                let drawn = self.storm.lifetime(operation, &holder_key, number).filter(|drawn| *drawn < usual);
                self.faults.extend(drawn.map(|_| KeyFault::Expire));
                seconds(drawn.unwrap_or(usual))
            }
        };
        let expires_at = call.now.checked_add(SignedDuration::from_secs(lifetime)).unwrap_or(call.now);
        let issued = Issued {
            id: "".into(),
            proof: Proof::Key { secret: String::new(), security_token: String::new() },
            operation,
            by: call.signer.map(|signer| Arc::clone(&signer.id)),
            issued_at: call.now,
            expires_at,
            fate: self.storm.fate(operation, &holder_key, number),
            uses: 0,
            late_uses: 0,
            refused: 0,
            is_revoked: false,
            holder,
        };
        (issued, format!("{}/{holder_key}/{number}", operation.name()))
    }

    /// Makes the token of a metadata service.
    pub(super) fn metadata_token(&mut self, call: &Invocation<'_>, asked: u64) -> String {
        let lifetime = seconds(self.script.lifetime(call.operation).unwrap_or(asked).min(asked));
        let number = self.book.metadata_tokens.len();
        let token = BASE64.encode(&self.digest(&format!("{}/{number}", call.operation.name()), "metadata"));
        let ends = call.now.checked_add(SignedDuration::from_secs(lifetime)).unwrap_or(call.now);
        self.book.metadata_tokens.insert(token.clone(), ends);
        token
    }

    /// Makes a token of a login.
    pub(super) fn login_token(&self, call: &Invocation<'_>, what: &str) -> String {
        BASE64URL_NOPAD.encode(&self.digest(call.request_id, what))
    }

    /// Returns whether a token of a metadata service is good.
    pub(super) fn is_metadata_token(&self, token: &str, now: Timestamp) -> bool {
        self.book.metadata_tokens.get(token).is_some_and(|ends| now < *ends)
    }

    fn word(&self, text: &str, what: &str, length: usize) -> String {
        HEXUPPER.encode(&self.digest(text, what)).chars().take(length).collect()
    }

    fn digest(&self, text: &str, what: &str) -> [u8; 32] {
        Sha256::digest(format!("{}/issued/{text}/{what}", self.seed)).into()
    }

    /// Returns what really happened up to now.
    pub(in crate::simulator) fn ledger(&self, now: Moment) -> CredentialLedger {
        let issued = |issued: &Issued| IssuedCredentials {
            key: Arc::clone(&issued.id),
            op: issued.operation.name(),
            account_id: Arc::clone(&issued.holder.account),
            identity: issued.holder.resource_name(),
            by: issued.by.clone(),
            issued_at: issued.issued_at,
            expires_at: issued.expires_at,
            uses: issued.uses,
            late_uses: issued.late_uses,
            refused: issued.refused,
            revoked: issued.is_revoked,
        };
        CredentialLedger {
            calls: self.calls.count.clone(),
            most_at_once: self.calls.most_at_once.clone(),
            log: self.calls.log.clone(),
            issued: self.book.iter().map(issued).collect(),
            keys: self.keys.values().cloned().collect(),
            locked: self.locks.locked(now.instant),
            stops: self.stops.0.clone(),
        }
    }
}

/// Everything that opens at a moment.
pub(in crate::simulator) struct Ring<'a> {
    /// What issued it.
    pub(in crate::simulator) issuer: &'a Issuer,
    /// The moment.
    pub(in crate::simulator) now: Timestamp,
}

impl Ring<'_> {
    /// Finds what was issued; `None` if it opens nothing any more.
    fn issued(&self, claim: Claim<'_>) -> Option<(&Issued, bool)> {
        let issued = self.issuer.book.find(claim)?;
        let is_expired = self.now >= issued.expires_at;
        let is_gone = is_expired && self.issuer.world.expired == Expired::Unknown;
        let is_refused = issued.fate == Fate::Refused(issued.uses + 1);
        (!issued.is_revoked && !is_gone && !is_refused).then_some((issued, is_expired))
    }
}

impl keyring::Keys for Ring<'_> {
    fn find(&self, cloud: Cloud, id: &str) -> Option<Known> {
        let Issuer { world, keyring, revoked, .. } = self.issuer;
        if revoked.contains(id) {
            return None;
        }
        if let Some((issued, is_expired)) = self.issued(Claim::Key(cloud, id))
            && let Some(keys) = issued.keys()
        {
            return Some(Known {
                account: world.number(&issued.holder.account),
                secret: keys.secret.into(),
                security_token: Some(keys.security_token.into()),
                is_expired,
            });
        }
        match world.users.get(id).filter(|user| Cloud::from(user.cloud) == cloud) {
            Some(user) => Some(Known {
                account: world.number(&user.account),
                secret: user.secret.as_str().into(),
                security_token: None,
                is_expired: false,
            }),
            None => keyring.find(cloud, id),
        }
    }

    fn find_token(&self, token: &str) -> Option<KnownToken> {
        match self.issued(Claim::Token(token)) {
            Some((issued, is_expired)) => {
                let account = self.issuer.world.number(&issued.holder.account);
                Some(KnownToken { account, project: issued.project(), is_expired })
            }
            None => self.issuer.keyring.find_token(token),
        }
    }
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
