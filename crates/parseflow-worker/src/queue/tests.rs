use std::sync::Arc;

use parseflow_model::{Event, EventId, EventType, Timestamp, Trigger};
use parseflow_store::{Claim, ClaimedDelivery, ClaimedDue};

use super::*;

fn event(raw: i64, bytes: usize) -> Arc<Event> {
    Arc::new(Event {
        id: EventId::from_raw(raw),
        account: "acc_a1b2c3d4e5f6g7h8".parse().unwrap(),
        event_type: EventType::ExtractionCompleted,
        occurred_at: Timestamp::default(),
        body: vec![b'x'; bytes].into(),
        thin_body: None,
    })
}

fn first(raw: i64, endpoint: u32) -> Ready {
    Ready {
        event: event(raw, 10),
        endpoint: EndpointNo(endpoint),
        attempts_made: 0,
        trigger: Trigger::Schedule,
        due_at: Timestamp::default(),
        claim: Claim::First,
        lease_until: None,
    }
}

fn small() -> FairQueue {
    FairQueue::new(QueueLimits {
        in_flight_max: 100,
        lane_in_flight_start: 2,
        lane_in_flight_max: 4,
        lane_waiting_max: 50,
        waiting_bytes_max: 10_000,
    })
}

fn started(queue: &mut FairQueue) -> Vec<u32> {
    std::iter::from_fn(|| queue.next().map(|ready| ready.endpoint.0)).collect()
}

#[test]
fn endpoints_take_turns_and_none_exceeds_its_own_limit() {
    let mut queue = small();
    for raw in 0..10 {
        queue.offer(first(raw, 1)).unwrap();
    }
    queue.offer(first(20, 2)).unwrap();
    queue.offer(first(21, 3)).unwrap();
    assert_eq!(started(&mut queue), [1, 2, 3, 1]);
    queue.finished(EndpointNo(1), Verdict::Good);
    assert_eq!(started(&mut queue), [1, 1], "a good answer widens the lane by one");
}

#[test]
fn a_lane_that_fails_narrows_to_one_and_widens_again() {
    let mut queue = small();
    for raw in 0..10 {
        queue.offer(first(raw, 1)).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 2);
    queue.finished(EndpointNo(1), Verdict::Bad);
    assert_eq!(started(&mut queue).len(), 0, "one is still in flight and the limit is one");
    queue.finished(EndpointNo(1), Verdict::Good);
    assert_eq!(started(&mut queue).len(), 2);
}

#[test]
fn a_full_lane_or_a_full_memory_hands_deliveries_back() {
    let mut queue = small();
    for raw in 0..50 {
        queue.offer(first(raw, 1)).unwrap();
    }
    assert!(queue.offer(first(50, 1)).is_err(), "the lane is full");
    let mut large = first(51, 2);
    large.event = event(51, 9_600);
    assert!(queue.offer(large).is_err(), "memory is full");
    assert!(queue.offer(first(52, 2)).is_ok());
    assert_eq!(queue.waiting(), 51);
}

#[test]
fn the_global_limit_bounds_what_is_in_flight() {
    let mut queue = FairQueue::new(QueueLimits { in_flight_max: 3, ..QueueLimits::default() });
    for endpoint in 0..10 {
        queue.offer(first(i64::from(endpoint), endpoint)).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 3);
    queue.finished(EndpointNo(0), Verdict::Unsent);
    assert_eq!(started(&mut queue).len(), 1);
}

#[test]
fn due_deliveries_are_claimed_when_their_time_comes_and_not_before() {
    let mut queue = small();
    let at = Timestamp::from_secs(100);
    queue.due(EndpointNo(1), at);
    queue.due(EndpointNo(1), Timestamp::from_secs(200));
    assert_eq!(queue.next_timer(), Some(at));
    assert_eq!(queue.due_claims(Timestamp::from_secs(99)), []);
    assert_eq!(queue.due_claims(at), [(EndpointNo(1), 4)]);
    assert_eq!(queue.due_claims(at), [], "one claim at a time");
    let delivery = ClaimedDelivery {
        event: event(1, 10),
        attempts_made: 1,
        trigger: Trigger::Schedule,
        due_at: at,
        claim: Claim::Due { token: 7 },
    };
    let next = Timestamp::from_secs(200);
    let claimed = ClaimedDue { deliveries: vec![delivery], next_ready: Some(next) };
    queue.claimed(EndpointNo(1), claimed, next, at);
    assert_eq!(queue.next().map(|ready| ready.attempts_made), Some(1));
    assert_eq!(queue.due_claims(next), [(EndpointNo(1), 4)]);
}

#[test]
fn a_paused_endpoint_is_asked_for_again_later_not_in_a_loop() {
    let mut queue = small();
    let now = Timestamp::from_secs(100);
    queue.due(EndpointNo(1), now);
    assert_eq!(queue.due_claims(now).len(), 1);
    let nothing = ClaimedDue { deliveries: Vec::new(), next_ready: Some(now) };
    queue.claimed(EndpointNo(1), nothing, now, Timestamp::from_secs(105));
    assert_eq!(queue.due_claims(now), []);
    assert_eq!(queue.due_claims(Timestamp::from_secs(105)).len(), 1);
}

#[test]
fn a_full_lane_claims_again_as_soon_as_it_has_room() {
    let mut queue = small();
    for raw in 0..4 {
        queue.offer(first(raw, 1)).unwrap();
    }
    let now = Timestamp::from_secs(100);
    queue.due(EndpointNo(1), now);
    assert_eq!(queue.due_claims(now), [], "four wait, which is twice the limit in flight");
    assert_eq!(started(&mut queue).len(), 2);
    queue.finished(EndpointNo(1), Verdict::Unsent);
    assert_eq!(queue.due_claims(now), [(EndpointNo(1), 2)]);
}

#[test]
fn draining_a_lane_leaves_the_others() {
    let mut queue = small();
    queue.offer(first(1, 1)).unwrap();
    queue.offer(first(2, 2)).unwrap();
    assert_eq!(queue.drain_lane(EndpointNo(1)).len(), 1);
    assert_eq!(started(&mut queue), [2]);
    assert_eq!(queue.drain().len(), 0);
    assert_eq!(queue.in_flight(), 1);
}
