//! All routes, and what every request passes through.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method};
use tower::ServiceExt as _;

use crate::auth::{CallerAccount, require_key};
use crate::dashboard;
use crate::docs;
use crate::error::ApiError;
use crate::observe::Answered;
use crate::parts::{Api, ApiParts, Edge};
use crate::problem::{self, Problem};
use crate::request_id::{RequestId, X_REQUEST_ID};
use crate::routes;
use crate::routes::events::publish;
use crate::unread::Unread;

/// What answers requests. A clone answers for the same service.
#[derive(Clone)]
pub struct Front {
    api: Api,
    router: Router,
    /// Whether the operations of the API are served, or only health and figures.
    whole: bool,
}

/// The whole API.
///
/// Requests carry `ConnectInfo<SocketAddr>` among their extensions: routes without a key are limited by the
/// peer's address. A deadline for the head of a request is the server's business.
pub fn front(parts: ApiParts) -> Front {
    let api = Edge::new(parts);
    let authenticated =
        routes::authenticated().route_layer(from_fn_with_state(Api::clone(&api), require_key));
    let (router, _) = routes::open().merge(docs::router()).merge(authenticated).split_for_parts();
    let router = finished(router.fallback(dashboard::fallback), Api::clone(&api));
    Front { api, router, whole: true }
}

/// Health and figures only, for a process that does not serve the API.
pub fn operating_front(parts: ApiParts) -> Front {
    let api = Edge::new(parts);
    let (router, _) = routes::operating().split_for_parts();
    let router = finished(router.fallback(unknown_route), Api::clone(&api));
    Front { api, router, whole: false }
}

impl Front {
    /// Answers one request.
    pub async fn answer(self, request: Request) -> Response {
        if self.whole && publish::is_asked_by(&request) {
            return around(&self.api, request, Some(publish::PATH), |request, id| {
                publish::answer(&self.api, request, id)
            })
            .await;
        }
        match self.router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
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

async fn edge(State(api): State<Api>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    around(&api, request, route.as_ref().map(MatchedPath::as_str), |mut request, id| {
        request.extensions_mut().insert(id);
        next.run(request)
    })
    .await
}

/// Around everything: the request's id, the last line of defence, problems, log and metrics.
async fn around<A>(
    api: &Api,
    request: Request,
    route: Option<&str>,
    answer: impl FnOnce(Request, RequestId) -> A,
) -> Response
where
    A: Future<Output = Response>,
{
    let id = RequestId::of(request.headers(), api.dice());
    let started = api.now();
    let method = request.method().clone();

    let (request, unread) = Unread::of(request);
    let answered = AssertUnwindSafe(answer(request, id.clone())).catch_unwind().await;
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
        route,
        status: response.status(),
        latency: api.now().since(started),
        account: response.extensions().get::<CallerAccount>().map(|account| &account.0),
        causes: response.extensions().get::<Problem>().and_then(|p| p.causes.as_deref()),
    }
    .record(&api.metrics);
    response
}
