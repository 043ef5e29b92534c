//! Nothing is sent beside an attempt that is on its way.

use std::time::Duration;

use parseflow_model::DeliveryState;
use parseflow_store::EndpointChange;

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const SECOND: Duration = Duration::from_secs(1);

/// Ten minutes ahead the attempt's claim has ended: the delivery is claimed again by the process that is
/// about to record it.
#[tokio::test(start_paused = true)]
async fn an_attempt_goes_on_when_the_clock_is_set_forward() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND * 10, ..Answer::status(500) };
    let answers = [Answer::status(503), slow, Answer::status(200)];
    let endpoint = world.endpoint(URL, move |_, before| answers[before.min(2)]).await;
    world.publish().await;
    world.run_for(SECOND * 35).await;
    assert_eq!(world.arrivals(URL).len(), 2);
    world.clock.set_forward(SECOND * 600);
    // Another event has the dispatcher look at the time.
    world.publish().await;
    world.run_for(SECOND * 4).await;
    assert_eq!(world.arrivals(URL).len(), 3, "the second attempt is on its way");
    world.run_for_hours(1).await;
    assert_eq!(world.arrivals(URL).len(), 4);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded; 2]);
    let details = world.details(&endpoint).await;
    let mut attempts: Vec<Vec<u32>> = details
        .iter()
        .map(|detail| detail.attempts.iter().map(|attempt| attempt.number).collect())
        .collect();
    attempts.sort();
    assert_eq!(attempts, [vec![1], vec![1, 2, 3]]);
}

/// Cancelled by disabling its endpoint, and asked for by hand when that was enabled.
#[tokio::test(start_paused = true)]
async fn what_was_asked_for_again_waits_for_the_attempt_and_follows_at_once() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND * 10, ..Answer::status(500) };
    let endpoint =
        world.endpoint(URL, move |_, before| [slow, Answer::status(200)][before.min(1)]).await;
    world.publish().await;
    world.run_for(SECOND * 5).await;
    for active in [false, true] {
        let change = EndpointChange { active: Some(active), ..EndpointChange::default() };
        world.change(&endpoint, change).await;
        world.run_for(SECOND).await;
    }
    let delivery = world.details(&endpoint).await[0].row.id;
    world.redeliver(&endpoint, delivery).await;
    world.run_for_hours(1).await;
    assert_eq!(world.arrival_secs(URL), [0, 10]);
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded]);
}
