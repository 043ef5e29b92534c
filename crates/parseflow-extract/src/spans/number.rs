//! Numbers as people print them: `1.234,56`, `1,234.56`, `1 234,56`, `1'234.50`, `(12.00)`, `12,00-`.

use super::Span;
use crate::layout::Segment;

/// A number with what stands around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Number {
    /// In ten-thousandths.
    pub(crate) ten_thousandths: i64,
    /// Digits printed after the decimal mark.
    pub(crate) decimals: u8,
    /// ISO 4217, where a sign or code stands beside it.
    pub(crate) currency: Option<&'static str>,
    pub(crate) is_percent: bool,
}

impl Number {
    /// In hundredths, rounded half away from zero.
    pub(crate) fn cents(self) -> i64 {
        let half = 50 * self.ten_thousandths.signum();
        (self.ten_thousandths + half) / 100
    }

    /// Whether it is printed like an amount of money: two decimals or a currency.
    pub(crate) fn looks_like_money(self) -> bool {
        !self.is_percent && (self.decimals == 2 || self.currency.is_some())
    }
}

/// Which mark the document prints before its decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DecimalStyle {
    Comma,
    Point,
    Unknown,
}

/// Signs and codes of currencies. `$` and `kr` stand for several: the code printed elsewhere decides.
const CURRENCIES: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("EUR", "EUR"),
    ("Euro", "EUR"),
    ("EURO", "EUR"),
    ("euros", "EUR"),
    ("$", "USD"),
    ("US$", "USD"),
    ("USD", "USD"),
    ("£", "GBP"),
    ("GBP", "GBP"),
    ("CHF", "CHF"),
    ("SFr.", "CHF"),
    ("Fr.", "CHF"),
    ("¥", "JPY"),
    ("JPY", "JPY"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("CAD", "CAD"),
    ("A$", "AUD"),
    ("AUD", "AUD"),
    ("₹", "INR"),
    ("INR", "INR"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
    ("RM", "MYR"),
    ("MYR", "MYR"),
    ("zł", "PLN"),
    ("zl", "PLN"),
    ("PLN", "PLN"),
    ("SEK", "SEK"),
    ("kr", "SEK"),
    ("kr.", "SEK"),
    ("Kr", "SEK"),
    ("Kr.", "SEK"),
    ("NOK", "NOK"),
    ("DKK", "DKK"),
    ("Kč", "CZK"),
    ("Kc", "CZK"),
    ("AU$", "AUD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("Fr", "CHF"),
    ("sFr.", "CHF"),
    ("ISK", "ISK"),
    ("CZK", "CZK"),
    ("HUF", "HUF"),
    ("Ft", "HUF"),
    ("RON", "RON"),
    ("BGN", "BGN"),
    ("SGD", "SGD"),
    ("S$", "SGD"),
    ("HKD", "HKD"),
    ("NZD", "NZD"),
    ("BRL", "BRL"),
    ("R$", "BRL"),
    ("MXN", "MXN"),
    ("ZAR", "ZAR"),
    ("CNY", "CNY"),
    ("AED", "AED"),
    ("TRY", "TRY"),
    ("₺", "TRY"),
];

/// The currency that a word names, without the punctuation around it.
pub(crate) fn currency_of(word: &str) -> Option<&'static str> {
    let bare = word.trim_matches(|c: char| matches!(c, ':' | '(' | ')' | ',' | ';' | '[' | ']'));
    CURRENCIES.iter().find(|(sign, _)| *sign == bare).map(|(_, code)| *code)
}

/// Counts unmistakable numbers to tell which decimal mark the document uses.
pub(crate) fn decimal_style<'a>(words: impl Iterator<Item = &'a str>) -> DecimalStyle {
    let (mut comma, mut point) = (0usize, 0usize);
    for word in words {
        let core = word.trim_matches(|c: char| !c.is_ascii_digit());
        let last = core.rfind([',', '.']);
        let Some(at) = last else { continue };
        let (before, after) = (&core[..at], &core[at + 1..]);
        let whole = before.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '\''));
        let mark = core.as_bytes()[at];
        let is_date = before.contains(char::from(mark));
        if whole && !is_date && after.len() == 2 && after.bytes().all(|b| b.is_ascii_digit()) {
            if mark == b',' { comma += 1 } else { point += 1 }
        }
    }
    match comma.cmp(&point) {
        std::cmp::Ordering::Greater => DecimalStyle::Comma,
        std::cmp::Ordering::Less => DecimalStyle::Point,
        std::cmp::Ordering::Equal => DecimalStyle::Unknown,
    }
}

/// Reads one printed number without currency or percent sign.
///
/// A single mark followed by three digits is a thousands mark unless the document's decimals are
/// printed with it. `None` for dates, phone numbers, numbers with leading zeros such as `007`.
pub(crate) fn parse_number(text: &str, style: DecimalStyle) -> Option<Number> {
    let mut body = text.trim();
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (negative, body) = (true, inner);
    }
    if let Some(rest) = body.strip_prefix(['-', '–', '−']) {
        (negative, body) = (true, rest.trim_start());
    } else if let Some(rest) = body.strip_prefix('+') {
        body = rest;
    }
    if let Some(rest) = body.strip_suffix(['-', '–', '−']) {
        (negative, body) = (true, rest);
    }
    let body = body.strip_suffix(",--").or_else(|| body.strip_suffix(".--")).unwrap_or(body);
    if !body.starts_with(|c: char| c.is_ascii_digit())
        || !body.ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let (whole, fraction) = split_decimals(body, style)?;
    if whole.len() > 12 || fraction.len() > 6 {
        return None;
    }
    let units: i64 = whole.parse().ok()?;
    let padded: String = fraction.chars().chain("0000".chars()).take(4).collect();
    let value = units.checked_mul(10_000)?.checked_add(padded.parse().ok()?)?;
    Some(Number {
        ten_thousandths: if negative { -value } else { value },
        decimals: fraction.len() as u8,
        currency: None,
        is_percent: false,
    })
}

/// The digits before and after the decimal mark, thousands marks removed.
fn split_decimals(body: &str, style: DecimalStyle) -> Option<(String, &str)> {
    let is_mark = |c: char| matches!(c, ',' | '.' | '\'' | '’' | ' ');
    if !body.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let decimal_at = match body.rfind(is_mark) {
        None => None,
        Some(at) => {
            let mark = body[at..].chars().next()?;
            let after = &body[at + mark.len_utf8()..];
            let repeats = body.matches(mark).count() > 1;
            let is_decimal = match (mark, after.len()) {
                (' ' | '\'' | '’', _) => false,
                _ if repeats => false,
                (',', 3) => body[..at].contains(['.', '\'', ' ']) || style == DecimalStyle::Comma,
                ('.', 3) => body[..at].contains([',', '\'', ' ']) || style == DecimalStyle::Point,
                _ => true,
            };
            is_decimal.then_some(at)
        }
    };
    let (whole, fraction) = match decimal_at {
        Some(at) => (&body[..at], &body[at + 1..]),
        None => (body, ""),
    };
    let groups: Vec<&str> = whole.split(is_mark).collect();
    let grouped_right = groups.iter().skip(1).all(|group| group.len() == 3);
    if !grouped_right
        || groups.first().is_none_or(|g| g.is_empty() || (groups.len() > 1 && g.len() > 3))
    {
        return None;
    }
    let digits = groups.concat();
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits, fraction))
}

/// All numbers of a segment, with the currency or percent sign beside them.
pub(crate) fn numbers_in(segment: &Segment, style: DecimalStyle) -> Vec<Span<Number>> {
    let words = &segment.words;
    let mut found: Vec<Span<Number>> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((mut number, mut to)) = number_at(segment, at, style) else {
            at += 1;
            continue;
        };
        let mut from = at;
        if number.currency.is_none() && !number.is_percent {
            let after = words.get(to).map(|word| word.text.as_str());
            if let Some(code) = after.and_then(currency_of) {
                (number.currency, to) = (Some(code), to + 1);
            } else if after == Some("%") {
                (number.is_percent, to) = (true, to + 1);
            }
        }
        let taken = found.last().map_or(0, |span| span.words.1);
        if number.currency.is_none()
            && !number.is_percent
            && from > taken
            && let Some(code) = currency_of(&words[from - 1].text)
        {
            (number.currency, from) = (Some(code), from - 1);
        }
        found.push(Span::of(segment, from, to, number));
        at = to;
    }
    found
}

/// A number beginning with word `at`: that word, or several when thousands are set apart by spaces.
fn number_at(segment: &Segment, at: usize, style: DecimalStyle) -> Option<(Number, usize)> {
    let first = bare(&segment.words[at].text);
    if let Some(grouped) = grouped_by_spaces(segment, at, &first, style) {
        return Some(grouped);
    }
    let number = parse_number(first.digits, style)?;
    let sign = if first.negative { -1 } else { 1 };
    let number = Number {
        ten_thousandths: number.ten_thousandths * sign,
        currency: first.currency,
        is_percent: first.percent,
        ..number
    };
    Some((number, at + 1))
}

/// `1 234,56`: groups of three digits, decimals in the last, as evenly spaced as one number.
fn grouped_by_spaces(
    segment: &Segment,
    at: usize,
    first: &Bare<'_>,
    style: DecimalStyle,
) -> Option<(Number, usize)> {
    let lead = first.digits.trim_start_matches(['-', '+', '–', '−', '(']);
    if first.percent || !(1..=3).contains(&lead.len()) || !lead.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut joined = first.digits.to_owned();
    for (index, word) in segment.words.iter().enumerate().skip(at + 1).take(3) {
        let gap = word.bounds.x0 - segment.words[index - 1].bounds.x1;
        let next = bare(&word.text);
        let whole = next.digits.chars().take_while(char::is_ascii_digit).count();
        if next.percent || whole != 3 || gap > 0.5 * word.size.max(12.0) {
            return None;
        }
        joined.push(' ');
        joined.push_str(next.digits);
        // A minus may end the number: `1 234,56-`.
        let unsigned = next.digits.trim_end_matches(['-', '–', '−']);
        let has_decimals = unsigned.len() == 6 && unsigned[3..].starts_with([',', '.']);
        if has_decimals && let Some(number) = parse_number(&joined, style) {
            return Some((
                Number { currency: first.currency.or(next.currency), ..number },
                index + 1,
            ));
        }
    }
    None
}

/// A word without the currency or percent sign attached to it and without closing punctuation.
struct Bare<'w> {
    digits: &'w str,
    currency: Option<&'static str>,
    percent: bool,
    /// A minus stood before the currency sign: `-$5.00`.
    negative: bool,
}

fn bare(word: &str) -> Bare<'_> {
    let word = word.trim_end_matches([';', ':', '*']).trim_end_matches(['.', ',']);
    let plain = |digits, currency| Bare { digits, currency, percent: false, negative: false };
    let inner = word.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if let Some(rest) = inner.unwrap_or(word).strip_suffix('%') {
        return Bare { percent: true, ..plain(rest, None) };
    }
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    for (sign, code) in CURRENCIES {
        if let Some(rest) =
            word.strip_prefix(sign).filter(|rest| begins(rest.trim_start_matches(['-', '('])))
        {
            return plain(rest, Some(*code));
        }
        let after_minus = word.strip_prefix('-').and_then(|rest| rest.strip_prefix(sign));
        if let Some(rest) = after_minus.filter(|rest| begins(rest)) {
            return Bare { negative: true, ..plain(rest, Some(*code)) };
        }
        let ends =
            |text: &str| text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | ')'));
        if let Some(rest) = word.strip_suffix(sign).filter(|rest| ends(rest)) {
            return plain(rest, Some(*code));
        }
    }
    plain(word, None)
}
