//! Statements of bank accounts: the account, the period, both balances, and transactions that add up.

mod rows;

use parseflow_model::DocumentType;
use serde_json::Value;

use rows::transactions;

use super::Reading;
use super::currency::currency;
use super::doc::{Candidate, Doc};
use super::header;
use super::out::{Evidence, money, object};
use super::parties::parties;
use crate::layout::Row;
use crate::lexicon::folded;
use crate::schema::{Kind, labelled};
use crate::spans::{CalendarDate, Number, Span};
use crate::warning;

const OPENING: &[&str] = &[
    "openingbalance",
    "beginningbalance",
    "startingbalance",
    "previousbalance",
    "balancebroughtforward",
    "startbalance",
    "broughtforward",
    "anfangssaldo",
    "altersaldo",
    "alterkontostand",
    "eroffnungssaldo",
    "kontostandalt",
    "soldeinitial",
    "anciensolde",
    "soldeprecedent",
    "soldededebut",
    "saldoinicial",
    "saldoanterior",
    "saldoiniziale",
    "saldoprecedente",
    "beginsaldo",
    "vorigsaldo",
    "oudsaldo",
    "ingaendesaldo",
    "indgaendesaldo",
    "inngaendesaldo",
    "primosaldo",
    "alkusaldo",
    "pocatecnizustatek",
    "predchozizustatek",
    "saldopoczatkowe",
    "saldovortrag",
];
const CLOSING: &[&str] = &[
    "closingbalance",
    "endingbalance",
    "newbalance",
    "balancecarriedforward",
    "carriedforward",
    "endbalance",
    "finalbalance",
    "endsaldo",
    "neuersaldo",
    "neuerkontostand",
    "schlusssaldo",
    "kontostandneu",
    "abschlusssaldo",
    "soldefinal",
    "nouveausolde",
    "soldedefin",
    "saldofinal",
    "saldoactual",
    "saldofinale",
    "eindsaldo",
    "nieuwsaldo",
    "utgaendesaldo",
    "udgaendesaldo",
    "ultimosaldo",
    "loppusaldo",
    "konecnyzustatek",
    "novyzustatek",
    "saldokoncowe",
];
const HOLDER: &[&str] = &[
    "accountholder",
    "accountname",
    "accountowner",
    "kontoinhaber",
    "inhaber",
    "titulaire",
    "titulaireducompte",
    "titular",
    "intestatario",
    "rekeninghouder",
    "kontohavare",
    "kontoindehaver",
    "kontohaver",
    "tilinomistaja",
    "majiteluctu",
    "posiadaczrachunku",
];

#[derive(Clone)]
struct Transaction {
    date: Candidate<String>,
    description: Option<Candidate<String>>,
    amount: Option<Candidate<i64>>,
    balance: Option<Candidate<i64>>,
}

/// Reads a statement.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let mut out = Evidence::new(doc);
    let opening = balance(doc, OPENING, false);
    let closing = balance(doc, CLOSING, true);
    let mut transactions = transactions(doc);
    let adds_up = settle_signs(&mut transactions, opening.as_ref(), closing.as_ref());
    let sure = match adds_up {
        Some(true) => 0.97,
        Some(false) => 0.5,
        None => 0.75,
    };
    let put_money =
        |out: &mut Evidence<'_, '_>, name: String, found: &Option<Candidate<i64>>, sure: f64| {
            let value = found.clone().map(|found| found.map(money));
            out.put(name, value.as_ref().map(|value| (value, sure)))
        };
    let iban = header::iban(doc).map(|(iban, valid)| (super::text_value(iban), valid));
    let period = period(doc, &transactions);
    let mut data = object([("type", DocumentType::BankStatement.as_str().into())]);
    data.insert("accountHolder".into(), put_holder(doc, &mut out));
    let iban = iban.as_ref().map(|(iban, valid)| (iban, if *valid { 0.98 } else { 0.6 }));
    data.insert("iban".into(), out.put("iban", iban));
    data.insert("period".into(), put_period(&mut out, period));
    let of_balance =
        |found: &Option<Candidate<i64>>| found.as_ref().map_or(0.0, |f| f.score) * sure / 0.97;
    let (first, last) = (of_balance(&opening), of_balance(&closing));
    data.insert(
        "openingBalance".into(),
        put_money(&mut out, "openingBalance".into(), &opening, first),
    );
    data.insert(
        "closingBalance".into(),
        put_money(&mut out, "closingBalance".into(), &closing, last),
    );
    let found = currency(doc).map(|found| (found.found.map(Value::from), found.confidence));
    let found = found.as_ref().map(|(code, confidence)| (code, *confidence));
    let currency = out.put("currency", found);
    let rows: Vec<Value> = transactions
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let name = |key: &str| format!("transactions[{index}].{key}");
            let date = row.date.clone().map(Value::from);
            let text = row.description.clone().map(super::text_value);
            Value::Object(object([
                ("date", out.put(name("date"), Some((&date, 0.93)))),
                (
                    "description",
                    out.put(name("description"), text.as_ref().map(|text| (text, 0.85))),
                ),
                ("amount", put_money(&mut out, name("amount"), &row.amount, sure)),
                ("balance", put_money(&mut out, name("balance"), &row.balance, sure)),
            ]))
        })
        .collect();
    data.insert("transactions".into(), Value::Array(rows));
    data.insert("currency".into(), currency);
    let mut warnings = Vec::new();
    if adds_up == Some(false) {
        let message = "The transactions do not lead from the opening to the closing balance.";
        warnings.push(warning("balances_disagree", message));
    }
    let confidence = match adds_up {
        Some(true) => first * last,
        Some(false) => 0.4 * first.max(last),
        None => 0.6 * first.max(last),
    };
    let totals_disagree = adds_up == Some(false);
    Reading { data, fields: out.fields, warnings, confidence, totals_disagree }
}

fn put_holder(doc: &Doc<'_>, out: &mut Evidence<'_, '_>) -> Value {
    let names: Vec<String> = HOLDER.iter().map(|name| (*name).to_owned()).collect();
    if let Some(found) = labelled(doc, &names, Kind::Text, &Value::Null) {
        let field = found.into_field(doc, "accountHolder".to_owned());
        let value = field.value.clone();
        out.fields.push(field);
        return value;
    }
    let guess = parties(doc).customer.name.map(super::text_value);
    out.put("accountHolder", guess.as_ref().map(|guess| (guess, 0.55 * guess.score)))
}

fn put_period(
    out: &mut Evidence<'_, '_>,
    period: Option<(Candidate<String>, Candidate<String>, f64)>,
) -> Value {
    let (from, to) = match &period {
        Some((from, to, sure)) => {
            let (from, to) = (from.clone().map(Value::from), to.clone().map(Value::from));
            (out.put("period.from", Some((&from, *sure))), out.put("period.to", Some((&to, *sure))))
        }
        None => (Value::Null, Value::Null),
    };
    Value::Object(object([("from", from), ("to", to)]))
}

/// The amount beside a label; of several the first, or the last for the closing balance.
fn balance(doc: &Doc<'_>, labels: &[&str], last: bool) -> Option<Candidate<i64>> {
    let mut found: Option<Candidate<i64>> = None;
    for (index, row) in doc.rows.iter().enumerate() {
        let Some((at, _)) = label_in(row, labels) else { continue };
        let numbers = doc.numbers[index].iter().skip(at).flatten();
        let beside = numbers.rfind_money();
        let amount =
            beside.map(|span| (span, 0.95)).or_else(|| Some((below(doc, index, at)?, 0.85)));
        if let Some((span, score)) = amount
            && (found.is_none() || last)
        {
            let sign = sign_after(row, &span);
            found = Some(Candidate::from_span(span, score).map(|number| sign * number.cents()));
        }
    }
    found
}

trait LastMoney {
    fn rfind_money(self) -> Option<Span<Number>>;
}

impl<'s, I: Iterator<Item = &'s Span<Number>>> LastMoney for I {
    fn rfind_money(self) -> Option<Span<Number>> {
        self.filter(|span| span.value.looks_like_money()).last().cloned()
    }
}

fn below(doc: &Doc<'_>, index: usize, at: usize) -> Option<Span<Number>> {
    let head = doc.rows[index].segments.get(at)?;
    let row = doc.rows.get(index + 1).filter(|row| row.page == doc.rows[index].page)?;
    let close = row.bounds.y0 - head.bounds.y1 < 2.0 * head.bounds.height();
    let under = doc.numbers[index + 1].iter().flatten();
    under.filter(|span| close && span.bounds.overlap_x(head.bounds) > 0.2).rfind_money()
}

/// The segment of a row that holds one of the labels.
fn label_in(row: &Row, labels: &[&str]) -> Option<(usize, String)> {
    row.segments.iter().enumerate().find_map(|(at, segment)| {
        let text = folded(&segment.text);
        labels.iter().any(|label| text.contains(label)).then_some((at, text))
    })
}

/// −1 where `-`, `S`, `DR` or `OD` stands behind an amount.
fn sign_after(row: &Row, span: &Span<Number>) -> i64 {
    let next = row.segments.iter().flat_map(|segment| &segment.words).find(|word| {
        word.bounds.x0 > span.bounds.x1 - 0.5 && word.bounds.x0 - span.bounds.x1 < 14.0
    });
    let is_debit =
        next.is_some_and(|word| matches!(word.text.as_str(), "S" | "DR" | "Dr" | "OD" | "-" | "D"));
    if is_debit { -1 } else { 1 }
}

/// Gives amounts without a sign the one that the balances imply; whether everything adds up, `None` if
/// a balance is missing.
fn settle_signs(
    rows: &mut [Transaction],
    opening: Option<&Candidate<i64>>,
    closing: Option<&Candidate<i64>>,
) -> Option<bool> {
    let mut before = opening.map(|opening| opening.value);
    for row in rows.iter_mut() {
        if let (Some(before), Some(amount), Some(balance)) =
            (before, row.amount.as_mut(), row.balance.as_ref())
        {
            let step = balance.value - before;
            if step.abs() == amount.value.abs() {
                amount.value = step;
            }
        }
        before = row
            .balance
            .as_ref()
            .map(|balance| balance.value)
            .or_else(|| Some(before? + row.amount.as_ref().map_or(0, |amount| amount.value)));
    }
    let (opening, closing) = (opening?, closing?);
    let sum: i64 =
        rows.iter().filter_map(|row| row.amount.as_ref()).map(|amount| amount.value).sum();
    Some(opening.value + sum == closing.value)
}

/// Two dates beside a word that speaks of a period, else the first and last transaction.
fn period(
    doc: &Doc<'_>,
    rows: &[Transaction],
) -> Option<(Candidate<String>, Candidate<String>, f64)> {
    const WORDS: &[&str] =
        &["period", "from", "zeitraum", "vom", "periode", "du", "desde", "dal", "van", "statement"];
    for row in &doc.rows {
        let speaks = row.segments.iter().flat_map(|segment| &segment.words);
        let speaks =
            speaks.map(|word| folded(&word.text)).any(|fold| WORDS.contains(&fold.as_str()));
        let dates: Vec<Span<CalendarDate>> =
            row.segments.iter().flat_map(|segment| doc.dates_in(segment)).collect();
        if let ([from, to], true) = (dates.as_slice(), speaks)
            && from.value < to.value
        {
            let iso = |span: &Span<CalendarDate>| {
                Candidate::from_span(span.clone(), 0.95).map(CalendarDate::iso)
            };
            return Some((iso(from), iso(to), 0.95));
        }
    }
    let by_date = |row: &&Transaction| row.date.value.clone();
    let (first, last) = (rows.iter().min_by_key(by_date)?, rows.iter().max_by_key(by_date)?);
    let derived = |row: &Transaction| Candidate {
        source: parseflow_model::FieldSource::Derived,
        ..row.date.clone()
    };
    Some((derived(first), derived(last), 0.4))
}

#[cfg(test)]
mod tests;
