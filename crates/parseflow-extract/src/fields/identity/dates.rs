//! Days as identity papers print them: in words of two languages, with spaces, with years of two digits.

use crate::spans::{DateOrder, month_of};

/// The day in a text as ISO 8601; `None` where its day or month is not known (`XX.04.1985`, `00/00/1970`).
///
/// A year of two digits lies in this century unless that is after `ends`: nobody is born after the paper ends.
pub(super) fn day_in(text: &str, ends: Option<&str>, order: DateOrder) -> Option<String> {
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .take(6)
        .collect();
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    let first = parts.first()?;
    let (year, month, day) = if first.len() == 4 {
        (*first, month(parts.get(1)?)?, number(parts.get(2)?)?)
    } else {
        let day = number(first).filter(|_| first.len() <= 2)?;
        // The month in a second language follows the first: `08 MAI MAY 64`.
        let second = parts.get(2).filter(|part| month_of(part).is_some());
        let at = if second.is_some() { 3 } else { 2 };
        let own = month(parts.get(1)?).or_else(|| month_of(second?))?;
        (*parts.get(at)?, own, day)
    };
    let is_american = order == DateOrder::MonthFirst && text.contains('/') && first.len() <= 2;
    let (month, day) =
        if is_american && day <= 12 && month <= 31 { (day, month) } else { (month, day) };
    number(year).filter(|_| year.len() == 4 || year.len() == 2)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let with = |century: &str| format!("{century}{year}-{month:02}-{day:02}");
    if year.len() == 4 {
        return Some(with(""));
    }
    let this = with("20");
    Some(if ends.is_some_and(|ends| this.as_str() >= ends) { with("19") } else { this })
}

fn month(part: &str) -> Option<u32> {
    part.parse().ok().filter(|_| part.len() <= 2).or_else(|| month_of(part))
}
