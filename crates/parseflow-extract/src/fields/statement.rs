//! Statements of bank accounts: the account, the period, both balances, and transactions that add up.

pub(super) mod balances;
mod columns;
mod head;
mod rows;

use parseflow_model::DocumentType;
use serde_json::Value;

use balances::{End, balances, end_in};
use head::period;
use rows::transactions;

use super::Reading;
use super::currency::currency;
use super::doc::{Candidate, Doc};
use super::header;
use super::out::{Evidence, money, object};
use super::parties::parties;
use crate::layout::{Row, Segment};
use crate::spans::{Number, Span};
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
    "ubertragausauszug",
    "vortragausauszug",
    "balancefromstatement",
    "balancelaststatement",
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
/// Marks behind an amount that was taken from an account.
const DEBITS: &[&str] = &["S", "DR", "Dr", "OD", "-", "D", "Af", "AF", "Wn", "WN", "Soll"];

#[derive(Clone)]
struct Transaction {
    date: Candidate<String>,
    description: Option<Candidate<String>>,
    amount: Option<Candidate<i64>>,
    balance: Option<Candidate<i64>>,
    row: usize,
}

/// Whether both balances are named and the transactions lead from the one to the other.
pub(super) fn adds_up(doc: &Doc<'_>) -> bool {
    let mut segments = doc.rows.iter().flat_map(|row| &row.segments);
    let is_end = |segment: &Segment| matches!(end_in(segment), Some(End::Closing | End::Either));
    if !segments.any(is_end) {
        return false;
    }
    let mut rows = transactions(doc);
    let (opening, closing, _) = balances(doc, &rows);
    rows.len() >= 2 && settle_signs(&mut rows, opening.as_ref(), closing.as_ref()) == Some(true)
}

/// Reads a statement.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let mut out = Evidence::new(doc);
    let mut transactions = transactions(doc);
    let (opening, closing, days) = balances(doc, &transactions);
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
    let period = period(doc, &transactions, days);
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
    if let Some(found) = head::holder(doc).map(super::text_value) {
        return out.put("accountHolder", Some((&found, found.score)));
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

/// −1 where `-`, `S`, `DR` or `OD` stands behind an amount.
fn sign_after(row: &Row, span: &Span<Number>) -> i64 {
    let next = row.segments.iter().flat_map(|segment| &segment.words).find(|word| {
        word.bounds.x0 > span.bounds.x1 - 0.5 && word.bounds.x0 - span.bounds.x1 < 14.0
    });
    let is_debit = next.is_some_and(|word| DEBITS.contains(&word.text.as_str()));
    // In a column of its own: `71,40   Af`.
    let cell = row.segments.iter().find(|segment| segment.bounds.x0 > span.bounds.x1);
    let is_debit = is_debit || cell.is_some_and(|cell| DEBITS.contains(&cell.text.as_str()));
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
    // The newest may stand first.
    let is_newest_first = rows.len() > 1 && rows[0].date.value > rows[rows.len() - 1].date.value;
    if is_newest_first {
        rows.reverse();
    }
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
    if is_newest_first {
        rows.reverse();
    }
    let (opening, closing) = (opening?, closing?);
    let sum: i64 =
        rows.iter().filter_map(|row| row.amount.as_ref()).map(|amount| amount.value).sum();
    Some(opening.value + sum == closing.value)
}

#[cfg(test)]
mod tests;
