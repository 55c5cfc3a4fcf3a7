//! What a storm does to credentials.

use std::time::Duration;

use super::super::super::config::Config;
use super::super::super::fault::Faults;
use super::super::super::response::Ending;
use super::super::client::{Client, quiet};
use super::super::signer::Key;
use super::*;

/// Assumes a role so often, and uses each key so often; returns the responses and the ledger.
fn play(
    faults: Faults,
    seed: u64,
    calls: usize,
    uses: usize,
) -> (Vec<bool>, CredentialLedger, Vec<(&'static str, u64)>) {
    let mut client = Client::new(&Config { faults, seed, ..quiet() }, []);
    client.set(&world());
    let role = [("RoleArn", &*stopper()), ("RoleSessionName", "s1")];
    let mut good = Vec::new();
    for _ in 0..calls {
        client.wait(Duration::from_secs(1));
        let answer = client.sts(&ops(), "AssumeRole", &role);
        let is_good = answer.status == 200 && answer.ending == Ending::Whole && answer.content_type != "text/html";
        good.push(is_good);
        if is_good {
            let key = Key::issued(&json(&answer)["Credentials"], ALI_KEYS);
            for _ in 0..uses {
                client.sts(&key, "GetCallerIdentity", &[]);
            }
        }
    }
    let faults = client.ledger().requests.faults.into_iter().collect();
    (good, client.credentials(), faults)
}

#[test]
fn a_storm_is_drawn_from_the_seed() {
    let draw = |seed| {
        let (good, ledger, _) = play(Faults::Storm, seed, 100, 30);
        let keys: Vec<_> = ledger.issued.iter().map(|one| (one.key.clone(), one.expires_at, one.refused)).collect();
        (good, keys)
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1).0, draw(2).0);
}

#[test]
fn a_storm_ends_keys_early_and_lets_calls_fail_twice_at_most() {
    let (good, ledger, faults) = play(Faults::Storm, 3, 400, 30);
    assert!(good.windows(3).all(|three| three.contains(&true)));
    let failed = good.iter().filter(|good| !**good).count();
    assert!((60..160).contains(&failed), "{failed}");
    let lifetimes: Vec<_> =
        ledger.issued.iter().map(|one| one.expires_at.as_second() - one.issued_at.as_second()).collect();
    assert!(
        lifetimes.iter().all(|seconds| (4..=10).contains(seconds)) && lifetimes.contains(&4) && lifetimes.contains(&10)
    );
    let revoked = ledger.issued.iter().filter(|one| one.revoked).count();
    let refused = ledger.issued.iter().filter(|one| !one.revoked && one.refused == 1).count();
    assert!(revoked > 15 && refused > 15, "{revoked} and {refused}");
    assert!(ledger.issued.windows(2).all(|two| two.iter().any(|one| one.refused == 0)), "never two in a row");
    let names: Vec<_> = faults.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["credentials", "expire_keys", "refuse_keys", "revoke_keys"]);
    let count = |name| faults.iter().find(|(fault, _)| *fault == name).unwrap().1;
    assert_eq!(
        (count("credentials"), count("revoke_keys"), count("refuse_keys")),
        (failed as u64, revoked as u64, refused as u64)
    );
}

#[test]
fn without_faults_nothing_happens_to_credentials() {
    let (good, ledger, faults) = play(Faults::None, 3, 100, 30);
    assert!(good.iter().all(|good| *good) && faults.is_empty());
    assert!(ledger.issued.iter().all(|one| one.refused == 0 && !one.revoked && one.uses == 30));
    let (good, ledger, _) = play(Faults::Some, 3, 300, 30);
    let failed = good.iter().filter(|good| !**good).count();
    assert!((10..60).contains(&failed), "{failed}");
    assert!(ledger.issued.iter().any(|one| one.refused > 0), "some keys end early");
}
