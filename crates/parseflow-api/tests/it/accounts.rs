use serde_json::json;

use crate::world::World;

const REGISTER: &str = "/api/auth/register";

fn open() -> World {
    World::with(|settings| settings.open_registration = true)
}

#[tokio::test]
async fn registration_is_closed_unless_the_operator_opens_it() {
    let world = World::new();
    let body = json!({"email": "owner@example.com", "password": "correct horse"});
    world.post(REGISTER, "", body).await.is_problem(403, "registration_closed");
}

#[tokio::test]
async fn an_account_comes_with_its_first_key_on_the_free_plan() {
    let world = open();
    let body = json!({"email": "Owner@Example.com", "password": "correct horse", "name": "Owner"});
    let answer = world.post(REGISTER, "", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let made = answer.json();
    assert_eq!(made["account"]["email"], "owner@example.com");
    assert_eq!(made["account"]["plan"], "free");
    assert_eq!(made["apiKey"]["scopes"], json!([]));
    assert!(!answer.text().contains("correct horse"));
    let key = made["apiKey"]["key"].as_str().unwrap();
    assert_eq!(world.get("/api/v1/usage", key).await.json()["plan"], "free");
}

#[tokio::test]
async fn an_address_is_taken_once_whatever_its_case() {
    let world = open();
    let body = |email: &str| json!({"email": email, "password": "correct horse"});
    assert_eq!(world.post(REGISTER, "", body("a@example.com")).await.status, 201);
    world.post(REGISTER, "", body("A@EXAMPLE.com")).await.is_problem(409, "email_taken");
}

#[tokio::test]
async fn one_address_registers_ten_times_a_minute() {
    let world = open();
    for _ in 0..10 {
        world.post(REGISTER, "", json!({})).await.is_problem(400, "invalid_input");
    }
    world.post(REGISTER, "", json!({})).await.is_problem(429, "rate_limited");
}

#[tokio::test]
async fn everything_wrong_is_told_at_once() {
    let world = open();
    let body = json!({"email": "nobody", "password": "short", "name": 7, "plan": "enterprise"});
    let answer = world.post(REGISTER, "", body).await;
    answer.is_problem(400, "invalid_input");
    assert_eq!(answer.pointers(), ["/plan", "/email", "/password", "/name"]);
    assert!(!answer.text().contains("short"), "a password is never repeated");
}
