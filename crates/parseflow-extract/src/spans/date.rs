//! Dates in digits and with month names in twelve languages.

use super::Span;
use crate::layout::Segment;
use crate::lexicon::folded;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct CalendarDate {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl CalendarDate {
    fn new(year: u32, month: u32, day: u32) -> Option<CalendarDate> {
        let year = if year < 100 { year + 2000 } else { year };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        };
        let valid =
            (1950..2100).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day);
        valid.then_some(CalendarDate { year: year as u16, month: month as u8, day: day as u8 })
    }

    /// ISO 8601, `2026-04-14`.
    pub(crate) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// The date `days` later.
    pub(crate) fn plus_days(self, days: u32) -> CalendarDate {
        (0..days).fold(self, |date, _| date.next())
    }

    fn next(self) -> CalendarDate {
        let (year, month, day) = (u32::from(self.year), u32::from(self.month), u32::from(self.day));
        CalendarDate::new(year, month, day + 1)
            .or_else(|| CalendarDate::new(year, month + 1, 1))
            .or_else(|| CalendarDate::new(year + 1, 1, 1))
            .unwrap_or(self)
    }
}

/// Which number of `03/04/2026` is the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// Decides the order from dates that can only be read one way, otherwise from `is_american`.
pub(crate) fn date_order<'a>(words: impl Iterator<Item = &'a str>, is_american: bool) -> DateOrder {
    let (mut day_first, mut month_first) = (0, 0);
    for word in words {
        let Some([first, second, _]) =
            three_numbers(word, '/').or_else(|| three_numbers(word, '-'))
        else {
            continue;
        };
        if (13..=31).contains(&first) && second <= 12 {
            day_first += 1;
        } else if first <= 12 && (13..=31).contains(&second) {
            month_first += 1;
        }
    }
    match (day_first, month_first) {
        (0, 0) if is_american => DateOrder::MonthFirst,
        (d, m) if m > d => DateOrder::MonthFirst,
        _ => DateOrder::DayFirst,
    }
}

/// All dates of a segment.
pub(crate) fn dates_in(segment: &Segment, order: DateOrder) -> Vec<Span<CalendarDate>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < segment.words.len() {
        match date_at(segment, at, order) {
            Some((date, to)) => {
                found.push(Span::of(segment, at, to, date));
                at = to;
            }
            None => at += 1,
        }
    }
    found
}

fn date_at(segment: &Segment, at: usize, order: DateOrder) -> Option<(CalendarDate, usize)> {
    let words: Vec<&str> =
        segment.words[at..].iter().take(11).map(|word| word.text.as_str()).collect();
    let first = *words.first()?;
    if let Some(date) = numeric(first, order).or_else(|| with_month_name_in_one_word(first)) {
        return Some((date, at + 1));
    }
    // `05. 03. 2018`, `05 / 03 / 2018`
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        for take in [3, 5] {
            if words.len() >= take {
                let joined = words[..take].concat();
                if joined.len() <= 10
                    && let Some(date) = numeric(&joined, order)
                {
                    return Some((date, at + take));
                }
            }
        }
    }
    let named = named(&words[..words.len().min(8)]).or_else(|| {
        if !super::date_words::may_be_spelled(&words) {
            return None;
        }
        let ([year, month, day], used) = super::date_words::spelled(&words, month_of)?;
        Some((CalendarDate::new(year, month, day)?, used))
    });
    named.map(|(date, used)| (date, at + used))
}

fn three_numbers(word: &str, mark: char) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut parts = word.split(mark);
    for number in &mut numbers {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn numeric(word: &str, order: DateOrder) -> Option<CalendarDate> {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = match word.split_once('T') {
        Some((date, time)) if time.contains(':') => date,
        _ => word,
    };
    // `05/03-2025`, as Danes write it.
    let turned = word.replacen('/', "-", 1);
    let is_danish = word.matches('/').count() == 1 && word.matches('-').count() == 1;
    let word = if is_danish { turned.as_str() } else { word };
    for mark in ['.', '/', '-'] {
        let Some([a, b, c]) = three_numbers(word, mark) else { continue };
        let year_digits = word.rsplit(mark).next().map_or(0, str::len);
        if word.split(mark).next().is_some_and(|part| part.len() == 4) {
            return CalendarDate::new(a, b, c);
        }
        if year_digits != 2 && year_digits != 4 {
            continue;
        }
        let day_first = CalendarDate::new(c, b, a);
        let month_first = CalendarDate::new(c, a, b);
        return match (mark, order) {
            ('.', _) | (_, DateOrder::DayFirst) => day_first.or(month_first),
            (_, DateOrder::MonthFirst) => month_first.or(day_first),
        };
    }
    None
}

/// `14-Apr-2026`, `14/avr/26`, `14Apr2026`
fn with_month_name_in_one_word(word: &str) -> Option<CalendarDate> {
    let mut parts: Vec<String> = Vec::new();
    for char in word.chars() {
        let starts_new = match parts.last().and_then(|part| part.chars().last()) {
            Some(last) => last.is_ascii_digit() != char.is_ascii_digit() || !char.is_alphanumeric(),
            None => true,
        };
        if !char.is_alphanumeric() {
            parts.push(String::new());
        } else if starts_new {
            parts.push(char.to_string());
        } else if let Some(last) = parts.last_mut() {
            last.push(char);
        }
    }
    parts.retain(|part| !part.is_empty());
    let [day, month, year] = parts.as_slice() else { return None };
    CalendarDate::new(year_of(year)?, month_of(month)?, day.parse().ok()?)
}

/// `14 April 2026`, `14. April 2026`, `April 14, 2026`, `14 de abril de 2026`, `23 dias do mês de maio de 2021`, `1er mars 2026`
fn named(words: &[&str]) -> Option<(CalendarDate, usize)> {
    let bare: Vec<String> = words.iter().map(|word| folded(word)).collect();
    let kept: Vec<usize> = (0..bare.len())
        .filter(|&i| {
            !matches!(bare[i].as_str(), "de" | "del" | "of" | "day" | "dias" | "do" | "mes" | "")
        })
        .collect();
    let [first, second, third, ..] = kept.as_slice() else { return None };
    if *first != 0 {
        return None;
    }
    let year =
        year_of(&bare[*third]).filter(|_| bare[*third].len() == 4 || bare[*third].len() == 2)?;
    let date = match (month_of(&bare[*second]), month_of(&bare[*first])) {
        (Some(month), _) => CalendarDate::new(year, month, day_of(&bare[*first])?),
        (None, Some(month)) => CalendarDate::new(year, month, day_of(&bare[*second])?),
        (None, None) => None,
    }?;
    Some((date, third + 1))
}

fn year_of(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn day_of(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &text[digits.len()..];
    matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "ter")
        .then(|| digits.parse().ok())
        .flatten()
}

/// Month names by their beginnings, folded; the month is the row.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "january",
        "januar",
        "janner",
        "janv",
        "janvier",
        "januari",
        "ene",
        "enero",
        "gen",
        "gennaio",
        "stycznia",
        "styczen",
        "janeiro",
        "ledna",
        "leden",
        "tammi",
        "tammikuuta",
        "tammikuu",
    ],
    &[
        "feb",
        "february",
        "februar",
        "fev",
        "fevr",
        "fevrier",
        "februari",
        "febrero",
        "febbraio",
        "lutego",
        "luty",
        "fevereiro",
        "unora",
        "unor",
        "helmi",
        "helmikuuta",
        "helmikuu",
    ],
    &[
        "mar",
        "march",
        "marz",
        "maerz",
        "mrz",
        "mars",
        "maart",
        "mrt",
        "marzo",
        "marca",
        "marzec",
        "marco",
        "marts",
        "brezna",
        "brezen",
        "maalis",
        "maaliskuuta",
        "maaliskuu",
    ],
    &[
        "apr",
        "april",
        "avr",
        "avril",
        "abr",
        "abril",
        "aprile",
        "kwietnia",
        "kwiecien",
        "dubna",
        "duben",
        "huhti",
        "huhtikuuta",
        "huhtikuu",
    ],
    &[
        "may",
        "mai",
        "mei",
        "mayo",
        "mag",
        "maggio",
        "maja",
        "maj",
        "maio",
        "kvetna",
        "kveten",
        "touko",
        "toukokuuta",
        "toukokuu",
    ],
    &[
        "jun",
        "june",
        "juni",
        "juin",
        "junio",
        "giu",
        "giugno",
        "czerwca",
        "czerwiec",
        "junho",
        "cervna",
        "cerven",
        "kesa",
        "kesakuuta",
        "kesakuu",
    ],
    &[
        "jul",
        "july",
        "juli",
        "juil",
        "juillet",
        "julio",
        "lug",
        "luglio",
        "lipca",
        "lipiec",
        "julho",
        "cervence",
        "cervenec",
        "heina",
        "heinakuuta",
        "heinakuu",
    ],
    &[
        "aug", "august", "aout", "augustus", "ago", "agosto", "sierpnia", "sierpien", "augusti",
        "srpna", "srpen", "elo", "elokuuta", "elokuu",
    ],
    &[
        "sep",
        "sept",
        "september",
        "septembre",
        "septiembre",
        "set",
        "settembre",
        "wrzesnia",
        "wrzesien",
        "setembro",
        "zari",
        "syys",
        "syyskuuta",
        "syyskuu",
    ],
    &[
        "oct",
        "october",
        "okt",
        "oktober",
        "octobre",
        "octubre",
        "ott",
        "ottobre",
        "pazdziernika",
        "pazdziernik",
        "outubro",
        "rijna",
        "rijen",
        "loka",
        "lokakuuta",
        "lokakuu",
        "out",
    ],
    &[
        "nov",
        "november",
        "novembre",
        "noviembre",
        "listopada",
        "listopad",
        "novembro",
        "listopadu",
        "marras",
        "marraskuuta",
        "marraskuu",
    ],
    &[
        "dec",
        "december",
        "dez",
        "dezember",
        "decembre",
        "dic",
        "diciembre",
        "dicembre",
        "grudnia",
        "grudzien",
        "dezembro",
        "prosince",
        "prosinec",
        "joulu",
        "joulukuuta",
        "joulukuu",
    ],
];

/// The month that a word names, in any of the languages.
pub(crate) fn month_of(word: &str) -> Option<u32> {
    let word = folded(word);
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&word.as_str())).map(|(month, _)| month)
}
