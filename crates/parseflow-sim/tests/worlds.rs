//! Worlds hold, repeat, and find the bugs that are planted in them.

use parseflow_sim::{Plant, Report, run};

/// Seeds of one run of the tests; `cargo xtask ci` runs ten thousand.
const SEEDS: std::ops::Range<u64> = 0..30;
/// Within so many seeds a planted bug is found.
const FOUND_WITHIN: u64 = 100;

#[test]
fn every_promise_holds_in_every_world_and_worlds_are_eventful() {
    let reports: Vec<Report> = SEEDS.map(|seed| run(seed, None, false)).collect();
    for report in &reports {
        let replay = format!("replay it with: parseflow-sim --seed {}", report.seed);
        assert_eq!(report.violation, None, "{replay}");
    }
    let sum = |count: fn(&Report) -> u64| reports.iter().map(count).sum::<u64>();
    let worlds = reports.len() as u64;
    assert!(sum(|report| report.deliveries as u64) > 5 * worlds);
    assert!(sum(|report| report.attempts) > 10 * worlds);
    assert!(sum(|report| report.processes.into()) > 2 * worlds);
}

#[test]
fn a_seed_is_the_same_world_in_every_run() {
    for seed in 0..12 {
        let (first, second) = (run(seed, None, true), run(seed, None, true));
        assert_eq!(first, second, "seed {seed}");
        assert_eq!(first.digest, run(seed, None, false).digest, "the trace changes nothing");
    }
}

fn is_found(plant: Plant) {
    is_found_from(0, plant);
}

fn is_found_from(first: u64, plant: Plant) {
    let mut seeds = first..first + FOUND_WITHIN;
    let found = seeds.find(|seed| run(*seed, Some(plant), false).violation.is_some());
    assert!(found.is_some(), "{} was not found within {FOUND_WITHIN} seeds", plant.as_str());
}

#[test]
fn a_settlement_that_forgets_what_is_due_is_found() {
    is_found(Plant::SettleForgetsDue);
}

#[test]
fn a_retry_after_that_shortens_is_found() {
    is_found(Plant::RetryAfterShortens);
}

#[test]
fn a_crash_that_drops_first_attempts_is_found() {
    is_found(Plant::CrashDropsFirst);
}

#[test]
fn a_success_that_does_not_heal_is_found() {
    is_found(Plant::HealthNotReset);
}

#[test]
fn documents_that_count_twice_are_found() {
    is_found(Plant::QuotaCountedTwice);
}

#[test]
fn a_recovery_of_too_much_is_found() {
    // Few worlds have a recovery of some types while deliveries of others are parked.
    is_found_from(400, Plant::RecoveryTooWide);
}

#[test]
fn one_attempt_too_many_is_found() {
    is_found(Plant::OneAttemptTooMany);
}
