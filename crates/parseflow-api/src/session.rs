//! The session of a browser: a cookie that stands for an API key, for twelve hours.
//!
//! Nothing is stored. The cookie holds the key's hash, a CSRF token and the end of the session, sealed
//! with the master key: only this installation can make or read one. The key is looked up on every
//! request, so revoking it ends its sessions at once.
//!
//! A browser sends cookies by itself, also with requests that another site caused. `SameSite=Strict`
//! keeps most of those away; what changes something must also carry `X-CSRF-Token`, which only the
//! answer to the sign-in tells.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use parseflow_model::{Dice, Timestamp};
use parseflow_webhooks::vault::KeyRing;
use ring::hmac;

use crate::error::ApiError;

/// The name of the cookie.
pub(crate) const COOKIE_NAME: &str = "parseflow_session";
/// How long a session lasts, however much it is used.
const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);
/// What a sealed session is sealed for: nothing else that is sealed opens as one.
const CONTEXT: &str = "session cookie";
const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
const HASH_BYTES: usize = 32;
const TOKEN_BYTES: usize = 24;
const SESSION_BYTES: usize = HASH_BYTES + TOKEN_BYTES + size_of::<i64>();

/// A sign-in that has not ended.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// SHA-256 of the key that signed in.
    pub(crate) key_hash: [u8; HASH_BYTES],
    csrf: [u8; TOKEN_BYTES],
    pub(crate) expires_at: Timestamp,
}

impl Session {
    /// A session that begins now.
    pub(crate) fn begin(key_hash: [u8; HASH_BYTES], dice: &dyn Dice, now: Timestamp) -> Self {
        let mut csrf = [0; TOKEN_BYTES];
        dice.fill(&mut csrf);
        Self { key_hash, csrf, expires_at: now + LIFETIME }
    }

    /// The session of the request's cookie; `None` where there is no cookie.
    ///
    /// # Errors
    /// [`ApiError::NoSession`] for a cookie that this installation did not make, or that has ended.
    pub(crate) fn of(
        headers: &HeaderMap,
        vault: &KeyRing,
        now: Timestamp,
    ) -> Result<Option<Self>, ApiError> {
        let Some(text) = cookie(headers)? else { return Ok(None) };
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| ApiError::NoSession)?;
        let opened = vault.open(CONTEXT, &sealed).map_err(|_| ApiError::NoSession)?;
        let session = Self::read(&opened).filter(|session| now < session.expires_at);
        session.map(Some).ok_or(ApiError::NoSession)
    }

    /// The cookie that begins the session in a browser.
    pub(crate) fn cookie(&self, vault: &KeyRing, dice: &dyn Dice, secure: bool) -> HeaderValue {
        let sealed = URL_SAFE_NO_PAD.encode(vault.seal(dice, CONTEXT, &self.written()));
        set_cookie(&sealed, LIFETIME, secure)
    }

    /// What `X-CSRF-Token` must be: 32 characters.
    pub(crate) fn csrf_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.csrf)
    }

    /// Whether the request may do what its method says: reading needs no token.
    ///
    /// # Errors
    /// [`ApiError::CsrfTokenInvalid`] when the token is missing, given twice or another.
    pub(crate) fn permits(&self, method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
        if matches!(*method, Method::GET | Method::HEAD) {
            return Ok(());
        }
        let mut given = headers.get_all(X_CSRF_TOKEN).iter();
        match (given.next(), given.next()) {
            (Some(token), None) if self.is_token(token.as_bytes()) => Ok(()),
            _ => Err(ApiError::CsrfTokenInvalid),
        }
    }

    /// Compares in a time that does not depend on where the two differ.
    fn is_token(&self, given: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.csrf);
        let expected = hmac::sign(&key, self.csrf_token().as_bytes());
        hmac::verify(&key, given, expected.as_ref()).is_ok()
    }

    fn written(&self) -> [u8; SESSION_BYTES] {
        let mut bytes = [0; SESSION_BYTES];
        let (hash, rest) = bytes.split_at_mut(HASH_BYTES);
        let (csrf, expiry) = rest.split_at_mut(TOKEN_BYTES);
        hash.copy_from_slice(&self.key_hash);
        csrf.copy_from_slice(&self.csrf);
        expiry.copy_from_slice(&self.expires_at.millis().to_be_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (key_hash, rest) = bytes.split_first_chunk()?;
        let (csrf, rest) = rest.split_first_chunk()?;
        let millis = i64::from_be_bytes(rest.try_into().ok()?);
        let expires_at = Timestamp::from_millis(millis);
        Some(Self { key_hash: *key_hash, csrf: *csrf, expires_at })
    }
}

/// The cookie that ends whatever session a browser has.
pub(crate) fn ended_cookie(secure: bool) -> HeaderValue {
    set_cookie("", Duration::ZERO, secure)
}

fn set_cookie(value: &str, max_age: Duration, secure: bool) -> HeaderValue {
    let max_age = max_age.as_secs();
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE_NAME}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}"
    );
    HeaderValue::try_from(text).expect("base64 and the rest are visible ASCII")
}

/// The value of the session's cookie. Given twice it must be the same: a second one was planted.
fn cookie(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut found = None;
    for header in headers.get_all(COOKIE) {
        let Ok(text) = header.to_str() else { continue };
        let pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
        for (_, value) in pairs.filter(|(name, _)| *name == COOKIE_NAME) {
            match found {
                Some(other) if other != value => return Err(ApiError::NoSession),
                _ => found = Some(value),
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use parseflow_webhooks::vault::MasterKey;

    use super::*;

    struct Fixed;

    impl Dice for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number);
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_776_160_800_000);

    fn vault() -> KeyRing {
        MasterKey::from_bytes([7; 32]).into()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    /// The pair that a browser sends back.
    fn begun() -> (Session, String) {
        let session = Session::begin([9; 32], &Fixed, NOW);
        let cookie = session.cookie(&vault(), &Fixed, false);
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        (session, pair)
    }

    #[test]
    fn the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts() {
        let (session, _) = begun();
        let plain = session.cookie(&vault(), &Fixed, false);
        let text = plain.to_str().unwrap();
        assert!(text.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), "{text}");
        let secure = session.cookie(&vault(), &Fixed, true);
        assert!(secure.to_str().unwrap().ends_with("; SameSite=Strict; Secure"));
        assert_eq!(
            ended_cookie(true),
            "parseflow_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"
        );
    }

    #[test]
    fn a_session_is_read_back_until_it_ends() {
        let (session, pair) = begun();
        let sent = headers(&[("cookie", &format!("theme=dark; {pair}; x=y"))]);
        let of = |after: u64| Session::of(&sent, &vault(), NOW + Duration::from_secs(after)).ok();
        assert!(of(43_199).unwrap() == Some(session));
        assert!(of(43_200).is_none());
        assert!(Session::of(&headers(&[("cookie", "a=b")]), &vault(), NOW).unwrap().is_none());
        assert!(Session::of(&HeaderMap::new(), &vault(), NOW).unwrap().is_none());
    }

    #[test]
    fn a_cookie_that_this_installation_did_not_make_is_refused() {
        let (_, pair) = begun();
        let refused = |cookies: &str| {
            let sent = headers(&[("cookie", cookies)]);
            assert!(Session::of(&sent, &vault(), NOW).is_err(), "{cookies}");
        };
        refused("parseflow_session=");
        refused("parseflow_session=%%%");
        refused("parseflow_session=AQID");
        refused(&pair[..pair.len() - 2]);
        refused(&pair.replace("session=A", "session=B"));
        refused(&format!("{pair}; parseflow_session=other"));
        let sent = headers(&[("cookie", &pair)]);
        assert!(Session::of(&sent, &MasterKey::from_bytes([8; 32]).into(), NOW).is_err());
        let elsewhere = URL_SAFE_NO_PAD.encode(vault().seal(&Fixed, "wh_x", &[0; SESSION_BYTES]));
        refused(&format!("parseflow_session={elsewhere}"));
    }

    #[test]
    fn only_reading_needs_no_token() {
        let (session, _) = begun();
        let token = session.csrf_token();
        assert_eq!(token.len(), 32);
        let other = format!("x{}", &token[1..]);
        let permits = |method: Method, tokens: &[&str]| {
            let pairs: Vec<_> = tokens.iter().map(|token| ("x-csrf-token", *token)).collect();
            session.permits(&method, &headers(&pairs)).is_ok()
        };
        assert!(permits(Method::GET, &[]) && permits(Method::HEAD, &[]));
        for method in [Method::POST, Method::PATCH, Method::DELETE, Method::PUT] {
            assert!(permits(method.clone(), &[&token]), "{method}");
            for wrong in [&[][..], &[""], &[&other], &[&token[..31]], &[&token, &token]] {
                assert!(!permits(method.clone(), wrong), "{method} {wrong:?}");
            }
        }
    }
}
