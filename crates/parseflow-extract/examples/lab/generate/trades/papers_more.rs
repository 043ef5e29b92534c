//! Purchase orders, papers of persons, forms, and papers of no named type.

use super::tongue::Tongue;
use super::{CRAFTS, HOUSES, PEOPLE, Paperwork, Party, filled, money_of, number_of, table};
use crate::generate::habits::Day;
use crate::generate::habits::paper::Paper;
use crate::generate::rng::Rng;
use crate::label::Label;

fn typed(kind: &str) -> Label {
    Label { document_type: Some(kind.to_owned()), ..Label::default() }
}

/// Title, number, date, supplier, delivery date, closing line.
fn order_words(code: &str) -> [&'static str; 6] {
    match code {
        "CH" | "AT" => [
            "Bestellung",
            "Bestell-Nr.",
            "Bestelldatum",
            "Lieferant",
            "Liefertermin",
            "Bitte bestätigen Sie diese Bestellung.",
        ],
        "BE" => [
            "BESTELBON / BON DE COMMANDE",
            "Bestelbon nr.",
            "Datum",
            "Leverancier / Fournisseur",
            "Gewenste leverdatum",
            "Gelieve deze bestelling te bevestigen.",
        ],
        "SE" => [
            "Inköpsorder",
            "Ordernummer",
            "Orderdatum",
            "Leverantör",
            "Önskad leverans",
            "Vänligen bekräfta ordern.",
        ],
        "DK" => [
            "Indkøbsordre",
            "Ordrenr.",
            "Ordredato",
            "Leverandør",
            "Ønsket levering",
            "Bekræft venligst ordren.",
        ],
        "FI" => [
            "Ostotilaus",
            "Tilausnumero",
            "Tilauspäivä",
            "Toimittaja",
            "Toivottu toimitus",
            "Pyydämme tilausvahvistuksen.",
        ],
        "CZ" => [
            "Objednávka",
            "Objednávka č.",
            "Datum objednávky",
            "Dodavatel",
            "Termín dodání",
            "Prosíme o potvrzení objednávky.",
        ],
        _ => [
            "PURCHASE ORDER",
            "PO number",
            "Order date",
            "Supplier",
            "Delivery required by",
            "Please quote this order number on your invoice.",
        ],
    }
}

pub(super) fn purchase_order(rng: &mut Rng, tongue: &Tongue) -> Paperwork {
    let [title, number, date, supplier, wanted, closing] = order_words(tongue.code);
    let (buyer, seller) = (Party::company(rng, tongue), Party::company(rng, tongue));
    let mut paper = Paper::a4(9.0);
    paper.sized(45.0, 14.0, true, buyer.name.clone());
    paper.down(1.6);
    paper.block(45.0, &buyer.lines);
    paper.down(1.0);
    paper.sized(45.0, 13.0, true, title);
    paper.down(2.0);
    let (day, pattern) = (Day::new(rng), rng.say(tongue.dates));
    let facts = [
        (number, number_of(rng)),
        (date, day.shown(tongue.months, &pattern)),
        (wanted, day.next_month().shown(tongue.months, &pattern)),
    ];
    for (name, value) in facts {
        paper.put(45.0, name);
        paper.put(190.0, value);
        paper.down(1.2);
    }
    paper.down(1.0);
    paper.bold(45.0, supplier);
    paper.down(1.1);
    paper.block(45.0, &seller.all());
    paper.down(1.0);
    let money = money_of(rng, tongue);
    let lines = table::lines(rng, tongue, [tongue.rates[0]; 2], 1);
    let mut label = typed("purchase_order");
    table::table(rng, tongue, money, &lines, &mut paper, &mut label);
    label.items = None;
    paper.put(350.0, rng.say(tongue.net));
    paper.right(553.0, money.sum(lines.iter().map(|line| line.amount).sum()));
    paper.down(2.0);
    paper.put(45.0, closing);
    Paperwork { pdf: paper.pdf(), label }
}

/// Title, then labels beside what is printed with them.
const IDENTITIES: &[(&str, &str)] = &[
    (
        "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND|PASSPORT",
        "Type=P|Code=GBR|Passport No.=5########|Surname=STONE|Given names=REBECCA|Nationality=BRITISH CITIZEN|Date of birth=04 MAR 85|Place of birth=LEEDS|Date of expiry=11 JUN 31",
    ),
    (
        "DRIVER LICENSE|OHIO USA",
        "LIC. NO.=RT######|CLASS=D|LN=STONE|FN=REBECCA|DOB=03/04/1985|EXP=03/04/2029|SEX=F|HGT=5-06|EYES=BRO",
    ),
    (
        "SCHWEIZERISCHE EIDGENOSSENSCHAFT|IDENTITÄTSKARTE",
        "Name=EGGER|Vorname(n)=THOMAS|Geburtsdatum=04.03.1985|Heimatort=Bern|Grösse=181 cm|Gültig bis=10.06.2031|Nr.=C#######",
    ),
    (
        "REPUBLIK ÖSTERREICH|FÜHRERSCHEIN",
        "1.=HUBER|2.=MARKUS|3.=04.03.85 Graz|4a.=12.06.21|4b.=11.06.36|4c.=BH Graz-Umgebung|5.=########|9.=AM/B",
    ),
    (
        "BELGIË BELGIQUE|IDENTITEITSKAART CARTE D'IDENTITÉ",
        "Naam / Nom=CLAES|Voornamen / Prénoms=SOFIE|Geslacht / Sexe=V/F|Nationaliteit / Nationalité=Belg|Geboortedatum=04.03.1985|Kaartnr. / N° carte=591-#######-##|Vervalt op / Expire le=11.06.2031",
    ),
    (
        "ČESKÁ REPUBLIKA|OBČANSKÝ PRŮKAZ",
        "Příjmení=NOVÁKOVÁ|Jméno=PETRA|Datum narození=04.03.1985|Místo narození=BRNO|Pohlaví=F|Státní občanství=ČESKÁ REPUBLIKA|Platnost do=11.06.2031|Číslo dokladu=########",
    ),
    (
        "SVERIGE|NATIONELLT IDENTITETSKORT",
        "Efternamn=SANDBERG|Förnamn=ERIK|Medborgarskap=SVENSK|Födelsedatum=1985-03-04|Personnummer=850304-####|Giltigt t.o.m.=2031-06-11|Kortnummer=########",
    ),
    (
        "RESIDENCE PERMIT|AUFENTHALTSTITEL",
        "NAME / NAMEN=OKAFOR|GIVEN NAMES=CHIDI|SEX / GESCHLECHT=M|NATIONALITY=NGA|DATE OF BIRTH=04 03 1985|TYPE OF PERMIT=NIEDERLASSUNGSERLAUBNIS|CARD EXPIRY=11 06 2031",
    ),
];

pub(super) fn identity(rng: &mut Rng) -> Paperwork {
    let (titles, facts) = IDENTITIES[rng.range(0, IDENTITIES.len() as u64) as usize];
    let mut paper = Paper::a4(9.0);
    for title in titles.split('|') {
        paper.sized(60.0, 12.0, true, title);
        paper.down(1.6);
    }
    paper.down(1.0);
    let above = rng.chance(50);
    for (at, fact) in facts.split('|').enumerate() {
        let Some((name, value)) = fact.split_once('=') else { continue };
        let value = filled(rng, value);
        if above {
            let x = 60.0 + 170.0 * (at % 2) as f64;
            paper.sized(x, 6.0, false, name);
            paper.y += 10.0;
            paper.put(x, value);
            paper.y += if at % 2 == 1 { 12.0 } else { -10.0 };
        } else {
            paper.put(60.0, name);
            paper.put(200.0, value);
            paper.down(1.2);
        }
    }
    if titles.contains("PASSPORT") {
        paper.down(4.0);
        paper.put(60.0, "P<GBRSTONE<<REBECCA<<<<<<<<<<<<<<<<<<<<<<<<<");
        paper.down(1.2);
        paper.put(60.0, "5334755143GBR8503042F3106112<<<<<<<<<<<<<<00");
    }
    Paperwork { pdf: paper.pdf(), label: typed("id_document") }
}

const FORMS: &[(&str, &str)] = &[
    ("Change of address form", "Full name|Old address|New address|Date of move|Signature"),
    (
        "Membership application",
        "First name|Last name|Date of birth|E-mail|Membership type|Signature of applicant",
    ),
    (
        "Meldezettel - Anmeldung",
        "Familienname|Vorname|Geburtsdatum|Unterkunft|Anmeldung der Unterkunft in|Unterschrift",
    ),
    ("Formulaire d'inscription", "Nom|Prénom|Adresse|Téléphone|Date|Signature"),
    ("Reklamationsformular", "Auftragsnummer|Artikel|Grund der Reklamation|Datum|Unterschrift"),
    ("Anmälningsblankett", "Namn|Personnummer|Adress|Telefon|Underskrift"),
];

pub(super) fn form(rng: &mut Rng) -> Paperwork {
    let (title, rows) = FORMS[rng.range(0, FORMS.len() as u64) as usize];
    let mut paper = Paper::a4(10.0);
    paper.sized(45.0, 14.0, true, title);
    paper.down(2.5);
    for row in rows.split('|') {
        paper.put(45.0, row);
        paper.put(200.0, "...............................................");
        paper.down(2.0);
    }
    paper.put(45.0, rng.pick(&["[ ] yes   [ ] no", "\u{a4} A   \u{a4} B"]));
    Paperwork { pdf: paper.pdf(), label: typed("form") }
}

const OTHERS: &[(&str, &str)] = &[
    (
        "Delivery Note",
        "Delivered today in good condition: 4 pallets|Driver: T. Baker|No prices on this document",
    ),
    (
        "Minutes of the meeting of the board",
        "Present: R. Stone, D. O'Neill|1. Apologies were noted.|2. The minutes of the last meeting were approved.|3. The budget was discussed.",
    ),
    (
        "Curriculum Vitae",
        "Education: Technical University, 2008|Experience: project manager since 2015|Languages: English, Finnish",
    ),
    ("Lieferschein", "4 Paletten Holzpellets|Fahrer: M. Huber|Ware in gutem Zustand erhalten"),
    (
        "Recipe of the week: pumpkin soup",
        "Chop the onion and fry it gently.|Add the pumpkin and the stock.|Cook for twenty minutes and blend.",
    ),
    (
        "Release notes, version 4.2",
        "Faster start on older machines.|The export keeps the order of columns.|Several crashes were mended.",
    ),
    (
        "Timetable, line 12, from 1 April",
        "Station 06:12 06:42 07:12|Market 06:20 06:50 07:20|Hospital 06:31 07:01 07:31",
    ),
];

pub(super) fn other(rng: &mut Rng) -> Paperwork {
    let (title, lines) = OTHERS[rng.range(0, OTHERS.len() as u64) as usize];
    let mut paper = Paper::a4(10.0);
    paper.put(45.0, format!("{} {}", rng.say(HOUSES), rng.say(CRAFTS)));
    paper.down(2.0);
    paper.sized(45.0, 14.0, true, title);
    paper.down(2.4);
    for line in lines.split('|') {
        paper.put(45.0, line);
        paper.down(1.5);
    }
    paper.down(1.0);
    paper.put(45.0, rng.say(PEOPLE));
    Paperwork { pdf: paper.pdf(), label: typed("other") }
}
