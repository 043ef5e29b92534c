//! After an outage everything is sent again: in order, bit by bit, and across a restart.

use std::time::Duration;

use parseflow_model::{
    DeliveryState, RecoveryId, RecoveryScope, RecoveryStatus, WallClock as _, WebhookId,
};
use parseflow_store::{EndpointChange, NewRecovery, RecoveryBegun};

use crate::world::{Answer, World};

const URL: &str = "https://one.example/hook";
const SECOND: Duration = Duration::from_secs(1);

async fn set_active(world: &World, id: &WebhookId, active: bool) {
    world.change(id, EndpointChange { active: Some(active), ..Default::default() }).await;
}

/// `count` events that the endpoint has skipped.
async fn skip(world: &World, id: &WebhookId, count: usize) {
    set_active(world, id, false).await;
    for _ in 0..count {
        world.publish().await;
        world.run_for(Duration::from_millis(1)).await;
    }
    set_active(world, id, true).await;
}

async fn recover(world: &World, endpoint: &WebhookId) -> RecoveryId {
    let now = world.clock.now();
    let id: RecoveryId = "rcv_0000000000000001".parse().unwrap();
    let scope =
        RecoveryScope { since: now - SECOND * 3_600, until: now, states: 7, event_types: 63 };
    let total = world.store.recoverable(&world.account, endpoint, scope).await.unwrap().unwrap();
    let new = NewRecovery { id: id.clone(), scope, total, now };
    let begun = world.store.begin_recovery(&world.account, endpoint, new).await.unwrap();
    assert!(matches!(begun, RecoveryBegun::Begun(_)), "{begun:?}");
    id
}

#[tokio::test(start_paused = true)]
async fn a_slow_receiver_gets_a_backlog_no_faster_than_it_takes_it() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND, ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    skip(&world, &endpoint, 400).await;
    let id = recover(&world, &endpoint).await;
    let mut most_waiting = 0;
    loop {
        world.run_for(Duration::from_millis(50)).await;
        most_waiting = most_waiting.max(world.store.figures().await.unwrap().deliveries_due);
        let found = world.store.recovery(&world.account, &endpoint, &id).await.unwrap().unwrap();
        assert!(found.done <= found.total);
        if found.status != RecoveryStatus::Running {
            assert_eq!((found.status, found.done), (RecoveryStatus::Completed, 400));
            break;
        }
    }
    world.run_for(SECOND * 400).await;
    assert_eq!(world.arrivals(URL).len(), 400, "each once");
    assert!(most_waiting < 300, "{most_waiting} were due at once");
    assert_eq!(world.states(&endpoint).await, [DeliveryState::Succeeded; 100]);
}

#[tokio::test(start_paused = true)]
async fn a_recovery_goes_on_where_the_process_before_has_stopped() {
    let mut world = World::new().await;
    let slow = Answer { after: SECOND, ..Answer::status(200) };
    let endpoint = world.endpoint(URL, move |_, _| slow).await;
    skip(&world, &endpoint, 300).await;
    let id = recover(&world, &endpoint).await;
    world.run_for(SECOND).await;
    world.stop().await;
    let found = world.store.recovery(&world.account, &endpoint, &id).await.unwrap().unwrap();
    assert_eq!(found.status, RecoveryStatus::Running);
    world.run_for(SECOND * 100).await;
    world.start().await;
    world.run_for(SECOND * 600).await;
    let found = world.store.recovery(&world.account, &endpoint, &id).await.unwrap().unwrap();
    assert_eq!((found.status, found.done), (RecoveryStatus::Completed, 300));
    assert_eq!(world.arrivals(URL).len(), 300, "each once");
}

#[tokio::test(start_paused = true)]
async fn a_paused_endpoint_gets_the_rest_when_it_is_resumed() {
    let mut world = World::new().await;
    let endpoint = world.endpoint(URL, |_, _| Answer::status(200)).await;
    skip(&world, &endpoint, 50).await;
    let pause = |paused| EndpointChange { paused: Some(paused), ..Default::default() };
    world.change(&endpoint, pause(true)).await;
    recover(&world, &endpoint).await;
    world.run_for(SECOND * 1_000).await;
    assert_eq!(world.arrivals(URL).len(), 0);
    world.change(&endpoint, pause(false)).await;
    world.run_for(SECOND * 15).await;
    assert_eq!(world.arrivals(URL).len(), 50);
}
