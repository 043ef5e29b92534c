//! When a monthly quota warns and when it is used up.
//!
//! Source: "Events", product documentation: a warning at 80 %, exceeded when a request would take the
//! count above the limit. At exactly 100 % nothing is exceeded. That each is announced once per
//! period is a constraint of the store, not of these rules.

use parseflow_model::Limit;

/// Percent of the limit from which usage warns.
const WARN_PERCENT: u128 = 80;

/// Whether more documents are admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// They are.
    Admitted {
        /// The count with them.
        used: u64,
        /// The count is at 80 % of the limit or above it.
        warns: bool,
    },
    /// They would take the count above the limit.
    Exceeded,
}

/// Whether `documents` more are admitted where `used` are counted already.
///
/// All or none: a request for more documents than are left is refused whole.
pub fn admit(used: u64, documents: u64, limit: Limit) -> Admission {
    let Limit::AtMost(limit) = limit else {
        return Admission::Admitted { used: used.saturating_add(documents), warns: false };
    };
    match used.checked_add(documents) {
        Some(used) if used <= limit => {
            let warns = u128::from(used) * 100 >= u128::from(limit) * WARN_PERCENT;
            Admission::Admitted { used, warns }
        }
        _ => Admission::Exceeded,
    }
}

/// Whole percent of the limit, rounded down; `None` where there is no limit.
pub fn percent_used(used: u64, limit: Limit) -> Option<u64> {
    limit.percent_used(used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(used: u64, documents: u64, limit: u64, expected: Admission) {
        assert_eq!(admit(used, documents, Limit::AtMost(limit)), expected);
    }

    fn admitted(used: u64, warns: bool) -> Admission {
        Admission::Admitted { used, warns }
    }

    #[test]
    fn usage_warns_from_80_percent_on() {
        check(0, 1, 100, admitted(1, false));
        check(78, 1, 100, admitted(79, false));
        check(79, 1, 100, admitted(80, true));
        check(80, 1, 100, admitted(81, true));
        check(0, 100, 100, admitted(100, true));
        check(1, 1, 3, admitted(2, false));
        check(2, 1, 3, admitted(3, true));
        check(0, 1, 1, admitted(1, true));
    }

    #[test]
    fn at_exactly_the_limit_nothing_is_exceeded() {
        check(99, 1, 100, admitted(100, true));
        check(100, 1, 100, Admission::Exceeded);
        check(99, 2, 100, Admission::Exceeded);
        check(100, 0, 100, admitted(100, true));
    }

    #[test]
    fn a_limit_of_nothing_admits_nothing() {
        check(0, 1, 0, Admission::Exceeded);
    }

    #[test]
    fn without_a_limit_everything_is_admitted_and_nothing_warns() {
        assert_eq!(admit(u64::MAX - 1, 1, Limit::Unlimited), admitted(u64::MAX, false));
        assert_eq!(percent_used(5, Limit::Unlimited), None);
    }

    #[test]
    fn a_limit_lowered_below_the_count_admits_nothing_more() {
        check(90, 1, 50, Admission::Exceeded);
    }

    #[test]
    fn percent_is_whole_and_rounded_down() {
        let check = |used, limit, percent| {
            assert_eq!(percent_used(used, Limit::AtMost(limit)), Some(percent), "{used}/{limit}");
        };
        check(0, 100, 0);
        check(1, 3, 33);
        check(799, 1_000, 79);
        check(800, 1_000, 80);
        check(100, 100, 100);
        check(150, 100, 150);
        check(0, 0, 100);
        check(7, 0, 100);
        check(u64::MAX, u64::MAX, 100);
        check(u64::MAX, 1, u64::MAX);
    }

    proptest! {
        #[test]
        fn admitting_one_by_one_or_at_once_comes_to_the_same(limit in 0u64..300, wanted in 0u64..400) {
            let limit = Limit::AtMost(limit);
            let mut used = 0;
            for _ in 0..wanted {
                if let Admission::Admitted { used: after, .. } = admit(used, 1, limit) {
                    used = after;
                }
            }
            match admit(0, wanted, limit) {
                Admission::Admitted { used: at_once, .. } => prop_assert_eq!(at_once, used),
                Admission::Exceeded => prop_assert!(used < wanted),
            }
        }

        #[test]
        fn a_warning_is_given_exactly_from_80_percent(used: u64, documents: u64, limit in 1u64..) {
            if let Admission::Admitted { used, warns } = admit(used, documents, Limit::AtMost(limit)) {
                prop_assert_eq!(warns, percent_used(used, Limit::AtMost(limit)) >= Some(80));
            }
        }
    }
}
