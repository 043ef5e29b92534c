//! Waiting for conditions. Nothing here waits for time to pass: every wait ends with what it is for.

use std::time::{Duration, Instant};

/// Long enough for a loaded machine with two cores; a test that needs it has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// The tests' only look at a clock: for deadlines, and to measure the gaps between requests.
#[expect(clippy::disallowed_methods, reason = "the tests stand outside, like a customer")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Asks `probe` again and again until it has an answer; panics when there is none in time.
pub(crate) fn eventually<T>(what: &str, probe: impl FnMut() -> Option<T>) -> T {
    within(DEADLINE, what, probe)
}

/// As [`eventually`], with a deadline that the test itself is about.
pub(crate) fn within<T>(deadline: Duration, what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let started = now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(started.elapsed() < deadline, "not within {deadline:?}: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}
