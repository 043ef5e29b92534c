//! Bills of utilities, hotels and market places.

use super::heads::{Head, head};
use super::tongue::Tongue;
use super::{
    Paperwork, Party, account, filled, foot, money_of, number_of, rate_of, set_money, set_sides,
    share,
};
use crate::generate::habits::paper::Paper;
use crate::generate::habits::{Day, Money};
use crate::generate::rng::Rng;
use crate::label::{Item, Kind, Label};

/// What every one of these bills has.
struct Base {
    label: Label,
    paper: Paper,
    money: Money,
    vendor: Party,
    buyer: Party,
    vat: String,
    iban: String,
    number: String,
    issued: Day,
    pattern: String,
}

impl Base {
    fn new(rng: &mut Rng, tongue: &Tongue) -> Base {
        let mut label = Label::default();
        let (vendor, buyer) = (Party::company(rng, tongue), Party::buyer(rng, tongue));
        set_sides(&mut label, tongue, &vendor, &buyer);
        let vat = filled(rng, tongue.vat_shape);
        label.set("vendor.taxId", Kind::Identifier, vat.clone());
        let iban = account(rng, tongue.account);
        if !iban.is_empty() {
            label.set("vendor.iban", Kind::Identifier, iban.clone());
        }
        let number = number_of(rng);
        label.set("invoiceNumber", Kind::Identifier, number.clone());
        let (issued, pattern) = (Day::new(rng), rng.say(tongue.dates));
        label.set("invoiceDate", Kind::Text, issued.iso());
        label.document_type = Some("invoice".to_owned());
        let size = [8.0, 8.5, 9.0][rng.range(0, 3) as usize];
        let money = money_of(rng, tongue);
        let paper = Paper::a4(size);
        Base { label, paper, money, vendor, buyer, vat, iban, number, issued, pattern }
    }

    fn shown(&self, day: &Day, tongue: &Tongue) -> String {
        day.shown(tongue.months, &self.pattern)
    }

    fn facts(&self, rng: &mut Rng, tongue: &Tongue) -> Vec<(String, String)> {
        let mut facts = vec![
            (rng.say(tongue.number), self.number.clone()),
            (rng.say(tongue.date), self.shown(&self.issued, tongue)),
        ];
        if rng.chance(80) {
            facts.push((rng.say(tongue.customer_no), rng.digits(9)));
        }
        facts
    }

    fn head(
        &mut self,
        rng: &mut Rng,
        tongue: &Tongue,
        title: String,
        facts: Vec<(String, String)>,
    ) {
        let phone = format!("{} {}", rng.say(tongue.phone), filled(rng, "0### ######"));
        let top = Head {
            vendor: &self.vendor,
            vendor_more: vec![phone],
            buyer: &self.buyer,
            buyer_more: Vec::new(),
            buyer_label: rng.say(tongue.bill_to),
            site: None,
            title,
            facts,
        };
        head(rng, &top, &mut self.paper);
    }

    fn row(&mut self, name: String, value: String) {
        self.paper.put(45.0, name);
        self.paper.right(500.0, value);
        self.paper.down(1.25);
    }

    /// Net, tax and gross of `net` at a rate; the gross.
    fn sums(&mut self, rng: &mut Rng, tongue: &Tongue, net: i64, rate: i64, total: &str) -> i64 {
        let tax = share(net, rate);
        self.paper.down(0.6);
        self.row(rng.say(tongue.net), self.money.bare(net));
        let name = rng.say(tongue.tax).replace("{r}", &rate_of(self.money, rate));
        self.row(name, self.money.bare(tax));
        self.row(rng.say(total), self.money.sum(net + tax));
        set_money(&mut self.label, "subtotal", net);
        set_money(&mut self.label, "tax", tax);
        set_money(&mut self.label, "total", net + tax);
        net + tax
    }

    fn done(mut self, rng: &mut Rng, tongue: &Tongue) -> Paperwork {
        foot(rng, tongue, &self.vendor, &self.vat, &self.iban, &mut self.paper);
        Paperwork { pdf: self.paper.pdf(), label: self.label }
    }
}

/// Meters, the balance before, payments, this bill, what is collected and when.
pub(super) fn utility(rng: &mut Rng, tongue: &Tongue) -> Paperwork {
    let mut base = Base::new(rng, tongue);
    let mut facts = base.facts(rng, tongue);
    let due = base.issued.next_month();
    base.label.set("dueDate", Kind::Text, due.iso());
    let due = base.shown(&due, tongue);
    let collected = rng.chance(50);
    if !collected {
        facts.push((rng.say(tongue.due), due.clone()));
    }
    let title = rng.say(tongue.utility);
    base.head(rng, tongue, title, facts);
    let before = if rng.chance(60) { rng.range(1_000, 20_000) as i64 } else { 0 };
    let net: i64 = rng.range(2_000, 60_000) as i64;
    let left_first = rng.chance(40);
    let [old, paid, new, all] = tongue.balance.map(|wording| rng.say(wording));
    let rate = tongue.rates[0];
    let gross = net + share(net, rate);
    let kept = if rng.chance(60) { 0 } else { before / 3 };
    if left_first {
        base.row(old.clone(), base.money.signed(before));
        base.row(paid.clone(), base.money.signed(kept - before));
        base.row(new.clone(), base.money.signed(gross));
        let sum = base.money.sum(gross + kept);
        base.paper.bold(45.0, all.clone());
        base.paper.right(500.0, sum);
        base.paper.down(2.0);
    }
    if rng.chance(65) {
        meter(rng, tongue, &mut base);
    }
    let mut rest = net;
    let count = rng.range(2, 5);
    for at in 0..count {
        let part = if at + 1 == count { rest } else { rest / rng.range(2, 4) as i64 };
        rest -= part;
        let name = rng.say(tongue.utility_lines);
        base.row(name, base.money.bare(part));
    }
    base.sums(rng, tongue, net, rate, tongue.gross);
    if !left_first && before > 0 {
        base.row(old, base.money.signed(before));
        base.row(paid, base.money.signed(kept - before));
        base.row(all, base.money.sum(gross + kept));
    }
    if left_first || before > 0 {
        set_money(&mut base.label, "amountDue", gross + kept);
    }
    if collected {
        base.paper.down(0.8);
        let text = rng.say(tongue.debit).replace("{d}", &due);
        base.paper.put(45.0, text);
    }
    base.done(rng, tongue)
}

fn meter(rng: &mut Rng, tongue: &Tongue, base: &mut Base) {
    let heads = tongue.meter.map(|wording| rng.say(wording));
    let first = rng.range(10_000, 60_000);
    let used = rng.range(200, 4_000);
    let cells = [rng.digits(8), first.to_string(), (first + used).to_string(), used.to_string()];
    for (at, head) in heads.into_iter().enumerate() {
        base.paper.bold(45.0 + 120.0 * at as f64, head);
    }
    base.paper.down(1.2);
    for (at, cell) in cells.into_iter().enumerate() {
        base.paper.put(45.0 + 120.0 * at as f64, cell);
    }
    base.paper.down(2.0);
}

/// Nights and meals by day, prices with tax, paid by card: nothing is left to pay.
pub(super) fn hotel(rng: &mut Rng, tongue: &Tongue) -> Paperwork {
    let mut base = Base::new(rng, tongue);
    let mut facts = base.facts(rng, tongue);
    let [guest, room, from, to] = tongue.hotel.map(|wording| rng.say(wording));
    let nights = rng.range(1, 5);
    let day = base.issued.day.max(6);
    base.issued.day = day;
    let iso = base.issued.iso();
    base.label.set("invoiceDate", Kind::Text, iso);
    facts[1].1 = base.shown(&base.issued, tongue);
    let arrival = Day { day: day - nights, ..base.issued };
    facts.push((from, base.shown(&arrival, tongue)));
    facts.push((to, base.shown(&base.issued, tongue)));
    facts.push((room, rng.digits(3)));
    if rng.chance(50) {
        facts.push((guest, rng.say(super::PEOPLE)));
    }
    let title = rng.say(tongue.invoice);
    base.head(rng, tongue, title, facts);
    for (x, head) in [(45.0, rng.say(tongue.date)), (125.0, rng.say(tongue.description))] {
        base.paper.bold(x, head);
    }
    base.paper.right(500.0, rng.say(tongue.amount));
    base.paper.down(1.4);
    let (mut gross, mut items) = (0, Vec::new());
    for night in 0..nights {
        for _ in 0..rng.range(1, 4) {
            let (text, amount) = (rng.say(tongue.hotel_lines), rng.range(300, 19_000) as i64);
            gross += amount;
            let shown = base.shown(&Day { day: arrival.day + night, ..base.issued }, tongue);
            base.paper.put(45.0, shown);
            base.paper.put(125.0, text.clone());
            base.paper.right(500.0, base.money.bare(amount));
            base.paper.down(1.15);
            items.push(Item {
                description: Some(text),
                quantity: None,
                amount: Some(amount as f64 / 100.0),
            });
        }
    }
    base.label.items = Some(items);
    let rate = tongue.rates[1];
    let tax = gross - (gross * 1000 + (1000 + rate) / 2) / (1000 + rate);
    base.paper.down(0.6);
    base.row(rng.say(tongue.gross), base.money.sum(gross));
    if rng.chance(50) {
        base.row(rng.say(tongue.net), base.money.bare(gross - tax));
        set_money(&mut base.label, "subtotal", gross - tax);
    }
    let name = rng.say(tongue.included).replace("{r}", &rate_of(base.money, rate));
    base.row(name, base.money.bare(tax));
    let card = rng.say(tongue.card);
    base.row(filled(rng, &card), base.money.bare(-gross));
    base.row(rng.say(tongue.left), base.money.sum(0));
    set_money(&mut base.label, "tax", tax);
    set_money(&mut base.label, "total", gross);
    set_money(&mut base.label, "amountDue", 0);
    base.done(rng, tongue)
}

/// The platform prints the bill, the seller sells: order number and date stand beside those of the bill.
pub(super) fn market(rng: &mut Rng, tongue: &Tongue) -> Paperwork {
    let mut base = Base::new(rng, tongue);
    let platform = format!("{}.example", rng.say("shopbazaar|marktplaza|megamart|allgoods"));
    base.paper.sized(45.0, 18.0, true, platform.clone());
    base.paper.down(2.6);
    let [seller, order, ordered] = tongue.market.map(|wording| rng.say(wording));
    let seller = format!("{seller}:");
    let top = base.paper.y;
    base.paper.put(45.0, seller);
    base.paper.down(1.1);
    let mut lines = base.vendor.all();
    lines.push(format!("{} {}", rng.say(tongue.vat_id), base.vat));
    base.paper.block(45.0, &lines);
    let below = base.paper.y;
    base.paper.y = top;
    base.paper.put(320.0, rng.say(tongue.bill_to));
    base.paper.down(1.1);
    let lines = base.buyer.all();
    base.paper.block(320.0, &lines);
    base.paper.y = base.paper.y.max(below) + 14.0;
    base.paper.sized(45.0, 13.0, true, rng.say(tongue.invoice));
    base.paper.down(2.0);
    let order_day = Day { day: 1 + base.issued.day / 2, ..base.issued };
    let mut facts = base.facts(rng, tongue);
    facts.push((order, filled(rng, "###-#######-#######")));
    facts.push((ordered, base.shown(&order_day, tongue)));
    let turn = rng.range(0, facts.len() as u64) as usize;
    facts.rotate_left(turn);
    for (name, value) in facts {
        base.paper.put(45.0, name);
        base.paper.put(190.0, value);
        base.paper.down(1.15);
    }
    base.paper.down(1.0);
    let heads = [tongue.description, tongue.quantity, tongue.price, tongue.amount];
    for (head, x) in
        heads.map(|wording| rng.say(wording)).into_iter().zip([0.0, 330.0, 420.0, 500.0])
    {
        if x > 0.0 { base.paper.right(x, head) } else { base.paper.put(45.0, head) }
    }
    base.paper.down(1.5);
    let (mut net, mut items) = (0, Vec::new());
    for _ in 0..rng.range(1, 5) {
        let (quantity, price) = (rng.range(1, 4) as i64, rng.range(300, 30_000) as i64);
        let text = rng.say(tongue.goods);
        net += quantity * price;
        base.paper.put(45.0, text.clone());
        base.paper.right(330.0, quantity.to_string());
        base.paper.right(420.0, base.money.bare(price));
        base.paper.right(500.0, base.money.bare(quantity * price));
        base.paper.down(1.1);
        base.paper.put(45.0, format!("ASIN: B0{}", rng.digits(8)));
        base.paper.down(1.3);
        items.push(Item {
            description: Some(text),
            quantity: Some(quantity as f64),
            amount: Some((quantity * price) as f64 / 100.0),
        });
    }
    base.label.items = Some(items);
    base.sums(rng, tongue, net, tongue.rates[0], tongue.gross);
    base.paper.down(1.0);
    base.paper.put(45.0, format!("{platform} Services, 1 Platform Square, Luxembourg"));
    // No account is printed: the platform collects the money.
    base.label.values.remove("vendor.iban");
    Paperwork { pdf: base.paper.pdf(), label: base.label }
}
