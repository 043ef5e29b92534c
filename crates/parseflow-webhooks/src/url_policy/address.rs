//! Which addresses belong to the whole internet.
//!
//! Built after the special-purpose address registries of IANA (RFC 6890 and its updates), refusing in
//! doubt: nobody receives webhooks at an anycast address of a protocol.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// IPv4 that is not the internet.
const SPECIAL_V4: [(Ipv4Addr, u8); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),        // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),       // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),    // carrier-grade NAT, and Alibaba's metadata
    (Ipv4Addr::new(127, 0, 0, 0), 8),      // loopback
    (Ipv4Addr::new(168, 63, 129, 16), 32), // Azure's metadata
    (Ipv4Addr::new(169, 254, 0, 0), 16),   // link-local, and most clouds' metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),    // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),     // protocol assignments, and Oracle's metadata
    (Ipv4Addr::new(192, 0, 2, 0), 24),     // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24),  // AS112
    (Ipv4Addr::new(192, 52, 193, 0), 24),  // multicast tunnels
    (Ipv4Addr::new(192, 88, 99, 0), 24),   // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),   // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),    // benchmarking
    (Ipv4Addr::new(198, 51, 100, 0), 24),  // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),   // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 3),      // multicast, reserved, broadcast
];

/// The whole of IPv6 that is handed out to be reached: everything else is special or unassigned.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// IPv6 inside [`GLOBAL_V6`] that is not the internet.
const SPECIAL_V6: [(Ipv6Addr, u8); 5] = [
    // Protocol assignments: Teredo (2001::/32), benchmarking, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),     // 6to4: wraps any IPv4, given up
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),     // documentation
];

/// NAT64 with the well-known prefix: how an IPv6-only network reaches the IPv4 internet.
const NAT64: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// NAT64 with the prefix for local use.
const NAT64_LOCAL: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48);

/// Whether the address is reachable from the whole internet.
///
/// Behind a wrapped IPv4 the wrapped one decides where wrapping is alive (mapped; NAT64 with the
/// well-known prefix); where it is not (compatible, 6to4, Teredo, ISATAP) or is a local matter (NAT64
/// with the local prefix), the address is refused whatever it wraps.
pub fn is_global(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => !SPECIAL_V4.iter().any(|&(net, bits)| v4_in(v4, net, bits)),
        IpAddr::V6(v6) if v6_in(v6, NAT64) => is_global(last_v4(v6).into()),
        IpAddr::V6(v6) => {
            let is_special = SPECIAL_V6.iter().any(|&net| v6_in(v6, net)) || is_isatap(v6);
            v6_in(v6, GLOBAL_V6) && !is_special
        }
    }
}

/// Whether the second half is that of a tunnel through a site (RFC 5214): `0:5efe` or `200:5efe`, and
/// an IPv4 address.
fn is_isatap(v6: Ipv6Addr) -> bool {
    let [.., flags, protocol, _, _] = v6.segments();
    matches!(flags, 0 | 0x200) && protocol == 0x5efe
}

/// The address, and every IPv4 address that a packet to it could be meant for: a denied range is
/// denied in every wrapping.
pub(super) fn spellings(ip: IpAddr) -> impl Iterator<Item = IpAddr> {
    let wrapped = match ip {
        IpAddr::V4(_) => [None, None],
        IpAddr::V6(v6) => wrapped_v4(v6).map(|v4| v4.map(IpAddr::from)),
    };
    std::iter::once(ip).chain(wrapped.into_iter().flatten())
}

/// The IPv4 addresses inside an IPv6 address.
fn wrapped_v4(v6: Ipv6Addr) -> [Option<Ipv4Addr>; 2] {
    let octets = v6.octets();
    let at = |from: usize| {
        Ipv4Addr::new(octets[from], octets[from + 1], octets[from + 2], octets[from + 3])
    };
    match octets {
        // Compatible, translated (::ffff:0:0:0/96) and mapped end in the address, as does NAT64.
        [0, 0, 0, 0, 0, 0, 0, 0, ..] => [Some(at(12)), None],
        _ if v6_in(v6, NAT64) => [Some(at(12)), None],
        // With a prefix of 48 bits the address is split around an unused octet (RFC 6052); networks
        // that carve a prefix of 96 bits out of it have the address at the end.
        _ if v6_in(v6, NAT64_LOCAL) => {
            let split = Ipv4Addr::new(octets[6], octets[7], octets[9], octets[10]);
            [Some(split), Some(at(12))]
        }
        [0x20, 0x02, ..] => [Some(at(2)), is_isatap(v6).then(|| at(12))],
        // Teredo: the server, and the client with its bits inverted.
        [0x20, 0x01, 0, 0, ..] => [Some(at(4)), Some(Ipv4Addr::from_bits(!at(12).to_bits()))],
        _ => [is_isatap(v6).then(|| at(12)), None],
    }
}

/// A range written as mapped IPv6 (`::ffff:10.0.0.0/104`) as the IPv4 range it is.
pub(super) fn canonical_net(net: IpNet) -> IpNet {
    match (net.addr().to_canonical(), net.prefix_len().checked_sub(96)) {
        (IpAddr::V4(v4), Some(bits)) if net.addr().is_ipv6() => {
            Ipv4Net::new(v4, bits).map_or(net, IpNet::V4)
        }
        _ => net,
    }
}

fn v4_in(ip: Ipv4Addr, net: Ipv4Addr, bits: u8) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (32 - bits) == 0
}

fn v6_in(ip: Ipv6Addr, (net, bits): (Ipv6Addr, u8)) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (128 - bits) == 0
}

fn last_v4(ip: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = ip.octets();
    Ipv4Addr::new(a, b, c, d)
}
