use std::time::Duration;

use crate::form::{Form, sample};
use crate::world::{Tenant, World, with_header};

async fn send(world: &World, tenant: &Tenant) -> String {
    let form = Form::default().file("file", "invoice.txt", &sample("invoice.txt"));
    let request = with_header(form.post("/api/v1/extract", &tenant.key), "prefer", "respond-async");
    let answer = world.send(request).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn documents_are_listed_newest_first_by_page_without_their_fields() {
    let world = World::new();
    let tenant = world.pro().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(send(&world, &tenant).await);
        world.clock.advance(Duration::from_secs(1));
    }
    ids.reverse();
    let page = world.get("/api/v1/documents?limit=2", &tenant.key).await;
    assert_eq!(page.members(), ["documents", "nextCursor"]);
    let page = page.json();
    let cursor = page["nextCursor"].as_str().unwrap();
    let path = format!("/api/v1/documents?limit=2&cursor={cursor}");
    let rest = world.get(&path, &tenant.key).await.json();
    let rows = [&page, &rest].map(|page| page["documents"].as_array().unwrap().clone()).concat();
    let listed: Vec<_> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(listed, ids);
    assert!(rest["nextCursor"].is_null());
    assert!(rows.iter().all(|row| row.get("data").is_none() && row.get("fields").is_none()));
}

#[tokio::test]
async fn another_accounts_document_is_not_found() {
    let world = World::new();
    let (owner, other) = (world.pro().await, world.pro().await);
    let path = format!("/api/v1/documents/{}", send(&world, &owner).await);
    assert_eq!(world.get(&path, &owner.key).await.status, 200);
    world.get(&path, &other.key).await.is_problem(404, "not_found");
    for id in ["ext_00000000-0000-0000-0000-000000000000", "ext_x", "%FF", "wh_a1b2c3d4e5f6g7h8"] {
        let answer = world.get(&format!("/api/v1/documents/{id}"), &owner.key).await;
        assert_eq!(answer.status, 404, "{id}");
    }
    let list = world.get("/api/v1/documents", &other.key).await;
    assert_eq!(list.text(), r#"{"documents":[],"nextCursor":null}"#);
}
