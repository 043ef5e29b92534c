use parseflow_model::{Limit, Plan};
use serde_json::json;

use crate::form::Form;
use crate::world::{World, with_header};

#[tokio::test]
async fn usage_tells_the_period_and_what_is_left() {
    let world = World::new();
    let tenant = world.pro().await;
    world.set_limits(&tenant, Plan::Pro, Some(Limit::AtMost(3)), None).await;
    let form = Form::default().file("file", "a.txt", b"text").post("/api/v1/extract", &tenant.key);
    assert_eq!(world.send(with_header(form, "prefer", "respond-async")).await.status, 202);
    let answer = world.get("/api/v1/usage", &tenant.key).await;
    assert_eq!(
        answer.json(),
        json!({
            "plan": "pro", "period": "2026-04", "periodStart": "2026-04-01T00:00:00Z",
            "periodEnd": "2026-05-01T00:00:00Z", "used": 1, "quota": 3, "remaining": 2,
            "percentUsed": 33, "requestsPerMinute": 300, "fileSizeMax": 25_000_000
        })
    );
}

#[tokio::test]
async fn without_a_limit_there_is_nothing_left_to_tell() {
    let world = World::new();
    let tenant = world.pro().await;
    let unlimited = Some(Limit::Unlimited);
    world.set_limits(&tenant, Plan::Enterprise, unlimited, unlimited).await;
    let answer = world.get("/api/v1/usage", &tenant.key).await;
    let usage = answer.json();
    for name in ["quota", "remaining", "percentUsed", "requestsPerMinute"] {
        assert!(usage[name].is_null(), "{name}");
    }
    assert_eq!(answer.header("ratelimit-limit"), None);
}
