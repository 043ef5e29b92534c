use super::*;

/// First, last and inner addresses of every special range; the same wrapped in IPv6 (mapped,
/// compatible, translated, NAT64, 6to4, Teredo, ISATAP); special ranges of IPv6 itself.
const REFUSED: &str = "
    0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.100.100.200
    100.127.255.255 127.0.0.0 127.0.0.1 127.255.255.255 169.254.0.0 169.254.169.254
    169.254.170.2 169.254.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255
    168.63.129.16 192.0.0.0 192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.255 192.31.196.1
    192.52.193.1 192.88.99.1 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0
    203.0.113.255 224.0.0.0 224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255
    ::ffff:0.0.0.0 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1
    ::ffff:100.64.0.1 ::ffff:224.0.0.1 ::10.0.0.1 ::127.0.0.1 ::169.254.169.254 ::8.8.8.8
    ::ffff:0:127.0.0.1 ::ffff:0:8.8.8.8 64:ff9b::10.0.0.1 64:ff9b::127.0.0.1
    64:ff9b::169.254.169.254 64:ff9b::192.168.0.1 64:ff9b::0.0.0.0 64:ff9b::255.255.255.255
    64:ff9b:1:: 64:ff9b:1::10.0.0.1 64:ff9b:1:a9fe:a9:fe00:: 64:ff9b:1::8.8.8.8
    64:ff9b:1:ffff:ffff:ffff:ffff:ffff 64:ff9b::1:808:808 64:ff9b:2::808:808 2002:: 2002:a00:1::
    2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 2001:: 2001:0:7f00:1:: 2001::5601:5601
    2001:0:808:808::f7f7:f7f7 2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:127.0.0.1
    2606:4700:1:2:0:5efe:a9fe:a9fe 2606:4700:1:2:200:5efe:808:808 fe80::5efe:8.8.8.8 ::5efe:10.0.0.1
    ::200:5efe:10.0.0.1 64:ff9b:0:0:0:5efe:808:808
    :: ::1 ::2 100:: 100::1 100:0:0:1::1 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::
    2001:db8:: 2001:db8::1 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2620:4f:8000::1 3fff::1
    3fff:fff:ffff::1 5f00::1 4000::1 1fff:ffff::1 fc00:: fd00::1 fd00:ec2::254 fd20:ce::254
    fdff:ffff::1 fe80:: fe80::1 febf::1 fec0::1 feff::1 ff00:: ff02::1 ff0e::1
    ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
";

/// The neighbours of what is refused, and some of the internet's own.
const ALLOWED: &str = "
    1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255
    128.0.0.0 168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0
    191.255.255.255 192.0.1.0 192.0.3.0 192.31.195.255 192.52.194.0 192.88.98.255 192.88.100.0
    192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0
    203.0.112.255 203.0.114.0 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::101:101
    2000::1 2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2001:db9::1 2003::1
    2606:4700:4700::1111 2620:4f:7fff::1 2620:4f:8001::1 2606:4700::5eff:a00:1 2606:4700::100:5efe:a00:1
    2606:4700::5efe:a00:1:1 2a00:1450::1 3ffe:ffff::1 3fff:1000::1
";

#[test]
fn every_address_that_is_not_the_whole_internets_is_refused() {
    let policy = TargetPolicy::default();
    for text in REFUSED.split_whitespace() {
        let answer = policy.check_address(ip(text), 443);
        assert_eq!(answer, Err(AddressError::TargetNotAllowed), "{text}");
    }
    assert!(REFUSED.split_whitespace().count() >= 100);
}

#[test]
fn every_other_address_is_allowed_up_to_the_edges_of_what_is_refused() {
    let policy = TargetPolicy::default();
    for text in ALLOWED.split_whitespace() {
        assert_eq!(policy.check_address(ip(text), 443), Ok(()), "{text}");
        let port = policy.check_address(ip(text), 22);
        assert_eq!(port, Err(AddressError::PortNotAllowed), "{text}");
    }
}

#[test]
fn denied_is_stronger_than_allowed_and_allowed_than_the_built_in_rules() {
    let policy = TargetPolicy {
        allow: nets(&["10.0.0.0/8", "fd00::/8", "::1/128"]),
        deny: nets(&["10.0.5.0/24", "8.8.8.0/24", "2606:4700::/32"]),
        ..TargetPolicy::default()
    };
    let check = |text: &str, port, expected| {
        assert_eq!(policy.check_address(ip(text), port), expected, "{text}");
    };
    let refused = Err(AddressError::TargetNotAllowed);
    check("10.0.0.1", 443, Ok(()));
    check("10.0.0.1", 5_000, Ok(()));
    check("::ffff:10.0.0.1", 5_000, Ok(()));
    check("fd00::1", 5_000, Ok(()));
    check("::1", 9, Ok(()));
    check("10.0.5.1", 443, refused);
    check("::ffff:10.0.5.1", 443, refused);
    check("127.0.0.1", 443, refused);
    check("8.8.8.8", 443, refused);
    check("::ffff:8.8.8.8", 443, refused);
    check("64:ff9b::8.8.8.8", 443, refused);
    check("2606:4700::1", 443, refused);
    check("8.8.4.4", 443, Ok(()));
    check("8.8.4.4", 5_000, Err(AddressError::PortNotAllowed));
    // What is allowed as IPv4 is not thereby allowed through a translator.
    check("64:ff9b::10.0.0.1", 443, refused);
}

#[test]
fn a_denied_range_is_denied_in_every_wrapping() {
    let policy = TargetPolicy {
        allow: nets(&["::/0", "0.0.0.0/0"]),
        deny: nets(&["9.9.9.9/32"]),
        ..TargetPolicy::default()
    };
    for text in [
        "9.9.9.9",
        "::ffff:9.9.9.9",
        "::9.9.9.9",
        "64:ff9b::9.9.9.9",
        "64:ff9b:1:909:9:900::",
        "64:ff9b:1::9.9.9.9",
        "2002:909:909::1",
        "2001:0:909:909::",
        "2001::f6f6:f6f6",
        "2606:4700::5efe:9.9.9.9",
        "2606:4700::200:5efe:9.9.9.9",
        "2002:1:1:0:0:5efe:909:909",
    ] {
        assert_eq!(
            policy.check_address(ip(text), 1),
            Err(AddressError::TargetNotAllowed),
            "{text}"
        );
    }
    let mapped = TargetPolicy { deny: nets(&["::ffff:9.9.9.0/120"]), ..TargetPolicy::default() };
    assert!(mapped.check_address(ip("9.9.9.9"), 443).is_err());
    assert!(mapped.check_address(ip("::ffff:9.9.9.9"), 443).is_err());
    let without_v6 = TargetPolicy { deny: nets(&["::/0"]), ..TargetPolicy::default() };
    assert!(without_v6.check_address(ip("2606:4700::1"), 443).is_err());
    assert!(without_v6.check_address(ip("8.8.8.8"), 443).is_ok());
    let mapped = TargetPolicy { allow: nets(&["::ffff:10.0.0.0/104"]), ..TargetPolicy::default() };
    assert!(mapped.check_address(ip("10.9.9.9"), 443).is_ok());
}
