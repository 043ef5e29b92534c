//! The dashboard: built files, embedded by `build.rs`, and what browsers are told about them.
//!
//! The page loads nothing from elsewhere and may not: its policy allows this service only. Addresses
//! that the page itself understands (`/deliveries`, `/endpoints/wh_…`) are answered with the page.
//! Where no dashboard was built in, nothing of this is served.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::error::ApiError;

/// One file of the built dashboard.
struct File {
    /// Below `/`, without the slash.
    path: &'static str,
    /// An entity tag, quoted.
    tag: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
}

static BUILT: &[File] = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

const PAGE: &str = "index.html";

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
     connect-src 'self'; font-src 'self'; worker-src 'self' blob:; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'",
);

/// Where the page is never served: these belong to the service.
const OF_THE_SERVICE: [&str; 7] =
    ["api", "docs", "metrics", "schemas", "openapi.json", "assets", "readyz"];

/// The page, where a browser asks for `/`.
pub(crate) fn page(headers: &HeaderMap) -> Option<Response> {
    page_of(BUILT, headers)
}

/// What no route answers: a file of the dashboard, the page, or a refusal.
pub(crate) async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    answer(BUILT, &method, uri.path(), &headers)
        .unwrap_or_else(|| ApiError::UnknownRoute.into_response())
}

fn answer(
    files: &'static [File],
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let path = path.strip_prefix('/')?;
    let found = match files.iter().find(|file| file.path == path && file.path != PAGE) {
        Some(file) => Some(respond(file, headers)),
        None if is_of_the_service(path) => None,
        None => page_of(files, headers),
    };
    found.map(|mut response| {
        if method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        response
    })
}

fn is_of_the_service(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    OF_THE_SERVICE.contains(&first) || first.starts_with("health")
}

fn page_of(files: &'static [File], headers: &HeaderMap) -> Option<Response> {
    let page = files.iter().find(|file| file.path == PAGE)?;
    names(headers, &ACCEPT, "text/html").then(|| respond(page, headers))
}

fn respond(file: &File, headers: &HeaderMap) -> Response {
    let known = names(headers, &IF_NONE_MATCH, file.tag);
    let packed = file.gzip.filter(|_| names(headers, &ACCEPT_ENCODING, "gzip"));
    let mut response = match (known, packed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some(bytes)) => {
            let mut response = Response::new(Body::from(bytes));
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response
        }
        (false, None) => Response::new(Body::from(file.plain)),
    };
    let kept =
        if is_hashed(file.path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let own = response.headers_mut();
    own.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
    own.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    own.insert(ETAG, HeaderValue::from_static(file.tag));
    own.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
    own.insert(CONTENT_SECURITY_POLICY, POLICY);
    own.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    own.insert(opener, HeaderValue::from_static("same-origin"));
    let resource = HeaderName::from_static("cross-origin-resource-policy");
    own.insert(resource, HeaderValue::from_static("same-origin"));
    response
}

/// Whether a list such as that of `Accept` names this item, and not with a weight of nothing.
fn names(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|item| item.eq_ignore_ascii_case(wanted));
        is_named && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Whether the file's name changes with its content: `assets/index-Dk3bX9a1.js`, or anything in a
/// folder that is named after a version.
fn is_hashed(path: &str) -> bool {
    let Some(below) = path.strip_prefix("assets/") else { return false };
    let stem = below.split('.').next().unwrap_or_default();
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    // The base64 of a hash may itself hold a dash; then its end is shorter.
    below.contains('/')
        || hash.len() >= 8
        || stem.len() >= 9 && stem.get(stem.len() - 9..stem.len() - 8) == Some("-")
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

    static FILES: &[File] = &[
        File { path: "assets/index-Dk3bX9a1.js", tag: "\"1-3\"", plain: b"js!", gzip: Some(b"gz") },
        File { path: "favicon.svg", tag: "\"2-5\"", plain: b"<svg>", gzip: None },
        File { path: "index.html", tag: "\"3-6\"", plain: b"<html>", gzip: None },
    ];

    async fn get(path: &str, headers: &[(&'static str, &str)]) -> Option<(u16, HeaderMap, String)> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let response = answer(FILES, &Method::GET, path, &map)?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Some((head.status.as_u16(), head.headers, text))
    }

    #[tokio::test]
    async fn addresses_of_the_page_get_the_page_and_those_of_the_service_do_not() {
        for path in ["/", "/deliveries", "/endpoints/wh_1", "/healthy", "/apis"] {
            let page = get(path, &[("accept", HTML)]).await;
            if path == "/healthy" {
                assert!(page.is_none(), "{path}: what begins with health is the service's");
                continue;
            }
            let (status, headers, body) = page.unwrap();
            assert_eq!((status, body.as_str()), (200, "<html>"), "{path}");
            assert_eq!(headers["content-type"], "text/html; charset=utf-8");
            assert_eq!(headers["cache-control"], "no-cache");
        }
        for path in [
            "/api",
            "/api/v1/nothing",
            "/docs/x",
            "/metrics/x",
            "/schemas/x",
            "/openapi.json",
            "/healthz/x",
            "/assets/gone.js",
            "/readyz/x",
        ] {
            assert!(get(path, &[("accept", HTML)]).await.is_none(), "{path}");
        }
        for accept in ["*/*", "application/json", "text/html;q=0", "text/plain"] {
            assert!(get("/deliveries", &[("accept", accept)]).await.is_none(), "{accept}");
        }
        assert!(get("/deliveries", &[]).await.is_none());
        let mut html = HeaderMap::new();
        html.insert(ACCEPT, HeaderValue::from_static("text/html"));
        assert!(answer(FILES, &Method::POST, "/deliveries", &html).is_none());
        let head = answer(FILES, &Method::HEAD, "/deliveries", &html).unwrap();
        assert!(head.into_body().collect().await.unwrap().to_bytes().is_empty());
        assert!(answer(&[], &Method::GET, "/deliveries", &html).is_none(), "none was built in");
    }

    #[tokio::test]
    async fn the_page_may_load_from_this_service_only() {
        let (_, headers, _) = get("/", &[("accept", HTML)]).await.unwrap();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "));
        assert!(policy.ends_with("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }

    #[tokio::test]
    async fn files_are_compressed_and_kept_as_their_names_allow() {
        let script = "/assets/index-Dk3bX9a1.js";
        let (_, headers, body) = get(script, &[("accept-encoding", "br, gzip")]).await.unwrap();
        assert_eq!((body.as_str(), headers["content-encoding"].to_str().unwrap()), ("gz", "gzip"));
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
        for plainly in ["", "br", "gzip;q=0"] {
            let (_, headers, body) = get(script, &[("accept-encoding", plainly)]).await.unwrap();
            assert_eq!(body, "js!", "{plainly}");
            assert!(!headers.contains_key("content-encoding"));
        }
        let (status, headers, body) =
            get("/favicon.svg", &[("if-none-match", "\"2-5\"")]).await.unwrap();
        assert_eq!((status, body.as_str()), (304, ""));
        assert_eq!(headers["cache-control"], "no-cache");
        let (status, _, _) = get("/favicon.svg", &[("if-none-match", "\"9\"")]).await.unwrap();
        assert_eq!(status, 200);
    }

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        for path in ["assets/index-Dk3bX9a1.js", "assets/x-b_c-9Zxa.css", "assets/pdf-5.4.1/x.js"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["index.html", "favicon.svg", "assets/licences.txt", "assets/a-b.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn what_was_built_in_is_whole() {
        if BUILT.is_empty() {
            return;
        }
        let page = BUILT.iter().find(|file| file.path == PAGE).expect("a page");
        let text = std::str::from_utf8(page.plain).unwrap();
        for link in text.split('"').filter(|text| text.starts_with("/assets/")) {
            assert!(BUILT.iter().any(|file| format!("/{}", file.path) == link), "{link}");
        }
        assert!(!text.contains("style=") && !text.contains("<style"), "the policy refuses them");
    }
}
