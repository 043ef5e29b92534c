//! Limits for callers without a key: by the address they call from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::Extensions;
use parseflow_accounts::rate_limit::RateLimiter;
use parseflow_model::Limit;

use crate::error::ApiError;

/// One request of the peer, counted.
pub(crate) struct Taken<'a> {
    rates: &'a RateLimiter,
    caller: String,
    per_minute: Limit,
}

impl Taken<'_> {
    /// The request turned out to be one that does not count.
    pub(crate) fn give_back(self) {
        self.rates.give_back(&self.caller, self.per_minute);
    }
}

/// Counts one request of the peer. Headers such as `X-Forwarded-For` are not looked at: anybody can
/// write them.
pub(crate) fn check(
    rates: &RateLimiter,
    extensions: &Extensions,
    per_minute: u64,
) -> Result<(), ApiError> {
    take(rates, extensions, per_minute).map(|_| ())
}

/// Like [`check`]; what it returns can be given back.
pub(crate) fn take<'a>(
    rates: &'a RateLimiter,
    extensions: &Extensions,
    per_minute: u64,
) -> Result<Taken<'a>, ApiError> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    // Without a peer (a router that is not behind a socket) everybody shares one allowance.
    let ip = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let (caller, per_minute) = (caller_of(ip), Limit::AtMost(per_minute));
    let decision = rates.check(&caller, per_minute);
    if decision.allowed {
        Ok(Taken { rates, caller, per_minute })
    } else {
        Err(ApiError::RateLimited(decision))
    }
}

/// An IPv4 address, or the /64 of an IPv6 one: whoever has one address of it has them all.
fn caller_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let network = u128::from(ip) >> 64 << 64;
            Ipv6Addr::from(network).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_are_one_caller() {
        let check = |ip: &str, caller: &str| assert_eq!(caller_of(ip.parse().unwrap()), caller);
        check("192.0.2.7", "192.0.2.7");
        check("::ffff:192.0.2.7", "192.0.2.7");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("2001:db8:1:2::9", "2001:db8:1:2::");
    }
}
