//! Statements of banks in eight languages: accounts and cards, debits and credits in columns, by sign or by letter, with and
//! without a balance on each line, sums carried to the next page. Written without a look at the engine's lists.

mod words;

use super::habits::paper::Paper;
use super::habits::{Day, Money, account, grouped};
use super::rng::Rng;
use crate::label::{Item, Kind, Label};
use words::{BANKS, Bank};

const LEFT: f64 = 46.0;
const EDGE: f64 = 548.0;

/// How the amounts of the lines are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Columns,
    Signed,
    Letters,
}

struct Ledger<'r> {
    rng: &'r mut Rng,
    bank: &'static Bank,
    money: Money,
    paper: Paper,
    label: Label,
    form: Form,
    is_card: bool,
    has_value_date: bool,
    has_balances: bool,
    from: Day,
    pattern: String,
    names: [String; 4],
    heads: [String; 3],
}

/// The statement of a seed.
pub(super) fn statement(rng: &mut Rng) -> (Vec<u8>, Label) {
    let bank = BANKS[rng.range(0, BANKS.len() as u64) as usize];
    let from = Day { day: 1, ..Day::new(rng) };
    let is_card = rng.chance(15);
    let form = match rng.range(0, 10) {
        0..=3 => Form::Columns,
        4..=7 => Form::Signed,
        _ => Form::Letters,
    };
    let (group, decimal) = match (bank.comma, rng.chance(25)) {
        (true, true) => (" ", ','),
        (true, false) => (".", ','),
        _ => (",", '.'),
    };
    let sign = bank.currency.split('|').nth(usize::from(rng.chance(40))).unwrap_or_default();
    let place = if rng.chance(60) { 2 } else { u64::from(bank.comma) };
    let mut ledger = Ledger {
        pattern: rng.say(bank.days),
        money: Money { group, decimal, sign, place, minus: rng.range(0, 2) },
        paper: Paper::a4(9.0),
        label: Label { document_type: Some("bank_statement".to_owned()), ..Label::default() },
        form: if is_card { Form::Signed } else { form },
        is_card,
        has_value_date: rng.chance(35),
        has_balances: rng.chance(45) && !is_card,
        from,
        names: bank.sums.map(|names| rng.say(names)),
        heads: bank.columns.map(|names| rng.say(names)),
        bank,
        rng,
    };
    head(&mut ledger);
    let opening = ledger.rng.range(5_000, 900_000) as i64;
    let opening = if ledger.rng.chance(12) { -opening } else { opening };
    let moves = moves(&mut ledger);
    let closing = opening + moves.iter().map(|(_, _, cents)| cents).sum::<i64>();
    ledger.label.set("openingBalance", Kind::Money, opening as f64 / 100.0);
    ledger.label.set("closingBalance", Kind::Money, closing as f64 / 100.0);
    let items = moves.iter().map(|(_, text, cents)| Item {
        description: Some(text.clone()),
        quantity: None,
        amount: Some(*cents as f64 / 100.0),
    });
    ledger.label.items = Some(items.collect());
    let sums = if is_card {
        bank.card_sums.map(str::to_owned)
    } else {
        [ledger.rng.say(bank.opening), ledger.rng.say(bank.closing)]
    };
    // Above the lines, among them, or both.
    let place = if is_card { 0 } else { ledger.rng.range(0, 4) };
    if place == 0 || place == 3 {
        summary(&mut ledger, &sums, [opening, closing], &moves);
    }
    table(&mut ledger, &moves, &sums, opening, place != 0);
    let foot = ledger.rng.say(bank.foot);
    ledger.paper.down(1.5);
    ledger.paper.put(LEFT, foot);
    (ledger.paper.pdf(), ledger.label)
}

fn head(ledger: &mut Ledger<'_>) {
    let bank = ledger.bank;
    let name = ledger.rng.say(bank.banks);
    ledger.paper.sized(LEFT, 13.0, true, name);
    ledger.paper.down(2.0);
    let holder = ledger.rng.say(bank.persons);
    ledger.label.set("accountHolder", Kind::Name, holder.clone());
    let number = account(ledger.rng, bank.iban);
    let last = if ledger.from.month == 2 { 28 } else { 30 };
    let days = [&ledger.from, &Day { day: last, ..ledger.from }].map(|day| {
        let path = if day.day == 1 { "period.from" } else { "period.to" };
        ledger.label.set(path, Kind::Text, day.iso());
        day.shown(bank.months, &ledger.pattern)
    });
    let period = ledger.rng.say(bank.period).replace("{F}", &days[0]).replace("{T}", &days[1]);
    let mut facts = Vec::new();
    let is_addressed = ledger.rng.chance(60);
    if is_addressed {
        let home = ledger.rng.range(0, 2) as usize;
        let home = bank.homes.split(';').nth(home).unwrap_or_default();
        let mut lines = vec![holder.clone()];
        lines.extend(home.split('|').map(str::to_owned));
        ledger.paper.block(LEFT, &lines);
        ledger.paper.down(1.5);
    }
    if !is_addressed || ledger.rng.chance(40) {
        facts.push((ledger.rng.say(bank.holder), holder));
    }
    if ledger.is_card {
        let digits = ledger.rng.digits(4);
        facts.push((bank.card.to_owned(), format!("**** **** **** {digits}")));
        ledger.label.set_absent("iban");
    } else {
        let shown = if ledger.rng.chance(75) { grouped(&number) } else { number.clone() };
        facts.push((ledger.rng.say(bank.account), shown));
        ledger.label.set("iban", Kind::Identifier, number);
    }
    let title = ledger.rng.say(if ledger.is_card { bank.card_titles } else { bank.titles });
    let in_title = ledger.rng.chance(30);
    let title = if in_title { format!("{title} {period}") } else { title };
    ledger.paper.sized(LEFT, 12.0, true, title);
    ledger.paper.down(2.0);
    if !in_title {
        facts.push((ledger.rng.say(bank.period_label), period));
    }
    match ledger.rng.range(0, 3) {
        0 => {
            for (name, value) in facts {
                ledger.paper.put(LEFT, format!("{name}: {value}"));
                ledger.paper.down(1.1);
            }
        }
        1 => {
            for (name, value) in facts {
                ledger.paper.put(LEFT, name);
                ledger.paper.put(LEFT + 160.0, value);
                ledger.paper.down(1.1);
            }
        }
        _ => {
            for (at, (name, value)) in facts.into_iter().enumerate() {
                let x = LEFT + 175.0 * at as f64;
                ledger.paper.put(x, name);
                ledger.paper.down(1.1);
                ledger.paper.put(x, value);
                ledger.paper.down(-1.1);
            }
            ledger.paper.down(2.2);
        }
    }
    ledger.paper.down(1.0);
}

/// Day, text and cents of each line, in the order of the days.
fn moves(ledger: &mut Ledger<'_>) -> Vec<(u64, String, i64)> {
    let count =
        if ledger.rng.chance(30) { ledger.rng.range(34, 60) } else { ledger.rng.range(3, 16) };
    let mut days: Vec<u64> = (0..count).map(|_| ledger.rng.range(1, 28)).collect();
    days.sort_unstable();
    let bank = ledger.bank;
    days.into_iter()
        .map(|day| {
            let is_spent = ledger.rng.chance(70);
            let text = ledger.rng.say(if is_spent { bank.spent } else { bank.received });
            let cents = ledger.rng.range(150, if is_spent { 60_000 } else { 260_000 }) as i64;
            (day, text, if is_spent { -cents } else { cents })
        })
        .collect()
}

/// Both balances above the lines, under each other or as a row of columns.
fn summary(
    ledger: &mut Ledger<'_>,
    names: &[String; 2],
    sums: [i64; 2],
    moves: &[(u64, String, i64)],
) {
    let bank = ledger.bank;
    let total = |is_in: bool| -> i64 {
        moves.iter().map(|(_, _, cents)| *cents).filter(|cents| (*cents > 0) == is_in).sum()
    };
    let shown = [
        (names[0].clone(), ledger.money.sum(sums[0])),
        (bank.totals[0].to_owned(), ledger.money.sum(total(false).abs())),
        (bank.totals[1].to_owned(), ledger.money.sum(total(true))),
        (names[1].clone(), ledger.money.sum(sums[1])),
    ];
    if ledger.rng.chance(50) {
        for (name, value) in shown {
            ledger.paper.put(LEFT, name);
            ledger.paper.right(LEFT + 280.0, value);
            ledger.paper.down(1.15);
        }
    } else {
        for (at, (name, value)) in shown.into_iter().enumerate() {
            let x = LEFT + 125.0 * (at + 1) as f64;
            ledger.paper.right(x, name);
            ledger.paper.down(1.15);
            ledger.paper.right(x, value);
            ledger.paper.down(-1.15);
        }
        ledger.paper.down(2.3);
    }
    ledger.paper.down(1.2);
}

fn columns(ledger: &mut Ledger<'_>) {
    let [date, value, text] = ledger.heads.clone();
    let [debit, credit, amount, balance] = ledger.names.clone();
    ledger.paper.bold(LEFT, date);
    if ledger.has_value_date {
        ledger.paper.put(LEFT + 68.0, value);
    }
    ledger.paper.put(LEFT + 136.0, text);
    if ledger.form == Form::Columns {
        ledger.paper.right(EDGE - 160.0, debit);
        ledger.paper.right(EDGE - 80.0, credit);
    } else {
        ledger.paper.right(EDGE - 90.0, amount);
    }
    if ledger.has_balances {
        ledger.paper.right(EDGE, balance);
    }
    ledger.paper.down(1.4);
}

/// A line that only names a balance.
fn balance_line(ledger: &mut Ledger<'_>, name: &str, cents: i64) {
    ledger.paper.put(LEFT + 136.0, name);
    let x = if ledger.has_balances { EDGE } else { EDGE - 80.0 };
    let text = match ledger.form {
        Form::Letters => {
            let letter = ledger.bank.letters[usize::from(cents >= 0)];
            format!("{} {letter}", ledger.money.bare(cents.abs()))
        }
        _ => ledger.money.signed(cents),
    };
    ledger.paper.right(x, text);
    ledger.paper.down(1.25);
}

fn table(
    ledger: &mut Ledger<'_>,
    moves: &[(u64, String, i64)],
    names: &[String; 2],
    opening: i64,
    has_sums: bool,
) {
    let bank = ledger.bank;
    columns(ledger);
    if has_sums {
        balance_line(ledger, &names[0], opening);
    }
    let short =
        if ledger.rng.chance(40) { ledger.rng.say(bank.short) } else { ledger.pattern.clone() };
    let has_more = ledger.rng.chance(30);
    let plus = ledger.rng.chance(30);
    let mut sum = opening;
    for (day, text, cents) in moves {
        if ledger.paper.is_low() {
            balance_line(ledger, bank.carried[0], sum);
            ledger.paper.turn();
            columns(ledger);
            balance_line(ledger, bank.carried[1], sum);
        }
        sum += cents;
        let date = Day { day: *day, ..ledger.from };
        let shown = date.shown(bank.months, &short);
        ledger.paper.put(LEFT, shown);
        if ledger.has_value_date {
            let date = Day { day: day + 1, ..ledger.from }
                .shown(bank.months, bank.short.split('|').next().unwrap_or_default());
            ledger.paper.put(LEFT + 68.0, date);
        }
        let shift = if short == ledger.pattern && short.contains("{M}") { 8.0 } else { 0.0 };
        ledger.paper.put(LEFT + 136.0 + shift, text.clone());
        let bare = ledger.money.bare(cents.abs());
        match ledger.form {
            Form::Columns if *cents < 0 => ledger.paper.right(EDGE - 160.0, bare),
            Form::Columns => ledger.paper.right(EDGE - 80.0, bare),
            Form::Signed if *cents > 0 && plus => {
                ledger.paper.right(EDGE - 90.0, format!("+{bare}"))
            }
            Form::Signed => ledger.paper.right(EDGE - 90.0, ledger.money.bare(*cents)),
            Form::Letters => {
                let letter = bank.letters[usize::from(*cents > 0)];
                ledger.paper.right(EDGE - 90.0, format!("{bare} {letter}"));
            }
        }
        if ledger.has_balances {
            ledger.paper.right(EDGE, ledger.money.bare(sum));
        }
        ledger.paper.down(1.1);
        if has_more {
            let number = ledger.rng.digits(9);
            ledger.paper.put(LEFT + 136.0 + shift, format!("Ref. {number}"));
            ledger.paper.down(1.1);
        }
    }
    if has_sums {
        balance_line(ledger, &names[1], sum);
    }
}
