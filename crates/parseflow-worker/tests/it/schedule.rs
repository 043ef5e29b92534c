//! "Retry Policy", product documentation.

use std::time::Duration;

use parseflow_model::DeliveryState;
use parseflow_store::EndpointChange;
use parseflow_webhooks::signature;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";

#[tokio::test(start_paused = true)]
async fn retries_follow_the_documented_schedule_then_stop() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(503)).await;
    world.publish().await;
    world.run_for_hours(24).await;
    assert_eq!(world.arrival_secs(URL), [0, 30, 150, 1_050, 4_650, 19_050]);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Exhausted]);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_starts_within_milliseconds_of_its_due_time_and_never_early() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for_hours(6).await;
    let due_ms = [0, 30_000, 150_000, 1_050_000, 4_650_000, 19_050_000];
    for (arrival, due_ms) in world.arrivals(URL).iter().zip(due_ms) {
        let late_ms = arrival.at_ms - due_ms;
        assert!((0..50).contains(&late_ms), "{late_ms} ms late");
    }
}

#[tokio::test(start_paused = true)]
async fn each_delay_counts_from_the_end_of_the_attempt_before() {
    let mut world = World::new().await;
    let slow = Answer { after: Duration::from_secs(10), ..Answer::status(500) };
    world.endpoint(URL, move |_, _| slow).await;
    world.publish().await;
    world.run_for_hours(6).await;
    assert_eq!(world.arrival_secs(URL), [0, 40, 170, 1_080, 4_690, 19_100]);
}

#[tokio::test(start_paused = true)]
async fn the_first_2xx_ends_the_retries() {
    let mut world = World::new().await;
    let answers = |_: &_, before| Answer::status(if before < 2 { 500 } else { 204 });
    let endpoint = world.endpoint(URL, answers).await;
    world.publish().await;
    world.run_for_hours(24).await;
    assert_eq!(world.arrival_secs(URL), [0, 30, 150]);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded]);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_a_failure() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, before| Answer::status(if before == 0 { 302 } else { 200 })).await;
    world.publish().await;
    world.run_for_hours(1).await;
    assert_eq!(world.arrival_secs(URL), [0, 30]);
}

#[tokio::test(start_paused = true)]
async fn no_answer_within_fifteen_seconds_is_a_failure() {
    let mut world = World::new().await;
    let never = Answer { after: Duration::from_secs(3_600), ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| never).await;
    world.publish().await;
    world.run_for(Duration::from_secs(50)).await;
    assert_eq!(world.arrival_secs(URL), [0, 45]);
    let attempt = &world.details(&endpoint).await[0].attempts[0];
    assert_eq!((attempt.duration_ms, attempt.outcome.status), (15_000, None));
}

#[tokio::test(start_paused = true)]
async fn retry_after_can_only_postpone_and_at_most_four_hours() {
    for (retry_after_secs, second_at) in [(5, 30), (600, 600), (86_400, 14_400)] {
        let mut world = World::new().await;
        let answer = Answer { retry_after_secs: Some(retry_after_secs), ..Answer::status(429) };
        world.endpoint(URL, move |_, _| answer).await;
        world.publish().await;
        world.run_for_hours(5).await;
        assert_eq!(world.arrival_secs(URL)[1], second_at);
    }
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_bytes_and_id_freshly_signed() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for_hours(6).await;
    let arrivals = world.arrivals(URL);
    assert_eq!(arrivals.len(), 6);
    for (index, arrival) in arrivals.iter().enumerate() {
        let header = |name| arrival.headers[name].clone();
        assert_eq!(arrival.body, arrivals[0].body);
        assert_eq!(header("x-parseflow-delivery"), arrivals[0].headers["x-parseflow-delivery"]);
        assert_eq!(header("x-parseflow-attempt"), (index + 1).to_string());
        let secret = world.secret(&endpoint);
        assert!(signature::verify_body(secret, &arrival.body, &header("x-parseflow-signature")));
        let sent_secs: i64 = header("webhook-timestamp").parse().unwrap();
        assert_eq!(sent_secs, 1_776_160_800 + arrival.at_ms / 1_000);
        let standard =
            signature::standard_signature(secret, &header("webhook-id"), sent_secs, &arrival.body);
        assert_eq!(header("webhook-signature"), standard);
    }
}

#[tokio::test(start_paused = true)]
async fn a_changed_url_applies_to_pending_retries_and_is_on_record() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(404)).await;
    world.publish().await;
    world.run_for(Duration::from_secs(10)).await;
    let fixed = "https://one.example/fixed".to_owned();
    world
        .change(&endpoint, EndpointChange { url: Some(fixed.clone()), ..Default::default() })
        .await;
    world.run_for_hours(1).await;
    assert_eq!(world.arrival_secs(URL), [0]);
    assert_eq!(world.arrival_secs(&fixed), [30]);
    let detail = world.details(&endpoint).await.remove(0);
    let urls: Vec<_> = detail.attempts.into_iter().map(|attempt| attempt.url).collect();
    assert_eq!(urls, [URL.to_owned(), fixed]);
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_delivery_sent_again_by_hand_keeps_its_id_and_is_sent_once() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for_hours(6).await;
    let delivery = world.details(&endpoint).await[0].row.id;
    world.redeliver(&endpoint, delivery).await;
    world.run_for_hours(6).await;
    let arrivals = world.arrivals(URL);
    assert_eq!(arrivals.len(), 7);
    assert_eq!(arrivals[6].headers["x-parseflow-delivery"], delivery.to_string());
    world.answer(URL, |_, _| Answer::status(200));
    world.redeliver(&endpoint, delivery).await;
    world.run_for_hours(1).await;
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded]);
}

#[tokio::test(start_paused = true)]
async fn attempts_and_how_late_they_began_are_counted() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, before| Answer::status(if before < 2 { 500 } else { 200 })).await;
    world.publish().await;
    world.run_for_hours(1).await;
    assert_eq!(world.metric(r#"parseflow_attempts_total{outcome="status"}"#), 2.0);
    assert_eq!(world.metric(r#"parseflow_attempts_total{outcome="ok"}"#), 1.0);
    assert_eq!(world.metric("parseflow_attempt_duration_seconds_count"), 3.0);
    assert_eq!(world.metric("parseflow_attempt_lateness_seconds_count"), 3.0);
    assert!(world.metric("parseflow_attempt_lateness_seconds_sum") < 0.2);
    assert_eq!(world.metric("parseflow_attempts_in_flight"), 0.0);
    assert_eq!(world.metric("parseflow_deliveries_in_memory"), 0.0);
}
