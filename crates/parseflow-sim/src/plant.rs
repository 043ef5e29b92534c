//! Bugs put in on purpose, outside the product, to show that the checks find such bugs.

use std::str::FromStr;

/// A planted bug. Each changes what passes between the loops and the store or the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// A failed attempt is recorded without the row that says when to try again.
    SettleForgetsDue,
    /// `Retry-After` brings the next attempt forward.
    RetryAfterShortens,
    /// First attempts that were in memory when the process crashed are not taken up again.
    CrashDropsFirst,
    /// A 2xx does not make a failing endpoint healthy.
    HealthNotReset,
    /// Documents count twice.
    QuotaCountedTwice,
    /// The schedule goes on for one attempt too many.
    OneAttemptTooMany,
    /// A recovery takes up deliveries whatever they have come to.
    RecoveryTooWide,
}

impl Plant {
    /// All of them.
    pub const ALL: [Plant; 7] = [
        Plant::SettleForgetsDue,
        Plant::RetryAfterShortens,
        Plant::CrashDropsFirst,
        Plant::HealthNotReset,
        Plant::QuotaCountedTwice,
        Plant::OneAttemptTooMany,
        Plant::RecoveryTooWide,
    ];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Plant::SettleForgetsDue => "settle-forgets-due",
            Plant::RetryAfterShortens => "retry-after-shortens",
            Plant::CrashDropsFirst => "crash-drops-first",
            Plant::HealthNotReset => "health-not-reset",
            Plant::QuotaCountedTwice => "quota-counted-twice",
            Plant::OneAttemptTooMany => "one-attempt-too-many",
            Plant::RecoveryTooWide => "recovery-too-wide",
        }
    }
}

impl FromStr for Plant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Plant::ALL.into_iter().find(|plant| plant.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Plant::ALL.iter().map(|plant| plant.as_str()).collect();
            format!("unknown; known: {}", known.join(", "))
        })
    }
}
