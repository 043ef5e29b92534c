//! Heads and feet of bills.

use super::paper::Paper;
use super::say::Say;
use super::{Day, Habit, Money, Side, account, filled, grouped, sums, table};
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// What a bill says and how it says it.
pub(super) struct Bill<'s> {
    pub(super) say: &'s Say,
    pub(super) money: Money,
    pub(super) vendor: Side,
    pub(super) customer: Side,
    pub(super) vat_id: String,
    pub(super) title: String,
    /// The label of the number, and the number.
    pub(super) number: (String, String),
    pub(super) facts: Vec<(String, String)>,
    /// What ends a label.
    pub(super) colon: &'static str,
    pub(super) due: Option<String>,
    /// -1 for credits.
    pub(super) factor: i64,
}

pub(super) fn bill(rng: &mut Rng, say: &Say) -> Habit {
    let mut label = Label::default();
    let is_credit = rng.chance(8);
    let bill = facts(rng, say, is_credit, &mut label);
    let mut paper = Paper::a4([8.0, 9.0, 10.0][rng.range(0, 3) as usize]);
    match rng.range(0, 5) {
        0 => letter(rng, &bill, &mut paper),
        1 => split(rng, &bill, &mut paper),
        2 => modern(rng, &bill, &mut paper),
        3 => boxes(rng, &bill, &mut paper),
        _ => side_bar(rng, &bill, &mut paper),
    }
    paper.down(1.0);
    if rng.chance(40) {
        paper.put(40.0, rng.say(say.intro));
        paper.down(1.5);
    }
    let lines = table::lines(rng, &bill);
    table::table(rng, &bill, &lines, &mut paper, &mut label);
    if paper.is_low() {
        paper.turn();
    }
    sums::sums(rng, &bill, &lines, &mut paper, &mut label);
    foot(rng, &bill, &mut paper, &mut label);
    label.document_type = Some(if is_credit { "credit_note" } else { "invoice" }.to_owned());
    Habit { pdf: paper.pdf(), label }
}

fn facts<'s>(rng: &mut Rng, say: &'s Say, is_credit: bool, label: &mut Label) -> Bill<'s> {
    let (vendor, customer) = (Side::new(rng, say, true), Side::new(rng, say, true));
    label.set("vendor.name", Kind::Name, vendor.name.clone());
    if vendor.name != customer.name {
        label.set("customer.name", Kind::Name, customer.name.clone());
    }
    let vat_id = filled(rng, say.vat_shape);
    label.set("vendor.taxId", Kind::Identifier, vat_id.clone());
    let number = match rng.range(0, 6) {
        0 => rng.digits(5),
        1 => format!("{}-{}", rng.range(2021, 2027), rng.digits(3)),
        2 => format!("{}/{:02}/{}", rng.digits(2), rng.range(1, 13), rng.range(2021, 2027)),
        3 => format!("{}{}", rng.pick(&["SI-", "VK", "FV/", "R", "INV-00"]), rng.digits(6)),
        4 => format!("{}.{}", rng.digits(3), rng.digits(4)),
        _ => format!("{} {}", rng.pick(&["FT", "A", "RG"]), rng.digits(6)),
    };
    label.set("invoiceNumber", Kind::Identifier, number.clone());
    let (issued, pattern) = (Day::new(rng), rng.say(say.dates));
    label.set("invoiceDate", Kind::Text, issued.iso());
    let mut facts = vec![(rng.say(say.date), issued.shown(say.months, &pattern))];
    let due = (!is_credit && rng.chance(60)).then(|| issued.next_month());
    let mut promised = None;
    if let Some(due) = due {
        label.set("dueDate", Kind::Text, due.iso());
        if rng.chance(60) {
            facts.push((rng.say(say.due), due.shown(say.months, &pattern)));
        } else {
            promised = Some(due.shown(say.months, &pattern));
        }
    }
    if rng.chance(60) {
        facts.push((rng.say(say.customer_no), rng.digits(6)));
    }
    if rng.chance(35) {
        facts.push((rng.say(say.order), format!("{}-{}", rng.digits(2), rng.digits(4))));
    }
    if rng.chance(30) {
        facts.push((rng.say(say.delivery_note), rng.digits(7)));
    }
    if rng.chance(25) {
        let from = Day { day: 1, ..issued };
        let to = Day { day: 28, ..issued };
        let dates =
            format!("{} - {}", from.shown(say.months, &pattern), to.shown(say.months, &pattern));
        facts.push((rng.say(say.period), dates));
    }
    // Not every bill begins with its own date.
    let turn = rng.range(0, facts.len() as u64) as usize;
    facts.rotate_left(turn);
    let title = rng.say(if is_credit { say.credit } else { say.invoice });
    let money = Money::of(rng, say);
    label.set("currency", Kind::Text, say.currency[1]);
    Bill {
        say,
        money,
        vendor,
        customer,
        vat_id,
        title,
        number: (rng.say(say.number), number),
        facts,
        colon: rng.pick(&[":", "", " :", ":"]),
        due: promised,
        factor: if is_credit && rng.chance(60) { -1 } else { 1 },
    }
}

impl Bill<'_> {
    /// Number and other facts; the number first, last or second.
    fn all_facts(&self, rng: &mut Rng) -> Vec<(String, String)> {
        let mut all = self.facts.clone();
        let place = [0, 0, 1, all.len()][rng.range(0, 4) as usize].min(all.len());
        all.insert(place, self.number.clone());
        all.into_iter().map(|(name, value)| (format!("{name}{}", self.colon), value)).collect()
    }

    fn customer_lines(&self) -> Vec<String> {
        [vec![self.customer.name.clone()], self.customer.lines.clone()].concat()
    }
}

/// A letter for a window: return address, receiver, facts at the right, the title large.
fn letter(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) {
    let usual = paper.size;
    paper.sized(
        [40.0, 380.0, 230.0][rng.range(0, 3) as usize],
        17.0,
        true,
        bill.vendor.name.clone(),
    );
    paper.y = 118.0;
    let mark = rng.pick(&[" · ", " - ", ", ", " | "]);
    let small = [vec![bill.vendor.name.clone()], bill.vendor.lines.clone()].concat().join(mark);
    paper.sized(50.0, 6.5, false, small);
    paper.y = 138.0;
    let top = paper.y;
    if rng.chance(30) {
        paper
            .put(50.0, rng.pick(&["Firma", "c/o", "Attn. Accounts Payable", "z. Hd. Buchhaltung"]));
        paper.down(1.0);
    }
    paper.block(50.0, &bill.customer_lines());
    let below = paper.y;
    let in_title = rng.chance(35);
    let facts = if in_title {
        let all = bill.facts.iter();
        all.map(|(name, value)| (format!("{name}{}", bill.colon), value.clone())).collect()
    } else {
        bill.all_facts(rng)
    };
    paper.y = top;
    let right = rng.chance(50);
    for (name, value) in facts {
        paper.put(350.0, name);
        if right {
            paper.right(550.0, value)
        } else {
            paper.put(460.0, value)
        }
        paper.down(1.0);
    }
    paper.y = paper.y.max(below) + 24.0;
    let title = match (in_title, rng.chance(50)) {
        (true, true) => format!("{} Nr. {}", bill.title, bill.number.1),
        (true, false) => format!("{} {}", bill.title, bill.number.1),
        _ => bill.title.clone(),
    };
    paper.sized(50.0, usual + 4.0, true, title);
    paper.down(2.5);
}

/// Vendor at the left, title and facts at the right, receivers below.
fn split(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) {
    let top = paper.y;
    paper.sized(40.0, paper.size + 3.0, true, bill.vendor.name.clone());
    paper.down(1.4);
    let mut lines = bill.vendor.lines.clone();
    lines.push(format!("{} {}", rng.say(bill.say.phone), filled(rng, "0### ######")));
    paper.block(40.0, &lines);
    let below = paper.y;
    paper.y = top;
    paper.sized(400.0, 20.0, true, bill.title.clone());
    paper.down(2.2);
    for (name, value) in bill.all_facts(rng) {
        paper.put(350.0, name);
        paper.right(555.0, value);
        paper.down(1.0);
    }
    paper.y = paper.y.max(below) + 18.0;
    let top = paper.y;
    paper.bold(40.0, format!("{}{}", rng.say(bill.say.bill_to), bill.colon));
    if rng.chance(50) {
        paper.bold(300.0, format!("{}{}", rng.say(bill.say.ship_to), bill.colon));
        paper.down(1.1);
        let under = paper.y;
        let site = Side::new(rng, bill.say, true);
        paper.block(300.0, &[vec![site.name], site.lines].concat());
        paper.y = under;
    } else {
        paper.y = top;
        paper.down(1.1);
    }
    paper.block(40.0, &bill.customer_lines());
    paper.down(1.0);
}

/// Title, facts beside their labels, then both sides beside each other, and the sum in large print.
fn modern(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) {
    paper.sized(40.0, 22.0, true, bill.title.clone());
    paper.down(2.6);
    let gap = if rng.chance(50) { 140.0 } else { 180.0 };
    for (name, value) in bill.all_facts(rng) {
        paper.bold(40.0, name);
        paper.put(gap, value);
        paper.down(1.1);
    }
    paper.down(1.0);
    let top = paper.y;
    paper.bold(40.0, bill.vendor.name.clone());
    paper.down(1.0);
    let mut lines = bill.vendor.lines.clone();
    let domain = bill.vendor.name.split_whitespace().next().unwrap_or("mail").to_lowercase();
    lines.push(format!("billing@{domain}.example"));
    paper.block(40.0, &lines);
    let below = paper.y;
    paper.y = top;
    paper.bold(300.0, rng.say(bill.say.bill_to));
    paper.down(1.0);
    paper.block(300.0, &bill.customer_lines());
    paper.y = paper.y.max(below) + 14.0;
}

/// The vendor centred, the receiver at the right without a label, facts in a row of boxes.
fn boxes(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) {
    paper.sized(210.0, 15.0, true, bill.vendor.name.clone());
    paper.down(1.6);
    paper.put(210.0, bill.vendor.lines.join(" - "));
    paper.down(3.0);
    if rng.chance(40) {
        paper.put(330.0, rng.say(bill.say.bill_to));
        paper.down(1.1);
    }
    paper.block(330.0, &bill.customer_lines());
    paper.down(1.5);
    paper.sized(40.0, 14.0, true, bill.title.clone());
    paper.down(2.2);
    let facts = bill.all_facts(rng);
    let step = 515.0 / facts.len() as f64;
    for (at, (name, _)) in facts.iter().enumerate() {
        paper.put(40.0 + step * at as f64, name.trim_end_matches([':', ' ']));
    }
    paper.down(1.2);
    for (at, (_, value)) in facts.iter().enumerate() {
        paper.put(40.0 + step * at as f64, value.clone());
    }
    paper.down(2.0);
}

/// Facts with their labels above them in a column, both sides in the next.
fn side_bar(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) {
    paper.sized(40.0, 16.0, true, bill.title.to_uppercase());
    paper.down(3.0);
    let top = paper.y;
    for (name, value) in bill.all_facts(rng) {
        paper.sized(40.0, paper.size - 1.5, false, name.trim_end_matches([':', ' ']));
        paper.down(1.0);
        paper.bold(40.0, value);
        paper.down(1.6);
    }
    let below = paper.y;
    paper.y = top;
    paper.sized(230.0, paper.size - 1.5, false, rng.say(bill.say.bill_to));
    paper.down(1.1);
    paper.block(230.0, &bill.customer_lines());
    paper.y = top;
    paper.bold(420.0, bill.vendor.name.clone());
    paper.down(1.1);
    paper.block(420.0, &bill.vendor.lines);
    paper.y = paper.y.max(below) + 12.0;
}

/// Terms, banks, register and tax number: as lines, in columns or in one small line; perhaps a slip.
fn foot(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper, label: &mut Label) {
    let say = bill.say;
    paper.down(2.0);
    if let Some(due) = &bill.due {
        paper.put(40.0, rng.say(say.pay_by).replace("{d}", due));
        paper.down(1.4);
    }
    if rng.chance(50) {
        paper.put(40.0, rng.say(say.closing));
        paper.down(1.4);
    }
    let number = account(rng, say.account);
    let tax = format!("{}{} {}", rng.say(say.vat_id), rng.pick(&[":", "", "."]), bill.vat_id);
    let (register, bank) = (rng.say(say.register), rng.say(say.bank));
    let (register, bank) = (filled(rng, &register), filled(rng, &bank));
    let shown = if rng.chance(70) { grouped(&number) } else { number.clone() };
    let iban = if number.is_empty() {
        bank.clone()
    } else {
        format!("IBAN{} {shown}", rng.pick(&[":", ""]))
    };
    if !number.is_empty() {
        label.set("vendor.iban", Kind::Identifier, number);
    }
    let second = (rng.chance(20) && !say.account.is_empty()).then(|| account(rng, say.account));
    paper.y = paper.y.max(740.0 - if paper.page() == 0 { 20.0 } else { 0.0 }).min(800.0);
    paper.size = 7.0;
    match rng.range(0, 3) {
        0 => {
            let mut lines = vec![bank, iban, tax, register];
            lines.extend(second.map(|second| format!("IBAN {}", grouped(&second))));
            paper.block(40.0, &lines);
        }
        1 => {
            let columns = [
                vec![bill.vendor.name.clone(), bill.vendor.lines.join(", ")],
                vec![tax, register],
                vec![iban, bank],
            ];
            let top = paper.y;
            for (at, column) in columns.iter().enumerate() {
                paper.y = top;
                paper.block(40.0 + 180.0 * at as f64, column);
            }
        }
        _ => {
            paper.put(40.0, format!("{} | {tax}", bill.vendor.name));
            paper.down(1.0);
            paper.put(40.0, format!("{iban} | {register}"));
            paper.down(1.0);
        }
    }
    let pages = paper.page() + 1;
    if rng.chance(40) {
        let text = say.page.split('|').next().unwrap_or_default();
        paper.right(
            555.0,
            text.replace("{p}", &pages.to_string()).replace("{n}", &pages.to_string()),
        );
    }
}
