//! What differs from one run to the next, replaced by something as long or by a word.

/// Ids, keys and secrets begin with these.
const PREFIXES: [&str; 11] =
    ["acc_", "batch_", "dlv_", "dm_live_", "evt_", "ext_", "key_", "rcv_", "req_", "whsec_", "wh_"];
/// Before a number that a clock measured, in JSON and in words.
const MEASURED: [&str; 5] = [
    "\"processingTimeMs\":",
    "\"durationMs\":",
    "\"connectMs\":",
    "\"firstByteMs\":",
    "webhook-timestamp\",\"value\":\"",
];
/// Shorter words of hexadecimal digits may be anything.
const HEX_CHARS_MIN: usize = 32;

/// The text with every id, time, key and measured duration replaced.
pub(super) fn steady(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_:-".contains(c);
    let mut steady = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        steady += &steady_word(word);
        rest = after;
    }
    MEASURED.iter().fold(steady, |text, name| without_number(&text, name)).lines().fold(
        String::new(),
        |all, line| {
            let line = before_unit(line, " ms ");
            all + &before_unit(&line, " s ago") + "\n"
        },
    )
}

fn steady_word(word: &str) -> String {
    let is_time =
        word.contains('-') && word.chars().all(|c| c.is_ascii_digit() || "-:TZ".contains(c));
    let is_hex = word.len() >= HEX_CHARS_MIN && word.chars().all(|c| c.is_ascii_hexdigit());
    if let Some(prefix) = PREFIXES.iter().find(|prefix| word.starts_with(**prefix)) {
        format!("{prefix}{}", "x".repeat(word.len() - prefix.len()))
    } else if is_time {
        word.replace(|c: char| c.is_ascii_digit(), "0")
    } else if is_hex && word.chars().any(|c| c != '0') {
        "f".repeat(word.len())
    } else {
        word.to_owned()
    }
}

/// The digits after each `name` become one `0`.
fn without_number(text: &str, name: &str) -> String {
    let mut parts = text.split(name);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let zero = if rest.len() < part.len() { "0" } else { "" };
        all + name + zero + rest
    })
}

/// The digits before each `unit` become one `0`.
fn before_unit(line: &str, unit: &str) -> String {
    let parts: Vec<&str> = line.split(unit).collect();
    let (last, measured) = parts.split_last().unwrap();
    let measured = measured.iter().fold(String::new(), |all, part| {
        let rest = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let zero = if rest.len() < part.len() { "0" } else { "" };
        all + rest + zero + unit
    });
    measured + last
}

#[test]
fn ids_times_and_durations_are_replaced_and_nothing_else() {
    let check = |text: &str, expected: &str| assert_eq!(steady(text), format!("{expected}\n"));
    check("wh_a1b2c3 at 2026-04-14T10:00:00Z", "wh_xxxxxx at 0000-00-00T00:00:00Z");
    check("{\"durationMs\":17,\"timeoutMs\":15000}", "{\"durationMs\":0,\"timeoutMs\":15000}");
    check("attempt 1  12 ms  503", "attempt 1  0 ms  503");
    check("exit code 3, 12 of 14", "exit code 3, 12 of 14");
    check(&"ab".repeat(32), &"f".repeat(64));
}
