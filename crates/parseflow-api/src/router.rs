//! All routes, and what every request passes through.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method};

use crate::auth::{CallerAccount, require_key};
use crate::dashboard;
use crate::docs;
use crate::error::ApiError;
use crate::observe::Answered;
use crate::parts::{Api, ApiParts, Edge};
use crate::problem::{self, Problem};
use crate::request_id::{RequestId, X_REQUEST_ID};
use crate::routes;
use crate::unread::Unread;

/// The whole API as a router.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`: routes without a key are
/// limited by the peer's address. A deadline for the head of a request is the server's business.
pub fn router(parts: ApiParts) -> Router {
    let api = Edge::new(parts);
    let authenticated =
        routes::authenticated().route_layer(from_fn_with_state(Api::clone(&api), require_key));
    let (router, _) = routes::open().merge(docs::router()).merge(authenticated).split_for_parts();
    finished(router.fallback(dashboard::fallback), api)
}

/// Health and figures only, for a process that does not serve the API.
pub fn operating_router(parts: ApiParts) -> Router {
    let api = Edge::new(parts);
    let (router, _) = routes::operating().split_for_parts();
    finished(router.fallback(unknown_route), api)
}

fn finished(router: Router<Api>, api: Api) -> Router {
    router
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Api::clone(&api), edge))
        .with_state(api)
}

async fn unknown_route() -> ApiError {
    ApiError::UnknownRoute
}

async fn wrong_method(method: Method) -> ApiError {
    ApiError::MethodNotAllowed(method)
}

/// Around everything: the request's id, the last line of defence, problems, log and metrics.
async fn edge(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers(), api.dice());
    request.extensions_mut().insert(id.clone());
    let started = api.now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();

    let (request, unread) = Unread::of(request);
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = answered.unwrap_or_else(|_| ApiError::Panicked.into_response());

    unread.drain_after(response.status()).await;

    let mut response = problem::render(response, &id, &api.settings().public_url);
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, id.header());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Answers hold secrets, keys and documents: no cache keeps them.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Answered {
        id: &id,
        method: &method,
        route: route.as_ref().map(MatchedPath::as_str),
        status: response.status(),
        latency: api.now().since(started),
        account: response.extensions().get::<CallerAccount>().map(|account| &account.0),
        causes: response.extensions().get::<Problem>().and_then(|p| p.causes.as_deref()),
    }
    .record(&api.metrics);
    response
}
