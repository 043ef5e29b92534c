//! Points in time and the calendar month that quotas count in.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// Printed as RFC 3339 in UTC with whole seconds (`2026-04-14T10:00:00Z`), the form of the public
/// documentation; the milliseconds are kept for ordering and for due times.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 time.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not an RFC 3339 time such as 2026-04-14T10:00:00Z")]
pub struct TimeError(String);

impl Timestamp {
    /// The point `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The point `secs` seconds after the Unix epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1_000)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0).unsigned_abs())
    }

    /// The UTC calendar month this point lies in.
    pub fn month(self) -> Month {
        let date = self.civil().date();
        Month { year: date.year(), month: date.month() }
    }

    fn civil(self) -> civil::DateTime {
        TimeZone::UTC.to_datetime(jiff::Timestamp::from_millisecond(self.0).unwrap_or_default())
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, duration: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            t.year(),
            t.month(),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimeError(text.to_owned()))?;
        Ok(Self(parsed.as_millisecond()))
    }
}

/// A calendar month in UTC: the period that quotas are counted in. Printed as `2026-04`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month {
    /// The year, for example 2026.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
}

impl Month {
    /// The first instant of the month.
    pub fn start(self) -> Timestamp {
        let first = civil::Date::new(self.year, self.month, 1).unwrap_or_default();
        let midnight = first.at(0, 0, 0, 0);
        let start = TimeZone::UTC.to_timestamp(midnight).unwrap_or_default();
        Timestamp(start.as_millisecond())
    }

    /// The first instant after the month.
    pub fn end(self) -> Timestamp {
        self.next().start()
    }

    fn next(self) -> Month {
        if self.month == 12 {
            Month { year: self.year + 1, month: 1 }
        } else {
            Month { year: self.year, month: self.month + 1 }
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let month = Month {
            year: year.parse().map_err(|_| wrong())?,
            month: month.parse().map_err(|_| wrong())?,
        };
        if (1..=12).contains(&month.month) { Ok(month) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_print_as_the_page_shows_them_and_read_back() {
        let t: Timestamp = "2026-04-14T10:05:00Z".parse().unwrap();
        assert_eq!(t.to_string(), "2026-04-14T10:05:00Z");
        assert_eq!((t + Duration::from_millis(999)).to_string(), "2026-04-14T10:05:00Z");
        assert_eq!(t.secs(), 1_776_161_100);
    }

    #[test]
    fn a_month_starts_and_ends_at_midnight_utc() {
        let december: Timestamp = "2026-12-31T23:59:59.999Z".parse().unwrap();
        let month = december.month();
        assert_eq!(month.to_string(), "2026-12");
        assert_eq!(month.start().to_string(), "2026-12-01T00:00:00Z");
        assert_eq!(month.end().to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(month.end().month().to_string(), "2027-01");
        assert_eq!("2026-12".parse::<Month>().unwrap(), month);
    }
}
