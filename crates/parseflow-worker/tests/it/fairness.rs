//! One slow, hanging or failing endpoint never delays another.

use std::time::Duration;

use parseflow_model::DeliveryState;

use crate::world::{Answer, World};

const HANGING: &str = "https://hanging.example/hook";
const HEALTHY: &str = "https://healthy.example/hook";

#[tokio::test(start_paused = true)]
async fn a_hanging_endpoint_does_not_delay_the_others() {
    let mut world = World::new().await;
    let never = Answer { after: Duration::from_secs(3_600), ..Answer::status(200) };
    world.endpoint(HANGING, move |_, _| never).await;
    world.endpoint(HEALTHY, |_, _| Answer::status(200)).await;
    for _ in 0..500 {
        world.publish().await;
    }
    world.run_for(Duration::from_secs(1)).await;
    let healthy = world.arrivals(HEALTHY);
    assert_eq!(healthy.len(), 500);
    assert!(healthy.iter().all(|arrival| arrival.at_ms < 50));
    assert!(world.arrivals(HANGING).len() <= 8, "its own lane bounds what is in flight to it");
}

#[tokio::test(start_paused = true)]
async fn more_than_memory_holds_is_delivered_once_each() {
    let mut world = World::new().await;
    let slow = Answer { after: Duration::from_millis(100), ..Answer::status(200) };
    let endpoint = world.endpoint(HEALTHY, move |_, _| slow).await;
    for _ in 0..3_000 {
        world.publish().await;
    }
    world.run_for_hours(1).await;
    let mut ids: Vec<_> = world
        .arrivals(HEALTHY)
        .into_iter()
        .map(|arrival| arrival.headers["x-parseflow-delivery"].clone())
        .collect();
    assert_eq!(ids.len(), 3_000);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3_000, "none twice");
    assert_eq!(world.store.wakeups().await.unwrap(), []);
    assert!(world.states(&endpoint).await.iter().all(|state| *state == DeliveryState::Succeeded));
}

#[tokio::test(start_paused = true)]
async fn a_backlog_of_a_dead_endpoint_is_retried_without_loss() {
    let mut world = World::new().await;
    let recovers = |arrival: &crate::world::Arrival, _| {
        Answer::status(if arrival.at_ms < 600_000 { 503 } else { 200 })
    };
    world.endpoint(HEALTHY, recovers).await;
    for _ in 0..2_000 {
        world.publish().await;
    }
    world.run_for_hours(2).await;
    let arrivals = world.arrivals(HEALTHY);
    let delivered = arrivals.iter().filter(|arrival| arrival.at_ms >= 600_000).count();
    assert_eq!(delivered, 2_000);
    assert_eq!(world.store.wakeups().await.unwrap(), []);
}
