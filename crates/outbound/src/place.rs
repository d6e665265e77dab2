//! Which addresses of the internet are places that a server may be sent to by a stranger.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Ports of web servers. Others are called only in networks that the owner allowed.
const PORTS: [u16; 6] = [80, 443, 8000, 8080, 8443, 8888];

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// IPv4 that is not the open internet: the special-purpose registry of IANA, and multicast.
const INSIDE_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // a cloud's metadata
    v4(169, 254, 0, 0, 16),   // link-local, metadata of most clouds
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // 6to4 relays
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, broadcast
];
/// IPv6 of the open internet is this…
const OPEN_V6: Ipv6Net = v6(0x2000, 0, 3);
/// …without these.
const INSIDE_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),      // protocol assignments, Teredo and ORCHID among them
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0, 16),      // 6to4: an IPv4 address in disguise
    v6(0x3fff, 0, 20),      // documentation
];
/// Translated IPv4 (RFC 6052).
const NAT64: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Where clouds tell a machine its secrets. An allowed network does not open them unless it names
/// the very address.
const METADATA: [IpAddr; 6] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Whether web servers listen there.
pub(crate) fn is_web_port(port: u16) -> bool {
    PORTS.contains(&port)
}

/// Whether `address` is in a network that the owner allowed.
pub(crate) fn is_allowed(address: IpAddr, allow: &[IpNet]) -> bool {
    let address = plain(address);
    if address.is_multicast() || address.is_unspecified() || address == IpAddr::V4(Ipv4Addr::BROADCAST) {
        return false;
    }
    let secret = METADATA.contains(&address);
    allow.iter().any(|net| net.contains(&address) && (!secret || net.prefix_len() == net.max_prefix_len()))
}

/// Whether `address` is one of the open internet.
pub(crate) fn is_open(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => !INSIDE_V4.iter().any(|net| net.contains(&v4)),
        IpAddr::V6(v6) => OPEN_V6.contains(&v6) && !INSIDE_V6.iter().any(|net| net.contains(&v6)),
    }
}

/// An IPv4 address that is written as an IPv6 one and reaches the same place, as what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if NAT64.contains(&v6) => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> bool {
        is_open(text.parse().unwrap())
    }

    #[test]
    fn the_internet_is_open() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2606:4700:4700::1111",
            "2400:3200::1",
        ] {
            assert!(open(address), "{address}");
        }
    }

    #[test]
    fn what_is_not_the_internet_is_closed() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::10.0.0.1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!open(address), "{address}");
        }
    }

    #[test]
    fn an_owner_opens_networks_and_never_secrets_by_the_way() {
        let nets = |text: &[&str]| text.iter().map(|n| n.parse().unwrap()).collect::<Vec<IpNet>>();
        let allowed = |address: &str, list: &[&str]| is_allowed(address.parse().unwrap(), &nets(list));
        assert!(allowed("10.1.2.3", &["10.0.0.0/8"]));
        assert!(allowed("::ffff:10.1.2.3", &["10.0.0.0/8"]));
        assert!(allowed("fd12::1", &["fd12::/16"]));
        assert!(!allowed("10.1.2.3", &["10.2.0.0/16"]));
        assert!(!allowed("169.254.169.254", &["169.254.0.0/16"]));
        assert!(!allowed("100.100.100.200", &["0.0.0.0/0"]));
        assert!(allowed("169.254.169.254", &["169.254.169.254/32"]));
        assert!(!allowed("0.0.0.0", &["0.0.0.0/0"]));
        assert!(!allowed("224.0.0.1", &["0.0.0.0/0"]));
        assert!(!allowed("255.255.255.255", &["0.0.0.0/0"]));
    }
}
