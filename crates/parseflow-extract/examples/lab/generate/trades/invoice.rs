//! Bills of trade: reverse charge, discounts, freight, deposits, credits, proforma, prices with tax, slips.

use super::heads::{Head, head};
use super::table::{self, Line};
use super::tongue::Tongue;
use super::{
    Paperwork, Party, account, filled, foot, grouped, money_of, number_of, rate_of, set_money,
    set_sides, share,
};
use crate::generate::habits::paper::Paper;
use crate::generate::habits::{Day, Money};
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

/// Tax numbers of customers abroad.
const ABROAD: &[&str] =
    &["DE#########", "FR##########1", "NL#########B01", "PL##########", "IE#######T"];

/// What is special about a bill.
struct Traits {
    is_credit: bool,
    is_proforma: bool,
    reverse: bool,
    whole_discount: bool,
    freight: bool,
    deposit: bool,
    with_tax: bool,
    slip: bool,
}

impl Traits {
    fn of(rng: &mut Rng) -> Traits {
        let is_credit = rng.chance(12);
        let is_proforma = !is_credit && rng.chance(8);
        let reverse = rng.chance(14);
        Traits {
            is_credit,
            is_proforma,
            reverse,
            whole_discount: rng.chance(18),
            freight: rng.chance(20),
            deposit: !is_credit && !is_proforma && rng.chance(18),
            with_tax: !reverse && rng.chance(12),
            slip: !is_credit && rng.chance(30),
        }
    }
}

pub(super) fn invoice(rng: &mut Rng, tongue: &Tongue) -> Paperwork {
    let mut label = Label::default();
    let traits = Traits::of(rng);
    let (vendor, buyer) = (Party::company(rng, tongue), Party::buyer(rng, tongue));
    set_sides(&mut label, tongue, &vendor, &buyer);
    let vat = filled(rng, tongue.vat_shape);
    label.set("vendor.taxId", Kind::Identifier, vat.clone());
    let iban = account(rng, tongue.account);
    if !iban.is_empty() {
        label.set("vendor.iban", Kind::Identifier, iban.clone());
    }
    let money = money_of(rng, tongue);
    let number = number_of(rng);
    label.set("invoiceNumber", Kind::Identifier, number.clone());
    let (facts, due) = facts(rng, tongue, &traits, &number, &mut label);
    let title = rng.say(match (traits.is_credit, traits.is_proforma, traits.deposit) {
        (true, ..) => tongue.credit,
        (_, true, _) => tongue.proforma,
        (.., true) => tongue.closing_bill,
        _ => tongue.invoice,
    });
    let mut paper = Paper::a4([8.0, 8.5, 9.0, 9.5][rng.range(0, 4) as usize]);
    let (mut vendor_more, mut buyer_more) = (Vec::new(), Vec::new());
    if rng.chance(60) {
        vendor_more.push(format!("{} {}", rng.say(tongue.phone), filled(rng, "0## ### ## ##")));
    }
    if rng.chance(45) {
        vendor_more.push(format!("{} {vat}", rng.say(tongue.vat_id)));
    }
    if traits.reverse || rng.chance(12) {
        let shape = rng.pick(ABROAD);
        let other = filled(rng, shape);
        buyer_more.push(format!("{} {other}", rng.say(tongue.vat_id)));
    }
    let site =
        rng.chance(25).then(|| (rng.say(tongue.deliver_to), Party::company(rng, tongue).all()));
    let top = Head {
        vendor: &vendor,
        vendor_more,
        buyer: &buyer,
        buyer_more,
        buyer_label: rng.say(tongue.bill_to),
        site,
        title,
        facts,
    };
    head(rng, &top, &mut paper);
    let single = [tongue.rates[0]; 2];
    let rates = match (traits.reverse, traits.whole_discount || traits.freight || traits.with_tax) {
        (true, _) => [0; 2],
        (_, true) => single,
        _ if rng.chance(30) => tongue.rates,
        _ => single,
    };
    let factor = if traits.is_credit && rng.chance(50) { -1 } else { 1 };
    let lines = table::lines(rng, tongue, rates, factor);
    table::table(rng, tongue, money, &lines, &mut paper, &mut label);
    if paper.is_low() {
        paper.turn();
    }
    let to_pay = sums(rng, tongue, money, &traits, &lines, &mut paper, &mut label);
    below(rng, tongue, &traits, due.as_deref(), &mut paper);
    if traits.slip {
        slip(rng, tongue, money, &vendor, &iban, &number, to_pay, &mut paper);
    }
    foot(rng, tongue, &vendor, &vat, &iban, &mut paper);
    let kind = if traits.is_credit { "credit_note" } else { "invoice" };
    label.document_type = Some(kind.to_owned());
    Paperwork { pdf: paper.pdf(), label }
}

fn facts(
    rng: &mut Rng,
    tongue: &Tongue,
    traits: &Traits,
    number: &str,
    label: &mut Label,
) -> (Vec<(String, String)>, Option<String>) {
    let (issued, pattern) = (Day::new(rng), rng.say(tongue.dates));
    label.set("invoiceDate", Kind::Text, issued.iso());
    let name = rng.say(if traits.is_credit { tongue.credit_number } else { tongue.number });
    let mut facts = vec![(name, number.to_owned())];
    facts.push((rng.say(tongue.date), issued.shown(tongue.months, &pattern)));
    let mut due_text = None;
    if !traits.is_credit && rng.chance(70) {
        let due = issued.next_month();
        label.set("dueDate", Kind::Text, due.iso());
        let shown = due.shown(tongue.months, &pattern);
        if rng.chance(60) {
            facts.push((rng.say(tongue.due), shown));
        } else {
            due_text = Some(shown);
        }
    }
    let mut more = Vec::new();
    if rng.chance(60) {
        more.push((rng.say(tongue.customer_no), rng.digits(5)));
    }
    if rng.chance(45) {
        more.push((rng.say(tongue.order), filled(rng, "45####-#")));
    }
    if rng.chance(40) {
        more.push((rng.say(tongue.contact), rng.say(super::PEOPLE)));
    }
    if rng.chance(35) {
        let day = Day { day: 1 + issued.day / 2, ..issued };
        more.push((rng.say(tongue.delivered), day.shown(tongue.months, &pattern)));
    }
    for fact in more {
        let at = rng.range(0, facts.len() as u64 + 1) as usize;
        // The title may take the number away from the first place only.
        facts.insert(at.max(1), fact);
    }
    (facts, due_text)
}

/// Prints the sums; what is to be paid.
fn sums(
    rng: &mut Rng,
    tongue: &Tongue,
    money: Money,
    traits: &Traits,
    lines: &[Line],
    paper: &mut Paper,
    label: &mut Label,
) -> i64 {
    let goods: i64 = lines.iter().map(|line| line.amount).sum();
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut net = goods;
    let rate = lines.first().map_or(0, |line| line.rate);
    if traits.whole_discount || traits.freight {
        rows.push((rng.say(tongue.goods_sum), money.bare(goods)));
    }
    if traits.whole_discount {
        let off = rng.range(1, 5) as i64 * 25;
        let name = rng.say(tongue.less).replace("{r}", &rate_of(money, off));
        rows.push((name, money.bare(-share(goods, off))));
        net -= share(goods, off);
    }
    if traits.freight {
        let freight = if goods < 0 { -1 } else { 1 } * rng.range(400, 9_000) as i64;
        rows.push((rng.say(tongue.freight), money.bare(freight)));
        net += freight;
    }
    let gross = if traits.with_tax {
        let tax = net - (net * 1000 + net.signum() * (1000 + rate) / 2) / (1000 + rate);
        rows.push((rng.say(tongue.gross), money.sum(net)));
        let name = rng.say(tongue.included).replace("{r}", &rate_of(money, rate));
        rows.push((name, money.bare(tax)));
        set_money(label, "tax", tax);
        net
    } else {
        rows.push((rng.say(tongue.net), money.bare(net)));
        set_money(label, "subtotal", net);
        let mut total = 0;
        let mut rates: Vec<i64> = lines.iter().map(|line| line.rate).collect();
        rates.sort_unstable();
        rates.dedup();
        let single = rates.len() == 1;
        for rate in rates {
            let of_rate = lines.iter().filter(|line| line.rate == rate);
            let base = if single { net } else { of_rate.map(|line| line.amount).sum() };
            let tax = share(base, rate);
            total += tax;
            if !traits.reverse || rng.chance(60) {
                let name = rng.say(tongue.tax).replace("{r}", &rate_of(money, rate));
                rows.push((name, money.bare(tax)));
                set_money(label, "tax", total);
            }
        }
        rows.push((rng.say(tongue.gross), money.sum(net + total)));
        net + total
    };
    set_money(label, "total", gross);
    let mut left = gross;
    if traits.deposit {
        let paid = gross / rng.range(2, 6) as i64 / 100 * 100;
        let earlier = number_of(rng);
        rows.push((rng.say(tongue.paid).replace("{n}", &earlier), money.bare(-paid)));
        left = gross - paid;
        rows.push((rng.say(tongue.left), money.sum(left)));
        set_money(label, "amountDue", left);
    }
    put_sums(rng, rows, paper);
    left
}

fn put_sums(rng: &mut Rng, rows: Vec<(String, String)>, paper: &mut Paper) {
    paper.down(0.8);
    let (x, right) = [(350.0, 553.0), (300.0, 470.0), (45.0, 220.0)][rng.range(0, 3) as usize];
    let colon = rng.pick(&["", ":", ""]);
    let labels_right = rng.chance(25) && x > 100.0;
    for (name, value) in rows {
        let name = format!("{name}{colon}");
        if labels_right {
            paper.right(right - 90.0, name);
        } else {
            paper.put(x, name);
        }
        paper.right(right, value);
        paper.down(1.25);
    }
}

fn below(rng: &mut Rng, tongue: &Tongue, traits: &Traits, due: Option<&str>, paper: &mut Paper) {
    paper.down(1.0);
    if traits.reverse {
        paper.put(45.0, rng.say(tongue.reverse));
        paper.down(1.3);
    }
    if let Some(due) = due {
        paper.put(45.0, rng.say(tongue.terms).replace("{d}", due));
        paper.down(1.3);
    }
}

/// A slip that repeats payee, account, reference and amount.
#[expect(clippy::too_many_arguments, reason = "a slip repeats the whole bill")]
fn slip(
    rng: &mut Rng,
    tongue: &Tongue,
    money: Money,
    vendor: &Party,
    iban: &str,
    number: &str,
    to_pay: i64,
    paper: &mut Paper,
) {
    paper.y = paper.y.max(620.0);
    if paper.y > 690.0 {
        paper.turn();
    }
    let [title, amount, reference, payee] = tongue.slip;
    paper.bold(45.0, rng.say(title));
    paper.down(1.4);
    let top = paper.y;
    paper.sized(45.0, 6.5, true, rng.say(payee));
    paper.down(1.0);
    if !iban.is_empty() {
        paper.put(45.0, grouped(iban));
        paper.down(1.0);
    }
    paper.block(45.0, &vendor.all());
    paper.y = top;
    paper.sized(260.0, 6.5, true, rng.say(reference));
    paper.down(1.0);
    paper.put(
        260.0,
        if rng.chance(50) { number.to_owned() } else { filled(rng, "2# 00000 0#### ##### #####") },
    );
    paper.y = top;
    paper.sized(430.0, 6.5, true, rng.say(amount));
    paper.down(1.0);
    paper.put(430.0, money.sum(to_pay));
    paper.down(6.0);
}
