//! Whether a label's value stands on the page at all: what is not printed cannot be read there.

use serde_json::Value;

use crate::label::{Kind, Label, squeezed};

/// Drops the values that are printed nowhere; how many these were.
pub(crate) fn keep_printed(label: &mut Label, text: &str) -> usize {
    let page = squeezed(&Value::from(text));
    let before = label.values.len();
    label.values.retain(|_, (kind, value)| is_printed(*kind, value, &page));
    before - label.values.len()
}

fn is_printed(kind: Kind, value: &Value, page: &str) -> bool {
    match (kind, value) {
        (Kind::Money, value) => {
            let cents = (value.as_f64().unwrap_or_default() * 100.0).round().abs() as i64;
            let whole = cents / 100;
            page.contains(&format!("{whole}{:02}", cents % 100))
                || cents % 100 == 0 && page.contains(&whole.to_string())
        }
        (Kind::Text, Value::String(text)) if text.len() == 10 && text.as_bytes()[4] == b'-' => {
            date_forms(text).iter().any(|form| page.contains(form.as_str()))
        }
        // A currency is printed as a sign as well.
        (Kind::Text, Value::String(text)) if text.len() == 3 => true,
        (_, Value::Array(_)) => true,
        (_, value) => page.contains(&squeezed(value)),
    }
}

fn date_forms(iso: &str) -> Vec<String> {
    let (year, month, day) = (&iso[..4], &iso[5..7], &iso[8..]);
    let short = |text: &str| text.trim_start_matches('0').to_owned();
    let mut forms = Vec::new();
    for year in [year, &year[2..]] {
        for (month, day) in [(month.to_owned(), day.to_owned()), (short(month), short(day))] {
            forms.push(format!("{day}{month}{year}"));
            forms.push(format!("{month}{day}{year}"));
            forms.push(format!("{year}{month}{day}"));
        }
    }
    const MONTHS: [[&str; 4]; 12] = [
        ["jan", "januar", "janvier", "january"],
        ["feb", "februar", "février", "february"],
        ["mar", "märz", "mars", "march"],
        ["apr", "april", "avril", "april"],
        ["may", "mai", "mai", "may"],
        ["jun", "juni", "juin", "june"],
        ["jul", "juli", "juillet", "july"],
        ["aug", "august", "août", "august"],
        ["sep", "september", "septembre", "september"],
        ["oct", "oktober", "octobre", "october"],
        ["nov", "november", "novembre", "november"],
        ["dec", "dezember", "décembre", "december"],
    ];
    let names = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    for name in names.into_iter().flatten() {
        for day in [day.to_owned(), short(day)] {
            forms.push(format!("{day}{name}"));
            forms.push(format!("{name}{day}"));
        }
    }
    forms
}
