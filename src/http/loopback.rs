//! Hosts that are this machine, or directly beside it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The metadata service of Alibaba Cloud, which is link-local in all but its number.
const METADATA: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);

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

/// Returns whether a URL's host can be reached over no network but the machine's own: a loopback or a link-local address,
/// or a metadata service. What goes there may go over plain `http`.
pub(crate) fn is_adjacent(host: &str) -> bool {
    is_loopback(host)
        || match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_unicast_link_local()),
            None => host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_link_local() || address == METADATA),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_hosts_are_loopback_link_local_and_metadata() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "169.254.169.254", "[fe80::1]", "100.100.100.200"]
        {
            assert!(is_adjacent(host), "{host}");
        }
        for host in ["100.100.100.201", "10.0.0.1", "[fec0::1]", "localhost.example.com", "169.254.169.254.nip.io", ""]
        {
            assert!(!is_adjacent(host), "{host}");
        }
        assert!(!is_loopback("169.254.169.254"));
    }
}
