//! Whose account it is and which days a statement covers.

use super::Transaction;
use super::balances::end_in;
use crate::fields::doc::{Candidate, Doc};
use crate::layout::Segment;
use crate::lexicon::folded;
use crate::spans::{CalendarDate, Span};

const HOLDER: &[&str] = &[
    "accountholder",
    "accountname",
    "accountowner",
    "nameofaccount",
    "customer",
    "customername",
    "kontoinhaber",
    "kontoinhaberin",
    "inhaber",
    "kunde",
    "kundin",
    "titulaire",
    "titulaireducompte",
    "intituleducompte",
    "client",
    "titular",
    "titulardelacuenta",
    "titulardaconta",
    "1otitular",
    "cliente",
    "intestatario",
    "intestatoa",
    "intestatariodelconto",
    "titolare",
    "rekeninghouder",
    "tennamevan",
    "tenaamstelling",
    "naam",
    "kontohavare",
    "kontoindehaver",
    "kontohaver",
    "tilinomistaja",
    "majiteluctu",
    "posiadaczrachunku",
    "posiadacz",
    "wlascicielrachunku",
    "wlasciciel",
    "cardholder",
    "karteninhaber",
    "nomdutitulaire",
    "cointestatari",
    "cointestatario",
    "contitolare",
    "titulaires",
    "accountholdername",
    "nameofaccountholder",
    "nameoftheaccountholder",
    "nameonaccount",
    "lautendauf",
    "intestatari",
    "titolaredelconto",
    "nombredeltitular",
    "nomedotitular",
    "naamrekeninghouder",
    "tnv",
    "kontoinnehavare",
    "kontoindehaver",
    "kontoejer",
    "kontoeier",
    "wlascicielkonta",
    "nazwaposiadacza",
    "majitel",
];
/// Such names are never the first words of a person's: what follows them in the line is the holder even without a colon.
const PLAIN: &[&str] = &[
    "accountholder",
    "accountname",
    "accountholdername",
    "kontoinhaber",
    "kontoinhaberin",
    "nomdutitulaire",
    "titulaireducompte",
    "intestatoa",
    "lautendauf",
    "tnv",
    "tennamevan",
    "rekeninghouder",
    "titulardelacuenta",
    "posiadaczrachunku",
    "kontohavare",
];
/// Names of other facts, which are never the value of a holder.
const OTHERS: &[&str] = &[
    "iban",
    "period",
    "zeitraum",
    "konto",
    "account",
    "compte",
    "cuenta",
    "conto",
    "rekening",
    "rachunk",
    "conta",
    "okres",
    "kart",
    "card",
    "carte",
    "carta",
    "tarjeta",
    "cartao",
    "bic",
    "swift",
    "date",
    "datum",
    "fecha",
    "data",
    "kaart",
    "cartao",
    "number",
    "numer",
    "nr",
    "sortcode",
    "transactions",
    "operations",
    "movim",
    "boekingen",
];
/// What makes a line the name of a bank or its title.
const BANKS: &[&str] = &[
    "bank",
    "banque",
    "banco",
    "banca",
    "caisse",
    "caja",
    "cassa",
    "caixa",
    "kasse",
    "kasa",
    "credit",
    "credito",
    "statement",
    "auszug",
    "releve",
    "extracto",
    "estratto",
    "afschrift",
    "wyciag",
    "extrato",
    "buildingsociety",
];

/// Where the words of a name end in a segment; `None` if it begins with none.
fn named(segment: &Segment) -> Option<usize> {
    let mut fold = String::new();
    let mut end = None;
    for (at, word) in segment.words.iter().enumerate().take(5) {
        fold.push_str(&folded(&word.text));
        if HOLDER.contains(&fold.as_str()) {
            end = Some(at + 1);
        }
    }
    end
}

fn is_name_of_another(segment: &Segment) -> bool {
    let fold = folded(&segment.text);
    let begins = segment.words.first().map(|word| folded(&word.text)).unwrap_or_default();
    named(segment) == Some(segment.words.len())
        || end_in(segment).is_some()
        || fold.contains("iban")
        || OTHERS.iter().any(|name| begins.starts_with(name))
}

/// The segment under another that begins where it does.
fn under<'d>(doc: &'d Doc<'_>, index: usize, head: &Segment) -> Option<&'d Segment> {
    let row = doc.rows.get(index + 1).filter(|row| row.page == doc.rows[index].page)?;
    let close = row.bounds.y0 - head.bounds.y1 < 1.2 * head.bounds.height();
    let aligned = |segment: &&Segment| (segment.bounds.x0 - head.bounds.x0).abs() < 4.0;
    row.segments.iter().filter(|_| close).find(aligned)
}

fn whole(segment: &Segment, from: usize, score: f64) -> Option<Candidate<String>> {
    let text: Vec<&str> = segment.words[from..].iter().map(|word| word.text.as_str()).collect();
    let text = text.join(" ").trim_matches(|c: char| matches!(c, ':' | ' ')).to_owned();
    let fits = text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && text.chars().filter(char::is_ascii_digit).count() <= 4;
    fits.then(|| Candidate::from_span(Span::of(segment, from, segment.words.len(), text), score))
}

/// The holder behind a name, beside or below it, else the first line of who is written to.
pub(super) fn holder(doc: &Doc<'_>) -> Option<Candidate<String>> {
    for (index, row) in doc.rows.iter().enumerate().take(60) {
        for (at, segment) in row.segments.iter().enumerate() {
            let Some(end) = named(segment) else { continue };
            if end < segment.words.len() {
                let name: String = segment.words[..end].iter().map(|w| folded(&w.text)).collect();
                if (segment.words[end - 1].text.ends_with(':') || PLAIN.contains(&name.as_str()))
                    && let Some(found) = whole(segment, end, 0.9)
                {
                    return Some(found);
                }
                continue;
            }
            let next = row.segments.get(at + 1).filter(|next| !is_name_of_another(next));
            let found =
                next.or_else(|| under(doc, index, segment).filter(|s| !is_name_of_another(s)));
            if let Some(found) = found.and_then(|found| whole(found, 0, 0.85)) {
                return Some(found);
            }
        }
    }
    addressee(doc)
}

/// The last name near the top that a street and a town with its code stand under.
fn addressee(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let has_digit = |segment: &Segment| segment.text.bytes().any(|byte| byte.is_ascii_digit());
    let mut found = None;
    for (index, row) in doc.rows.iter().enumerate().take(20) {
        let has_money = |at: usize| {
            let numbers = doc.numbers.get(at).into_iter().flatten().flatten();
            numbers.into_iter().any(|span| span.value.looks_like_money())
        };
        // Lines of a list look like addresses, but for their amounts.
        if (index..index + 3).any(has_money) {
            continue;
        }
        for segment in &row.segments {
            let fold = folded(&segment.text);
            let is_name = !has_digit(segment)
                && (2..=7).contains(&segment.words.len())
                && !segment.text.contains(':')
                && !is_name_of_another(segment)
                && !BANKS.iter().any(|word| fold.contains(word));
            let Some(street) = under(doc, index, segment).filter(|_| is_name) else { continue };
            let town = under(doc, index + 1, street);
            let is_place = |town: &Segment| {
                has_digit(town) && town.words.len() >= 2 && doc.dates_in(town).is_empty()
            };
            if has_digit(street) && doc.dates_in(street).is_empty() && town.is_some_and(is_place) {
                found = whole(segment, 0, 0.75).or(found);
            }
        }
    }
    found
}

/// Two days in one place beside no amount, best with a word that speaks of a period; else those of the first and last
/// transaction.
pub(super) fn period(
    doc: &Doc<'_>,
    rows: &[Transaction],
    days: [Option<Candidate<String>>; 2],
) -> Option<(Candidate<String>, Candidate<String>, f64)> {
    const WORDS: &[&str] = &[
        "period",
        "zeitraum",
        "from",
        "vom",
        "du",
        "del",
        "dal",
        "van",
        "desde",
        "od",
        "de",
        "statement",
        "okres",
        "bis",
        "to",
        "au",
        "al",
        "tm",
        "tot",
        "hasta",
        "do",
        "a",
    ];
    for wants_word in [true, false] {
        for (index, row) in doc.rows.iter().enumerate() {
            for segment in &row.segments {
                let dates: Vec<Span<CalendarDate>> = doc.dates_in(segment);
                let [from, to] = dates.as_slice() else { continue };
                let speaks = segment.words.iter().map(|word| folded(&word.text)).any(|fold| {
                    WORDS.contains(&fold.as_str())
                        || WORDS[..2].iter().any(|word| fold.contains(word))
                });
                if from.value < to.value && (speaks || !wants_word) && !has_amount(doc, index) {
                    let iso = |span: &Span<CalendarDate>| {
                        Candidate::from_span(span.clone(), 0.95).map(CalendarDate::iso)
                    };
                    return Some((iso(from), iso(to), if speaks { 0.95 } else { 0.9 }));
                }
            }
        }
    }
    if let Some((from, to)) = begin_and_end(doc) {
        return Some((from, to, 0.9));
    }
    let [from, to] = days;
    let to = to.or_else(|| day_of_statement(doc, rows));
    if let (Some(from), Some(to)) = (from, to)
        && from.value < to.value
    {
        return Some((from, to, 0.8));
    }
    let by_date = |row: &&Transaction| row.date.value.clone();
    let (first, last) = (rows.iter().min_by_key(by_date)?, rows.iter().max_by_key(by_date)?);
    let derived = |row: &Transaction| Candidate {
        source: parseflow_model::FieldSource::Derived,
        ..row.date.clone()
    };
    Some((derived(first), derived(last), 0.4))
}

/// Whether a row holds an amount that is no part of a date: `01.03` of `01.03.26` is one.
fn has_amount(doc: &Doc<'_>, index: usize) -> bool {
    let segments = doc.rows[index].segments.iter();
    let dates: Vec<Span<CalendarDate>> =
        segments.flat_map(|segment| doc.dates_in(segment)).collect();
    doc.numbers[index].iter().flatten().any(|number| {
        let inside = dates.iter().any(|date| {
            number.bounds.x0 >= date.bounds.x0 - 1.0 && number.bounds.x1 <= date.bounds.x1 + 1.0
        });
        number.value.looks_like_money() && !inside
    })
}

/// The days behind names of the first and of the last day: `Statement starts`, `Fecha fin`, `Od dnia`.
fn begin_and_end(doc: &Doc<'_>) -> Option<(Candidate<String>, Candidate<String>)> {
    const FIRST: &[&str] = &[
        "start", "begin", "from", "inicio", "inizio", "debut", "anfang", "vom", "von", "van",
        "desde", "dal", "od", "fra", "fran",
    ];
    const LAST: &[&str] = &[
        "end", "ends", "to", "fin", "fine", "ende", "bis", "tot", "tm", "hasta", "al", "do", "ate",
        "til", "till",
    ];
    let named = |stems: &[&str]| {
        let rows = doc.rows.iter().enumerate().take(60);
        let mut found =
            rows.filter(|(index, _)| !has_amount(doc, *index)).filter_map(|(_, row)| {
                let (at, segment, day) =
                    row.segments.iter().enumerate().find_map(|(at, segment)| {
                        Some((at, segment, doc.dates_in(segment).into_iter().next()?))
                    })?;
                let before = row.segments[..at].iter().flat_map(|one| &one.words);
                let own = segment.words.iter().take(day.words.0);
                let mut names = before.chain(own).map(|word| folded(&word.text));
                let is_named = names.any(|name| {
                    stems.iter().any(|stem| {
                        if stem.len() > 3 { name.starts_with(stem) } else { name == *stem }
                    })
                });
                is_named.then(|| Candidate::from_span(day, 0.9).map(CalendarDate::iso))
            });
        found.next()
    };
    let (from, to) = (named(FIRST)?, named(LAST)?);
    (from.value < to.value).then_some((from, to))
}

/// The day a statement is of: the latest above its lines, if it is not before the last of them.
fn day_of_statement(doc: &Doc<'_>, rows: &[Transaction]) -> Option<Candidate<String>> {
    let first = rows.iter().map(|row| row.row).min()?;
    let last = rows.iter().map(|row| &row.date.value).max()?;
    let above = doc.rows.iter().take(first).flat_map(|row| &row.segments);
    let days = above.flat_map(|segment| doc.dates_in(segment));
    let day = days.max_by_key(|day| day.value.iso())?;
    (day.value.iso() >= *last).then(|| Candidate::from_span(day, 0.8).map(CalendarDate::iso))
}
