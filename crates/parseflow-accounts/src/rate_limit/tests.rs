use std::sync::atomic::{AtomicI64, Ordering};

use parseflow_model::Timestamp;
use proptest::prelude::*;

use super::*;

struct HeldClock(AtomicI64);

impl HeldClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_776_161_100_000)))
    }

    fn advance_ms(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl WallClock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

fn limiter() -> (Arc<HeldClock>, RateLimiter) {
    let clock = HeldClock::new();
    (clock.clone(), RateLimiter::new(clock))
}

fn allowed(limiter: &RateLimiter, key: &str, limit: u64, requests: u64) -> u64 {
    (0..requests).filter(|_| limiter.check(key, Limit::AtMost(limit)).allowed).count() as u64
}

#[test]
fn the_whole_minutes_allowance_passes_at_once_and_not_one_more() {
    for limit in [1, 2, 7, 30, 300, 3_000, 700_001] {
        let (_, limiter) = limiter();
        assert_eq!(allowed(&limiter, "k", limit, limit + 5), limit);
    }
}

#[test]
fn the_allowance_comes_back_evenly() {
    let (clock, limiter) = limiter();
    allowed(&limiter, "k", 30, 30);
    clock.advance_ms(1_999);
    assert_eq!(allowed(&limiter, "k", 30, 1), 0);
    clock.advance_ms(1);
    assert_eq!(allowed(&limiter, "k", 30, 2), 1);
    clock.advance_ms(10_000);
    assert_eq!(allowed(&limiter, "k", 30, 30), 5);
    clock.advance_ms(3_600_000);
    assert_eq!(allowed(&limiter, "k", 30, 60), 30, "it never comes back more than whole");
}

#[test]
fn what_is_given_back_passes_again_and_no_more() {
    let (_, limiter) = limiter();
    for _ in 0..10 {
        assert_eq!(allowed(&limiter, "k", 3, 1), 1);
        limiter.give_back("k", Limit::AtMost(3));
    }
    assert_eq!(allowed(&limiter, "k", 3, 5), 3);
    limiter.give_back("k", Limit::AtMost(3));
    assert_eq!(allowed(&limiter, "k", 3, 5), 1);
    limiter.give_back("stranger", Limit::AtMost(3));
    assert_eq!(allowed(&limiter, "stranger", 3, 5), 3);
}

#[test]
fn a_decision_tells_what_the_headers_need() {
    let (clock, limiter) = limiter();
    let decision = |allowed, remaining, reset_secs, retry_after_secs| RateDecision {
        allowed,
        limit: Some(3),
        remaining,
        reset_secs,
        retry_after_secs,
    };
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(true, 2, 20, 0));
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(true, 1, 40, 0));
    clock.advance_ms(500);
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(true, 0, 60, 0));
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(false, 0, 60, 20));
    clock.advance_ms(19_499);
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(false, 0, 41, 1));
    clock.advance_ms(1);
    assert_eq!(limiter.check("k", Limit::AtMost(3)), decision(true, 0, 60, 0));
}

#[test]
fn waiting_as_long_as_told_is_enough_and_a_second_less_is_not() {
    for limit in [1, 3, 7, 59] {
        let (clock, limiter) = limiter();
        allowed(&limiter, "k", limit, limit);
        let told = limiter.check("k", Limit::AtMost(limit)).retry_after_secs as i64;
        clock.advance_ms((told - 1) * 1_000);
        assert!(!limiter.check("k", Limit::AtMost(limit)).allowed, "{limit}");
        clock.advance_ms(1_000);
        assert!(limiter.check("k", Limit::AtMost(limit)).allowed, "{limit}");
    }
}

#[test]
fn a_refused_request_costs_nothing() {
    let (clock, limiter) = limiter();
    allowed(&limiter, "k", 60, 60);
    assert_eq!(allowed(&limiter, "k", 60, 1_000), 0);
    clock.advance_ms(1_000);
    assert_eq!(allowed(&limiter, "k", 60, 1), 1);
}

#[test]
fn callers_do_not_share_and_may_have_different_limits() {
    let (_, limiter) = limiter();
    assert_eq!(allowed(&limiter, "a", 5, 10), 5);
    assert_eq!(allowed(&limiter, "b", 8, 10), 8);
    assert_eq!(limiter.callers(), 2);
}

#[test]
fn a_changed_limit_applies_to_the_next_request() {
    let (_, limiter) = limiter();
    assert_eq!(allowed(&limiter, "k", 10, 20), 10);
    assert_eq!(allowed(&limiter, "k", 100, 1), 0, "all of the old allowance is all of the new");
    let (_, limiter) = self::limiter();
    assert_eq!(allowed(&limiter, "k", 10, 5), 5);
    let half = limiter.check("k", Limit::AtMost(100));
    assert_eq!((half.allowed, half.limit, half.remaining), (true, Some(100), 49));
    assert!(limiter.check("k", Limit::Unlimited).allowed);
    assert!(!limiter.check("k", Limit::AtMost(0)).allowed);
}

#[test]
fn no_limit_never_refuses_and_a_limit_of_nothing_always_does() {
    let (_, limiter) = limiter();
    for _ in 0..1_000 {
        let decision = limiter.check("k", Limit::Unlimited);
        assert_eq!((decision.allowed, decision.limit), (true, None));
    }
    let closed = limiter.check("k", Limit::AtMost(0));
    let expected = RateDecision {
        allowed: false,
        limit: Some(0),
        remaining: 0,
        reset_secs: 60,
        retry_after_secs: 60,
    };
    assert_eq!(closed, expected);
    assert_eq!(limiter.callers(), 0);
}

#[test]
fn absurd_limits_and_times_do_not_overflow() {
    let clock = HeldClock::new();
    let limiter = RateLimiter::new(clock.clone());
    for millis in [i64::MIN, -1, 0, i64::MAX] {
        clock.0.store(millis, Ordering::Relaxed);
        for limit in [1, u64::MAX / 2, u64::MAX] {
            limiter.check(&format!("{millis}{limit}"), Limit::AtMost(limit));
            limiter.check("k", Limit::AtMost(limit));
        }
    }
}

#[test]
fn a_clock_that_goes_back_costs_a_minute_at_most() {
    let (clock, limiter) = limiter();
    allowed(&limiter, "k", 6, 6);
    clock.advance_ms(-3_600_000);
    let decision = limiter.check("k", Limit::AtMost(6));
    assert_eq!((decision.allowed, decision.retry_after_secs), (false, 10));
}

#[test]
fn callers_are_forgotten_once_their_allowance_is_whole() {
    let (clock, limiter) = limiter();
    for round in 0..20 {
        for caller in 0..1_000 {
            limiter.check(&format!("{round}/{caller}"), Limit::AtMost(10));
        }
        clock.advance_ms(60_000);
    }
    assert!(limiter.callers() <= 2_048, "{}", limiter.callers());
}

#[test]
fn a_flood_of_callers_is_bounded_and_does_not_free_who_has_used_up_its_allowance() {
    let clock = HeldClock::new();
    let limiter = RateLimiter::with_callers_max(clock, 100);
    allowed(&limiter, "greedy", 10, 10);
    for caller in 0..10_000 {
        assert!(limiter.check(&format!("address {caller}"), Limit::AtMost(10)).allowed);
        assert!(limiter.callers() <= 100);
    }
    assert!(!limiter.check("greedy", Limit::AtMost(10)).allowed);
}

#[test]
fn concurrent_requests_together_get_the_allowance_and_no_more() {
    let (_, limiter) = limiter();
    let total: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| allowed(&limiter, "k", 1_000, 500))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(total, 1_000);
}

proptest! {
    #[test]
    fn no_minute_sees_more_than_twice_the_allowance_and_the_long_run_no_more_than_its_share(
        limit in 1u64..50,
        gaps_ms in prop::collection::vec(0i64..5_000, 1..300),
    ) {
        let (clock, limiter) = limiter();
        let (mut elapsed_ms, mut passed_at_ms) = (0i64, Vec::new());
        for gap_ms in gaps_ms {
            clock.advance_ms(gap_ms);
            elapsed_ms += gap_ms;
            let decision = limiter.check("k", Limit::AtMost(limit));
            if decision.allowed {
                passed_at_ms.push(elapsed_ms);
            }
            prop_assert!(decision.remaining < limit);
            prop_assert_eq!(decision.allowed, decision.retry_after_secs == 0);
            prop_assert!(decision.reset_secs <= 60 && decision.retry_after_secs <= 60);
        }
        let share = limit + (elapsed_ms as u64 * limit).div_ceil(60_000);
        prop_assert!(passed_at_ms.len() as u64 <= share);
        for (index, start) in passed_at_ms.iter().enumerate() {
            let in_minute = passed_at_ms[index..].iter().filter(|at| *at - start < 60_000).count();
            prop_assert!(in_minute as u64 <= 2 * limit);
        }
    }
}
