use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::World;

fn description() -> Value {
    serde_json::to_value(parseflow_api::openapi()).unwrap()
}

/// Every operation with its path and method.
fn operations(api: &Value) -> Vec<(String, Value)> {
    let mut operations = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push((format!("{method} {path}"), operation.clone()));
        }
    }
    operations
}

#[tokio::test]
async fn the_served_description_is_the_one_in_the_repository() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/parseflow.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(committed, description(), "run `cargo xtask openapi` and look at the difference");
    let served = World::new().get("/openapi.json", "").await;
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert_eq!(served.json(), committed);
}

#[test]
fn every_route_of_the_contract_is_described() {
    let described: BTreeSet<_> =
        operations(&description()).into_iter().map(|(name, _)| name).collect();
    for name in [
        "post /api/auth/register",
        "post /api/session",
        "get /api/session",
        "delete /api/session",
        "post /api/v1/extract",
        "get /api/v1/documents/{id}",
        "get /api/v1/documents",
        "post /api/v1/batch",
        "get /api/v1/batch/{id}",
        "get /api/v1/batch",
        "post /api/v1/batch/{id}/cancel",
        "post /api/v1/demo",
        "get /api/v1/usage",
        "post /api/v1/webhooks/listen",
        "post /api/v1/webhooks/listen/{id}/reports",
        "get /api/v1/overview",
        "get /api/v1/activity/stream",
        "get /api/v1/deliveries",
        "get /api/v1/documents/{id}/file",
        "get /api/health",
        "get /healthz",
        "get /readyz",
        "get /metrics",
        "post /api/webhooks/notifications",
        "get /api/webhooks/notifications",
        "delete /api/webhooks/notifications",
        "get /api/webhooks/notifications/{id}",
        "patch /api/webhooks/notifications/{id}",
        "delete /api/webhooks/notifications/{id}",
        "post /api/webhooks/notifications/{id}/rotate-secret",
        "post /api/webhooks/notifications/{id}/rotate-secret/activate",
        "post /api/webhooks/notifications/{id}/test",
        "get /api/webhooks/notifications/{id}/deliveries",
        "get /api/webhooks/notifications/{id}/deliveries/{delivery}",
        "post /api/webhooks/notifications/{id}/deliveries/{delivery}/retry",
        "post /api/v1/keys",
        "get /api/v1/keys",
        "delete /api/v1/keys/{id}",
        "post /api/v1/events",
        "get /api/v1/event-types",
        "get /schemas/v1/{file}",
        "get /docs/errors/{code}",
    ] {
        assert!(described.contains(name), "{name}");
    }
}

#[test]
fn every_operation_has_a_summary_an_id_and_described_refusals() {
    let api = description();
    assert_eq!(api["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&api) {
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id.clone()), "{id} is used twice");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(response["description"].as_str().is_some_and(|d| !d.is_empty()), "{name}");
            if status.as_str() >= "400" {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{name} {status}");
            }
        }
        // What listens and reports has nothing to repeat.
        let repeats = !name.contains("/listen");
        if name.starts_with("post") && operation.get("security").is_some() && repeats {
            let parameters = operation["parameters"].as_array().unwrap();
            assert!(parameters.iter().any(|p| p["name"] == "Idempotency-Key"), "{name}");
        }
    }
}

#[test]
fn what_only_some_documents_have_is_not_required() {
    let api = description();
    let required = api["components"]["schemas"]["Document"]["required"].as_array().unwrap();
    for optional in ["text", "tables"] {
        assert!(!required.contains(&optional.into()), "{optional} is left out where not asked for");
    }
    assert!(required.contains(&"id".into()));
}

#[test]
fn every_reference_leads_somewhere() {
    let api = description();
    let text = api.to_string();
    let mut rest = text.as_str();
    let mut references = 0;
    while let Some(at) = rest.find("#/components/schemas/") {
        rest = &rest[at + "#/components/schemas/".len()..];
        let name = rest.split('"').next().unwrap();
        assert!(!api["components"]["schemas"][name].is_null(), "{name} is missing");
        references += 1;
    }
    assert!(references > 50);
    for scheme in ["ApiKeyAuth", "BearerAuth", "SessionCookie"] {
        assert!(api["components"]["securitySchemes"][scheme].is_object());
    }
}

#[test]
fn every_code_in_the_description_has_a_page() {
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    for (name, operation) in operations(&description()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.as_str() < "400" {
                continue;
            }
            let text = response["description"].as_str().unwrap();
            for code in text.split('`').skip(1).step_by(2).filter(|code| !code.contains(' ')) {
                let plain = code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                if plain && code != "errors" {
                    assert!(pages.join(format!("{code}.md")).exists(), "{code} of {name}");
                }
            }
        }
    }
}
