//! Whatever the address, whatever the text.

use proptest::prelude::*;

use super::*;

/// Any IPv4 address, and those close to the edges of special ranges more often than by chance.
fn any_v4() -> impl Strategy<Value = Ipv4Addr> {
    let special = prop::sample::select(vec![
        0u32,
        0x0a00_0000,
        0x6440_0000,
        0x7f00_0000,
        0xa9fe_0000,
        0xac10_0000,
        0xc000_0000,
        0xc000_0200,
        0xc058_6300,
        0xc0a8_0000,
        0xc612_0000,
        0xc633_6400,
        0xcb00_7100,
        0xe000_0000,
    ]);
    let near = (special, 0u32..33, 0u32..5).prop_map(|(net, bit, by)| {
        (net ^ 1u32.checked_shl(bit).unwrap_or(0)).wrapping_add(by).wrapping_sub(2)
    });
    prop_oneof![any::<u32>(), near].prop_map(Ipv4Addr::from_bits)
}

/// A second opinion, from the predicates of the standard library.
fn std_says_special(v4: Ipv4Addr) -> bool {
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_unspecified()
        || v4.octets()[0] >= 240
        || v4.octets()[0] == 0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_the_standard_library_calls_special_is_refused(v4 in any_v4()) {
        let policy = TargetPolicy::default();
        if std_says_special(v4) {
            prop_assert!(policy.check_address(v4.into(), 443).is_err());
        }
    }

    #[test]
    fn no_wrapping_reaches_what_the_address_itself_may_not(v4 in any_v4()) {
        let policy = TargetPolicy::default();
        let bits = u128::from(v4.to_bits());
        let nat64 = 0x0064_ff9b_u128 << 96;
        let wrapped = [
            bits,
            0xffff_u128 << 32 | bits,
            0xffff_u128 << 48 | bits,
            nat64 | bits,
            nat64 | 1 << 80 | bits,
            0x2002_u128 << 112 | bits << 80,
            0x2001_u128 << 112 | bits << 64,
            0x2001_u128 << 112 | (bits ^ 0xffff_ffff),
        ];
        let itself = policy.check_address(v4.into(), 443);
        for bits in wrapped {
            let v6 = Ipv6Addr::from_bits(bits);
            let through = policy.check_address(v6.into(), 443);
            prop_assert!(itself.is_ok() || through.is_err(), "{} {}", v4, v6);
        }
    }

    #[test]
    fn an_address_as_host_is_judged_alike_in_every_spelling(v4 in any_v4()) {
        let policy = TargetPolicy::default();
        let direct = policy.check_address(v4.into(), 443).map_err(UrlError::from);
        let [a, b, c, d] = v4.octets();
        let rest = u32::from_be_bytes([0, b, c, d]);
        for host in [
            v4.to_string(),
            v4.to_bits().to_string(),
            format!("0x{:x}", v4.to_bits()),
            format!("0{:o}", v4.to_bits()),
            format!("0x{a:x}.{rest}"),
            format!("0{a:o}.0{b:o}.0x{c:x}.{d}."),
            format!("[::ffff:{v4}]"),
        ] {
            let answer = policy.check_url(&format!("https://{host}/"));
            prop_assert_eq!(answer.map(|_| ()), direct, "{}", host);
        }
    }

    #[test]
    fn only_global_unicast_and_nat64_are_allowed_in_ipv6(bits: u128, keep in 0u32..128) {
        // Many leading zeros or few: both ends of the address space.
        let v6 = Ipv6Addr::from_bits(bits >> keep);
        if TargetPolicy::default().check_address(v6.into(), 443).is_ok() {
            let first = v6.segments()[0];
            let global = (0x2000..0x4000).contains(&first);
            prop_assert!(global || first == 0x64 || v6.to_ipv4_mapped().is_some(), "{}", v6);
        }
    }

    #[test]
    fn no_text_makes_the_check_fail_and_what_passes_passes_again(text in "(https?://)?.{0,40}") {
        let policy = TargetPolicy { allow_http: true, ..TargetPolicy::default() };
        if let Ok(url) = policy.check_url(&text) {
            prop_assert_eq!(policy.check_url(url.as_str()), Ok(url));
        }
    }
}
