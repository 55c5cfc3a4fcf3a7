//! The cloud: the simulator in this process. It does what it is asked for, and its ledger is the judge.

use std::collections::BTreeMap;

use allstop::plan::Plan;
use allstop::provider::{Cloud as Vendor, Credentials};
use allstop::simulator::{self, Config, Handle, Ledger, Requests};
use secrecy::ExposeSecret;

use super::PATIENCE;

/// A simulator that holds the targets of a plan.
#[derive(Debug)]
pub(crate) struct Cloud {
    handle: Handle,
}

impl Cloud {
    /// Starts a simulator without resources; [`load`](Self::load) adds those of a plan, which has to know the address.
    pub(crate) fn start(config: &Config) -> Self {
        Self { handle: simulator::start(config, []).unwrap() }
    }

    /// Adds the resources of a plan, all of them running.
    pub(crate) fn load(&self, plan: &Plan) {
        self.handle.load(simulator::resources(plan).unwrap());
    }

    /// Returns the address, as a URL without a trailing slash.
    pub(crate) fn endpoint(&self) -> String {
        self.handle.endpoint()
    }

    /// Returns the variables with the access keys of the first `accounts` accounts, see [`variables`]; temporary ones have
    /// tokens.
    pub(crate) fn keys(&self, accounts: u16, are_temporary: bool) -> BTreeMap<String, String> {
        let key = |number| {
            let credentials = match are_temporary {
                true => self.handle.temporary_credentials(Vendor::Alibaba, number),
                false => self.handle.credentials(Vendor::Alibaba, number),
            };
            let Credentials::AccessKey { id, secret, security_token } = credentials else {
                panic!("not an access key")
            };
            let token = security_token.map(|token| token.expose_secret().to_owned());
            let values = [Some(id.to_string()), Some(secret.expose_secret().to_owned()), token];
            variables(number).into_iter().zip(values).filter_map(|(name, value)| Some((name, value?)))
        };
        (0..accounts).flat_map(key).collect()
    }

    /// Returns the variables that keep a program from asking a real cloud whose keys it has, or for others.
    pub(crate) fn instead_of_others(&self) -> BTreeMap<&'static str, String> {
        let issuers = ["ALIBABA_CLOUD_STS_ENDPOINT", "HUAWEICLOUD_SDK_STS_ENDPOINT", "HUAWEICLOUD_SDK_IAM_ENDPOINT"];
        let metadata = ["ALIBABA_CLOUD_ECS_METADATA_SERVICE_ENDPOINT", "ALLSTOP_HUAWEI_METADATA_ENDPOINT"];
        issuers.into_iter().chain(metadata).map(|name| (name, self.endpoint())).collect()
    }

    /// Returns what really happened up to now.
    pub(crate) fn ledger(&self) -> Ledger {
        self.handle.ledger()
    }

    /// Waits until so much has come in.
    #[track_caller]
    pub(crate) fn wait_until(&self, enough: impl Fn(&Requests) -> bool) {
        assert!(self.handle.wait_until(PATIENCE, enough), "the program does not send what it should");
    }

    /// Waits until so many stop requests have come in.
    #[track_caller]
    pub(crate) fn wait_for_stops(&self, stops: u64) {
        self.wait_until(|requests| requests.stops >= stops);
    }

    /// Returns the simulator, for faults and credentials.
    pub(crate) const fn handle(&self) -> &Handle {
        &self.handle
    }
}

/// Returns the names of the variables with the key of an account of a plan, by its number.
pub(crate) fn variables(number: u16) -> [String; 3] {
    ["ID", "SECRET", "TOKEN"].map(|part| format!("KEY_{number}_{part}"))
}
