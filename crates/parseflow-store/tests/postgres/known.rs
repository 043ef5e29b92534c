//! What a process remembers of endpoints never hides what another one has changed.

use parseflow_model::{DeliveryId, DeliveryState, Endpoint, EventType, Plan};
use parseflow_store::conformance::Subject;
use parseflow_store::{
    AccountStore, DeliveryStore, EndpointChange, EndpointStore, PlanChange, Settled,
};

use crate::world::world;

#[tokio::test]
async fn an_event_goes_where_its_endpoints_are_whichever_process_changed_them() {
    let world = world().await;
    let (account, first) = (&world.account, &world.endpoint);
    let handed = async |secs| {
        world.one.publish(account, Subject::at(secs)).await;
        let mut numbers: Vec<_> =
            world.one.handed_over().into_iter().map(|id| id.endpoint).collect();
        numbers.sort_unstable();
        numbers
    };
    let change = async |endpoint: &Endpoint, change| {
        let changed =
            world.two.store.update_endpoint(account, &endpoint.id, change, Subject::at(1));
        assert!(changed.await.unwrap().is_some());
    };
    let plan = async |plan| {
        let change = PlanChange { plan, documents_per_month: None, requests_per_minute: None };
        world.two.store.set_plan(account, change, Subject::at(1)).await.unwrap();
    };
    let wish = EndpointChange::default;
    assert_eq!(handed(1).await, [first.no]);
    assert_eq!(handed(2).await, [first.no]);
    let new = world.subject.new_endpoint(account, &EventType::ALL);
    let second = world.two.store.create_endpoint(new, 20).await.unwrap().unwrap();
    assert_eq!(handed(3).await, [first.no, second.no]);
    change(first, EndpointChange { paused: Some(true), ..wish() }).await;
    assert_eq!(handed(4).await, [second.no]);
    assert_eq!(handed(5).await, [second.no], "also when it has been read again");
    change(first, EndpointChange { paused: Some(false), ..wish() }).await;
    assert_eq!(handed(6).await, [first.no, second.no]);
    change(&second, EndpointChange { active: Some(false), ..wish() }).await;
    assert_eq!(handed(7).await, [first.no]);
    let events = Some((vec!["batch.completed".to_owned()], 0));
    change(first, EndpointChange { events, ..wish() }).await;
    assert_eq!(handed(8).await, []);
    change(&second, EndpointChange { active: Some(true), ..wish() }).await;
    assert_eq!(handed(9).await, [second.no]);
    plan(Plan::Free).await;
    assert_eq!(handed(10).await, []);
    plan(Plan::Pro).await;
    assert_eq!(handed(11).await, [second.no]);
    world.two.store.delete_endpoint(account, &second.id, Subject::at(1)).await.unwrap();
    assert_eq!(handed(12).await, []);
}

#[tokio::test]
async fn successes_at_a_known_endpoint_see_what_another_process_did_to_their_deliveries() {
    let world = world().await;
    let (account, endpoint) = (&world.account, &world.endpoint);
    let publish = async |count: usize| {
        for _ in 0..count {
            world.one.publish(account, Subject::at(1)).await;
        }
        world.one.handed_over()
    };
    let change = async |change: EndpointChange| {
        let changed =
            world.two.store.update_endpoint(account, &endpoint.id, change, Subject::at(2));
        assert!(changed.await.unwrap().is_some());
    };
    let succeed = async |id: DeliveryId| {
        let settled = world.one.succeed(&world.lease, id).await.unwrap();
        assert!(matches!(settled, Settled::Recorded(Some(_))), "{settled:?}");
        let found = world.two.store.delivery(account, &endpoint.id, id).await.unwrap().unwrap();
        assert_eq!((found.row.state, found.row.attempts), (DeliveryState::Succeeded, 1));
    };
    let handed = publish(6).await;
    for id in &handed[..4] {
        succeed(*id).await;
    }
    assert_eq!(world.one.succeed(&world.lease, handed[3]).await.unwrap(), Settled::Stale, "once");
    let wish = EndpointChange::default;
    change(EndpointChange { active: Some(false), ..wish() }).await;
    change(EndpointChange { active: Some(true), ..wish() }).await;
    for id in publish(3).await {
        succeed(id).await;
        let found = world.two.store.endpoint(account, &endpoint.id).await.unwrap().unwrap();
        assert!(found.health.last_success_at.is_some(), "its health began anew");
    }
    succeed(handed[4]).await;
    change(EndpointChange { active: Some(false), ..wish() }).await;
    succeed(handed[5]).await;
    assert_eq!(world.one.store.wakeups().await.unwrap(), []);
}
