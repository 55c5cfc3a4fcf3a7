//! Credentials: the built binary against a simulator that issues them.
//!
//! These are the rows of what must hold, with where each is a test; `lib` is what stands beside the code.
//!
//! | row | what must hold | test |
//! |---|---|---|
//! | 1 | requests are those of the SDKs | `captures`; lib `credentials::alibaba`, `credentials::huawei`, `credentials::uri` |
//! | 2 | modes, types of ini files, variables, forms; their order | `profiles::row_2_…`, `chain::row_2_…`; lib `credentials::offline` |
//! | 3 | keys are renewed before they end | `renewal::row_3_…`; lib `engine::keyring` |
//! | 4 | keys that are revoked in mid-run | `renewal::row_4_…` |
//! | 5 | a source that fails for a moment | `renewal::row_5_…`; `faults::row_12_a_renewal_…` |
//! | 6 | a source that fails for ever | `renewal::row_6_…`; lib `engine::tests::sign_in` |
//! | 7 | pins, accounts that are denied, runs that go on | `pins` |
//! | 8 | a wrong secret locks no key | `sharing::row_8_…` |
//! | 9 | a token file changes | `renewal::row_9_…` |
//! | 10, 11 | metadata services, dead proxies | `metadata::row_10_…`, `row_11_…`; lib `credentials::guess`, `credentials::client` |
//! | 12 | answers without credentials | `faults`; `processes::row_12_…` |
//! | 13 | no output has a secret | `secrets`; `check::row_18_…`; `echo` |
//! | 14 | a wrong clock | `renewal::row_14_…`; lib `engine::keyring::lease` |
//! | 15 | what accounts share | `sharing::row_15_…` |
//! | 16 | signals in a pause and while a program hangs | `processes::row_16_…` |
//! | 17 | projects | `projects::row_17_…` |
//! | 18 | `check` touches nothing | `check::row_18_…` |
//! | | `accounts` | `accounts` |
//! | | storms with renewals | `storms` |

mod accounts;
mod case;
mod chain;
mod check;
mod faults;
mod ground;
mod metadata;
mod pins;
#[cfg(unix)]
mod processes;
mod profiles;
mod projects;
mod renewal;
mod secrets;
mod sharing;
#[cfg(unix)]
mod storms;
