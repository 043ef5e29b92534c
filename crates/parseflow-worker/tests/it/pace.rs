//! Endpoints whose owners have set a rate or an order.

use std::time::Duration;

use parseflow_model::DeliveryState;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const OTHER: &str = "https://other.example/hook";

#[tokio::test(start_paused = true)]
async fn a_rate_limit_delays_attempts_and_drops_none() {
    let mut world = World::new().await;
    let limited = world.endpoint(URL, |_, _| Answer::status(200)).await;
    world.endpoint(OTHER, |_, _| Answer::status(200)).await;
    world.set(&limited, |settings| settings.rate_limit_per_second = Some(5)).await;
    for _ in 0..100 {
        world.publish().await;
    }
    world.run_for(Duration::from_secs(1)).await;
    assert_eq!(world.arrivals(OTHER).len(), 100, "others do not wait");
    world.run_for(Duration::from_secs(30)).await;
    let at_ms: Vec<i64> = world.arrivals(URL).iter().map(|arrival| arrival.at_ms).collect();
    assert_eq!(at_ms.len(), 100);
    for (index, window) in at_ms.windows(6).enumerate() {
        assert!(window[5] - window[0] >= 990, "more than five in a second from {index} on");
    }
    let end_ms = at_ms[99];
    assert!((19_700..20_200).contains(&end_ms), "the rate is used: {end_ms} ms");
    let states = world.states(&limited).await;
    assert!(states.iter().all(|state| *state == DeliveryState::Succeeded));
}

#[tokio::test(start_paused = true)]
async fn retries_are_sent_beside_new_events_under_a_rate_limit() {
    let mut world = World::new().await;
    let limited = world.endpoint(URL, |_, n| Answer::status(if n < 10 { 500 } else { 200 })).await;
    world.set(&limited, |settings| settings.rate_limit_per_second = Some(10)).await;
    for _ in 0..10 {
        world.publish().await;
    }
    // Twice as many as may be sent, for longer than a retry waits.
    for _ in 0..400 {
        for _ in 0..4 {
            world.publish().await;
        }
        world.run_for(Duration::from_millis(200)).await;
    }
    let retries =
        world.arrivals(URL).into_iter().filter(|a| a.headers["x-parseflow-attempt"] == "2");
    let at_ms: Vec<i64> = retries.map(|arrival| arrival.at_ms).collect();
    assert_eq!(at_ms.len(), 10, "retries are not starved");
    assert!(at_ms.iter().all(|at_ms| *at_ms >= 30_000), "nor early");
}

#[tokio::test(start_paused = true)]
async fn an_ordered_endpoint_gets_its_events_one_by_one_in_their_order() {
    let mut world = World::new().await;
    let slow = Answer { after: Duration::from_millis(40), ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    world.set(&endpoint, |settings| settings.ordered = true).await;
    for _ in 0..20 {
        world.publish().await;
    }
    world.run_for(Duration::from_secs(2)).await;
    let arrivals = world.arrivals(URL);
    assert_eq!(arrivals.len(), 20);
    for pair in arrivals.windows(2) {
        let id = |index: usize| pair[index].headers["x-parseflow-delivery"].clone();
        assert!(id(0) < id(1), "in the order of the events");
        let apart_ms = pair[1].at_ms - pair[0].at_ms;
        assert!((40..60).contains(&apart_ms), "one after the other, at once: {apart_ms} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_blocks_the_order_until_the_delivery_has_ended() {
    let mut world = World::new().await;
    let endpoint =
        world.endpoint(URL, |_, before| Answer::status(if before < 2 { 503 } else { 200 }));
    let endpoint = endpoint.await;
    world.endpoint(OTHER, |_, _| Answer::status(200)).await;
    world.set(&endpoint, |settings| settings.ordered = true).await;
    for _ in 0..3 {
        world.publish().await;
    }
    world.run_for(Duration::from_secs(29)).await;
    world.publish().await;
    world.run_for_hours(1).await;
    assert_eq!(world.arrival_secs(URL), [0, 30, 150, 150, 150, 150]);
    let attempts: Vec<_> =
        world.arrivals(URL).iter().map(|a| a.headers["x-parseflow-attempt"].clone()).collect();
    assert_eq!(attempts, ["1", "2", "3", "1", "1", "1"]);
    assert_eq!(world.arrival_secs(OTHER), [0, 0, 0, 29]);
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_delivery_frees_the_order_and_a_restart_keeps_it() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, n| Answer::status(if n < 6 { 500 } else { 200 })).await;
    world.set(&endpoint, |settings| settings.ordered = true).await;
    world.publish().await;
    world.publish().await;
    world.run_for_hours(1).await;
    world.stop().await;
    world.start().await;
    world.run_for_hours(6).await;
    assert_eq!(world.arrivals(URL).len(), 7);
    assert_eq!(world.arrival_secs(URL)[5..], [19_050, 19_050]);
    let states = world.states(&endpoint).await;
    assert_eq!(states, [DeliveryState::Succeeded, DeliveryState::Exhausted]);
}

#[tokio::test(start_paused = true)]
async fn order_begins_with_what_waits_when_it_is_asked_for() {
    let mut world = World::new().await;
    let slow = Answer { after: Duration::from_millis(500), ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    for _ in 0..12 {
        world.publish().await;
    }
    world.run_for(Duration::from_millis(100)).await;
    assert_eq!(world.arrivals(URL).len(), 8, "eight at a time while it is new");
    world.set(&endpoint, |settings| settings.ordered = true).await;
    world.run_for(Duration::from_secs(5)).await;
    let at_ms: Vec<i64> = world.arrivals(URL)[8..].iter().map(|arrival| arrival.at_ms).collect();
    assert_eq!(at_ms.len(), 4);
    assert!((500..520).contains(&at_ms[0]), "after those in flight: {at_ms:?}");
    assert!(at_ms.windows(2).all(|pair| pair[1] - pair[0] >= 500), "then one by one: {at_ms:?}");
}
