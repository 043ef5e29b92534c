//! Papers of trades and countries that the other sets leave out: utilities and telephones, hotels, market places,
//! reverse charge, credits, proforma, final bills with deposits, discounts, sub-items, slips to pay with; British,
//! American, Australian, Swiss, Austrian, Belgian, Nordic and Czech; and papers that are no bills at all.

mod heads;
mod invoice;
mod papers;
mod papers_more;
mod service;
mod table;
mod tongue;
mod tongue_mid;
mod tongue_north;

use super::habits::paper::Paper;
use super::habits::{Money, account, filled, grouped};
use super::rng::Rng;
use crate::label::{Kind, Label};
use tongue::{TONGUES, Tongue};

/// First words of companies.
const HOUSES: &str = "Brightwater|Calder|Dunmore|Ekholm|Falkner|Grauwald|Hollis|Inverlay|Jarvik|Kestrel|Lunden|Marlow|Novotny|Oakhurst|Peltier|Quist|Rademann|Saarela|Thornbury|Veldman|Wexley";
const CRAFTS: &str = "Engineering|Supplies|Interiors|Bakery|Consulting|Print & Copy|Telecom|Electrical|Motors|Hotel|Wholesale|Studio|Energy|Water|Farm";
const PEOPLE: &str = "Margaret Holm|Erik Sandberg|Petra Novakova|David O'Neill|Sofie Claes|Markus Huber|Aino Virtanen|Lars Nygaard|Rebecca Stone|Thomas Egger";

/// A document and its labels.
pub(super) struct Paperwork {
    pub(super) pdf: Vec<u8>,
    pub(super) label: Label,
}

/// The paper of a seed.
pub(super) fn document(rng: &mut Rng) -> Paperwork {
    let tongue = TONGUES[rng.range(0, TONGUES.len() as u64) as usize];
    match rng.range(0, 100) {
        0..45 => invoice::invoice(rng, tongue),
        45..54 => service::utility(rng, tongue),
        54..60 => service::hotel(rng, tongue),
        60..66 => service::market(rng, tongue),
        66..71 => papers_more::purchase_order(rng, tongue),
        71..76 => papers::statement(rng),
        76..81 => papers::payslip(rng),
        81..86 => papers::contract(rng),
        86..91 => papers::letter(rng),
        91..95 => papers_more::identity(rng),
        95..97 => papers_more::form(rng),
        _ => papers_more::other(rng),
    }
}

/// One side of a bill.
struct Party {
    name: String,
    lines: Vec<String>,
}

impl Party {
    fn company(rng: &mut Rng, tongue: &Tongue) -> Party {
        let (house, craft, form) = (rng.say(HOUSES), rng.say(CRAFTS), rng.say(tongue.forms));
        let name = match rng.range(0, 3) {
            0 => format!("{house} {form}"),
            _ => format!("{house} {craft} {form}"),
        };
        Party { name, lines: address(rng, tongue) }
    }

    fn buyer(rng: &mut Rng, tongue: &Tongue) -> Party {
        if rng.chance(35) {
            return Party { name: rng.say(PEOPLE), lines: address(rng, tongue) };
        }
        Party::company(rng, tongue)
    }

    fn all(&self) -> Vec<String> {
        [vec![self.name.clone()], self.lines.clone()].concat()
    }
}

fn address(rng: &mut Rng, tongue: &Tongue) -> Vec<String> {
    let (street, number) = (rng.say(tongue.streets), rng.range(1, 240));
    let street = match tongue.code {
        "GB" | "US" | "AU" => format!("{number} {street}"),
        "CZ" => format!("{street} {number}/{}", rng.range(1, 30)),
        _ => format!("{street} {number}"),
    };
    vec![street, rng.say(tongue.towns)]
}

fn money_of(rng: &mut Rng, tongue: &Tongue) -> Money {
    let (group, decimal) = tongue.marks[rng.range(0, tongue.marks.len() as u64) as usize];
    let place = if rng.chance(35) { 2 } else { u64::from(!tongue.before) };
    let sign = tongue.currency[usize::from(rng.chance(30))];
    Money { group, decimal, sign, place, minus: u64::from(rng.chance(20)) }
}

/// A rate of thousandths as `8.1` or `20`.
fn rate_of(money: Money, rate: i64) -> String {
    match rate % 10 {
        0 => (rate / 10).to_string(),
        part => format!("{}{}{part}", rate / 10, money.decimal),
    }
}

/// What a rate takes of an amount, rounded to the hundredth.
fn share(amount: i64, rate: i64) -> i64 {
    let sign = if amount < 0 { -1 } else { 1 };
    sign * ((amount.abs() * rate + 500) / 1000)
}

/// Number of a document in one of many shapes.
fn number_of(rng: &mut Rng) -> String {
    let shape = rng.pick(&[
        "######",
        "20##-0###",
        "RE-####-##",
        "INV######",
        "##/####",
        "S######",
        "2# #### ###",
        "F-20##/###",
        "9#######",
        "A##-#####",
        "2###0####",
    ]);
    filled(rng, shape)
}

/// Writes both sides' names, the tax number and the currency down as labels.
fn set_sides(label: &mut Label, tongue: &Tongue, vendor: &Party, buyer: &Party) {
    label.set("vendor.name", Kind::Name, vendor.name.clone());
    if vendor.name != buyer.name {
        label.set("customer.name", Kind::Name, buyer.name.clone());
    }
    label.set("currency", Kind::Text, tongue.currency[1]);
}

fn set_money(label: &mut Label, path: &str, cents: i64) {
    label.set(path, Kind::Money, cents as f64 / 100.0);
}

/// Small print with tax number, register and account; sometimes as columns.
fn foot(rng: &mut Rng, tongue: &Tongue, vendor: &Party, vat: &str, iban: &str, paper: &mut Paper) {
    paper.y = paper.y.max(752.0);
    paper.size = 6.8;
    let register = rng.say(tongue.register);
    let register = filled(rng, &register);
    let tax = format!("{} {vat}", rng.say(tongue.vat_id));
    let bank = if iban.is_empty() { String::new() } else { format!("IBAN {}", grouped(iban)) };
    if rng.chance(50) {
        let top = paper.y;
        let first = vendor.all();
        for (at, column) in [first, vec![tax, register], vec![bank]].iter().enumerate() {
            paper.y = top;
            paper.block(45.0 + 185.0 * at as f64, column);
        }
        return;
    }
    let mark = rng.pick(&["  |  ", " - ", "   "]);
    paper.put(45.0, vendor.all().join(", "));
    paper.down(1.0);
    let rest: Vec<String> = [tax, bank, register].into_iter().filter(|t| !t.is_empty()).collect();
    paper.put(45.0, rest.join(mark));
}
