use http::Method;
use parseflow_model::{KeyMode, Plan, Scope};
use serde_json::{Value, json};

use crate::world::{Tenant, WEBHOOKS, World, json_request, with_header};

const EVENTS: &str = "/api/v1/events";

fn completed() -> Value {
    json!({"event": "extraction.completed", "data": {"id": "order-7", "total": 12.50}})
}

async fn last_body(world: &World, tenant: &Tenant, webhook: &str) -> String {
    let path = format!("{WEBHOOKS}/{webhook}/deliveries");
    let log = world.get(&path, &tenant.key).await.json();
    let delivery = log["deliveries"][0]["id"].as_str().unwrap();
    let detail = world.get(&format!("{path}/{delivery}"), &tenant.key).await.json();
    detail["body"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_event_goes_to_every_endpoint_that_subscribes_with_its_data_as_given() {
    let world = World::new();
    let tenant = world.publisher().await;
    let all = world.webhook(&tenant).await;
    let quota = json!({"url": "https://example.com/quota", "events": ["quota.*"]});
    assert_eq!(world.post(WEBHOOKS, &tenant.key, quota).await.status, 201);
    let answer = world.post(EVENTS, &tenant.key, completed()).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.members(), ["id", "deliveries"]);
    assert_eq!(answer.json()["deliveries"], 1);
    assert!(answer.json()["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(
        last_body(&world, &tenant, &all).await,
        r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:00:00Z","data":{"id":"order-7","total":12.5}}"#
    );
}

#[tokio::test]
async fn a_test_keys_events_say_that_they_are_tests() {
    let world = World::new();
    let scopes = [Scope::EventsWrite];
    let tenant = world.account_with(Plan::Pro, KeyMode::Test, &scopes).await;
    let webhook = world.webhook(&tenant).await;
    assert_eq!(world.post(EVENTS, &tenant.key, completed()).await.status, 202);
    assert!(last_body(&world, &tenant, &webhook).await.ends_with(r#","test":true}"#));
}

#[tokio::test]
async fn a_key_without_the_scope_may_not_publish() {
    let world = World::new();
    let tenant = world.pro().await;
    world.post(EVENTS, &tenant.key, completed()).await.is_problem(403, "scope_required");
}

#[tokio::test]
async fn a_repeated_key_publishes_once() {
    let world = World::new();
    let tenant = world.publisher().await;
    let webhook = world.webhook(&tenant).await;
    let publish = |body: Value| {
        let request = json_request(Method::POST, EVENTS, &tenant.key, &body);
        world.send(with_header(request, "idempotency-key", "order-7"))
    };
    let first = publish(completed()).await;
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = publish(completed()).await;
    assert_eq!(again.status, 202);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let other = json!({"event": "extraction.failed", "data": {}});
    publish(other).await.is_problem(422, "idempotency_key_reused");
    let log = world.get(&format!("{WEBHOOKS}/{webhook}/deliveries"), &tenant.key).await.json();
    assert_eq!(log["deliveries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn data_that_receivers_could_not_verify_is_refused_with_its_place() {
    let world = World::new();
    let tenant = world.publisher().await;
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!({ "a": deep });
    }
    let checks = [
        (json!({"1": 1}), 400, "key_not_allowed"),
        (json!({"a": {"b-c": 1}}), 400, "key_not_allowed"),
        (json!({"__proto__": 1}), 400, "key_reserved"),
        (json!({"a": [1, 9_007_199_254_740_993_u64]}), 400, "number_too_large"),
        (json!({ "a": deep }), 400, "nesting_too_deep"),
        (json!({"a": "x".repeat(98_304)}), 413, "data_too_large"),
    ];
    for (data, status, code) in checks {
        let body = json!({"event": "batch.failed", "data": data});
        let answer = world.post(EVENTS, &tenant.key, body).await;
        answer.is_problem(status, code);
        assert!(answer.pointers()[0].starts_with("/data"), "{:?}", answer.pointers());
    }
}

#[tokio::test]
async fn every_event_type_is_listed_with_its_schema_and_an_example() {
    let world = World::new();
    let tenant = world.publisher().await;
    let list = world.get("/api/v1/event-types", &tenant.key).await.json();
    let types = list["eventTypes"].as_array().unwrap();
    let names: Vec<_> = types.iter().map(|kind| kind["name"].as_str().unwrap()).collect();
    assert_eq!(names, parseflow_model::EventType::ALL.map(|kind| kind.as_str()));
    for kind in types {
        assert_eq!(kind["payloadVersion"], "v1");
        let schema = jsonschema::validator_for(&kind["schema"]).unwrap();
        let examples = kind["schema"]["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{}", kind["name"]);
        for example in examples.iter().chain([&kind["example"]]) {
            let errors: Vec<_> = schema.iter_errors(example).map(|e| e.to_string()).collect();
            assert_eq!(errors, [""; 0], "{example:#}");
        }
        assert_eq!(kind["example"]["event"], kind["name"]);
        assert_eq!(kind["schema"]["properties"]["event"]["const"], kind["name"]);
        let members = kind["example"]["data"].as_object().unwrap();
        for member in kind["schema"]["properties"]["data"]["required"].as_array().unwrap() {
            assert!(members.contains_key(member.as_str().unwrap()), "{member} of {kind}");
        }
        let url = kind["schemaUrl"].as_str().unwrap();
        let served = world.get(url.split_once("example.com").unwrap().1, "").await;
        assert_eq!(served.header("content-type"), Some("application/schema+json"));
        assert_eq!(served.json(), kind["schema"]);
    }
    for path in ["/schemas/v1/quota.warning", "/schemas/v1/none.json", "/schemas/v1/.json"] {
        world.get(path, "").await.is_problem(404, "not_found");
    }
}
