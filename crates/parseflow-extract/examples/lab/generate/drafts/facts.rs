//! What a gap of a draft stands for.

use super::{Day, Fill, account, filled};

impl Fill<'_> {
    /// The value of a gap.
    pub(super) fn value(&mut self, name: &str) -> String {
        if let Some(value) = self.of_ledger(name).or_else(|| self.of_holder(name)) {
            return value;
        }
        if let Some((name, sum)) = name.split_once('=') {
            let cents = self.sum(sum);
            self.cents.insert(name.to_owned(), cents);
            return self.money.bare(cents);
        }
        let (stem, more) = name.split_once(':').unwrap_or((name, ""));
        if matches!(stem, "m" | "x" | "q") || stem.starts_with('n') {
            return self.fresh(stem, more);
        }
        if let Some(cents) = self.cents.get(stem) {
            return self.money.bare(*cents);
        }
        if let Some(of) = stem.strip_prefix('M') {
            let cents = self.sum(&format!("m{of}"));
            self.cents.insert(format!("m{of}"), cents);
            return self.money.sum(cents);
        }
        if let Some(value) = self.known.get(name) {
            return value.clone();
        }
        let value = self.new_value(stem, more);
        self.known.insert(name.to_owned(), value.clone());
        value
    }

    /// Chosen anew at every gap.
    fn fresh(&mut self, stem: &str, more: &str) -> String {
        match stem {
            "m" => {
                let most = more.parse().unwrap_or(900);
                let cents = self.rng.range(60, most * 100) as i64;
                self.money.bare(cents)
            }
            "q" => self.rng.range(1, 13).to_string(),
            "x" => shaped(self, more),
            _ => {
                let count = stem[1..].parse().unwrap_or(4);
                self.rng.digits(count)
            }
        }
    }

    fn new_value(&mut self, stem: &str, more: &str) -> String {
        let tongue = self.tongue;
        let kind: String = stem.chars().take_while(|c| !c.is_ascii_digit()).collect();
        let number = stem[kind.len()..].parse::<u64>().unwrap_or(1);
        match kind.as_str() {
            "co" => self.other(tongue.companies, number),
            "pe" => self.other(tongue.people, number),
            "st" => self.other(tongue.streets, number),
            "to" => self.other(tongue.towns, number),
            "iban" => {
                let plain = account(self.rng, tongue.iban);
                super::super::habits::grouped(&plain)
            }
            "cur" => tongue.currency[1].to_owned(),
            "sign" => tongue.currency[0].to_owned(),
            "id" => shaped(self, more),
            "y" => (self.day.year + 1 - number).to_string(),
            "mon" => {
                let day = Day { ..self.day };
                day.shown(tongue.months, "{M} {yyyy}")
            }
            "d" => {
                let day = self.nth_day(number);
                let pattern = if more.is_empty() { self.days.clone() } else { pattern(more) };
                day.shown(tongue.months, &pattern)
            }
            // A sum that is used before it is said.
            "m" => {
                let cents = self.sum(stem);
                self.cents.insert(stem.to_owned(), cents);
                self.money.bare(cents)
            }
            _ => panic!("no gap is called {stem}"),
        }
    }

    /// The paper's day, later ones, and from the fifth on those of years before.
    fn nth_day(&self, number: u64) -> Day {
        let Day { year, month, day } = self.day;
        match number {
            1 => Day { year, month, day },
            2 => Day { year, month: month + 1, day: day.min(28) },
            3 => Day { year, month, day: 1 + (day + 6) % 28 },
            4 => Day { year: year + 1, month, day: day.min(28) },
            5 => Day { year: year - 1, month, day: 1 },
            6 => Day {
                year: year - 33 - day % 17,
                month: 1 + (month + 4) % 12,
                day: 1 + (day * 5) % 28,
            },
            _ => Day {
                year: year - number % 9,
                month: 1 + (month + number) % 12,
                day: 1 + (day + number) % 28,
            },
        }
    }

    /// Another of a list for each number.
    fn other(&mut self, list: &str, number: u64) -> String {
        let all: Vec<&str> = list.split('|').collect();
        let key = format!("first of {}", all[0]);
        let first = match self.known.get(&key).and_then(|first| first.parse::<u64>().ok()) {
            Some(first) => first,
            None => {
                let first = self.rng.range(0, all.len() as u64);
                self.known.insert(key, first.to_string());
                first
            }
        };
        all[((first + number) % all.len() as u64) as usize].to_owned()
    }

    /// Sums of named amounts: `m1+m2-m3*19`, where `*19` takes so many of a hundred.
    fn sum(&mut self, text: &str) -> i64 {
        let spaced = text.replace('-', "+-");
        spaced
            .split('+')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (sign, part) = part.strip_prefix('-').map_or((1, part), |rest| (-1, rest));
                let (name, share) = part.split_once('*').unwrap_or((part, "100"));
                let share: f64 = share.parse().unwrap_or(100.0);
                let cents = match name.parse::<f64>() {
                    Ok(number) => (number * 100.0).round() as i64,
                    Err(_) => self.named(name),
                };
                sign * (cents as f64 * share / 100.0).round() as i64
            })
            .sum()
    }

    fn named(&mut self, name: &str) -> i64 {
        if let Some(cents) = self.cents.get(name) {
            return *cents;
        }
        // The first is the largest: others are taken from it.
        let (low, high) = match (name, self.pays) {
            ("m1", true) => (230_000, 520_000),
            ("m1", false) => (30_000, 98_000),
            _ => (450, 28_000),
        };
        let cents = self.rng.range(low, high) as i64;
        self.cents.insert(name.to_owned(), cents);
        cents
    }
}

/// `dd.mm.yyyy` as the pattern of a day: `A` and `M` are names of months.
pub(super) fn pattern(short: &str) -> String {
    let mut out = String::new();
    let mut rest = short;
    while !rest.is_empty() {
        let known = ["yyyy", "yy", "dd", "mm", "d", "M", "A"];
        match known.iter().find(|known| rest.starts_with(**known)) {
            Some(known) => {
                out.push_str(&format!("{{{known}}}"));
                rest = &rest[known.len()..];
            }
            None => {
                let next = rest.chars().next().unwrap_or(' ');
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    out
}

/// Digits for `#`, letters for `@`.
fn shaped(fill: &mut Fill<'_>, shape: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHKLMNPRSTUWXYZ";
    let text: String = shape
        .chars()
        .map(|c| match c {
            '@' => char::from(LETTERS[fill.rng.range(0, LETTERS.len() as u64) as usize]),
            c => c,
        })
        .collect();
    filled(fill.rng, &text)
}
