//! Which source an account has, worked out without a network and without starting a program.
//!
//! `resolve` takes the form of the plan. The default chains are in `alibaba` and `huawei`; `config`, `sdk_ini`,
//! `huawei_ini` and `koocli` read the profiles of the vendors' tools, over `file`, `fields` and `ini`. `keys` reads keys in
//! JSON, wherever they come from.

mod alibaba;
mod chain;
mod config;
mod config_mode;
mod fields;
mod file;
mod foreign;
mod found;
mod huawei;
mod huawei_ini;
mod ini;
mod ini_file;
mod key_id;
mod keys;
mod koocli;
mod machine;
mod nothing;
mod profile;
mod resolution;
mod resolve;
mod sdk_ini;
mod shown;
mod unused;
mod variables;

#[cfg(test)]
mod tests;

pub(super) use file::{keys_of_file, secret_of_file};
pub(super) use key_id::shown_key_id;
pub(super) use keys::keys_json;
pub(super) use nothing::nothing_found;
pub(super) use resolution::{Reads, Resolution};
pub(super) use resolve::resolve;
pub(super) use variables::{default_keys, named_keys, not_set};
