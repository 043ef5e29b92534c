use super::number::{DecimalStyle, parse_number};
use super::*;
use crate::layout::rows_of;
use crate::{ExtractOptions, text};

fn segments(line: &str) -> Vec<Segment> {
    let pages = text::pages_of(line, &ExtractOptions::default()).unwrap();
    rows_of(&pages).into_iter().flat_map(|row| row.segments).collect()
}

fn words(line: &str) -> Vec<Word> {
    segments(line).into_iter().flat_map(|segment| segment.words).collect()
}

#[test]
fn numbers_are_read_in_every_usual_notation() {
    use DecimalStyle::{Comma, Point, Unknown};
    let cases = [
        ("1.234,56", Unknown, Some(12_345_600)),
        ("1,234.56", Unknown, Some(12_345_600)),
        ("1 234,56", Unknown, Some(12_345_600)),
        ("1'234.50", Unknown, Some(12_345_000)),
        ("1.234.567,8", Unknown, Some(12_345_678_000)),
        ("12,5", Unknown, Some(125_000)),
        ("0,0205", Unknown, Some(205)),
        ("1.234", Comma, Some(12_340_000)),
        ("1.234", Point, Some(12_340)),
        ("1,234", Point, Some(12_340_000)),
        ("1,234", Comma, Some(12_340)),
        ("1,234", Unknown, Some(12_340_000)),
        ("-12,00", Unknown, Some(-120_000)),
        ("12,00-", Unknown, Some(-120_000)),
        ("(12.00)", Unknown, Some(-120_000)),
        ("007", Unknown, None),
        ("12.34.56", Unknown, None),
        ("1,23,45", Unknown, None),
        ("03.04.2026", Unknown, None),
        ("12a", Unknown, None),
        ("", Unknown, None),
        ("99999999999999999999", Unknown, None),
    ];
    for (text, style, wanted) in cases {
        assert_eq!(
            parse_number(text, style).map(|n| n.ten_thousandths),
            wanted,
            "{text} {style:?}"
        );
    }
}

#[test]
fn currencies_and_rates_are_taken_from_beside_the_number() {
    let cases = [
        ("€ 1.234,56", 123_456, Some("EUR"), false),
        ("1.234,56 €", 123_456, Some("EUR"), false),
        ("EUR 12,00", 1_200, Some("EUR"), false),
        ("$1,234.56", 123_456, Some("USD"), false),
        ("-$5.00", -500, Some("USD"), false),
        ("£7.50", 750, Some("GBP"), false),
        ("12,00 CHF", 1_200, Some("CHF"), false),
        ("4 859,90 €", 485_990, Some("EUR"), false),
        ("19 %", 1_900, None, true),
        ("(4.5%)", 450, None, true),
        ("5,5%", 550, None, true),
    ];
    for (line, cents, currency, is_percent) in cases {
        let segment = segments(line).remove(0);
        let style = decimal_style(segment.words.iter().map(|word| word.text.as_str()));
        let found = numbers_in(&segment, style);
        assert_eq!(found.len(), 1, "{line}");
        let number = found[0].value;
        assert_eq!(
            (number.cents(), number.currency, number.is_percent),
            (cents, currency, is_percent),
            "{line}"
        );
    }
}

#[test]
fn dates_are_read_in_six_languages() {
    let cases = [
        "2026-04-14",
        "14.04.2026",
        "14.4.26",
        "14/04/2026",
        "14-04-2026",
        "14. 04. 2026",
        "14 April 2026",
        "April 14, 2026",
        "14th of April 2026",
        "14. April 2026",
        "14 avril 2026",
        "14 de abril de 2026",
        "14 dias do mês de abril de 2026",
        "14 aprile 2026",
        "14-Apr-2026",
        "14/avr/26",
        "2026/04/14",
        "2026-04-14T10:00:00Z",
    ];
    for line in cases {
        let segment = segments(line).remove(0);
        let found = dates_in(&segment, DateOrder::DayFirst);
        assert_eq!(found.len(), 1, "{line}");
        assert_eq!(found[0].value.iso(), "2026-04-14", "{line}");
    }
    for (line, iso) in [
        ("1er mars 2026", "2026-03-01"),
        ("3. März 2026", "2026-03-03"),
        ("9 février 2026", "2026-02-09"),
        ("31 dicembre 2025", "2025-12-31"),
        ("2 mei 2026", "2026-05-02"),
        ("29.02.2024", "2024-02-29"),
    ] {
        assert_eq!(dates_in(&segments(line)[0], DateOrder::DayFirst)[0].value.iso(), iso, "{line}");
    }
    for line in ["31.02.2026", "29.02.2026", "1.2.3", "2026", "12.50", "99/99/9999", "192.168.10.1"]
    {
        assert_eq!(dates_in(&segments(line)[0], DateOrder::DayFirst), [], "{line}");
    }
}

#[test]
fn the_order_of_day_and_month_comes_from_dates_with_one_reading() {
    let order = |words: &[&str], american| date_order(words.iter().copied(), american);
    assert_eq!(order(&["03/04/2026"], false), DateOrder::DayFirst);
    assert_eq!(order(&["03/04/2026"], true), DateOrder::MonthFirst);
    assert_eq!(order(&["03/04/2026", "25/04/2026"], true), DateOrder::DayFirst);
    assert_eq!(order(&["03/04/2026", "04/25/2026"], false), DateOrder::MonthFirst);
}

#[test]
fn days_are_counted_over_the_ends_of_months_and_years() {
    let day = |line: &str| dates_in(&segments(line)[0], DateOrder::DayFirst)[0].value;
    assert_eq!(day("31.12.2025").plus_days(1), day("01.01.2026"));
    assert_eq!(day("28.02.2024").plus_days(2), day("01.03.2024"));
    assert_eq!(day("14.04.2026").plus_days(30), day("14.05.2026"));
}

#[test]
fn ibans_are_joined_and_their_check_digits_computed() {
    let iban = |line: &str| iban_at(&words(line), 0);
    let found = Some(("DE89370400440532013000".to_owned(), 6, true));
    assert_eq!(iban("DE89 3704 0044 0532 0130 00"), found);
    assert_eq!(
        iban("DE89370400440532013000").map(|(value, _, valid)| (value.len(), valid)),
        Some((22, true))
    );
    assert_eq!(iban("DE88370400440532013000").map(|(_, _, valid)| valid), Some(false));
    assert_eq!(iban("DE89 3704 0044"), None);
    assert_eq!(iban("Delivery note 4711"), None);
}

#[test]
fn vat_numbers_have_the_shape_of_their_country() {
    for (line, wanted) in [
        ("DE123456789", Some("DE123456789")),
        ("DE 123 456 789", Some("DE123456789")),
        ("FR40123456824", Some("FR40123456824")),
        ("NL123456789B01", Some("NL123456789B01")),
        ("ATU12345678", Some("ATU12345678")),
        ("GB123456789", Some("GB123456789")),
        ("DE12345678", None),
        ("XX123456789", None),
        ("Seite", None),
    ] {
        assert_eq!(vat_id_in(&words(line), 0).map(|(id, _)| id).as_deref(), wanted, "{line}");
    }
}

#[test]
fn addresses_and_phone_numbers_are_told_from_other_words() {
    assert_eq!(
        email_in("<office@studiovega.example>,").as_deref(),
        Some("office@studiovega.example")
    );
    for word in ["@home", "a@b", "a@b..c", "a b@c.de", "www.example.com"] {
        assert_eq!(email_in(word), None, "{word}");
    }
    assert!(is_phone("+44 117 496 0123") && is_phone("069 90028-0") && is_phone("(503) 555-0142"));
    assert!(!is_phone("12 34") && !is_phone("INV-2026-0142"));
}
