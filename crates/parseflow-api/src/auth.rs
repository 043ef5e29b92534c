//! Who calls: the API key or the session it signed in to, its account, and how many requests a
//! minute it may make.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use parseflow_accounts::api_key;
use parseflow_model::{Account, AccountId, ApiKey, KeyMode, Limits, Scope};

use crate::error::ApiError;
use crate::parts::Api;
use crate::problem;
use crate::session::Session;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The authenticated caller.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) key: Arc<ApiKey>,
    pub(crate) account: Arc<Account>,
    /// The plan's limits with the account's own in their place.
    pub(crate) limits: Limits,
}

impl Caller {
    pub(crate) fn id(&self) -> &AccountId {
        &self.account.id
    }

    /// Events of a test key carry `"test": true`.
    pub(crate) fn is_test(&self) -> bool {
        self.key.mode == KeyMode::Test
    }

    pub(crate) fn require_webhooks(&self) -> Result<(), ApiError> {
        if self.account.plan.has_webhooks() { Ok(()) } else { Err(ApiError::PlanUpgradeRequired) }
    }

    pub(crate) fn require(&self, scope: Scope) -> Result<(), ApiError> {
        if self.key.scopes.contains(&scope) { Ok(()) } else { Err(ApiError::ScopeRequired(scope)) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or(ApiError::MissingApiKey)
    }
}

/// Whose request it was, for the log.
#[derive(Clone, Debug)]
pub(crate) struct CallerAccount(pub(crate) AccountId);

/// Lets a request with a valid key or session pass, at the pace of its plan, and tells the pace in the answer.
pub(crate) async fn require_key(
    State(api): State<Api>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = identify(&api, request.method(), request.headers()).await;
    admitted(&api, caller, move |caller| {
        request.extensions_mut().insert(caller);
        next.run(request)
    })
    .await
}

/// The answer to a caller who was identified, or to one who was not.
pub(crate) async fn admitted<A>(
    api: &Api,
    caller: Result<Caller, ApiError>,
    answer: impl FnOnce(Caller) -> A,
) -> Response
where
    A: Future<Output = Response>,
{
    let caller = match caller {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let account = CallerAccount(caller.account.id.clone());
    let rate = api.key_rates.check(caller.key.id.as_str(), caller.limits.requests_per_minute);
    let mut response = if rate.allowed {
        let mut response = answer(caller).await;
        problem::add_rate(response.headers_mut(), &rate);
        response
    } else {
        ApiError::RateLimited(rate).into_response()
    };
    response.extensions_mut().insert(account);
    response
}

/// A key in a header counts; a session's cookie only where there is none.
pub(crate) async fn identify(
    api: &Api,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Caller, ApiError> {
    let (hash, unknown) = match given_key(headers) {
        Ok(key) if api_key::mode_of(key).is_none() => return Err(ApiError::InvalidApiKey),
        Ok(key) => (api_key::hash(key), ApiError::InvalidApiKey),
        Err(ApiError::MissingApiKey) => {
            let session = Session::of(headers, &api.parts.vault, api.now())?;
            let session = session.ok_or(ApiError::MissingApiKey)?;
            session.permits(method, headers)?;
            (session.key_hash, ApiError::NoSession)
        }
        Err(error) => return Err(error),
    };
    let (key, account) = match api.known_keys.get(&hash, api.now()) {
        Ok(known) => known,
        Err(look_up) => {
            let (key, account) = api.store().key_by_hash(&hash).await?.ok_or(unknown)?;
            let (key, account) = (Arc::new(key), Arc::new(account));
            api.known_keys.keep(hash, look_up, &key, &account);
            (key, account)
        }
    };
    let limits = api.parts.plans.limits_of(&account);
    Ok(Caller { key, account, limits })
}

/// The one key that the headers carry. Given twice it must be the same.
fn given_key(headers: &HeaderMap) -> Result<&str, ApiError> {
    let mut given: Option<&str> = None;
    let bearers = headers.get_all(AUTHORIZATION).iter().map(|value| bearer(value.as_bytes()));
    let plain = headers.get_all(X_API_KEY).iter().map(|value| Some(value.as_bytes()));
    for bytes in plain.chain(bearers) {
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.ok_or(ApiError::InvalidApiKey)?.trim();
        match given {
            Some(other) if other != text => return Err(ApiError::ConflictingCredentials),
            _ => given = Some(text),
        }
    }
    given.filter(|text| !text.is_empty()).ok_or(ApiError::MissingApiKey)
}

/// What follows `Bearer`, in any case.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let key = rest.strip_prefix(b" ")?;
    scheme.eq_ignore_ascii_case(b"bearer").then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&str, &str)], expected: Result<&str, &str>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        let code = |error: ApiError| error.code().into_owned();
        assert_eq!(given_key(&map).map_err(code), expected.map_err(str::to_owned), "{headers:?}");
    }

    #[test]
    fn a_key_comes_in_either_header_and_never_as_two_different_ones() {
        check(&[("x-api-key", "dm_live_1")], Ok("dm_live_1"));
        check(&[("authorization", "Bearer dm_live_1")], Ok("dm_live_1"));
        check(&[("authorization", "bearer  dm_live_1 ")], Ok("dm_live_1"));
        check(&[("x-api-key", "a"), ("authorization", "Bearer a")], Ok("a"));
        check(&[("x-api-key", "a"), ("x-api-key", "a")], Ok("a"));
        check(&[("x-api-key", "a"), ("authorization", "Bearer b")], Err("conflicting_credentials"));
        check(&[("x-api-key", "a"), ("x-api-key", "b")], Err("conflicting_credentials"));
        check(&[("authorization", "Basic YTpi")], Err("invalid_api_key"));
        check(&[("authorization", "Bearer")], Err("invalid_api_key"));
        check(&[("x-api-key", "")], Err("missing_api_key"));
        check(&[], Err("missing_api_key"));
    }
}
