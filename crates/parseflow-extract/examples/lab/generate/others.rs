//! Statements, agreements, identity papers, payslips, letters, forms and the rest.

use super::page::Grid;
use super::rng::Rng;
use super::words::Words;
use super::{address, company, date, iban, person, printed};
use crate::label::{Kind, Label};

pub(super) fn statement(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let (mut grid, mut label) = (Grid::default(), Label::default());
    grid.line(0, format!("{} Bank", rng.say(super::words::NAMES)));
    grid.line(0, rng.say(words.statement));
    let holder = person(rng);
    grid.line(0, format!("{}: {holder}", rng.say(words.holder)));
    label.set("accountHolder", Kind::Name, holder);
    let account = iban(rng);
    grid.line(0, format!("IBAN: {account}"));
    label.set("iban", Kind::Identifier, account);
    grid.gap();
    let separate = rng.chance(50);
    let [debit, credit, balance] = words.debit_credit_balance.map(|wording| rng.say(wording));
    let mut head = vec![(0, rng.say(words.date), false), (14, rng.say(words.description), false)];
    if separate {
        head.extend([(62, debit, true), (78, credit, true), (98, balance, true)]);
    } else {
        head.extend([(78, rng.say(words.amount), true), (98, balance, true)]);
    }
    grid.row(head);
    let mut sum = rng.range(5_000, 900_000) as i64;
    label.set("openingBalance", Kind::Money, sum as f64 / 100.0);
    let name = rng.say(words.opening);
    grid.row(vec![(14, name, false), (98, printed(sum, words.comma), true)]);
    let month = rng.range(1, 12);
    for _ in 0..rng.range(2, 12) {
        let amount = rng.range(100, 90_000) as i64;
        let amount = if rng.chance(60) { -amount } else { amount };
        sum += amount;
        let (_, shown) = date(rng, words, month);
        let text = format!("{} {}", rng.say(super::words::NAMES), rng.say(super::words::TRADES));
        let column = if separate && amount < 0 { 62 } else { 78 };
        let shown_amount = if separate { amount.abs() } else { amount };
        grid.row(vec![
            (0, shown, false),
            (14, text, false),
            (column, printed(shown_amount, words.comma), true),
            (98, printed(sum, words.comma), true),
        ]);
    }
    let name = rng.say(words.closing);
    grid.row(vec![(14, name, false), (98, printed(sum, words.comma), true)]);
    label.set("closingBalance", Kind::Money, sum as f64 / 100.0);
    (grid, label)
}

pub(super) fn contract(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    grid.line(30, rng.say(words.contract));
    grid.gap();
    let (a, b) = (company(rng, words), person(rng));
    let month = rng.range(1, 12);
    let (_, shown) = date(rng, words, month);
    let opening = match words.code {
        "en" => format!(
            "This Agreement is made as of {shown} by and between {a} (\"Company\") and {b} (\"Partner\")."
        ),
        "de" => format!("Vertrag zwischen {a} und {b}, geschlossen am {shown}."),
        "fr" => format!("Contrat conclu le {shown} entre {a} et {b}, les soussignés."),
        "es" => format!("Contrato celebrado el {shown} entre {a} y {b}."),
        "it" => format!("Contratto stipulato il {shown} tra {a} e {b}."),
        _ => format!("Overeenkomst gesloten op {shown} tussen {a} en {b}."),
    };
    grid.line(0, opening);
    for number in 1..rng.range(5, 14) {
        grid.gap();
        grid.line(0, format!("{number}. {}", rng.say(words.clauses)));
        if rng.chance(40) {
            grid.line(3, rng.say(words.prose));
        }
    }
    (grid, Label::default())
}

pub(super) fn identity(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    grid.line(8, rng.say(words.id));
    let person = person(rng).to_uppercase();
    let (given, surname) = person.split_once(' ').unwrap_or((&person, "X"));
    let labels: [&str; 6] = match words.code {
        "de" => {
            ["Name", "Vornamen", "Staatsangehörigkeit", "Geburtsdatum", "Gültig bis", "Geburtsort"]
        }
        "fr" => [
            "Nom",
            "Prénoms",
            "Nationalité",
            "Date de naissance",
            "Date d'expiration",
            "Lieu de naissance",
        ],
        "es" => [
            "Apellidos",
            "Nombre",
            "Nacionalidad",
            "Fecha de nacimiento",
            "Validez",
            "Lugar de nacimiento",
        ],
        "it" => {
            ["Cognome", "Nome", "Cittadinanza", "Data di nascita", "Scadenza", "Luogo di nascita"]
        }
        "nl" => [
            "Achternaam",
            "Voornamen",
            "Nationaliteit",
            "Geboortedatum",
            "Geldig tot",
            "Geboorteplaats",
        ],
        _ => [
            "Surname",
            "Given names",
            "Nationality",
            "Date of birth",
            "Date of expiry",
            "Place of birth",
        ],
    };
    let month = rng.range(1, 12);
    let (_, born) = date(rng, words, month);
    let (_, expires) = date(rng, words, month);
    let values = [surname, given, "UTO", &born, &expires, "Zenith"];
    for (name, value) in labels.iter().zip(values) {
        grid.line(2, format!("{name}: {value}"));
    }
    if rng.chance(60) {
        grid.gap();
        let filler = |text: String, length: usize| format!("{text:<<length$}");
        let plain = |text: &str| text.replace(' ', "<");
        grid.line(0, filler(format!("P<UTO{}<<{}", plain(surname), plain(given)), 44));
        grid.line(0, "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
    }
    (grid, Label::default())
}

pub(super) fn payslip(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    grid.line(0, company(rng, words));
    grid.line(30, rng.say(words.payslip));
    grid.line(0, person(rng));
    grid.gap();
    for line in words.pay_lines.split('|') {
        if rng.chance(75) {
            let cents = rng.range(1_000, 500_000) as i64;
            grid.row(vec![(0, line.to_owned(), false), (60, printed(cents, words.comma), true)]);
        }
    }
    if rng.chance(50) {
        grid.line(0, format!("IBAN: {}", iban(rng)));
    }
    (grid, Label::default())
}

pub(super) fn letter(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    let from = if rng.chance(50) { company(rng, words) } else { person(rng) };
    grid.line(0, from.clone());
    for line in address(rng, words) {
        grid.line(0, line);
    }
    grid.gap();
    grid.line(0, person(rng));
    for line in address(rng, words) {
        grid.line(0, line);
    }
    let month = rng.range(1, 12);
    let (_, shown) = date(rng, words, month);
    grid.line(70, shown);
    grid.gap();
    grid.line(0, rng.say(words.greeting));
    for _ in 0..rng.range(2, 8) {
        grid.gap();
        grid.line(0, rng.say(words.prose));
        // Letters speak of invoices, contracts and orders without being any.
        if rng.chance(25) {
            grid.line(0, format!("{} {}", rng.say(words.prose), rng.say(words.invoice)));
        }
    }
    grid.gap();
    grid.line(0, rng.say(words.closing_words));
    grid.line(0, from);
    (grid, Label::default())
}

pub(super) fn form(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    grid.line(20, rng.say(words.form));
    grid.gap();
    for line in words.form_lines.split('|') {
        if rng.chance(80) {
            let room = match rng.range(0, 3) {
                0 => "______________________".to_owned(),
                1 => "........................".to_owned(),
                _ => String::new(),
            };
            grid.row(vec![(0, format!("{line}:"), false), (30, room, false)]);
        }
    }
    (grid, Label::default())
}

pub(super) fn other(rng: &mut Rng, words: &Words) -> (Grid, Label) {
    let mut grid = Grid::default();
    grid.line(20, rng.say(words.other));
    grid.gap();
    for _ in 0..rng.range(4, 16) {
        match rng.range(0, 4) {
            0 => grid.line(0, rng.say(words.prose)),
            1 => grid.line(0, format!("- {}", rng.say(words.goods))),
            2 => {
                let (text, number) = (rng.say(words.goods), rng.range(1, 100).to_string());
                grid.row(vec![(0, text, false), (50, number, true)]);
            }
            _ => grid.line(
                0,
                format!("{} {}", rng.say(super::words::NAMES), rng.say(super::words::TRADES)),
            ),
        }
    }
    (grid, Label::default())
}
