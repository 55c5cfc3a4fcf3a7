//! Hosts that are this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Returns whether a URL's host is this machine: `localhost`, or a loopback address, of IPv6 in brackets.
pub(crate) fn is_loopback(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}
