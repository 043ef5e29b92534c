//! Several processes on one database.

use std::collections::HashSet;
use std::time::Duration;

use parseflow_model::{DeliveryId, DeliveryState, EventType, Fact};
use parseflow_store::conformance::Subject;
use parseflow_store::{
    Claim, DeliveryStore, DocumentStore, EndpointChange, EndpointStore, EventStore,
    IdempotencyBegin, Intake, Next, OperateStore, Publish, Published, Settled, StoreError,
};

use crate::world::{Node, beat, node, world};

#[tokio::test]
async fn what_a_dead_process_was_handed_is_taken_over_and_it_can_change_nothing_any_more() {
    let world = world().await;
    let other = world.two.start().await;
    let ids = [
        world.one.publish(&world.account, Subject::at(1)).await,
        world.one.publish(&world.account, Subject::at(1)).await,
        world.one.publish(&world.account, Subject::at(1)).await,
    ];
    let handed = world.one.handed_over();
    assert_eq!(handed.len(), 3);
    let settled = world.one.succeed(&world.lease, handed[1]).await.unwrap();
    assert!(matches!(settled, Settled::Recorded(Some(_))));
    assert_eq!(beat(&world.two, Some(&other), 10, 9).await, 0, "not dead yet");
    assert_eq!(beat(&world.two, Some(&other), 20, 2).await, 1);
    let found = world.two.claim(&other, world.endpoint.no, 22).await;
    let found: Vec<_> = found.into_iter().map(|id| id.event).collect();
    assert_eq!(found, [ids[0], ids[2]]);
    let late = world.one.succeed(&world.lease, handed[0]).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
    let beat = world.one.store.heartbeat(Some(&world.lease), Subject::at(23)).await;
    assert!(matches!(beat, Err(StoreError::LeaseLost)), "{beat:?}");
    let again = world.one.start().await;
    assert!(again.epoch > world.lease.epoch, "it may join again");
    world.one.publish(&world.account, Subject::at(24)).await;
    let handed = world.one.handed_over();
    let settled = world.one.succeed(&again, handed[0]).await.unwrap();
    assert!(matches!(settled, Settled::Recorded(Some(_))));
}

#[tokio::test]
async fn a_process_that_beats_is_left_alone() {
    let world = world().await;
    let other = world.two.start().await;
    for second in 0..30 {
        let now = Subject::at(second);
        let one = world.one.store.heartbeat(Some(&world.lease), now).await.unwrap();
        let two = world.two.store.heartbeat(Some(&other), now).await.unwrap();
        assert_eq!((one.adopted, two.adopted), (0, 0));
    }
}

#[tokio::test]
async fn events_published_while_taken_for_dead_are_due_and_not_handed_over() {
    let world = world().await;
    let other = world.two.start().await;
    beat(&world.two, Some(&other), 0, 12).await;
    world.one.publish(&world.account, Subject::at(13)).await;
    assert_eq!(world.one.handed_over(), []);
    assert_eq!(world.two.claim(&other, world.endpoint.no, 14).await.len(), 1);
}

#[tokio::test]
async fn a_process_of_the_same_name_takes_over_at_once() {
    let world = world().await;
    world.one.publish(&world.account, Subject::at(1)).await;
    let successor = node(&world.database, "one").await;
    let lease = successor.start().await;
    assert_eq!(successor.claim(&lease, world.endpoint.no, 2).await.len(), 1);
    let late = world.one.succeed(&world.lease, world.one.handed_over()[0]).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
}

#[tokio::test]
async fn a_process_that_leaves_makes_everything_due_for_the_others_at_once() {
    let world = world().await;
    let other = world.two.start().await;
    for _ in 0..3 {
        world.one.publish(&world.account, Subject::at(1)).await;
    }
    let handed = world.one.handed_over();
    let next = Next::Retry(Subject::at(2));
    let failed = Subject::settlement(handed[0], Claim::First, 1, 500, next, Subject::at(1));
    world.one.store.settle(&world.lease, failed).await.unwrap();
    assert_eq!(world.one.claim(&world.lease, world.endpoint.no, 3).await, [handed[0]]);
    world.one.store.leave().await.unwrap();
    let found = world.two.claim(&other, world.endpoint.no, 4).await;
    let found: HashSet<_> = found.into_iter().collect();
    assert_eq!(found, handed.iter().copied().collect());
    assert_eq!(beat(&world.two, Some(&other), 5, 20).await, 0, "nobody is left to adopt");
}

#[tokio::test]
async fn no_due_delivery_is_claimed_twice() {
    let world = world().await;
    let other = world.two.start().await;
    for _ in 0..200 {
        world.one.publish(&world.account, Subject::at(1)).await;
    }
    let handed = world.one.handed_over();
    world.one.store.spill(&world.lease, handed, Subject::at(1)).await.unwrap();
    let no = world.endpoint.no;
    let (one, two) = (world.one.store.clone(), world.two.store.clone());
    let claims = (0..40).map(|n| {
        let (store, lease) =
            if n % 2 == 0 { (one.clone(), world.lease) } else { (two.clone(), other) };
        tokio::spawn(async move {
            let (now, until) = (Subject::at(2), Subject::at(62));
            store.claim_due(&lease, no, now, until, 7).await.unwrap().deliveries
        })
    });
    let (mut seen, mut count) = (HashSet::new(), 0);
    for claim in claims.collect::<Vec<_>>() {
        for claimed in claim.await.unwrap() {
            count += 1;
            seen.insert(claimed.event.id);
        }
    }
    assert_eq!(seen.len(), count, "nothing was claimed twice");
    assert!(count >= 150, "{count}");
}

#[tokio::test]
async fn what_waits_in_another_process_is_cancelled_with_its_endpoint() {
    let world = world().await;
    let id = world.one.publish(&world.account, Subject::at(1)).await;
    let off = EndpointChange { active: Some(false), ..EndpointChange::default() };
    let (account, endpoint) = (&world.account, &world.endpoint.id);
    world.two.store.update_endpoint(account, endpoint, off, Subject::at(2)).await.unwrap();
    let id = DeliveryId { event: id, endpoint: world.endpoint.no };
    let state = || async {
        world.two.store.delivery(account, endpoint, id).await.unwrap().unwrap().row.state
    };
    assert_eq!(state().await, DeliveryState::Cancelled);
    // Given back unsent by the process that holds it, it stays cancelled.
    world.one.store.release(&world.lease, vec![(id, Claim::First)], Subject::at(3)).await.unwrap();
    assert_eq!(state().await, DeliveryState::Cancelled);
    assert_eq!(world.one.store.wakeups().await.unwrap(), []);
}

#[tokio::test]
async fn an_attempt_under_way_elsewhere_is_logged_although_its_delivery_was_cancelled() {
    let world = world().await;
    world.one.publish(&world.account, Subject::at(1)).await;
    let id = world.one.handed_over()[0];
    let (account, endpoint) = (&world.account, &world.endpoint.id);
    world.two.store.delete_endpoint(account, endpoint, Subject::at(2)).await.unwrap();
    let settled = world.one.succeed(&world.lease, id).await.unwrap();
    assert_eq!(settled, Settled::Recorded(None));
    assert_eq!(world.one.succeed(&world.lease, id).await.unwrap(), Settled::Stale, "once");
}

#[tokio::test]
async fn what_was_cancelled_while_a_dead_process_held_it_is_sent_at_once_when_it_is_asked_for() {
    let world = world().await;
    let other = world.two.start().await;
    let (account, endpoint) = (&world.account, &world.endpoint);
    let ids = [(); 2].map(|()| world.one.publish(account, Subject::at(1)));
    let [first, second] = futures_util::future::join_all(ids).await[..] else { unreachable!() };
    for (active, secs) in [(false, 2), (true, 3)] {
        let change = EndpointChange { active: Some(active), ..EndpointChange::default() };
        let changed =
            world.two.store.update_endpoint(account, &endpoint.id, change, Subject::at(secs));
        assert!(changed.await.unwrap().is_some());
    }
    let ask = async |event, secs| {
        let id = DeliveryId { event, endpoint: endpoint.no };
        let asked = world.two.store.redeliver(account, &endpoint.id, id, Subject::at(secs)).await;
        assert_eq!(asked.unwrap(), Some(DeliveryState::Pending));
    };
    ask(first, 4).await;
    assert_eq!(world.two.claim(&other, endpoint.no, 5).await, [], "its attempt may be on its way");
    assert_eq!(beat(&world.two, Some(&other), 10, 12).await, 1);
    ask(second, 23).await;
    let events = world.two.claim(&other, endpoint.no, 24).await.into_iter().map(|id| id.event);
    assert_eq!(events.collect::<HashSet<_>>(), HashSet::from([first, second]));
}

#[tokio::test]
async fn a_change_of_an_endpoint_is_heard_by_every_process() {
    let world = world().await;
    let beat = |secs| world.two.store.heartbeat(None, Subject::at(secs));
    beat(0).await.unwrap();
    assert!(!beat(1).await.unwrap().endpoints_changed);
    let url = Some("https://example.com/other".to_owned());
    let change = EndpointChange { url, ..EndpointChange::default() };
    let endpoint = &world.endpoint.id;
    world
        .one
        .store
        .update_endpoint(&world.account, endpoint, change, Subject::at(2))
        .await
        .unwrap();
    assert!(beat(3).await.unwrap().endpoints_changed);
    assert!(!beat(4).await.unwrap().endpoints_changed);
}

#[tokio::test]
async fn ids_of_different_processes_never_meet() {
    let world = world().await;
    world.two.start().await;
    let mut seen = HashSet::new();
    for second in [9, 9, 1, 9] {
        for node in [&world.one, &world.two] {
            assert!(seen.insert(node.publish(&world.account, Subject::at(second)).await));
        }
    }
}

#[tokio::test]
async fn documents_claimed_by_a_living_process_are_not_taken_from_it() {
    let world = world().await;
    let document = world.subject.document(&world.account, None);
    let (account, now) = (world.account.clone(), Subject::at(0));
    let intake = Intake { account, documents: vec![document], batch: None, now };
    world.one.store.accept(intake).await.unwrap();
    let claim = |node: &Node, secs| {
        let store = node.store.clone();
        async move { store.claim_work(Subject::at(secs), Subject::at(secs + 600), 9).await.unwrap() }
    };
    assert_eq!(claim(&world.one, 1).await.len(), 1);
    world.two.store.release_work().await.unwrap();
    assert_eq!(claim(&world.two, 2).await.len(), 0, "its holder lives");
    let other = world.two.start().await;
    beat(&world.two, Some(&other), 3, 12).await;
    assert_eq!(claim(&world.two, 16).await.len(), 1, "its holder is dead");
}

#[tokio::test]
async fn a_request_under_way_in_another_process_is_in_flight_until_that_process_is_dead() {
    let world = world().await;
    let other = world.two.start().await;
    let begin = |node: &Node, boot, secs| {
        let (store, account) = (node.store.clone(), world.account.clone());
        async move { store.begin_idempotent(&account, "k", &[1; 32], boot, Subject::at(secs)).await }
    };
    assert_eq!(begin(&world.one, 7, 0).await.unwrap(), IdempotencyBegin::New);
    assert_eq!(begin(&world.two, 8, 1).await.unwrap(), IdempotencyBegin::InFlight);
    beat(&world.two, Some(&other), 2, 12).await;
    assert_eq!(begin(&world.two, 8, 15).await.unwrap(), IdempotencyBegin::New);
}

#[tokio::test]
async fn a_day_that_is_over_is_dropped_whole() {
    let world = world().await;
    let day = Duration::from_secs(86_400);
    for days in 0..3 {
        world.one.publish(&world.account, Subject::at(0) + day * days).await;
        for id in world.one.handed_over() {
            world.one.succeed(&world.lease, id).await.unwrap();
        }
    }
    let partitions = || async {
        let client = world.database.client().await;
        let count = "SELECT COUNT(*) FROM pg_inherits
             WHERE inhparent IN ('event'::regclass, 'attempt'::regclass)";
        client.query_one(count, &[]).await.unwrap().get::<_, i64>(0)
    };
    let client = world.database.client().await;
    let rows = "INSERT INTO due (endpoint_no, event_id, due_ms, attempts_made, manual)
            SELECT n, id, 0, 1, false FROM event, generate_series(100, 106) AS n;
         INSERT INTO parked (endpoint_no, event_id, reason, parked_ms)
            SELECT n, id, 'exhausted', 0 FROM event, generate_series(200, 206) AS n";
    client.batch_execute(rows).await.unwrap();
    let left = async |table: &str| {
        let count = format!("SELECT COUNT(*), COUNT(DISTINCT event_id) FROM {table}");
        let row = client.query_one(&count, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(1))
    };
    let now = Subject::at(0) + day * 2;
    assert_eq!(world.one.store.sweep(Subject::at(0), now, 1_000).await.unwrap().events, 0);
    let before = partitions().await;
    assert_eq!((left("due").await, left("parked").await), ((21, 3), (21, 3)));
    // In slices of fewer rows than a day has.
    let removed = world.one.store.sweep(now, now, 3).await.unwrap().events;
    assert_eq!((removed, partitions().await), (2, before - 4));
    assert_eq!((left("due").await, left("parked").await), ((7, 1), (7, 1)));
    let page = Subject::page(9);
    let log = world.one.store.deliveries(&world.account, &world.endpoint.id, &page);
    assert_eq!(log.await.unwrap().unwrap().rows.len(), 1);
}

#[tokio::test]
async fn connections_that_are_cut_lose_nothing_that_was_acknowledged() {
    let world = world().await;
    let cutter = world.database.client().await;
    let (mut acknowledged, mut cut) = (Vec::new(), 0);
    // A cut may meet all that publish or none, so rounds go on until there was enough of both.
    for round in 0.. {
        if round >= 20 && acknowledged.len() >= 20 && cut >= 5 {
            break;
        }
        assert!(round < 500, "{} acknowledged, {cut} cut", acknowledged.len());
        let store = world.one.store.clone();
        let publishing: Vec<_> = (0..5)
            .map(|_| {
                let (store, account) = (store.clone(), world.account.clone());
                tokio::spawn(async move {
                    let event_type = EventType::BatchFailed;
                    let fact =
                        Fact::Published { event_type, data: Default::default(), test: false };
                    let now = Subject::at(1);
                    store.publish(Publish { account, fact, only: None, key: None, now }).await
                })
            })
            .collect();
        // Those that are in the middle of a transaction.
        cut += cutter
            .execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l
                 WHERE l.locktype = 'relation' AND l.relation = 'node'::regclass
                   AND l.pid <> pg_backend_pid()",
                &[],
            )
            .await
            .unwrap();
        for publish in publishing {
            if let Ok(Published::Stored { event, .. }) = publish.await.unwrap() {
                acknowledged.push(event);
            }
        }
    }
    let lease = world.lease;
    world.one.store.heartbeat(Some(&lease), Subject::at(2)).await.unwrap();
    for id in world.one.handed_over() {
        world.one.succeed(&lease, id).await.unwrap();
    }
    // Every event that is stored was delivered or is due: none is lost between the two.
    let client = world.database.client().await;
    let lost = "SELECT COUNT(*) FROM event e
         WHERE NOT EXISTS (SELECT 1 FROM attempt a WHERE a.event_id = e.id)
           AND NOT EXISTS (SELECT 1 FROM due d WHERE d.event_id = e.id)";
    assert_eq!(client.query_one(lost, &[]).await.unwrap().get::<_, i64>(0), 0);
    for event in acknowledged {
        let found = world.one.store.event(&world.account, event).await.unwrap();
        assert!(found.is_some(), "{event} was acknowledged");
    }
}
