use proptest::prelude::*;

use super::*;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
const START: Timestamp = Timestamp::from_secs(1_776_161_100);

fn after(secs: u64) -> Timestamp {
    START + Duration::from_secs(secs)
}

fn failure(secs: u64) -> AttemptFacts {
    AttemptFacts { ended_at: after(secs), success: false, failed_attempts: 1, gone: false }
}

fn success(secs: u64) -> AttemptFacts {
    AttemptFacts { ended_at: after(secs), success: true, failed_attempts: 0, gone: false }
}

fn folded(attempts: &[AttemptFacts]) -> Health {
    let rules = HealthRules::default();
    attempts.iter().fold(Health::fresh(), |health, facts| after_attempt(&health, facts, &rules))
}

fn failures(hours: &[u64]) -> Health {
    folded(&hours.iter().map(|hour| failure(hour * HOUR)).collect::<Vec<_>>())
}

#[test]
fn the_fifth_failure_of_one_delivery_marks_the_endpoint_and_any_success_clears_it() {
    let mut attempts: Vec<_> =
        (1..=4).map(|n| AttemptFacts { failed_attempts: n, ..failure(u64::from(n)) }).collect();
    assert_eq!(folded(&attempts).status, EndpointStatus::Healthy);
    attempts.push(AttemptFacts { failed_attempts: 5, ..failure(5) });
    let failing = folded(&attempts);
    assert_eq!(failing.status, EndpointStatus::Failing);
    assert_eq!(failing.consecutive_failures, 5);
    assert_eq!(failing.failing_since, Some(after(1)));

    attempts.push(failure(6));
    assert_eq!(folded(&attempts).status, EndpointStatus::Failing, "another delivery's first");

    attempts.push(success(7));
    let cleared = folded(&attempts);
    let expected = Health {
        last_success_at: Some(after(7)),
        last_failure_at: Some(after(6)),
        ..Health::fresh()
    };
    assert_eq!(cleared, expected);
}

#[test]
fn many_deliveries_failing_once_each_do_not_mark_the_endpoint() {
    let health = folded(&(0..100).map(failure).collect::<Vec<_>>());
    assert_eq!(health.status, EndpointStatus::Healthy);
    assert_eq!(health.consecutive_failures, 100);
}

#[test]
fn three_days_that_each_saw_a_failure_disable_at_the_next_one() {
    assert_eq!(failures(&[0, 30, 50, 71]).status, EndpointStatus::Healthy);
    let disabled = failures(&[0, 30, 50, 72]);
    assert_eq!(disabled.status, EndpointStatus::Disabled);
    assert_eq!(disabled.disabled_reason, Some(DisabledReason::ConsecutiveFailures));
    assert_eq!(disabled.disabled_at, Some(after(3 * DAY)));
    assert_eq!(disabled.failing_since, Some(START));
}

#[test]
fn the_limit_is_72_hours_to_the_millisecond() {
    let last = |ended_at| AttemptFacts { ended_at, ..failure(0) };
    let begun = [failure(0), failure(30 * HOUR), failure(60 * HOUR)];
    let early = folded(&[&begun[..], &[last(after(3 * DAY) - Duration::from_millis(1))]].concat());
    assert_eq!(early.status, EndpointStatus::Healthy);
    let late = folded(&[&begun[..], &[last(after(3 * DAY))]].concat());
    assert_eq!(late.status, EndpointStatus::Disabled);
}

#[test]
fn silence_is_not_failure() {
    // One bad Monday and one bad Friday: the days between saw nothing.
    let health = failures(&[0, 1, 5, 96, 97]);
    assert_eq!(health.status, EndpointStatus::Healthy);
    assert_eq!(health.failing_since, Some(START));
    assert_eq!(health.run_started_at, Some(after(96 * HOUR)));
    // The middle day is silent.
    assert_eq!(failures(&[0, 20, 49, 73]).status, EndpointStatus::Healthy);
    // The count begins again and goes its three days.
    assert_eq!(failures(&[0, 20, 49, 73, 100]).status, EndpointStatus::Healthy);
    assert_eq!(failures(&[0, 20, 49, 73, 100, 121]).status, EndpointStatus::Disabled);
}

#[test]
fn a_failure_reported_late_does_not_turn_the_count_back() {
    let health = failures(&[0, 25, 23, 49, 73]);
    assert_eq!(health.status, EndpointStatus::Disabled);
    assert_eq!(health.last_failure_at, Some(after(73 * HOUR)));
    let first = folded(&[success(10), failure(9)]);
    assert_eq!(first.failing_since, Some(after(10)), "not before the success it follows");
}

#[test]
fn a_success_in_between_begins_anew() {
    let mut attempts: Vec<_> = [0, 25, 50].map(|hour| failure(hour * HOUR)).to_vec();
    attempts.push(success(60 * HOUR));
    attempts.extend([73, 97, 121].map(|hour| failure(hour * HOUR)));
    assert_eq!(folded(&attempts).status, EndpointStatus::Healthy);
    attempts.push(failure((73 + 72) * HOUR));
    assert_eq!(folded(&attempts).status, EndpointStatus::Disabled);
}

#[test]
fn gone_disables_at_once() {
    let health = folded(&[AttemptFacts { gone: true, ..failure(9) }]);
    assert_eq!(health.status, EndpointStatus::Disabled);
    assert_eq!(health.disabled_reason, Some(DisabledReason::Gone));
    assert_eq!(health.disabled_at, Some(after(9)));
}

#[test]
fn a_disabled_endpoint_stays_disabled_whatever_comes() {
    let disabled = failures(&[0, 30, 50, 72]);
    let rules = HealthRules::default();
    let later = after_attempt(&disabled, &success(4 * DAY), &rules);
    assert_eq!(later, Health { last_success_at: Some(after(4 * DAY)), ..disabled });
    let later = after_attempt(&disabled, &failure(5 * DAY), &rules);
    assert_eq!(later, Health { last_failure_at: Some(after(5 * DAY)), ..disabled });
    assert_eq!(enabled_again(), Health::fresh());
}

#[test]
fn a_shorter_limit_has_shorter_windows() {
    let rules = HealthRules { disable_after: Duration::from_secs(30), ..Default::default() };
    let fold = |secs: &[u64]| {
        let attempts = secs.iter().map(|&secs| failure(secs));
        attempts.fold(Health::fresh(), |health, facts| after_attempt(&health, &facts, &rules))
    };
    assert_eq!(fold(&[0, 10, 20, 30]).status, EndpointStatus::Disabled);
    assert_eq!(fold(&[0, 10, 30]).status, EndpointStatus::Healthy);
    let at_once = HealthRules { disable_after: Duration::ZERO, ..rules };
    let health = after_attempt(&Health::fresh(), &failure(0), &at_once);
    assert_eq!(health.status, EndpointStatus::Disabled);
}

#[test]
fn its_owner_is_warned_from_the_second_day_on() {
    let rules = HealthRules::default();
    let warning = |health: &Health, hours| disabling_warning(health, after(hours * HOUR), &rules);
    let health = failures(&[0, 3, 23]);
    assert_eq!(warning(&health, 23), None);
    assert_eq!(warning(&health, 24), Some(after(3 * DAY)));
    assert_eq!(warning(&health, 48), None, "a whole day was silent: the count begins anew");
    let health = failures(&[0, 23, 47]);
    assert_eq!(warning(&health, 48), Some(after(3 * DAY)));
    let health = failures(&[0, 23, 47, 71]);
    assert_eq!(warning(&health, 80), Some(after(80 * HOUR)), "the next failure disables");
    assert_eq!(warning(&failures(&[0, 30, 50, 72]), 73), None);
    assert_eq!(warning(&Health::fresh(), 73), None);
    assert_eq!(warning(&folded(&[failure(0), success(DAY)]), 30), None);
}

#[test]
fn the_warning_names_the_time_at_which_constant_failure_disables() {
    let rules = HealthRules::default();
    let (mut health, mut warned) = (Health::fresh(), None);
    for hour in 0.. {
        health = after_attempt(&health, &failure(hour * HOUR), &rules);
        if health.status == EndpointStatus::Disabled {
            break;
        }
        warned = warned.or(disabling_warning(&health, after(hour * HOUR), &rules));
    }
    assert_eq!(warned, health.disabled_at);
}

/// The same rules said over the list of all attempts: no state but the list.
fn judged(attempts: &[AttemptFacts], rules: &HealthRules) -> (EndpointStatus, Option<Timestamp>) {
    let mut since_success: &[AttemptFacts] = attempts;
    for end in 1..=attempts.len() {
        let seen = &attempts[..end];
        let from = seen.iter().rposition(|facts| facts.success).map_or(0, |index| index + 1);
        since_success = &seen[from..];
        let Some(last) = since_success.last() else { continue };
        if last.gone || three_days_of_failure(since_success, rules) {
            return (EndpointStatus::Disabled, Some(last.ended_at));
        }
    }
    let marked =
        since_success.iter().any(|facts| facts.failed_attempts >= rules.failing_after_attempts);
    (if marked { EndpointStatus::Failing } else { EndpointStatus::Healthy }, None)
}

fn three_days_of_failure(failures: &[AttemptFacts], rules: &HealthRules) -> bool {
    let window_ms = rules.disable_after.as_millis() / 3;
    let window = |start: &AttemptFacts, facts: &AttemptFacts| {
        facts.ended_at.since(start.ended_at).as_millis() / window_ms
    };
    // Cut off everything up to the last silent window, counting windows from the first failure that
    // is left; then the run is what remains.
    let mut run = failures;
    loop {
        let windows: Vec<_> = run.iter().map(|facts| window(&run[0], facts)).collect();
        match windows.windows(2).position(|pair| pair[1] > pair[0] + 1) {
            Some(gap) => run = &run[gap + 1..],
            None => break,
        }
    }
    let lasted = run[run.len() - 1].ended_at.since(run[0].ended_at);
    lasted >= rules.disable_after
}

/// Mostly failures, minutes to two days apart.
fn history() -> impl Strategy<Value = Vec<AttemptFacts>> {
    let gap_minutes = prop_oneof![3 => 0u64..600, 3 => 600u64..1_500, 1 => 1_500u64..3_000];
    let attempt = (gap_minutes, 0u8..40, 1u32..7, 0u8..60);
    prop::collection::vec(attempt, 0..40).prop_map(|steps| {
        let mut minutes = 0;
        let facts = steps.into_iter().map(|(gap, luck, failed_attempts, gone)| {
            minutes += gap;
            let success = luck == 0;
            AttemptFacts {
                ended_at: after(minutes * 60),
                success,
                failed_attempts: if success { 0 } else { failed_attempts },
                gone: gone == 0 && !success,
            }
        });
        facts.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn folding_comes_to_what_the_whole_history_says(history in history()) {
        let rules = HealthRules::default();
        let health = folded(&history);
        prop_assert_eq!((health.status, health.disabled_at), judged(&history, &rules));
        let latest = |success| {
            history.iter().filter(|facts| facts.success == success).map(|facts| facts.ended_at).max()
        };
        prop_assert_eq!(health.last_success_at, latest(true));
        prop_assert_eq!(health.last_failure_at, latest(false));
    }

    #[test]
    fn the_state_is_always_consistent(
        history in history(), jitter in prop::collection::vec(0u64..120, 40)
    ) {
        let rules = HealthRules::default();
        let mut health = Health::fresh();
        for (facts, secs) in history.iter().zip(jitter) {
            // A little out of order, as concurrent attempts are.
            let facts = AttemptFacts { ended_at: facts.ended_at - Duration::from_secs(secs), ..*facts };
            health = after_attempt(&health, &facts, &rules);
            let failed = health.consecutive_failures > 0;
            prop_assert_eq!(health.failing_since.is_some(), failed);
            prop_assert_eq!(health.run_started_at.is_some(), failed);
            prop_assert!(health.run_started_at >= health.failing_since);
            let disabled = health.status == EndpointStatus::Disabled;
            prop_assert_eq!(health.disabled_at.is_some(), disabled);
            prop_assert_eq!(health.disabled_reason.is_some(), disabled);
            prop_assert!(health.run_day <= 3);
        }
    }
}

#[test]
fn owners_are_warned_while_there_is_time_and_told_once_of_each_step() {
    let rules = HealthRules::default();
    let at = |hours: &[u64], now: u64| {
        warnings(&failures(hours), after(now * HOUR), &rules).map(|warning| warning.name())
    };
    assert_eq!(at(&[0, 10], 10), None, "not marked yet");
    assert_eq!(at(&[0, 20, 25], 25), Some("disables_soon"));
    assert_eq!(at(&[0, 20, 40, 49], 49), Some("disables_next"));
    assert_eq!(at(&[0, 20, 40, 60, 73], 73), Some("disabled"));
    let failing = folded(&[AttemptFacts { failed_attempts: 5, ..failure(0) }]);
    assert_eq!(warnings(&failing, after(1), &rules).map(|w| w.name()), Some("failing"));
    let mut health = Health::fresh();
    let mut told = Vec::new();
    for hour in 0..80 {
        let facts = failure(hour * HOUR);
        let next = after_attempt(&health, &facts, &rules);
        let before_at = health.last_failure_at.unwrap_or(facts.ended_at);
        let warning = new_warning(&health, &next, before_at, facts.ended_at, &rules);
        told.extend(warning.map(|warning| (hour, warning.name())));
        health = next;
    }
    assert_eq!(told, [(24, "disables_soon"), (48, "disables_next"), (72, "disabled")]);
    let by_owner = Health {
        status: EndpointStatus::Disabled,
        disabled_at: Some(START),
        disabled_reason: Some(DisabledReason::ByOwner),
        ..Health::fresh()
    };
    assert_eq!(warnings(&by_owner, START, &rules), None);
}
