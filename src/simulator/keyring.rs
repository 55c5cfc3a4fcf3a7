//! The credentials that a simulator accepts: derived from its seed, one set for every account.

use data_encoding::{BASE64, HEXLOWER};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::provider::{Cloud, Credentials};

/// The names of the permanent and the temporary access keys of a cloud, before the account's number.
const fn prefixes(cloud: Cloud) -> (&'static str, &'static str) {
    match cloud {
        Cloud::Alibaba => ("LTAI5tSimulator", "STS.NSimulator"),
        Cloud::Huawei => ("HPUASIMULATOR", "HSTASIMULATOR"),
    }
}

/// Makes and knows credentials.
#[derive(Debug, Clone, Default)]
pub(super) struct Keyring {
    seed: u64,
    further: Vec<Credentials>,
}

/// Knows credentials.
pub(super) trait Keys {
    /// Finds whom an access key of a cloud belongs to.
    fn find(&self, cloud: Cloud, id: &str) -> Option<Known>;

    /// Finds whom an `X-Auth-Token` belongs to.
    fn find_token(&self, token: &str) -> Option<KnownToken>;
}

/// Whom a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownToken {
    /// The number of the account.
    pub(super) account: u16,
    /// The only project that it is for.
    pub(super) project: Option<String>,
    /// Whether its time is over.
    pub(super) is_expired: bool,
}

/// Who may call: an account, and what its requests must be signed with.
pub(super) struct Known {
    /// The number of the account.
    pub(super) account: u16,
    /// The access key secret.
    pub(super) secret: SecretString,
    /// The security token that must accompany a temporary key.
    pub(super) security_token: Option<SecretString>,
    /// Whether its time is over.
    pub(super) is_expired: bool,
}

impl Keyring {
    /// Builds the ring of a seed; `further` keys belong to account 0.
    pub(super) const fn new(seed: u64, further: Vec<Credentials>) -> Self {
        Self { seed, further }
    }

    /// Returns an account's permanent access key.
    pub(super) fn permanent(&self, cloud: Cloud, account: u16) -> Credentials {
        self.key(format!("{}{account:05}", prefixes(cloud).0), false)
    }

    /// Returns an account's temporary access key, which has a security token.
    pub(super) fn temporary(&self, cloud: Cloud, account: u16) -> Credentials {
        self.key(format!("{}{account:05}", prefixes(cloud).1), true)
    }

    /// Returns an account's `X-Auth-Token`.
    pub(super) fn auth_token(&self, account: u16) -> Credentials {
        Credentials::AuthToken(
            format!("MIISIMULATOR{account:05}{}", BASE64.encode(&self.digest("token", account))).into(),
        )
    }

    fn key(&self, id: String, temporary: bool) -> Credentials {
        let secret = HEXLOWER.encode(&self.digest(&id, 0)).chars().take(30).collect::<String>();
        // A real token has characters that must be encoded; one without would hide mistakes.
        let token = temporary.then(|| format!("CAIS/{}+/==", BASE64.encode(&self.digest(&id, 1))).into());
        Credentials::AccessKey { id, secret: secret.into(), security_token: token }
    }

    fn digest(&self, of: &str, number: u16) -> [u8; 32] {
        Sha256::digest(format!("{}/{of}/{number}", self.seed)).into()
    }
}

impl Keys for Keyring {
    fn find(&self, cloud: Cloud, id: &str) -> Option<Known> {
        let (permanent, temporary) = prefixes(cloud);
        let own = if let Some(account) = id.strip_prefix(permanent).and_then(number) {
            Some((account, self.permanent(cloud, account)))
        } else {
            id.strip_prefix(temporary).and_then(number).map(|account| (account, self.temporary(cloud, account)))
        };
        let further = || self.further.iter().map(|key| (0, key.clone()));
        own.into_iter().chain(further()).find_map(|(account, key)| match key {
            Credentials::AccessKey { id: known, secret, security_token } if known == id => {
                Some(Known { account, secret, security_token, is_expired: false })
            }
            Credentials::AccessKey { .. } | Credentials::AuthToken(_) => None,
        })
    }

    fn find_token(&self, token: &str) -> Option<KnownToken> {
        let account = token.strip_prefix("MIISIMULATOR").and_then(|rest| rest.get(..5)).and_then(number);
        let own = account.map(|account| (account, self.auth_token(account)));
        let further = self.further.iter().map(|key| (0, key.clone()));
        own.into_iter().chain(further).find_map(|(account, key)| match key {
            Credentials::AuthToken(known) if known.expose_secret() == token => {
                Some(KnownToken { account, project: None, is_expired: false })
            }
            Credentials::AuthToken(_) | Credentials::AccessKey { .. } => None,
        })
    }
}

/// Reads an account's number, written as exactly five digits.
fn number(text: &str) -> Option<u16> {
    (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(key: &Credentials) -> &str {
        match key {
            Credentials::AccessKey { id, .. } => id,
            Credentials::AuthToken(_) => panic!("not a key"),
        }
    }

    #[test]
    fn every_key_finds_its_account_again() {
        let ring = Keyring::new(7, Vec::new());
        for account in [0, 1, 65_535] {
            for cloud in Cloud::ALL {
                for key in [ring.permanent(cloud, account), ring.temporary(cloud, account)] {
                    assert_eq!(ring.find(cloud, id(&key)).map(|known| known.account), Some(account));
                }
            }
            let Credentials::AuthToken(token) = ring.auth_token(account) else { panic!("not a token") };
            assert_eq!(
                ring.find_token(token.expose_secret()),
                Some(KnownToken { account, project: None, is_expired: false })
            );
            assert_eq!(Keyring::new(8, Vec::new()).find_token(token.expose_secret()), None);
        }
    }

    #[test]
    fn strange_keys_are_unknown() {
        let ring = Keyring::new(7, Vec::new());
        for strange in ["", "LTAI5tSimulator", "LTAI5tSimulator0", "LTAI5tSimulator+0001", "HPUASIMULATOR00000"] {
            assert!(ring.find(Cloud::Alibaba, strange).is_none(), "{strange}");
        }
        assert_eq!(ring.find_token("MIISIMULATOR中"), None);
    }
}
