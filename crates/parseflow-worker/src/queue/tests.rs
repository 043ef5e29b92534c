use std::sync::Arc;

use parseflow_model::{Event, EventId, EventType, Timestamp, Trigger};
use parseflow_store::{Claim, ClaimedDelivery, ClaimedDue};

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_000);

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
        waiting_bytes_max: 30_000,
    })
}

/// An attempt ended after 20 ms and is recorded.
fn answer(queue: &mut FairQueue, endpoint: EndpointNo, verdict: Verdict, now: Timestamp) {
    queue.answered(endpoint, verdict, 20, now);
    queue.settled();
}

fn started(queue: &mut FairQueue) -> Vec<u32> {
    std::iter::from_fn(|| queue.next(NOW).map(|ready| ready.endpoint.0)).collect()
}

#[test]
fn endpoints_take_turns_and_none_exceeds_its_own_limit() {
    let mut queue = small();
    for raw in 0..10 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    queue.offer(first(20, 2), None).unwrap();
    queue.offer(first(21, 3), None).unwrap();
    assert_eq!(started(&mut queue), [1, 2, 3, 1]);
    answer(&mut queue, EndpointNo(1), Verdict::Good, NOW);
    assert_eq!(started(&mut queue), [1], "a place is free again");
}

#[test]
fn a_lane_that_fails_narrows_to_one_and_widens_again() {
    let mut queue = small();
    for raw in 0..10 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 2);
    answer(&mut queue, EndpointNo(1), Verdict::Bad, NOW);
    assert_eq!(started(&mut queue).len(), 0, "one is still in flight and the limit is one");
    answer(&mut queue, EndpointNo(1), Verdict::Good, NOW);
    assert_eq!(started(&mut queue).len(), 2);
}

/// The raw ids that are to be read for the only lane that wants any.
fn wanted(queue: &mut FairQueue) -> Vec<i64> {
    let wanted = queue.begin_reading(NOW);
    assert!(wanted.len() <= 1);
    wanted.into_iter().flat_map(|(_, ids)| ids).map(EventId::raw).collect()
}

fn read(queue: &mut FairQueue, ids: &[i64]) {
    let events = ids.iter().map(|raw| Event::clone(&event(*raw, 10)));
    queue.read(EndpointNo(1), events.collect());
}

#[test]
fn what_a_full_lane_takes_in_waits_without_its_event_and_keeps_its_turn() {
    let mut queue = small();
    for raw in 0..60 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    assert_eq!(queue.waiting(), 60);
    assert_eq!(wanted(&mut queue), [0; 0], "the window is full");
    let mut sent = Vec::new();
    while sent.len() < 60 {
        while let Some(ready) = queue.next(NOW) {
            sent.push(ready.event.id.raw());
            answer(&mut queue, EndpointNo(1), Verdict::Good, NOW);
        }
        let ids = wanted(&mut queue);
        queue.offer(first(100 + sent.len() as i64, 1), None).unwrap();
        read(&mut queue, &ids);
    }
    assert!(sent.is_sorted(), "{sent:?}");
    assert_eq!(sent[..60], (0..60).collect::<Vec<_>>());
}

#[test]
fn events_are_read_once_and_when_half_of_the_window_is_free() {
    let mut queue = small();
    for raw in 0..60 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    for _ in 0..24 {
        assert!(queue.next(NOW).is_some());
        queue.unsent(EndpointNo(1), NOW);
    }
    assert_eq!(wanted(&mut queue), [0; 0], "26 wait");
    assert!(queue.next(NOW).is_some());
    assert_eq!(wanted(&mut queue), (50..60).collect::<Vec<_>>());
    queue.unsent(EndpointNo(1), NOW);
    assert!(queue.next(NOW).is_some());
    assert_eq!(wanted(&mut queue), [0; 0], "they are being read");
}

#[test]
fn a_lane_that_is_drained_while_its_events_are_read_sends_none_of_them() {
    let mut queue = small();
    for raw in 0..60 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    while queue.next(NOW).is_some() {
        queue.unsent(EndpointNo(1), NOW);
    }
    let ids = wanted(&mut queue);
    assert_eq!(ids.len(), 10);
    assert_eq!(queue.drain_lane(EndpointNo(1)).len(), 10, "also what is being read is given back");
    read(&mut queue, &ids);
    assert_eq!((queue.waiting(), queue.next(NOW).is_none()), (0, true));
}

#[test]
fn what_cannot_be_read_is_given_back() {
    let mut queue = small();
    for raw in 0..60 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    while queue.next(NOW).is_some() {
        queue.unsent(EndpointNo(1), NOW);
    }
    assert_eq!(wanted(&mut queue).len(), 10);
    let returned = queue.read_failed(EndpointNo(1));
    assert_eq!((returned.len(), returned[0].1), (10, Claim::First));
    assert_eq!(queue.waiting(), 0);
}

#[test]
fn a_lane_with_a_hundred_thousand_hands_deliveries_back() {
    let mut queue = small();
    let mut large = first(0, 2);
    large.event = event(0, 30_000);
    queue.offer(large, None).unwrap();
    assert!(queue.next(NOW).is_none(), "memory would be full: it waits without its event");
    let event = event(1, 10);
    let again = || Ready { event: Arc::clone(&event), ..first(1, 1) };
    for _ in 0..100_050 {
        queue.offer(again(), None).unwrap();
    }
    assert!(queue.offer(again(), None).is_err());
}

#[test]
fn what_is_being_recorded_holds_no_place_of_its_lane_but_one_of_all() {
    let mut queue = FairQueue::new(QueueLimits { in_flight_max: 3, ..QueueLimits::default() });
    for raw in 0..10 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 3);
    queue.answered(EndpointNo(1), Verdict::Good, 20, NOW);
    assert!(started(&mut queue).is_empty(), "memory is bounded while the database is slow");
    assert_eq!(queue.in_flight(), 3);
    queue.settled();
    assert_eq!(started(&mut queue).len(), 1);
}

#[test]
fn the_global_limit_bounds_what_is_in_flight() {
    let mut queue = FairQueue::new(QueueLimits { in_flight_max: 3, ..QueueLimits::default() });
    for endpoint in 0..10 {
        queue.offer(first(i64::from(endpoint), endpoint), None).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 3);
    queue.unsent(EndpointNo(0), NOW);
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
    assert_eq!(queue.due_claims(at), [(EndpointNo(1), 8)]);
    assert_eq!(queue.due_claims(at), [], "one claim at a time");
    let delivery = ClaimedDelivery {
        event: event(1, 10),
        attempts_made: 1,
        trigger: Trigger::Schedule,
        due_at: at,
        claim: Claim::Due { token: 7 },
    };
    let next = Timestamp::from_secs(200);
    let claimed =
        ClaimedDue { deliveries: vec![delivery], next_ready: Some(next), ..ClaimedDue::default() };
    queue.claimed(EndpointNo(1), claimed, next, at, at);
    assert_eq!(queue.next(at).map(|ready| ready.attempts_made), Some(1));
    assert_eq!(queue.due_claims(next), [(EndpointNo(1), 8)]);
}

#[test]
fn a_paused_endpoint_is_asked_for_again_later_not_in_a_loop() {
    let mut queue = small();
    let now = Timestamp::from_secs(100);
    queue.due(EndpointNo(1), now);
    assert_eq!(queue.due_claims(now).len(), 1);
    let nothing = ClaimedDue { next_ready: Some(now), ..ClaimedDue::default() };
    queue.claimed(EndpointNo(1), nothing, now, now, Timestamp::from_secs(105));
    assert_eq!(queue.due_claims(now), []);
    assert_eq!(queue.due_claims(Timestamp::from_secs(105)).len(), 1);
}

#[test]
fn a_full_lane_claims_again_as_soon_as_it_has_room() {
    let mut queue = small();
    for raw in 0..8 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    let now = Timestamp::from_secs(100);
    queue.due(EndpointNo(1), now);
    assert_eq!(queue.due_claims(now), [], "eight wait, which is four times the limit in flight");
    assert_eq!(started(&mut queue).len(), 2);
    queue.unsent(EndpointNo(1), NOW);
    assert_eq!(queue.due_claims(now), [(EndpointNo(1), 2)]);
}

#[test]
fn draining_a_lane_leaves_the_others() {
    let mut queue = small();
    queue.offer(first(1, 1), None).unwrap();
    queue.offer(first(2, 2), None).unwrap();
    assert_eq!(queue.drain_lane(EndpointNo(1)).len(), 1);
    assert_eq!(started(&mut queue), [2]);
    assert_eq!(queue.drain().len(), 0);
    assert_eq!(queue.in_flight(), 1);
}

#[test]
fn what_is_told_while_a_claim_is_under_way_is_not_forgotten() {
    let mut queue = small();
    let sooner = NOW + Duration::from_secs(5);
    queue.due(EndpointNo(1), NOW);
    assert_eq!(queue.due_claims(NOW).len(), 1);
    queue.due(EndpointNo(1), sooner);
    let later = NOW + Duration::from_secs(60);
    let nothing = ClaimedDue { next_ready: Some(later), ..ClaimedDue::default() };
    queue.claimed(EndpointNo(1), nothing, NOW, NOW, later);
    assert_eq!(queue.next_timer(), Some(sooner));
    assert_eq!(queue.due_claims(sooner).len(), 1);
}

#[test]
fn a_delivery_that_is_blocked_is_asked_for_when_its_time_comes() {
    let mut queue = small();
    let at = NOW + Duration::from_millis(700);
    queue.due(EndpointNo(1), NOW);
    assert_eq!(queue.due_claims(NOW).len(), 1);
    let blocked = ClaimedDue { next_ready: Some(at), ..ClaimedDue::default() };
    queue.claimed(EndpointNo(1), blocked, NOW, NOW, NOW + Duration::from_secs(5));
    assert_eq!(queue.next_timer(), Some(at));
}

#[test]
fn a_large_body_costs_its_lane_as_many_turns_as_it_has_parts() {
    let mut queue = FairQueue::new(QueueLimits::default());
    for raw in 0..2 {
        let mut large = first(raw, 1);
        large.event = event(raw, 3 * lane::TURN_BYTES);
        queue.offer(large, None).unwrap();
    }
    for raw in 10..16 {
        queue.offer(first(raw, 2), None).unwrap();
    }
    assert_eq!(started(&mut queue), [2, 2, 1, 2, 2, 2, 1, 2]);
}

#[test]
fn a_rate_spaces_attempts_and_delays_nobody_else() {
    let mut queue = small();
    for raw in 0..3 {
        queue.offer(first(raw, 1), Some(2)).unwrap();
    }
    queue.offer(first(3, 2), None).unwrap();
    assert_eq!(started(&mut queue), [1, 2]);
    let next = queue.next_timer().unwrap();
    assert_eq!(next, NOW + Duration::from_millis(495));
    assert!(queue.due_claims(next).is_empty());
    assert_eq!(queue.next(next).map(|ready| ready.endpoint.0), Some(1));
    assert!(queue.next(next).is_none());
}

#[test]
fn a_lane_with_a_rate_holds_what_it_can_start_in_ten_seconds() {
    let mut queue = FairQueue::new(QueueLimits::default());
    for raw in 0..10 {
        queue.offer(first(raw, 1), Some(1)).unwrap();
    }
    queue.offer(first(10, 1), Some(1)).unwrap();
    assert!(queue.begin_reading(NOW).is_empty(), "it waits without its event");
    queue.due(EndpointNo(1), NOW);
    assert_eq!(queue.due_claims(NOW), [], "what waits fills the window");
}

#[test]
fn first_attempts_leave_room_for_what_is_due_in_the_store() {
    let mut queue = small();
    queue.due(EndpointNo(1), Timestamp::default());
    for raw in 0..4 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    queue.offer(first(4, 1), None).unwrap();
    assert!(queue.begin_reading(NOW).is_empty(), "half of the window is for the store's");
    assert_eq!(queue.due_claims(NOW), [(EndpointNo(1), 4)]);
}

#[test]
fn endpoints_that_hang_give_up_their_slots_to_those_that_answer() {
    let limits = QueueLimits { in_flight_max: 8, ..QueueLimits::default() };
    let mut queue = FairQueue::new(limits);
    for raw in 0..8 {
        queue.offer(first(raw, 1), None).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 8, "it holds every slot");
    queue.offer(first(10, 2), None).unwrap();
    assert!(started(&mut queue).is_empty());
    let later = NOW + Duration::from_secs(1);
    assert!(queue.next_timer().unwrap() < later, "it is looked at again without being asked");
    assert_eq!(queue.next(later).map(|ready| ready.endpoint.0), Some(2));
    queue.offer(first(11, 1), None).unwrap();
    assert!(queue.next(later).is_none(), "who hangs gets no further slots");
    answer(&mut queue, EndpointNo(2), Verdict::Good, later);
    assert!(queue.next(later).is_none());
    answer(&mut queue, EndpointNo(1), Verdict::Good, later);
    assert_eq!(queue.next(later).map(|ready| ready.endpoint.0), Some(1), "until it answers");
}

#[test]
fn failing_endpoints_share_a_quarter_of_the_slots() {
    let limits = QueueLimits { in_flight_max: 8, ..QueueLimits::default() };
    let mut queue = FairQueue::new(limits);
    for endpoint in 1..=6 {
        queue.offer(first(i64::from(endpoint), endpoint), None).unwrap();
    }
    assert_eq!(started(&mut queue).len(), 6);
    for endpoint in 1..=6 {
        answer(&mut queue, EndpointNo(endpoint), Verdict::Bad, NOW);
        queue.offer(first(i64::from(endpoint) + 10, endpoint), None).unwrap();
    }
    assert_eq!(started(&mut queue), [1, 2]);
    queue.offer(first(30, 7), None).unwrap();
    assert_eq!(started(&mut queue), [7], "the others have slots of their own");
    answer(&mut queue, EndpointNo(1), Verdict::Bad, NOW);
    assert_eq!(started(&mut queue), [3]);
}
