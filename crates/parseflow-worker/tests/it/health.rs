//! "After 5 failed attempts, the webhook is marked as failing. It will be automatically disabled
//! after 3 consecutive days of failures."

use std::time::Duration;

use parseflow_model::{DeliveryState, DisabledReason, EndpointStatus, Plan};
use parseflow_store::EndpointChange;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn after_five_failed_attempts_the_endpoint_is_failing_and_the_sixth_still_runs() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for(SECOND * 4_649).await;
    assert_eq!(world.arrivals(URL).len(), 4);
    assert_eq!(world.health(&endpoint).await.status, EndpointStatus::Healthy);
    world.run_for(SECOND * 2).await;
    assert_eq!(world.arrivals(URL).len(), 5);
    assert_eq!(world.health(&endpoint).await.status, EndpointStatus::Failing);
    assert!(world.stored(&endpoint).await.is_active(), "isActive stays true while failing");
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Retrying]);
    world.run_for_hours(5).await;
    assert_eq!(world.arrivals(URL).len(), 6);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Exhausted]);
}

#[tokio::test(start_paused = true)]
async fn any_2xx_makes_a_failing_endpoint_healthy() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for_hours(3).await;
    assert_eq!(world.health(&endpoint).await.status, EndpointStatus::Failing);
    world.answer(URL, |_, _| Answer::status(200));
    world.publish().await;
    world.run_for(SECOND).await;
    let health = world.health(&endpoint).await;
    assert_eq!((health.status, health.failing_since), (EndpointStatus::Healthy, None));
}

#[tokio::test(start_paused = true)]
async fn three_consecutive_days_of_failures_disable_the_endpoint() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    for _ in 0..12 {
        world.publish().await;
        world.run_for_hours(6).await;
    }
    let at_72_hours = world.health(&endpoint).await;
    assert_eq!(at_72_hours.status, EndpointStatus::Failing, "72 h, but no attempt since");
    world.publish().await;
    world.publish().await;
    world.run_for(SECOND).await;
    let health = world.health(&endpoint).await;
    assert_eq!(health.status, EndpointStatus::Disabled);
    assert_eq!(health.disabled_reason, Some(DisabledReason::ConsecutiveFailures));
    let disabled_at = world.hour(health.disabled_at.unwrap());
    assert!((72.0..72.01).contains(&disabled_at), "disabled after {disabled_at} h");
    let states = world.states(&endpoint).await;
    assert_eq!(states[..2], [DeliveryState::Cancelled; 2]);
    assert_eq!(states[2..], [DeliveryState::Exhausted; 12]);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_endpoint_gets_nothing_until_enabled_and_then_what_it_missed_by_hand() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    for _ in 0..13 {
        world.publish().await;
        world.run_for_hours(6).await;
    }
    assert_eq!(world.health(&endpoint).await.status, EndpointStatus::Disabled);
    let before = world.arrivals(URL).len();
    assert_eq!(world.publish().await, 0, "recorded, not delivered");
    world.run_for_hours(24).await;
    assert_eq!(world.arrivals(URL).len(), before);
    let missed = world.details(&endpoint).await[0].row.clone();
    assert_eq!(missed.state, DeliveryState::Skipped);
    world.answer(URL, |_, _| Answer::status(200));
    let enable = EndpointChange { active: Some(true), ..EndpointChange::default() };
    world.change(&endpoint, enable).await;
    let health = world.health(&endpoint).await;
    assert_eq!((health.status, health.consecutive_failures), (EndpointStatus::Healthy, 0));
    world.redeliver(&endpoint, missed.id).await;
    world.run_for(SECOND).await;
    assert_eq!(world.states(&endpoint).await[0], DeliveryState::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_failure() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(500)).await;
    world.publish().await;
    world.run_for_hours(4 * 24).await;
    world.publish().await;
    world.run_for_hours(24).await;
    let health = world.health(&endpoint).await;
    assert_eq!(health.status, EndpointStatus::Failing, "one bad day and another four days later");
    for _ in 0..8 {
        world.publish().await;
        world.run_for_hours(6).await;
    }
    world.publish().await;
    world.run_for(SECOND).await;
    assert_eq!(
        world.health(&endpoint).await.status,
        EndpointStatus::Disabled,
        "three days running"
    );
}

#[tokio::test(start_paused = true)]
async fn one_success_in_three_days_keeps_the_endpoint() {
    let mut world = World::new().await;
    let answers = |arrival: &crate::world::Arrival, _| {
        let on_the_second_day = (86_400_000..90_000_000).contains(&arrival.at_ms);
        Answer::status(if on_the_second_day { 200 } else { 500 })
    };
    let endpoint = world.endpoint(URL, answers).await;
    for _ in 0..14 {
        world.publish().await;
        world.run_for_hours(6).await;
    }
    assert_eq!(world.health(&endpoint).await.status, EndpointStatus::Failing);
}

#[tokio::test(start_paused = true)]
async fn gone_is_an_ordinary_failure_unless_the_endpoint_asks() {
    for (disable_on_gone, expected) in
        [(false, EndpointStatus::Healthy), (true, EndpointStatus::Disabled)]
    {
        let mut world = World::new().await;
        let endpoint = world.endpoint(URL, |_, _| Answer::status(410)).await;
        let mut settings = world.stored(&endpoint).await.settings;
        settings.disable_on_gone = disable_on_gone;
        let change = EndpointChange { settings: settings.into(), ..EndpointChange::default() };
        world.change(&endpoint, change).await;
        world.publish().await;
        world.run_for(SECOND).await;
        assert_eq!(world.health(&endpoint).await.status, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn deliveries_wait_while_the_plan_has_no_webhooks_and_go_on_after_the_upgrade() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(200)).await;
    world.set_plan(Plan::Free).await;
    world.publish().await;
    world.run_for_hours(2).await;
    assert_eq!(world.arrivals(URL).len(), 0);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Pending]);
    world.set_plan(Plan::Enterprise).await;
    world.run_for(SECOND * 6).await;
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded]);
}

#[tokio::test(start_paused = true)]
async fn a_paused_endpoint_keeps_its_schedule_and_is_sent_to_when_it_is_resumed() {
    let mut world = World::new().await;
    let endpoint =
        world.endpoint(URL, |_, before| Answer::status(if before == 0 { 500 } else { 200 })).await;
    world.publish().await;
    world.run_for(SECOND * 10).await;
    let paused = |paused| EndpointChange { paused: Some(paused), ..EndpointChange::default() };
    world.change(&endpoint, paused(true)).await;
    world.publish().await;
    world.run_for_hours(2).await;
    assert_eq!(world.arrival_secs(URL), [0]);
    world.change(&endpoint, paused(false)).await;
    world.run_for(SECOND).await;
    assert_eq!(world.arrival_secs(URL), [0, 7_210, 7_210]);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded; 2]);
}

#[tokio::test(start_paused = true)]
async fn deleting_cancels_what_waits_and_lets_the_running_attempt_finish() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND * 10, ..Answer::status(500) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    world.publish().await;
    world.run_for(SECOND * 5).await;
    world.delete(&endpoint).await;
    world.run_for_hours(6).await;
    assert_eq!(world.arrival_secs(URL), [0], "the running attempt was the last");
    assert_eq!(world.store.wakeups().await.unwrap(), []);
}
