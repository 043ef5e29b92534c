//! The transactions of a drafted statement.

use std::collections::BTreeSet;

use super::facts::pattern;
use super::sheet::{Line, Sheet, cells};
use super::{Day, Draft, Fill, Kind, Label, account};
use crate::generate::habits::grouped;
use crate::label::Item;

struct Move {
    day: u64,
    text: String,
    cents: i64,
    balance: i64,
}

/// What a statement says. Options: `rows=4-12`, `dc=S,H` letters of debits and credits, `owed` for a card whose debts
/// are printed without a sign, `newest` first.
pub(super) struct Ledger {
    moves: Vec<Move>,
    holder: String,
    iban: String,
    from: Day,
    to: Day,
    opening: i64,
    closing: i64,
    letters: [&'static str; 2],
    owed: bool,
    newest: bool,
}

impl Ledger {
    pub(super) fn new(fill: &mut Fill<'_>, draft: &Draft) -> Ledger {
        let count = draft.option("rows").unwrap_or("4-12");
        let (low, high) = count.split_once('-').unwrap_or(("4", "12"));
        let number = |text: &str| text.parse::<u64>().unwrap_or(9);
        let count = fill.rng.range(number(low), number(high));
        let owed = draft.option("owed").is_some();
        let mut days: Vec<u64> = (0..count).map(|_| fill.rng.range(1, 28)).collect();
        days.sort_unstable();
        let sign = if owed || fill.rng.chance(12) { -1 } else { 1 };
        let opening = sign * fill.rng.range(9_000, 750_000) as i64;
        let mut balance = opening;
        let mut moves = Vec::new();
        for day in days {
            let is_spent = fill.rng.chance(if owed { 88 } else { 68 });
            let tongue = fill.tongue;
            let text = fill.rng.say(if is_spent { tongue.spent } else { tongue.received });
            let cents = fill.rng.range(199, if is_spent { 48_000 } else { 310_000 }) as i64;
            let cents = if is_spent { -cents } else { cents };
            balance += cents;
            moves.push(Move { day, text, cents, balance });
        }
        let letters = draft.option("dc").and_then(|letters| letters.split_once(','));
        let letters = letters.map_or(["D", "C"], |(debit, credit)| [debit, credit]);
        let from = Day { day: 1, ..fill.day };
        let to = Day { day: if from.month == 2 { 28 } else { 30 }, ..from };
        let people = if fill.rng.chance(25) { fill.tongue.companies } else { fill.tongue.people };
        Ledger {
            holder: fill.rng.say(people),
            iban: account(fill.rng, fill.tongue.iban),
            closing: balance,
            newest: draft.option("newest").is_some(),
            moves,
            from,
            to,
            opening,
            letters,
            owed,
        }
    }

    /// The labels: what the paper printed.
    pub(super) fn write_down(&self, used: &BTreeSet<String>, label: &mut Label) {
        let is_used = |name: &str| used.contains(name);
        if is_used("holder") {
            label.set("accountHolder", Kind::Name, self.holder.clone());
        }
        if is_used("iban") {
            label.set("iban", Kind::Identifier, self.iban.clone());
        } else {
            label.set_absent("iban");
        }
        if is_used("from") && is_used("to") {
            label.set("period.from", Kind::Text, self.from.iso());
            label.set("period.to", Kind::Text, self.to.iso());
        }
        let shown = |cents: i64| if self.owed { cents.abs() } else { cents } as f64 / 100.0;
        if is_used("open") {
            label.set("openingBalance", Kind::Money, shown(self.opening));
        }
        if is_used("close") {
            label.set("closingBalance", Kind::Money, shown(self.closing));
        }
        let items = self.moves.iter().map(|one| Item {
            description: Some(one.text.clone()),
            quantity: None,
            amount: Some(one.cents as f64 / 100.0),
        });
        if !self.owed {
            label.items = Some(items.collect());
        }
    }
}

impl Fill<'_> {
    /// Gaps of the head and foot of a statement. Behind `open:` and `close:` stands how a sum is printed: `c` with its
    /// currency, `s` with a sign behind it, `d` with a letter, `p` with a plus, `a` without any.
    pub(super) fn of_ledger(&mut self, name: &str) -> Option<String> {
        let ledger = self.ledger.as_ref()?;
        let (stem, more) = name.split_once(':').unwrap_or((name, ""));
        let day = |day: &Day| {
            let pattern = if more.is_empty() { self.days.clone() } else { pattern(more) };
            day.shown(self.tongue.months, &pattern)
        };
        let total = |is_in: bool| -> i64 {
            let moves = ledger.moves.iter().map(|one| one.cents);
            moves.filter(|cents| (*cents > 0) == is_in).sum()
        };
        let value = match stem {
            "holder" => ledger.holder.clone(),
            "iban" if more == "plain" => ledger.iban.clone(),
            "iban" => grouped(&ledger.iban),
            "from" => day(&ledger.from),
            "to" => day(&ledger.to),
            "open" => self.printed(ledger.opening, more),
            "close" => self.printed(ledger.closing, more),
            "ins" => self.printed(total(true), more),
            "outs" => self.printed(total(false).abs(), more),
            "countin" => ledger.moves.iter().filter(|one| one.cents > 0).count().to_string(),
            "countout" => ledger.moves.iter().filter(|one| one.cents < 0).count().to_string(),
            _ => return None,
        };
        self.used.insert(stem.to_owned());
        Some(value)
    }

    fn printed(&self, cents: i64, style: &str) -> String {
        let ledger = self.ledger.as_ref();
        let letters = ledger.map_or(["D", "C"], |ledger| ledger.letters);
        let owed = ledger.is_some_and(|ledger| ledger.owed);
        let has = |c: char| style.contains(c);
        let shown = if owed || has('a') || has('s') || has('d') { cents.abs() } else { cents };
        let mut text = if has('c') { self.money.sum(shown) } else { self.bare(shown) };
        if has('s') {
            text += if cents < 0 { " -" } else { " +" };
        } else if has('t') {
            text += if cents < 0 { "-" } else { "" };
            text = text.trim_start_matches('-').to_owned();
        } else if has('d') {
            text = format!("{text} {}", letters[usize::from(cents >= 0)]);
        } else if has('p') && cents > 0 {
            text.insert(0, '+');
        }
        text
    }

    /// Indian sums are grouped by hundreds beyond the thousands.
    fn bare(&self, cents: i64) -> String {
        let text = self.money.bare(cents);
        if self.tongue.code != "in" {
            return text;
        }
        let whole: Vec<char> = (cents.unsigned_abs() / 100).to_string().chars().collect();
        let mut out = String::new();
        for (at, digit) in whole.iter().enumerate() {
            let left = whole.len() - at;
            if at > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
                out.push(',');
            }
            out.push(*digit);
        }
        format!("{}{out}.{:02}", if cents < 0 { "-" } else { "" }, cents.unsigned_abs() % 100)
    }

    /// Prints the transactions by the lines of a draft that begin with `%`; those behind `%in` and `%out` show one side.
    pub(super) fn rows(&mut self, lines: &[&str], places: &[(f64, bool)], sheet: &mut Sheet) {
        let Some(ledger) = self.ledger.take() else { return };
        let side = if lines[0].starts_with("%in ") {
            1
        } else {
            -i64::from(lines[0].starts_with("%out "))
        };
        let mut order: Vec<&Move> = ledger.moves.iter().collect();
        if ledger.newest {
            order.reverse();
        }
        let mut last = 0;
        let letters = ledger.letters;
        let moves: Vec<_> = order
            .into_iter()
            .filter(|one| side == 0 || one.cents.signum() == side)
            .map(|one| (one.day, one.text.clone(), one.cents, one.balance))
            .collect();
        self.ledger = Some(ledger);
        for (day, text, cents, balance) in moves {
            for line in lines {
                let mut line = line.split_once(' ').map_or("", |(_, line)| line).to_owned();
                let is_new = day != last;
                for gap in gaps(&line) {
                    let (stem, more) = gap.split_once(':').unwrap_or((&gap, ""));
                    let date = |day: u64| {
                        Day { day, ..self.day }.shown(self.tongue.months, &pattern(more))
                    };
                    let value = match stem {
                        "day" => date(day),
                        "first" if is_new => date(day),
                        "first" => String::new(),
                        "val" => date(day + 1),
                        "text" => text.clone(),
                        "out" if cents < 0 => self.bare(-cents),
                        "in" if cents > 0 => self.bare(cents),
                        "out" | "in" => String::new(),
                        "amt" => self.printed(cents, more),
                        "abs" => self.bare(cents.abs()),
                        "dc" => letters[usize::from(cents > 0)].to_owned(),
                        "debt" if cents > 0 => format!("{} CR", self.bare(cents)),
                        "debt" => self.bare(-cents),
                        "bal" => self.printed(balance, more),
                        _ => continue,
                    };
                    line = line.replacen(&format!("{{{gap}}}"), &value, 1);
                }
                let text = self.fill(&line);
                let cells = cells(&text, places);
                sheet.lines.push(Line { cells, scale: 1.0, bold: false, again: false, gap: 1.1 });
            }
            last = day;
        }
    }
}

fn gaps(line: &str) -> Vec<String> {
    line.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect()
}
