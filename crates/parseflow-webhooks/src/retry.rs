//! When to send again.
//!
//! Source: "Retry Policy", product documentation: retries after 30 s, 2 min, 15 min, 1 h and 4 h. Each
//! delay counts from the end of the attempt before; with the first send that is six requests over
//! 5 h 17 min 30 s.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use parseflow_model::Timestamp;

/// The most a `Retry-After` can postpone an attempt.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(4 * 3_600);

/// Delays that a schedule may have.
pub const DELAYS_MAX: usize = 20;

/// The longest delay that a schedule may have: 30 days.
pub const DELAY_MAX: Duration = Duration::from_secs(30 * 86_400);

/// The delays after each failed attempt, in order. Written as `30s,2m,15m,1h,4h`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetrySchedule(Vec<Duration>);

/// The text is not a schedule.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RetryScheduleError {
    /// Not between 1 and [`DELAYS_MAX`] delays.
    #[error("a retry schedule has 1 to {DELAYS_MAX} delays separated by commas; this has {count}")]
    Count {
        /// The number of delays found.
        count: usize,
    },
    /// One delay cannot be read.
    #[error("delay {number} of the retry schedule: {source}")]
    Delay {
        /// Its place, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: DurationError,
    },
    /// One delay is zero or longer than [`DELAY_MAX`].
    #[error("delay {number} of the retry schedule must be longer than zero and at most 30d")]
    OutOfRange {
        /// Its place, counted from 1.
        number: usize,
    },
}

impl RetryScheduleError {
    /// The stable machine-readable code.
    pub fn code(&self) -> &'static str {
        "retry_schedule_invalid"
    }
}

/// The text is not a duration.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{text:?} is not a duration: a whole number with one unit of ms, s, m, h, d, such as 30s")]
pub struct DurationError {
    /// The first characters of the text.
    pub text: String,
}

impl DurationError {
    /// The stable machine-readable code.
    pub fn code(&self) -> &'static str {
        "duration_invalid"
    }
}

impl RetrySchedule {
    /// The schedule of the product documentation: 30 s, 2 min, 15 min, 1 h, 4 h.
    pub fn documented() -> Self {
        Self([30, 120, 900, 3_600, 14_400].map(Duration::from_secs).to_vec())
    }

    /// The delays, in order.
    pub fn delays(&self) -> &[Duration] {
        &self.0
    }

    /// Attempts of one delivery: the first and every retry.
    pub fn attempts_max(&self) -> usize {
        self.0.len() + 1
    }

    /// When to send again, or `None` once the schedule is spent.
    ///
    /// `failed_attempts` counts finished sends: 1 after the first send failed. `ended_at` is the end
    /// of the last one. `retry_after` is what the receiver asked for: it can only postpone, and up to
    /// [`RETRY_AFTER_MAX`]; a longer delay of the schedule stays as it is.
    pub fn next_attempt_at(
        &self,
        failed_attempts: usize,
        ended_at: Timestamp,
        retry_after: Option<Duration>,
    ) -> Option<Timestamp> {
        let delay = *self.0.get(failed_attempts.checked_sub(1)?)?;
        let asked = retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
        Some(ended_at + delay.max(asked))
    }
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self::documented()
    }
}

impl FromStr for RetrySchedule {
    type Err = RetryScheduleError;

    fn from_str(text: &str) -> Result<Self, RetryScheduleError> {
        let count = if text.trim().is_empty() { 0 } else { text.split(',').count() };
        if count == 0 || count > DELAYS_MAX {
            return Err(RetryScheduleError::Count { count });
        }
        let delays = text.split(',').zip(1..).map(|(part, number)| {
            let delay = parse_duration(part.trim())
                .map_err(|source| RetryScheduleError::Delay { number, source })?;
            let in_range = !delay.is_zero() && delay <= DELAY_MAX;
            if in_range { Ok(delay) } else { Err(RetryScheduleError::OutOfRange { number }) }
        });
        delays.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for RetrySchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, delay) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(&duration_text(*delay))?;
        }
        Ok(())
    }
}

const UNITS_MS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads `500ms`, `30s`, `2m`, `4h` or `3d`: a whole number with one unit.
///
/// # Errors
/// [`DurationError`] for anything else, and for what exceeds 2^64 - 1 milliseconds.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let wrong = || DurationError { text: text.chars().take(40).collect() };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let (_, unit_ms) = UNITS_MS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    number.checked_mul(*unit_ms).map(Duration::from_millis).ok_or_else(wrong)
}

/// The shortest text that [`parse_duration`] reads back, in the largest unit that is exact.
fn duration_text(duration: Duration) -> String {
    let millis = duration.as_millis();
    let exact = UNITS_MS.iter().find(|(_, unit_ms)| {
        millis >= u128::from(*unit_ms) && millis.is_multiple_of(u128::from(*unit_ms))
    });
    match exact {
        Some((name, unit_ms)) => format!("{}{name}", millis / u128::from(*unit_ms)),
        None => "0s".to_owned(),
    }
}

/// How long after `now` a `Retry-After` header asks to wait: whole seconds, or an HTTP date.
///
/// `None` for what is neither, for dates that are not in the future, and for negative numbers.
pub fn parse_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only digits, so all that can go wrong is a number beyond 64 bits: for ever.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let since_epoch = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let wait = (Timestamp::default() + since_epoch).since(now);
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_776_161_100); // 2026-04-14T10:05:00Z, a Tuesday

    fn after(schedule: &RetrySchedule, failed: usize, asked_secs: Option<u64>) -> Option<u64> {
        let asked = asked_secs.map(Duration::from_secs);
        schedule.next_attempt_at(failed, NOW, asked).map(|at| at.since(NOW).as_secs())
    }

    #[test]
    fn retries_follow_the_documented_schedule_then_stop() {
        let schedule = RetrySchedule::documented();
        let delays: Vec<_> = (1..=7).map(|failed| after(&schedule, failed, None)).collect();
        let expected = [Some(30), Some(120), Some(900), Some(3_600), Some(14_400), None, None];
        assert_eq!(delays, expected);
        assert_eq!(schedule.attempts_max(), 6);
        assert_eq!(after(&schedule, 0, None), None);
    }

    #[test]
    fn the_whole_schedule_sends_at_the_documented_offsets() {
        let schedule = RetrySchedule::documented();
        let (mut at, mut offsets, mut failed) = (NOW, vec![0], 1);
        while let Some(next) = schedule.next_attempt_at(failed, at, None) {
            offsets.push(next.since(NOW).as_secs());
            (at, failed) = (next, failed + 1);
        }
        assert_eq!(offsets, [0, 30, 150, 1_050, 4_650, 19_050]);
    }

    #[test]
    fn retry_after_can_only_postpone_and_up_to_four_hours() {
        let schedule = RetrySchedule::documented();
        assert_eq!(after(&schedule, 1, Some(0)), Some(30));
        assert_eq!(after(&schedule, 1, Some(29)), Some(30));
        assert_eq!(after(&schedule, 1, Some(31)), Some(31));
        assert_eq!(after(&schedule, 1, Some(14_400)), Some(14_400));
        assert_eq!(after(&schedule, 1, Some(u64::MAX)), Some(14_400));
        assert_eq!(after(&schedule, 5, Some(60)), Some(14_400));
        assert_eq!(after(&schedule, 6, Some(60)), None);
        let long: RetrySchedule = "5h".parse().unwrap();
        assert_eq!(after(&long, 1, Some(u64::MAX)), Some(5 * 3_600));
    }

    #[test]
    fn a_schedule_reads_back_as_written() {
        let documented = RetrySchedule::documented();
        assert_eq!(documented.to_string(), "30s,2m,15m,1h,4h");
        for text in ["30s,2m,15m,1h,4h", "1ms", "1500ms,1s", "90s", "3d,30d"] {
            assert_eq!(text.parse::<RetrySchedule>().unwrap().to_string(), text);
        }
        assert_eq!("60s, 120s ,24h".parse::<RetrySchedule>().unwrap().to_string(), "1m,2m,1d");
        assert_eq!("30s,2m,15m,1h,4h".parse(), Ok(documented));
    }

    #[test]
    fn a_wrong_schedule_is_refused_with_the_place_of_the_mistake() {
        let error = |text: &str| text.parse::<RetrySchedule>().unwrap_err();
        assert_eq!(error(""), RetryScheduleError::Count { count: 0 });
        assert_eq!(error(" "), RetryScheduleError::Count { count: 0 });
        assert_eq!(error(&["1s"; 21].join(",")), RetryScheduleError::Count { count: 21 });
        assert_eq!(error("1s,0s"), RetryScheduleError::OutOfRange { number: 2 });
        assert_eq!(error("31d"), RetryScheduleError::OutOfRange { number: 1 });
        let text = error("30s,2x").to_string();
        assert_eq!(
            text,
            "delay 2 of the retry schedule: \"2x\" is not a duration: a whole number with one unit \
             of ms, s, m, h, d, such as 30s"
        );
        assert!(matches!(error("1s,,2s"), RetryScheduleError::Delay { number: 2, .. }));
    }

    #[test]
    fn durations_are_whole_numbers_with_one_unit() {
        let check = |text: &str, millis: u64| {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        };
        check("0s", 0);
        check("250ms", 250);
        check("15s", 15_000);
        check("2m", 120_000);
        check("1h", 3_600_000);
        check("3d", 259_200_000);
        let wrong = [
            "",
            "s",
            "5",
            "5 s",
            "-5s",
            "+5s",
            "1.5h",
            "5S",
            "5sec",
            "1h30m",
            "5w",
            " 5s",
            "٥s",
            "99999999999999999999s",
            "18446744073709551615d",
        ];
        for text in wrong {
            assert!(parse_duration(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let check = |value: &str, secs: Option<u64>| {
            assert_eq!(parse_retry_after(value, NOW), secs.map(Duration::from_secs), "{value:?}");
        };
        check("120", Some(120));
        check(" 120 ", Some(120));
        check("0", Some(0));
        check("99999999999999999999999", Some(u64::MAX));
        check("Tue, 14 Apr 2026 10:07:00 GMT", Some(120));
        check("Tuesday, 14-Apr-26 10:07:00 GMT", Some(120));
        check("Tue Apr 14 10:07:00 2026", Some(120));
        for junk in [
            "",
            " ",
            "-1",
            "+1",
            "1.5",
            "12s",
            "soon",
            "0x10",
            "1,2",
            "２",
            "\0",
            "Tue, 14 Apr 2026 10:05:00 GMT",
            "Tue, 14 Apr 2026 10:04:59 GMT",
            "Mon, 01 Jan 1900 00:00:00 GMT",
            "Tue, 31 Feb 2026 10:07:00 GMT",
            "2026-04-14T10:07:00Z",
        ] {
            check(junk, None);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_the_reader_fail(value in ".{0,60}", millis in proptest::num::i64::ANY) {
            let _ = parse_retry_after(&value, Timestamp::from_millis(millis));
        }
    }
}
