//! Where requests may go.
//!
//! Endpoint URLs come from customers, and the service stands inside somebody's network: without
//! care it would carry requests to the neighbours' databases and to the cloud's metadata service.
//! So a URL is checked when it is registered, changed and used ([`TargetPolicy::check_url`]), and
//! every address is checked when a connection is made to it ([`TargetPolicy::check_address`]),
//! because a name may point elsewhere by then. The caller dials the very address that was checked,
//! and takes the host from the parsed [`Url`], never from the text: two parsers may disagree.
//!
//! Only addresses that are reachable from the whole internet are allowed. The operator's lists come
//! first: denied, then allowed, then the built-in rules of [`address`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

pub mod address;

/// The longest URL accepted, in characters.
pub const URL_CHARS_MAX: usize = 2_048;

/// What the operator allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetPolicy {
    /// Accept `http://`, and with it the ports 80 and 8080.
    pub allow_http: bool,
    /// Ranges that endpoints may use although they are private; on any port.
    pub allow: Vec<IpNet>,
    /// Ranges that endpoints may never use; stronger than `allow`.
    pub deny: Vec<IpNet>,
    /// Host names that endpoints may never use. An entry covers the names below it. What is not a host
    /// name matches nothing; addresses belong into `deny`.
    pub deny_hosts: Vec<String>,
    /// Ports that endpoints may use.
    pub ports: Vec<u16>,
}

impl Default for TargetPolicy {
    /// `https://` to the internet on 443 and 8443.
    fn default() -> Self {
        Self {
            allow_http: false,
            allow: Vec::new(),
            deny: Vec::new(),
            deny_hosts: Vec::new(),
            ports: vec![443, 8443],
        }
    }
}

/// Why a URL is refused. Says nothing about what is or answers there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute URL with a host.
    #[error("not a valid URL; expected a form such as https://example.com/webhooks")]
    Invalid,
    /// Longer than [`URL_CHARS_MAX`].
    #[error("longer than {URL_CHARS_MAX} characters")]
    TooLong,
    /// Not `https`, nor `http` where that is allowed.
    #[error("the scheme is not allowed; use https")]
    SchemeNotAllowed,
    /// A user name or password.
    #[error("must not contain a user name or password; requests are signed instead")]
    CredentialsNotAllowed,
    /// A port that is not on the list.
    #[error("the port is not allowed; use the standard one, 443")]
    PortNotAllowed,
    /// A host or address that is not allowed.
    #[error("the target is not allowed; use a host on the public internet")]
    TargetNotAllowed,
}

impl UrlError {
    /// The stable machine-readable code.
    pub fn code(self) -> &'static str {
        match self {
            UrlError::Invalid => "url_invalid",
            UrlError::TooLong => "url_too_long",
            UrlError::SchemeNotAllowed => "url_scheme_not_allowed",
            UrlError::CredentialsNotAllowed => "url_credentials_not_allowed",
            UrlError::PortNotAllowed => "url_port_not_allowed",
            UrlError::TargetNotAllowed => "url_target_not_allowed",
        }
    }
}

/// Why an address is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AddressError {
    /// The address is not reachable from the whole internet, or is denied.
    #[error("the target is not allowed")]
    TargetNotAllowed,
    /// The address is allowed, the port is not on the list.
    #[error("the port is not allowed")]
    PortNotAllowed,
}

impl AddressError {
    /// The stable machine-readable code.
    pub fn code(self) -> &'static str {
        UrlError::from(self).code()
    }
}

impl From<AddressError> for UrlError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::TargetNotAllowed => UrlError::TargetNotAllowed,
            AddressError::PortNotAllowed => UrlError::PortNotAllowed,
        }
    }
}

impl TargetPolicy {
    /// Reads and checks an endpoint's URL. A fragment is dropped: HTTP never sends it.
    ///
    /// An address as host is vetted at once, in every spelling (`0x7f.1`, `2130706433`, `[::ffff:…]`),
    /// and so are `localhost` and the names below it. Other names are vetted when they have been
    /// resolved; so is their port if it is not on the list but the operator allows some range.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn check_url(&self, text: &str) -> Result<Url, UrlError> {
        if text.chars().count() > URL_CHARS_MAX {
            return Err(UrlError::TooLong);
        }
        // The parser drops blanks and turns backslashes round, other readers do not: refuse both.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(UrlError::Invalid);
        }
        let mut url = Url::parse(text).map_err(|_| UrlError::Invalid)?;
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            _ => return Err(UrlError::SchemeNotAllowed),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::CredentialsNotAllowed);
        }
        let host = url.host().ok_or(UrlError::Invalid)?;
        let port = url.port_or_known_default().ok_or(UrlError::Invalid)?;
        self.check_host(&host, port)?;
        url.set_fragment(None);
        Ok(url)
    }

    /// Whether a connection may be made to this address and port. Denied ranges are stronger than
    /// allowed ones, these are stronger than the built-in rules and open every port.
    ///
    /// # Errors
    /// See [`AddressError`].
    pub fn check_address(&self, ip: IpAddr, port: u16) -> Result<(), AddressError> {
        // A mapped address (::ffff:192.0.2.1) is dialled as IPv4, so it is judged as IPv4.
        let ip = ip.to_canonical();
        if address::spellings(ip).any(|spelling| listed(&self.deny, spelling)) {
            return Err(AddressError::TargetNotAllowed);
        }
        if listed(&self.allow, ip) {
            return Ok(());
        }
        if !address::is_global(ip) {
            return Err(AddressError::TargetNotAllowed);
        }
        if self.has_port(port) { Ok(()) } else { Err(AddressError::PortNotAllowed) }
    }

    fn check_host(&self, host: &Host<&str>, port: u16) -> Result<(), UrlError> {
        if self.deny_hosts.iter().any(|denied| covers(denied, &host.to_string())) {
            return Err(UrlError::TargetNotAllowed);
        }
        match *host {
            Host::Ipv4(ip) => Ok(self.check_address(ip.into(), port)?),
            Host::Ipv6(ip) => Ok(self.check_address(ip.into(), port)?),
            Host::Domain(name) if covers("localhost", name) => {
                let v4 = self.check_address(Ipv4Addr::LOCALHOST.into(), port);
                Ok(v4.or_else(|_| self.check_address(Ipv6Addr::LOCALHOST.into(), port))?)
            }
            Host::Domain(name) if name.trim_matches('.').is_empty() => Err(UrlError::Invalid),
            Host::Domain(_) if self.has_port(port) || !self.allow.is_empty() => Ok(()),
            Host::Domain(_) => Err(UrlError::PortNotAllowed),
        }
    }

    fn has_port(&self, port: u16) -> bool {
        self.ports.contains(&port) || (self.allow_http && matches!(port, 80 | 8080))
    }
}

fn listed(nets: &[IpNet], ip: IpAddr) -> bool {
    nets.iter().any(|net| address::canonical_net(*net).contains(&ip))
}

/// Whether `name`, as parsed, is `domain` or lies below it. Both may end in a dot, `domain` may begin
/// with `*.` or a dot and be written in any script.
fn covers(domain: &str, name: &str) -> bool {
    let domain = domain.trim().trim_start_matches("*.").trim_matches('.');
    let domain = match Host::parse(domain) {
        Ok(host) => host.to_string(),
        Err(_) => return false,
    };
    match name.trim_end_matches('.').strip_suffix(&domain) {
        Some(above) => above.is_empty() || above.ends_with('.'),
        None => false,
    }
}

#[cfg(test)]
mod tests;
