use axum::body::Body;
use http::Method;

use crate::answer::Answer;
use crate::world::{World, request, with_header};

async fn as_browser(world: &World, path: &str) -> Answer {
    let request = request(Method::GET, path, "", Body::empty());
    world.send(with_header(request, "accept", "text/html,*/*;q=0.8")).await
}

#[tokio::test]
async fn the_page_shows_every_operation_without_scripts() {
    let world = World::new();
    let page = as_browser(&world, "/docs").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let html = page.text();
    let api = world.get("/openapi.json", "").await.json();
    let mut operations = 0;
    for item in api["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert_eq!(html.matches(&format!("<article id=\"{id}\">")).count(), 1, "{id}");
            assert!(html.contains(&format!("<a href=\"#{id}\">")), "{id}");
            operations += 1;
        }
    }
    assert!(operations >= 35);
    assert!(html.contains("<a href=\"/docs/errors/plan_upgrade_required\">"));
    assert!(html.contains("&quot;invoiceNumber&quot;: &quot;INV-2026-0142&quot;"), "an example");
}

#[tokio::test]
async fn nothing_is_loaded_from_elsewhere_or_run_inline() {
    let world = World::new();
    for path in ["/docs", "/docs/errors", "/docs/errors/not_found"] {
        let page = as_browser(&world, path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = page.text();
        for inline in ["<script>", "<style", " style=", " onclick=", "src=\"http"] {
            assert!(!html.contains(inline), "{path} has {inline}");
        }
        let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        for link in links {
            assert!(link.starts_with(['/', '#']), "{path} leads to {link}");
        }
    }
    let script = world.get("/docs/docs.js", "").await;
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    for kept in ["localStorage", "sessionStorage", "document.cookie", "innerHTML", "eval("] {
        assert!(!script.text().contains(kept), "the key must stay in memory: {kept}");
    }
    let style = world.get("/docs/docs.css", "").await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(script.body.len() + style.body.len() < 60_000);
}

#[tokio::test]
async fn an_error_is_explained_to_programs_and_to_browsers() {
    let world = World::new();
    let text = world.get("/docs/errors/plan_upgrade_required", "").await;
    assert_eq!(text.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert!(text.text().starts_with("# `plan_upgrade_required`\n\nHTTP status 403."));
    let page = as_browser(&world, "/docs/errors/plan_upgrade_required").await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text().contains("<h1><code>plan_upgrade_required</code></h1>"));
    as_browser(&world, "/docs/errors/none_such").await.is_problem(404, "not_found");
    let list = as_browser(&world, "/docs/errors").await.text();
    assert!(list.contains("<a href=\"/docs/errors/plan_upgrade_required\"><code>"), "{list}");
}
