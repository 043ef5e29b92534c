//! Nothing is lost when the process goes, and nothing is sent early when it comes back.

use std::time::Duration;

use parseflow_model::DeliveryState;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_with_the_schedule_where_it_was() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, _| Answer::status(503)).await;
    world.publish().await;
    world.run_for(SECOND * 100).await;
    world.stop().await;
    world.run_for(SECOND * 20).await;
    world.start().await;
    world.run_for_hours(6).await;
    assert_eq!(world.arrival_secs(URL), [0, 30, 150, 1_050, 4_650, 19_050]);
}

#[tokio::test(start_paused = true)]
async fn what_came_due_while_nobody_ran_is_sent_at_the_start() {
    let mut world = World::new().await;
    world.endpoint(URL, |_, before| Answer::status(if before == 0 { 503 } else { 200 })).await;
    world.publish().await;
    world.run_for(SECOND * 10).await;
    world.stop().await;
    world.run_for(SECOND * 1_000).await;
    world.start().await;
    world.run_for(SECOND).await;
    assert_eq!(world.arrival_secs(URL), [0, 1_010]);
}

#[tokio::test(start_paused = true)]
async fn events_published_while_nobody_dispatches_are_delivered_after_the_start() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(200)).await;
    world.stop().await;
    for _ in 0..10 {
        world.publish().await;
    }
    world.run_for_hours(1).await;
    assert_eq!(world.arrivals(URL).len(), 0);
    world.start().await;
    world.run_for(SECOND).await;
    assert_eq!(world.arrivals(URL).len(), 10);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded; 10]);
}

#[tokio::test(start_paused = true)]
async fn a_graceful_stop_ends_what_is_in_flight_and_gives_the_rest_back() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND * 5, ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    for _ in 0..20 {
        world.publish().await;
    }
    world.run_for(SECOND).await;
    let begun = world.arrivals(URL).len();
    assert_eq!(begun, 8);
    world.stop().await;
    assert_eq!(world.arrivals(URL).len(), begun, "nothing new was begun");
    let states = world.states(&endpoint).await;
    let ended = states.iter().filter(|state| **state == DeliveryState::Succeeded).count();
    assert_eq!(ended, begun);
    world.start().await;
    world.run_for_hours(1).await;
    assert_eq!(world.arrivals(URL).len(), 20, "each exactly once");
}

#[tokio::test(start_paused = true)]
async fn a_crash_repeats_at_most_the_attempts_in_flight_under_the_same_ids() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND * 5, ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    for _ in 0..20 {
        world.publish().await;
    }
    world.run_for(SECOND).await;
    // A second start without a stop: the first one's lease is lost, what it sends is not recorded.
    world.start().await;
    world.run_for_hours(1).await;
    let mut ids: Vec<_> = world
        .arrivals(URL)
        .into_iter()
        .map(|arrival| arrival.headers["x-parseflow-delivery"].clone())
        .collect();
    assert!((20..=28).contains(&ids.len()), "{} requests", ids.len());
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20, "no delivery has two ids");
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded; 20]);
}

#[tokio::test(start_paused = true)]
async fn files_that_a_crash_left_to_nobody_are_removed_after_an_hour() {
    let world = World::new().await;
    let document = world.document();
    let awaited = document.id.to_string();
    world.accept(vec![document], None, None).await;
    world.upload(&awaited);
    world.upload("ext_left_behind");
    world.upload("ext_half_written.part");
    world.run_for(SECOND * 3_500).await;
    assert_eq!(world.uploaded().len(), 3, "an upload may still be under way");
    world.run_for(SECOND * 300).await;
    assert_eq!(world.uploaded(), [awaited]);
}
