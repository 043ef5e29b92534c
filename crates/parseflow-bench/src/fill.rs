//! Rows of a long life, written by SQL: history that has been delivered, and retries that wait.

use crate::database::Opened;

const DAY_MS: i64 = 86_400_000;
/// About as large as a small real event.
const BODY: &str = "{\"event\":\"extraction.completed\",\"data\":{\"padding\":\"";

/// A span of time with so many events of endpoint 1, evenly spread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) events: u64,
}

impl Span {
    /// The same in spans of at most `events_max` events: a transaction holds no more.
    pub(crate) fn parts(self, events_max: u64) -> impl Iterator<Item = Self> {
        let count = self.events.div_ceil(events_max).max(1);
        let at = move |whole: i64, part: u64| {
            (i128::from(whole) * i128::from(part) / i128::from(count)) as i64
        };
        let length_ms = self.to_ms - self.from_ms;
        (0..count).map(move |part| Self {
            from_ms: self.from_ms + at(length_ms, part),
            to_ms: self.from_ms + at(length_ms, part + 1),
            events: self.events * (part + 1) / count - self.events * part / count,
        })
    }

    /// The `n`-th event's id as an expression of `i`.
    fn id(self) -> String {
        let Self { from_ms, to_ms, events } = self;
        let step = (to_ms - from_ms).max(1);
        // Milliseconds in the upper 42 bits; the number keeps ids of one millisecond apart.
        format!("((({from_ms} + i * {step} / {events}) << 22) + (i & 8191))")
    }
}

/// What both dialects say differently.
struct Dialect {
    numbers: fn(u64) -> String,
    body: String,
    targets: &'static str,
    no: &'static str,
    nothing: &'static str,
}

fn dialect(database: &Opened) -> Dialect {
    match database {
        Opened::Embedded => Dialect {
            numbers: |count| {
                format!(
                    "(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
                      WHERE i < {count} - 1) SELECT i FROM n)"
                )
            },
            body: format!("CAST('{BODY}' || hex(zeroblob(220)) || '\"}}}}' AS BLOB)"),
            targets: "x'01000000'",
            no: "0",
            nothing: "x''",
        },
        Opened::Postgres { .. } => Dialect {
            numbers: |count| {
                format!("(SELECT i FROM generate_series(0::bigint, {count} - 1) AS s (i)) AS n")
            },
            body: format!("convert_to('{BODY}' || repeat('0', 440) || '\"}}}}', 'UTF8')"),
            targets: "'{1}'",
            no: "false",
            nothing: "''",
        },
    }
}

/// Partitions of the days that the span touches, where the database has them.
fn partitions(database: &Opened, span: Span) -> String {
    if matches!(database, Opened::Embedded) {
        return String::new();
    }
    let days = span.from_ms.div_euclid(DAY_MS)..=span.to_ms.div_euclid(DAY_MS);
    days.flat_map(|day| ["event", "attempt"].map(|table| (table, day)))
        .map(|(table, day)| {
            let (from, to) = ((day * DAY_MS) << 22, ((day + 1) * DAY_MS) << 22);
            format!(
                "CREATE TABLE IF NOT EXISTS {table}_d{day} PARTITION OF {table}
                 FOR VALUES FROM ({from}) TO ({to});"
            )
        })
        .collect()
}

/// Events and their successful attempts; half the rows are the ones, half the others.
pub(crate) fn history(database: &Opened, span: Span) -> String {
    let Dialect { numbers, body, targets, no, nothing } = dialect(database);
    let (id, numbers) = (span.id(), numbers(span.events));
    let mark = match database {
        Opened::Embedded => {
            "; UPDATE mark SET value = (SELECT MAX(id) + 1 FROM event)
             WHERE name = 'low'"
        }
        // As the process that wrote them would have said with its next heartbeat.
        Opened::Postgres { .. } => "; UPDATE node SET low = (SELECT MAX(id) + 1 FROM event)",
    };
    format!(
        "{} INSERT INTO event (id, account, event_type, occurred_ms, body, targets)
         SELECT {id}, (SELECT MIN(id) FROM account), 0, {id} >> 22, {body}, {targets} FROM {numbers};
         INSERT INTO attempt (endpoint_no, event_id, number, manual, started_ms, duration_ms, url,
            status, response_body)
         SELECT 1, {id}, 1, {no}, {id} >> 22, 5, 'http://127.0.0.1/', 200, {nothing} FROM {numbers}
         {mark}",
        partitions(database, span)
    )
}

/// Deliveries that failed once and are due between the two times, evenly spread. Their endpoints are
/// those with the numbers 1 to `endpoints`.
pub(crate) fn retries(database: &Opened, span: Span, endpoints: usize, due: (i64, i64)) -> String {
    let Dialect { numbers, no, .. } = dialect(database);
    let (id, numbers) = (span.id(), numbers(span.events));
    let (from, step) = (due.0, (due.1 - due.0).max(1));
    let claim = match database {
        Opened::Embedded => ("ready_ms, ", format!("{from} + i * {step} / {}, ", span.events)),
        Opened::Postgres { .. } => ("", String::new()),
    };
    format!(
        "{}; INSERT INTO due (endpoint_no, event_id, due_ms, {} attempts_made, manual)
         SELECT 1 + i % {endpoints}, {id}, {from} + i * {step} / {}, {} 1, {no} FROM {numbers}",
        history(database, span),
        claim.0,
        span.events,
        claim.1
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_span_are_the_whole_of_it() {
        let whole = Span { from_ms: 1_000, to_ms: 8_000, events: 25 };
        let parts: Vec<_> = whole.parts(10).collect();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts.iter().map(|part| part.events).sum::<u64>(), 25);
        assert!(parts.iter().all(|part| part.events <= 10));
        assert_eq!((parts[0].from_ms, parts[2].to_ms), (1_000, 8_000));
        assert!(parts.windows(2).all(|pair| pair[0].to_ms == pair[1].from_ms));
        assert_eq!(Span { events: 0, ..whole }.parts(10).count(), 1);
    }
}
