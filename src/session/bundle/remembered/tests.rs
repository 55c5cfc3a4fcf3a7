use std::time::Duration;

use super::*;

/// What a vendor issues, and what it says when it is asked whose that is.
#[derive(Clone, Default)]
struct Vendor(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    key: &'static str,
    lifetime: Option<u64>,
    /// Whether neither the source of keys nor the vendor can be asked.
    is_away: (bool, bool),
    /// Whether the vendor refuses the keys.
    refuses: bool,
    /// How often the vendor was asked whose a key is, and for a project.
    asked: (u32, u32),
}

impl Vendor {
    fn set(&self, with: impl FnOnce(&mut State)) {
        with(&mut self.0.lock().unwrap());
    }

    fn asked(&self) -> (u32, u32) {
        self.0.lock().unwrap().asked
    }
}

fn away(account: &Account) -> CredentialError {
    CredentialError::new(account.base_name(), SourceError::new(Nature::Passing, "away", ""))
}

impl CredentialProvider for Vendor {
    fn credentials<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Credentials, CredentialError>> {
        async { Ok(self.issue(account).await?.credentials) }.boxed()
    }

    fn issue<'a>(&'a self, account: &'a Account) -> BoxFuture<'a, Result<Issued, CredentialError>> {
        let state = self.0.lock().unwrap();
        let key = Credentials::AccessKey { id: state.key.to_owned(), secret: "hush".into(), security_token: None };
        let expires_at = state.lifetime.map(|lifetime| SystemClock.now() + Duration::from_secs(lifetime));
        let issued = Issued { expires_at, ..Issued::new(key) };
        let result = if state.is_away.0 { Err(away(account)) } else { Ok(issued) };
        async { result }.boxed()
    }

    fn identify<'a>(
        &'a self,
        account: &'a Account,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Identity>, CredentialError>> {
        let mut state = self.0.lock().unwrap();
        state.asked.0 += 1;
        let Credentials::AccessKey { id, .. } = credentials else { panic!() };
        let identity = Identity { told_at: Some(SystemClock.now()), ..Identity::new(format!("of {id}"), "user") };
        let refused = || SourceError::new(Nature::Refused, "no such key", "");
        let result = match (state.is_away.1, state.refuses) {
            (true, _) => Err(away(account)),
            (false, true) => Err(CredentialError::new(account.base_name(), refused())),
            (false, false) => Ok(Some(identity)),
        };
        async {
            tokio::task::yield_now().await;
            result
        }
        .boxed()
    }

    fn project<'a>(
        &'a self,
        account: &'a Account,
        _issued: &'a Issued,
    ) -> BoxFuture<'a, Result<Option<String>, CredentialError>> {
        self.0.lock().unwrap().asked.1 += 1;
        let project = format!("project in {}", account.region);
        async { Ok(Some(project)) }.boxed()
    }
}

fn account() -> Account {
    Account::in_region(Cloud::Huawei, "cn-north-4".to_owned())
}

/// Signs in as a part of a run does; returns whose the keys are.
async fn sign_in(remembered: &Arc<Remembered>, vendor: &Vendor) -> Result<Option<String>, CredentialError> {
    let (provider, account) = (remembered.before(Arc::new(vendor.clone())), account());
    let mut issued = provider.issue(&account).await?;
    if issued.identity.is_none() {
        issued.identity = provider.identify(&account, &issued.credentials).await?;
    }
    provider.project(&account, &issued).await?;
    Ok(issued.identity.map(|identity| identity.account_id))
}

#[tokio::test]
async fn nobody_is_asked_again_whose_the_same_key_is_and_for_a_changed_one_the_vendor_is() {
    let (remembered, vendor) = (Arc::default(), Vendor::default());
    vendor.set(|state| state.key = "a");
    assert_eq!(sign_in(&remembered, &vendor).await.unwrap().as_deref(), Some("of a"));
    vendor.set(|state| state.is_away.1 = true);
    assert_eq!(sign_in(&remembered, &vendor).await.unwrap().as_deref(), Some("of a"));
    assert_eq!(vendor.asked(), (1, 1));
    vendor.set(|state| state.key = "b");
    assert_eq!(sign_in(&remembered, &vendor).await.unwrap_err().nature(), Nature::Passing);
    vendor.set(|state| state.is_away.1 = false);
    assert_eq!(sign_in(&remembered, &vendor).await.unwrap().as_deref(), Some("of b"));
    assert_eq!(vendor.asked(), (3, 2));
}

#[tokio::test]
async fn keys_that_serve_longer_are_used_where_newer_ones_cannot_be_had_now() {
    let (remembered, vendor) = (Arc::<Remembered>::default(), Vendor::default());
    vendor.set(|state| (state.key, state.lifetime) = ("a", Some(3600)));
    let first = remembered.before(Arc::new(vendor.clone()));
    first.issue(&account()).await.unwrap();
    vendor.set(|state| state.is_away.0 = true);
    assert!(first.issue(&account()).await.is_err(), "whoever renews keys has these");
    assert!(sign_in(&remembered, &vendor).await.is_ok());
    vendor.set(|state| (state.key, state.lifetime, state.is_away.0) = ("b", Some(0), false));
    sign_in(&remembered, &vendor).await.unwrap();
    vendor.set(|state| state.is_away.0 = true);
    assert!(sign_in(&remembered, &vendor).await.is_err(), "they have expired");
}

#[tokio::test]
async fn parts_that_begin_together_ask_once_whether_or_not_the_keys_are_refused() {
    for refuses in [false, true] {
        let (vendor, remembered) = (Vendor::default(), Arc::new(Remembered::default()));
        vendor.set(|state| (state.key, state.refuses) = ("first", refuses));
        let signed_in = futures::future::join_all((0..10).map(|_| sign_in(&remembered, &vendor))).await;
        assert!(signed_in.iter().all(|identity| identity.is_err() == refuses), "{signed_in:?}");
        assert_eq!(vendor.asked().0, 1);
    }
    // Other keys are asked for.
    let (vendor, remembered) = (Vendor::default(), Arc::new(Remembered::default()));
    vendor.set(|state| (state.key, state.refuses) = ("first", true));
    assert!(sign_in(&remembered, &vendor).await.is_err());
    vendor.set(|state| (state.key, state.refuses) = ("second", false));
    assert!(sign_in(&remembered, &vendor).await.is_ok());
}
