//! Till receipts of twelve countries: names in one or two lines with branch and legal form, facts in lines and columns,
//! items in seven forms, discounts, service, tips, rounding, tables of taxes, cash and change, slips of cards.
//! Written with a look at how tills print and without a look at the engine's lists, and read once before any change.

mod body;
mod head;
mod words;
mod words_south;

use super::habits::paper::Paper;
use super::habits::{Day, Money, filled};
use super::rng::Rng;
use crate::label::{Kind, Label};
use words::{TILLS, Till};

/// Right edge of the print.
const EDGE: f64 = 212.0;
const LEFT: f64 = 14.0;

/// A receipt under way.
struct Slip<'r> {
    rng: &'r mut Rng,
    till: &'static Till,
    money: Money,
    paper: Paper,
    label: Label,
    /// Everything in capitals, as dot printers do.
    is_loud: bool,
    date: String,
    time: String,
    is_meal: bool,
}

impl Slip<'_> {
    fn case(&self, text: impl Into<String>) -> String {
        let text = text.into();
        if self.is_loud { text.to_uppercase() } else { text }
    }

    fn say(&mut self, wordings: &str) -> String {
        let text = self.rng.say(wordings);
        self.case(text)
    }

    fn fill(&mut self, shapes: &str) -> String {
        let shape = self.rng.say(shapes);
        let text = filled(self.rng, &shape);
        self.case(text)
    }

    /// With the sign where the country sets it.
    fn sum(&self, cents: i64) -> String {
        Money { place: u64::from(!self.till.before), ..self.money }.signed(cents)
    }

    /// In the middle of the roll.
    fn centre(&mut self, size: f64, bold: bool, text: String) {
        let x = (113.0 - 0.27 * size * text.chars().count() as f64).max(6.0);
        self.paper.sized(x, size, bold, text);
        self.paper.down((size / 8.0).max(1.0) * 1.05);
    }

    fn line(&mut self, text: impl Into<String>) {
        self.paper.put(LEFT, text.into());
        self.paper.down(1.05);
    }

    /// A name with its value at the right edge.
    fn pair(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.paper.put(LEFT, name.into());
        self.paper.right(EDGE, value.into());
        self.paper.down(1.1);
    }

    fn rule(&mut self) {
        let mark = self.rng.pick(&["-", "=", "", "*", "_"]);
        if !mark.is_empty() {
            let count = if mark == "-" { 60 } else { 40 };
            self.paper.put(LEFT, mark.repeat(count));
        }
        self.paper.down(1.0);
    }
}

/// The receipt of a seed.
pub(super) fn receipt(rng: &mut Rng) -> (Vec<u8>, Label) {
    let till = TILLS[rng.range(0, TILLS.len() as u64) as usize];
    let day = Day::new(rng);
    let pattern = rng.say(till.days).replace("{m}", &day.month.to_string());
    let is_loud = rng.chance(40);
    let shown = day.shown(till.months, &pattern);
    let mut slip = Slip {
        date: if is_loud { shown.to_uppercase() } else { shown },
        time: time(rng, till),
        money: money(rng, till),
        is_meal: rng.chance(40),
        paper: Paper::roll(),
        label: Label { document_type: Some("receipt".to_owned()), ..Label::default() },
        is_loud,
        till,
        rng,
    };
    slip.label.set("date", Kind::Text, day.iso());
    head::merchant(&mut slip);
    if slip.rng.chance(10) {
        card_alone(&mut slip);
    } else {
        let at_end = slip.rng.chance(30);
        head::facts(&mut slip, at_end);
        body::print(&mut slip);
        if at_end {
            let (stamp, end) = (format!("{} {}", slip.date, slip.time), slip.rng.digits(8));
            slip.line(format!("{stamp}  {end}"));
        }
    }
    for _ in 0..slip.rng.range(0, 3) {
        let thanks = slip.fill(till.thanks);
        slip.centre(8.0, false, thanks);
    }
    slip.paper.cut();
    (slip.paper.pdf(), slip.label)
}

/// A slip of a terminal without items.
fn card_alone(slip: &mut Slip<'_>) {
    let cents = slip.rng.range(300, 25_000) as i64;
    slip.label.set("total", Kind::Money, cents as f64 / 100.0);
    let title =
        slip.rng.pick(&["CUSTOMER COPY", "*** SALE ***", "MERCHANT COPY", "CARDHOLDER COPY"]);
    slip.centre(8.0, true, title.to_owned());
    body::terminal(slip, cents);
}

fn time(rng: &mut Rng, till: &Till) -> String {
    let (hour, minute, second) = (rng.range(7, 23), rng.range(0, 60), rng.range(0, 60));
    let twelve = if hour > 12 { hour - 12 } else { hour };
    let half = if hour >= 12 { "PM" } else { "AM" };
    match (matches!(till.code, "MY" | "SG" | "US" | "AU"), rng.range(0, 5)) {
        (true, 0) => format!("{twelve}:{minute:02} {half}"),
        (true, 1) => format!("{twelve:02}:{minute:02}:{second:02} {half}"),
        (true, 2) => format!("{twelve}:{minute:02}{half}"),
        (_, 3) => format!("{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{hour:02}:{minute:02}"),
    }
}

fn money(rng: &mut Rng, till: &Till) -> Money {
    let (group, decimal) = if till.comma { (".", ',') } else { (",", '.') };
    // Some tills of the continent print points for commas.
    let decimal = if till.comma && rng.chance(12) { '.' } else { decimal };
    let group = if decimal == '.' { ",".min(group) } else { group };
    let place = if rng.chance(60) { 2 } else { u64::from(!till.before) };
    Money { group, decimal, sign: till.sign, place, minus: rng.range(0, 2) }
}
