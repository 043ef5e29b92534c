//! Bad input of every kind to every route: always a coded refusal, nothing stored, nothing above
//! information in the log, and the service goes on answering.

use http::Method;
use parseflow_model::{KeyMode, Limit, Plan, Scope};
use serde_json::Value;
use tracing::Level;

use crate::bad_input_cases::{Case, Target, cases};
use crate::form::Form;
use crate::log::Log;
use crate::world::{Tenant, WEBHOOKS, World, with_header};

/// Everything that an account can see, and every file.
async fn state(world: &World, tenants: &[&Tenant]) -> Vec<String> {
    let mut seen = world.files.names();
    for tenant in tenants {
        let lists =
            ["/api/v1/usage", WEBHOOKS, "/api/v1/documents", "/api/v1/batch", "/api/v1/keys"];
        for path in lists {
            let answer = world.get(path, &tenant.key).await;
            assert_eq!(answer.status, 200);
            seen.push(answer.text());
        }
    }
    seen
}

/// An account with one of everything.
pub(crate) async fn furnished(world: &World) -> Target {
    let tenant = world.publisher().await;
    let unlimited = Some(Limit::Unlimited);
    world.set_limits(&tenant, Plan::Enterprise, unlimited, unlimited).await;
    let webhook = world.webhook(&tenant).await;
    let path = format!("{WEBHOOKS}/{webhook}/test");
    let sent = world.post(&path, &tenant.key, serde_json::json!({})).await.json();
    let upload = |path: &str, part: &str| {
        let form = Form::default().file(part, "a.txt", b"text");
        world.send(with_header(form.post(path, &tenant.key), "prefer", "respond-async"))
    };
    let document = upload("/api/v1/extract", "file").await.json();
    let batch = upload("/api/v1/batch", "files").await.json();
    let keys = world.get("/api/v1/keys", &tenant.key).await.json();
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let recover = format!("{WEBHOOKS}/{webhook}/recover");
    let since = serde_json::json!({"since": "2026-04-14T10:00:00Z"});
    let recovery = world.post(&recover, &tenant.key, since).await.json();
    Target {
        recovery: id(&recovery),
        webhook,
        delivery: id(&sent),
        document: id(&document),
        batch: id(&batch),
        key_id: id(&keys["keys"][0]),
        key: tenant.key.clone(),
        tenant,
    }
}

/// Whether the description names the code at that operation, if there is one.
fn names(api: &Value, method: &Method, path: &str, status: u16, code: &str) -> bool {
    let sent: Vec<_> = path.split('/').collect();
    let is_met = |known: &str| {
        let known: Vec<_> = known.split('/').collect();
        let fits = |(known, sent): (&&str, &&str)| known == sent || known.starts_with('{');
        known.len() == sent.len() && known.iter().zip(&sent).all(fits)
    };
    let items = api["paths"].as_object().unwrap();
    // An address may fit `{id}` as well as a word of its own: the exact one comes first.
    let item = items
        .get(path)
        .or_else(|| items.iter().find(|(known, _)| is_met(known)).map(|(_, item)| item));
    let operation = item.map(|item| &item[method.as_str().to_lowercase()]);
    let Some(operation) = operation.filter(|operation| !operation.is_null()) else { return true };
    let response = &operation["responses"][status.to_string()];
    let named = response["description"].as_str().unwrap_or_default();
    // A path that is no UTF-8 meets no operation.
    code == "unknown_route" || named.contains(&format!("`{code}`"))
}

#[tokio::test]
async fn bad_input_is_refused_with_a_code_and_changes_nothing() {
    let (log, _guard) = Log::listen();
    let world = World::with(|settings| {
        settings.open_registration = true;
        settings.register_per_minute = 1_000;
        settings.demo_per_minute = 1_000;
        settings.wrong_keys_per_minute = 1_000;
        settings.json_bytes_max = 200_000;
        settings.batch_files_max = 3;
        settings.batch_bytes_max = 300_000;
        settings.archive.bytes_max = 250_000;
        settings.archive.unpacked_bytes_max = 5_000_000;
    });
    let own = furnished(&world).await;
    let foreign = furnished(&world).await;
    let revoked = world.key_for(&own.tenant, KeyMode::Live, &[]).await;
    let scopeless = world.key_for(&own.tenant, KeyMode::Live, &[]).await;
    let free = world.account_with(Plan::Free, KeyMode::Live, &[Scope::EventsWrite]).await;
    let id = world.get("/api/v1/keys?limit=3", &own.key).await.json();
    let rows = id["keys"].as_array().unwrap();
    let row = rows.iter().find(|row| row["hint"] == revoked[52..]).unwrap();
    let path = format!("/api/v1/keys/{}", row["id"].as_str().unwrap());
    assert_eq!(world.delete(&path, &own.key).await.status, 200);

    let tenants = [&own.tenant, &foreign.tenant];
    let before = state(&world, &tenants).await;
    log.take();
    let all = cases(&own, &foreign, &revoked, &scopeless, &free.key);
    assert!(all.len() >= 100, "only {} cases", all.len());
    let described = serde_json::to_value(parseflow_api::openapi()).unwrap();
    let mut undescribed = Vec::new();
    for Case { name, request, status, code } in all {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let answer = world.send(request).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        assert!((400..500).contains(&answer.status), "{name}");
        assert_eq!(answer.json()["code"], code, "{name}");
        answer.is_problem(status, code);
        let page = format!("{}/../../docs/errors/{code}.md", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&page).exists(), "{name}: {code} is not explained");
        if !names(&described, &method, &path, status, code) {
            undescribed.push(format!("{method} {path}: {status} {code}, {name}"));
        }
        for (level, line) in log.take() {
            assert!(level >= Level::INFO, "{name}: {level} {line}");
        }
        assert_eq!(state(&world, &tenants).await, before, "{name} changed something");
        assert_eq!(world.get("/healthz", "").await.status, 200, "{name}");
        log.take();
    }
    assert_eq!(undescribed, [""; 0], "name them in crates/parseflow-api/src/openapi/codes.rs");
}
