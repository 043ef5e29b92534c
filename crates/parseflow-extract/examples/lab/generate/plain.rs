//! Bills of small firms, written as in a text processor: facts in sentences or behind dots, items whose quantity stands
//! in the text or under it, sums in a sentence, at the top or behind their currency; six countries, one of them
//! Norway. Thought of after the rules had been mended for the papers of trades, and read once before any look.

use super::habits::paper::Paper;
use super::habits::{Day, Money, account, filled, grouped};
use super::rng::Rng;
use crate::label::{Item, Kind, Label};

/// What is printed in one country.
pub(super) struct Tongue {
    pub(super) code: &'static str,
    pub(super) currency: [&'static str; 2],
    pub(super) before: bool,
    pub(super) marks: (&'static str, char),
    pub(super) rate: i64,
    pub(super) months: &'static str,
    pub(super) dates: &'static str,
    pub(super) firms: &'static str,
    pub(super) people: &'static str,
    pub(super) places: &'static str,
    pub(super) vat: [&'static str; 2],
    pub(super) account: &'static str,
    /// `{n}` number, `{d}` date.
    pub(super) sentence: &'static str,
    pub(super) title: &'static str,
    pub(super) number: &'static str,
    pub(super) date: &'static str,
    pub(super) due: &'static str,
    pub(super) for_whom: &'static str,
    pub(super) heads: [&'static str; 4],
    pub(super) goods: &'static str,
    pub(super) units: &'static str,
    pub(super) net: &'static str,
    /// `{r}` is the rate.
    pub(super) tax: &'static str,
    pub(super) gross: &'static str,
    /// `{n}` net, `{t}` tax, `{g}` gross, `{r}` rate.
    pub(super) sums: &'static str,
    /// `{d}` is the date.
    pub(super) terms: &'static str,
}

pub(super) const GERMAN: Tongue = Tongue {
    code: "DE",
    currency: ["€", "EUR"],
    before: false,
    marks: (".", ','),
    rate: 19,
    months: "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    dates: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}|{dd}.{mm}.{yy}",
    firms: "Malerbetrieb Kröger|Holzbau Lindemann GmbH|Gartenpflege Ostertag e.K.|Druckerei Sommer KG|IT-Service Brandt UG (haftungsbeschränkt)",
    people: "Familie Petersen|Zahnarztpraxis Dr. Vogel|Stadtwerke Neuhafen|Autohaus Reuter GmbH|Hausverwaltung Klee",
    places: "Am Markt 3|Lange Gasse 12a|Uferweg 114",
    vat: ["USt-ID", "DE#########"],
    account: "DEkk50040000##########",
    sentence: "Rechnung {n} vom {d}|Rechnungs-Nr. {n} / Datum {d}",
    title: "Rechnung|Ihre Rechnung|Abschlagsrechnung",
    number: "Rechnungsnummer|Re-Nr.|Rechnung Nr.",
    date: "Rechnungsdatum|Datum|Ausgestellt am",
    due: "Zahlbar bis|Fälligkeitstermin|Zu zahlen bis",
    for_whom: "Für|Auftraggeber|Rechnung an",
    heads: ["Leistung", "Menge", "Einzelpreis", "Gesamtpreis"],
    goods: "Innenanstrich Flur|Rasen mähen|Visitenkarten 300 g|Fehlersuche Netzwerk|Dachlatten 30x50|Treppe schleifen",
    units: "Std.|Stück|m²|pauschal",
    net: "Nettobetrag|Summe netto|Zwischensumme",
    tax: "zzgl. {r} % MwSt.|Umsatzsteuer {r} %|MwSt {r}%",
    gross: "Gesamtbetrag|Rechnungsbetrag|Endbetrag",
    sums: "Nettobetrag {n} zuzüglich {r} % Umsatzsteuer {t}, Gesamtbetrag {g}",
    terms: "Bitte überweisen Sie den Betrag bis zum {d}.|Zahlungsziel: {d}.",
};

pub(super) const FRENCH: Tongue = Tongue {
    code: "FR",
    currency: ["€", "EUR"],
    before: false,
    marks: (" ", ','),
    rate: 20,
    months: "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    dates: "{dd}/{mm}/{yyyy}|{d} {M} {yyyy}",
    firms: "Menuiserie Carrel SARL|Atelier Fontanet|Plomberie du Lac SAS|Imprimerie Vauban SA|Jardins Delorme EURL",
    people: "Mairie de Sauveterre|Cabinet Roussel|Madame Élise Garnier|Boulangerie Petit SARL|Syndic Bellevue",
    places: "3 place du Marché|12 bis rue Haute|114 quai Sud",
    vat: ["TVA intracommunautaire", "FR###########"],
    account: "FRkk3000400828###########76",
    sentence: "Facture n° {n} du {d}|Facture {n} établie le {d}",
    title: "Facture|Facture de solde|Note d'honoraires",
    number: "Facture n°|Numéro de facture|N° de pièce",
    date: "Date|Date de facturation|Émise le",
    due: "À régler avant le|Échéance|Date d'échéance",
    for_whom: "Client|À l'attention de|Facturé à",
    heads: ["Désignation", "Qté", "P.U. HT", "Total HT"],
    goods: "Pose de parquet|Tonte de pelouse|Cartes de visite 350 g|Remplacement robinet|Porte en chêne|Ponçage escalier",
    units: "h|u|m²|forfait",
    net: "Total HT|Montant HT|Sous-total",
    tax: "TVA {r} %|TVA à {r}%|Montant TVA ({r} %)",
    gross: "Total TTC|Net à payer|Montant TTC",
    sums: "Total HT {n}, TVA {r} % {t}, total TTC {g}",
    terms: "Paiement à réception et au plus tard le {d}.|À payer avant le {d}.",
};

pub(super) const CANADIAN: Tongue = Tongue {
    code: "CA",
    currency: ["$", "CAD"],
    before: true,
    marks: (",", '.'),
    rate: 13,
    months: "January|February|March|April|May|June|July|August|September|October|November|December",
    dates: "{M} {d}, {yyyy}|{yyyy}-{mm}-{dd}",
    firms: "Maple Ridge Roofing Ltd.|Northshore Design Inc.|Huron Tree Care|Lakehead Plumbing Corp.|Bay Street Copy Inc.",
    people: "Trillium Dental|Jordan McKay|Grand River Condos|Elm Cafe Ltd.|Parish of St. Anne",
    places: "3 Market Square|12 Upper Lane|114 Harbour Drive",
    vat: ["GST/HST No.", "#########RT0001"],
    account: "",
    sentence: "Invoice {n} dated {d}|Invoice no. {n}, issued {d}",
    title: "Invoice|Sales Invoice|Work Invoice",
    number: "Invoice No.|Invoice|Invoice number",
    date: "Date|Invoice date|Issued",
    due: "Due|Payment due|Due date",
    for_whom: "Prepared for|Customer|Bill to",
    heads: ["Work performed", "Qty", "Rate", "Amount"],
    goods: "Roof patch, north side|Lawn cut|Business cards 14 pt|Faucet replacement|Oak door|Stair sanding",
    units: "hrs|ea|sq ft|lot",
    net: "Subtotal|Total before tax|Net",
    tax: "HST {r}%|HST ({r}%)|HST @ {r}%",
    gross: "Total|Total due|Invoice total",
    sums: "Subtotal {n} plus {r}% HST {t}, total {g}",
    terms: "Please pay by {d}.|Payment due {d}, thank you.",
};

pub(super) const IRISH: Tongue = Tongue {
    code: "IE",
    currency: ["€", "EUR"],
    before: true,
    rate: 23,
    dates: "{d} {M} {yyyy}|{dd}/{mm}/{yyyy}|{dd}-{A}-{yyyy}",
    firms: "Shannon Joinery Ltd|Corrib Print Limited|Liffey Web Design|Burren Gardens Ltd|Moher Plumbing DAC",
    vat: ["VAT No", "IE#######T"],
    account: "IEkkBOFI900001########",
    tax: "VAT {r}%|VAT @ {r}%|VAT at {r}%",
    sums: "Net {n} plus VAT {r}% {t}, total {g}",
    ..CANADIAN
};

pub(super) const NORWEGIAN: Tongue = Tongue {
    code: "NO",
    currency: ["kr ", "NOK"],
    before: true,
    marks: (" ", ','),
    rate: 25,
    months: "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
    dates: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}",
    firms: "Fjordmaling AS|Nordlys Snekkeri AS|Hagehjelp Solberg|Bryggen Trykk AS|Vidda Data ANS",
    people: "Kari Haugen|Tannlege Moe AS|Borettslaget Utsikten|Kafé Elva AS|Solvik kommune",
    places: "Torget 3|Øvre gate 12|Strandveien 114",
    vat: ["Org.nr.", "NO######### MVA"],
    account: "NOkk8601#######",
    sentence: "Faktura {n} av {d}|Faktura nr. {n}, dato {d}",
    title: "Faktura|FAKTURA",
    number: "Fakturanr.|Fakturanummer|Faktura nr.",
    date: "Fakturadato|Dato",
    due: "Forfallsdato|Forfall|Betalingsfrist",
    for_whom: "Kunde|Faktureres til|Kjøper",
    heads: ["Beskrivelse", "Antall", "Pris", "Beløp"],
    goods: "Maling av gang|Plenklipping|Visittkort 350 g|Feilsøking nettverk|Eikedør|Sliping av trapp",
    units: "timer|stk|m2|rs",
    net: "Sum eks. mva|Netto|Beløp eks. mva.",
    tax: "Mva {r} %|{r} % mva|MVA ({r}%)",
    gross: "Å betale|Sum inkl. mva|Totalt",
    sums: "Netto {n}, mva {r} % {t}, å betale {g}",
    terms: "Betales innen {d}.|Forfall {d}.",
};

pub(super) const SPANISH: Tongue = Tongue {
    code: "ES",
    currency: ["€", "EUR"],
    before: false,
    marks: (".", ','),
    rate: 21,
    months: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    dates: "{dd}/{mm}/{yyyy}|{d} de {M} de {yyyy}",
    firms: "Carpintería Ribera S.L.|Pinturas Alameda|Jardines del Sur S.L.U.|Imprenta Mayor S.A.|Fontanería Costa S.L.",
    people: "Comunidad Plaza Nueva|Clínica Dental Rey|Doña Marta Ibáñez|Panadería Sol S.L.|Ayuntamiento de Villar",
    places: "Plaza del Mercado 3|Calle Alta 12|Paseo Sur 114",
    vat: ["CIF", "ESB########"],
    account: "ESkk21000418############",
    sentence: "Factura {n} de fecha {d}|Factura nº {n}, emitida el {d}",
    title: "Factura|Factura simplificada de servicios|Factura final",
    number: "Factura nº|Nº de factura|Número",
    date: "Fecha|Fecha de factura|Fecha de emisión",
    due: "Vencimiento|Fecha de vencimiento|Pagar antes del",
    for_whom: "Cliente|Facturar a|Datos del cliente",
    heads: ["Concepto", "Cant.", "Precio", "Importe"],
    goods: "Pintura de pasillo|Corte de césped|Tarjetas 350 g|Cambio de grifo|Puerta de roble|Lijado de escalera",
    units: "h|ud|m²|PA",
    net: "Base imponible|Subtotal|Neto",
    tax: "IVA {r} %|IVA ({r}%)|{r}% IVA",
    gross: "Total factura|Total|Importe total",
    sums: "Base imponible {n}, IVA {r} % {t}, total {g}",
    terms: "Rogamos el pago antes del {d}.|Vencimiento: {d}.",
};

const TONGUES: [&Tongue; 6] = [&GERMAN, &FRENCH, &CANADIAN, &IRISH, &NORWEGIAN, &SPANISH];

const TOWNS: &[(&str, &str)] = &[
    ("DE", "23966 Neuhafen|04109 Leipzig"),
    ("FR", "74000 Annecy|33540 Sauveterre"),
    ("CA", "Guelph ON N1H 3A1|Halifax NS B3J 1M4"),
    ("IE", "Galway H91 X2F4|Dublin D02 AF30"),
    ("NO", "5014 Bergen|0155 Oslo"),
    ("ES", "28013 Madrid|41001 Sevilla"),
    ("NL", "3511 LM Utrecht|9712 HC Groningen"),
    ("IT", "40121 Bologna BO|36100 Vicenza VI"),
    ("SE", "211 20 Malmö|903 26 Umeå"),
];

/// What the head of one bill says.
pub(super) struct Bill<'t> {
    pub(super) tongue: &'t Tongue,
    pub(super) money: Money,
    firm: Vec<String>,
    buyer: Vec<String>,
    title: String,
    number: String,
    pub(super) date: String,
    pub(super) year: u64,
    due: Option<String>,
}

fn side(rng: &mut Rng, tongue: &Tongue, names: &str) -> Vec<String> {
    let towns = TOWNS.iter().find(|(code, _)| *code == tongue.code).map_or("", |(_, towns)| towns);
    vec![rng.say(names), rng.say(tongue.places), rng.say(towns)]
}

/// Prints the items and labels them; what they cost together.
pub(super) type PrintItems = fn(&mut Rng, &Bill<'_>, &mut Paper, &mut Label) -> i64;

/// The bill of a seed.
pub(super) fn bill(rng: &mut Rng) -> (Vec<u8>, Label) {
    let tongue = TONGUES[rng.range(0, TONGUES.len() as u64) as usize];
    bill_of(rng, tongue, items)
}

/// A bill in the words of `tongue` with items in the form of `print_items`.
pub(super) fn bill_of(rng: &mut Rng, tongue: &Tongue, print_items: PrintItems) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("invoice".to_owned()), ..Label::default() };
    let (group, decimal) = tongue.marks;
    let place = if rng.chance(40) { 2 } else { u64::from(!tongue.before) };
    let sign = tongue.currency[usize::from(rng.chance(40))];
    let money = Money { group, decimal, sign, place, minus: 0 };
    let (firm, buyer) = (side(rng, tongue, tongue.firms), side(rng, tongue, tongue.people));
    label.set("vendor.name", Kind::Name, firm[0].clone());
    label.set("customer.name", Kind::Name, buyer[0].clone());
    label.set("currency", Kind::Text, tongue.currency[1]);
    let shape = rng.pick(&["20##/###", "####", "#####-##", "R########", "K ####"]);
    let number = filled(rng, shape);
    label.set("invoiceNumber", Kind::Identifier, number.clone());
    let (day, pattern) = (Day::new(rng), rng.say(tongue.dates));
    label.set("invoiceDate", Kind::Text, day.iso());
    let due = rng.chance(70).then(|| day.next_month());
    if let Some(due) = &due {
        label.set("dueDate", Kind::Text, due.iso());
    }
    let bill = Bill {
        tongue,
        money,
        firm,
        buyer,
        title: rng.say(tongue.title),
        number,
        date: day.shown(tongue.months, &pattern),
        year: day.year,
        due: due.map(|due| due.shown(tongue.months, &pattern)),
    };
    let mut paper = Paper::a4([9.0, 10.0, 11.0][rng.range(0, 3) as usize]);
    let told = head(rng, &bill, &mut paper);
    let net = print_items(rng, &bill, &mut paper, &mut label);
    sums(rng, &bill, net, &mut paper, &mut label);
    paper.down(1.5);
    if let Some(due) = bill.due.as_ref().filter(|_| !told) {
        paper.put(60.0, rng.say(tongue.terms).replace("{d}", due));
        paper.down(1.5);
    }
    foot(rng, &bill, &mut paper, &mut label);
    (paper.pdf(), label)
}

/// Both sides and the facts; whether the day of payment was among them.
fn head(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper) -> bool {
    let tongue = bill.tongue;
    let form = rng.range(0, 4);
    let right = form % 2 == 1;
    let x = if right { 380.0 } else { 60.0 };
    let top = paper.y;
    paper.sized(x, paper.size + 2.0, true, bill.firm[0].clone());
    paper.down(1.3);
    paper.block(x, &bill.firm[1..]);
    let below = paper.y;
    if right {
        paper.y = top + 40.0;
    } else {
        paper.down(2.0);
    }
    if rng.chance(50) {
        paper.put(60.0, format!("{}:", rng.say(tongue.for_whom)));
        paper.down(1.2);
    }
    paper.block(60.0, &bill.buyer);
    paper.y = paper.y.max(below) + 20.0;
    if form == 0 {
        let sentence = rng.say(tongue.sentence);
        let sentence = sentence.replace("{n}", &bill.number).replace("{d}", &bill.date);
        paper.sized(60.0, paper.size + 3.0, true, sentence);
        paper.down(2.4);
        return false;
    }
    paper.sized(60.0, paper.size + 6.0, true, bill.title.clone());
    paper.down(2.4);
    let mut facts = vec![
        (rng.say(tongue.number), bill.number.clone()),
        (rng.say(tongue.date), bill.date.clone()),
    ];
    facts.extend(bill.due.iter().map(|due| (rng.say(tongue.due), due.clone())));
    match form {
        1 => {
            for (name, value) in facts {
                paper.put(60.0, format!("{name} {} {value}", ".".repeat(24)));
                paper.down(1.2);
            }
        }
        2 => {
            let all: Vec<String> =
                facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            paper.put(60.0, all.join("   |   "));
            paper.down(1.2);
        }
        _ => {
            for (name, value) in facts {
                paper.right(190.0, format!("{name}:"));
                paper.bold(198.0, value);
                paper.down(1.2);
            }
        }
    }
    paper.down(1.2);
    true
}

/// Prints the items in one of three ways; what they cost together.
fn items(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper, label: &mut Label) -> i64 {
    let (tongue, money) = (bill.tongue, bill.money);
    let form = rng.range(0, 3);
    let [text, quantity, price, amount] = tongue.heads;
    match form {
        0 => {
            for (head, x) in [(quantity, 60.0), (text, 120.0)] {
                paper.bold(x, head);
            }
            paper.right(430.0, price);
            paper.right(535.0, amount);
        }
        1 => {
            paper.bold(60.0, text);
            paper.right(535.0, amount);
        }
        _ => {
            paper.bold(60.0, text);
            paper.right(330.0, quantity);
            paper.right(430.0, price);
            paper.right(535.0, amount);
        }
    }
    paper.down(1.6);
    let (mut net, mut items) = (0, Vec::new());
    for _ in 0..rng.range(1, 6) {
        let (count, price) = (rng.range(1, 25) as i64, rng.range(250, 18_000) as i64);
        let (text, unit) = (rng.say(tongue.goods), rng.say(tongue.units));
        net += count * price;
        let shown = money.signed(count * price);
        match form {
            0 => {
                paper.put(60.0, format!("{count} {unit}"));
                paper.put(120.0, text.clone());
                paper.right(430.0, money.bare(price));
                paper.right(535.0, shown);
            }
            1 => {
                paper.put(60.0, text.clone());
                paper.right(535.0, shown);
                paper.down(1.05);
                paper.put(70.0, format!("{count} {unit} x {}", money.bare(price)));
            }
            _ => {
                paper.put(60.0, text.clone());
                paper.right(330.0, format!("{count} {unit}"));
                paper.right(430.0, money.bare(price));
                paper.right(535.0, shown);
            }
        }
        paper.down(1.3);
        items.push(Item {
            description: Some(text),
            quantity: Some(count as f64),
            amount: Some((count * price) as f64 / 100.0),
        });
    }
    label.items = Some(items);
    net
}

fn sums(rng: &mut Rng, bill: &Bill<'_>, net: i64, paper: &mut Paper, label: &mut Label) {
    let (tongue, money) = (bill.tongue, bill.money);
    let tax = (net * tongue.rate + 50) / 100;
    for (path, cents) in [("subtotal", net), ("tax", tax), ("total", net + tax)] {
        label.set(path, Kind::Money, cents as f64 / 100.0);
    }
    let rate = tongue.rate.to_string();
    paper.down(0.8);
    if rng.chance(30) {
        let text = tongue.sums.replace("{r}", &rate).replace("{n}", &money.sum(net));
        paper.put(60.0, text.replace("{t}", &money.sum(tax)).replace("{g}", &money.sum(net + tax)));
        paper.down(1.4);
        return;
    }
    let rows = [
        (rng.say(tongue.net), money.signed(net)),
        (rng.say(tongue.tax).replace("{r}", &rate), money.signed(tax)),
        (rng.say(tongue.gross), money.sum(net + tax)),
    ];
    let near = rng.chance(40);
    for (name, value) in rows {
        if near {
            paper.right(440.0, format!("{name}:"));
            paper.right(535.0, value);
        } else {
            paper.put(60.0, name);
            paper.right(535.0, value);
        }
        paper.down(1.3);
    }
}

fn foot(rng: &mut Rng, bill: &Bill<'_>, paper: &mut Paper, label: &mut Label) {
    let [name, shape] = bill.tongue.vat;
    let vat = filled(rng, shape);
    label.set("vendor.taxId", Kind::Identifier, vat.trim_end_matches(" MVA"));
    paper.y = paper.y.max(760.0);
    paper.size = 7.5;
    paper.put(60.0, format!("{} · {} · {name} {vat}", bill.firm[0], bill.firm[1..].join(", ")));
    paper.down(1.2);
    let iban = account(rng, bill.tongue.account);
    if !iban.is_empty() {
        paper.put(60.0, format!("IBAN {}", grouped(&iban)));
        label.set("vendor.iban", Kind::Identifier, iban);
    }
}
