//! Writes the documents in `samples/`, byte for byte the same on every run.
//!
//! ```text
//! cargo run -p parseflow-extract --example make_samples -- samples
//! ```
//!
//! The PDFs are written by hand with the standard fonts, so that a reader can see in this file what
//! stands in them. `samples/encrypted.pdf` is made by another program and only committed.

mod pdf_writer;

use std::io::Write;
use std::path::{Path, PathBuf};

use pdf_writer::{Document, Sheet};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("samples"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let english = english();
    save(&folder, "corrupt.pdf", &english[..english.len() * 6 / 10])?;
    save(&folder, "invoice-english.pdf", &english)?;
    save(&folder, "invoice-german.pdf", &german())?;
    save(&folder, "invoice-french.pdf", &french())?;
    save(&folder, "receipt.pdf", &receipt())?;
    save(&folder, "invoice.txt", PLAIN.as_bytes())?;
    save(&folder, "invoice.eml", MAIL.replace('\n', "\r\n").as_bytes())
}

fn save(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(folder.join(name), bytes)?;
    writeln!(std::io::stdout(), "{name}: {} bytes", bytes.len())
}

/// A4 with a table of items, 20 % VAT, the amounts aligned to the right.
fn english() -> Vec<u8> {
    let mut page = Sheet::new(595.0, 842.0);
    english_head(&mut page);
    english_items(&mut page);
    english_sums(&mut page);
    Document::of([page])
}

fn english_head(page: &mut Sheet) {
    page.bold(50.0, 780.0, 20.0, "Harbour & Finch Ltd");
    page.lines(50.0, 762.0, 9.0, &["12 Quay Street", "Bristol BS1 4RW", "United Kingdom"]);
    page.lines(
        50.0,
        722.0,
        9.0,
        &["accounts@harbourfinch.example", "Tel: +44 117 496 0123", "VAT No: GB123456789"],
    );
    page.bold_right(545.0, 780.0, 24.0, "INVOICE");
    for (index, (label, value)) in [
        ("Invoice number", "INV-2026-0142"),
        ("Invoice date", "14 April 2026"),
        ("Due date", "14 May 2026"),
        ("PO number", "PO-7781"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 745.0 - 14.0 * index as f64;
        page.text(360.0, y, 9.0, label);
        page.right(545.0, y, 9.0, value);
    }
    page.bold(50.0, 660.0, 10.0, "Bill to");
    page.lines(
        50.0,
        645.0,
        10.0,
        &["Meridian Studios Ltd", "48 Albion Road", "London N16 9PH", "United Kingdom"],
    );
}

fn english_items(page: &mut Sheet) {
    page.rule(50.0, 545.0, 575.0);
    page.bold(50.0, 562.0, 9.0, "Description");
    page.bold_right(330.0, 562.0, 9.0, "Quantity");
    page.bold_right(410.0, 562.0, 9.0, "Unit price");
    page.bold_right(460.0, 562.0, 9.0, "VAT");
    page.bold_right(545.0, 562.0, 9.0, "Amount");
    page.rule(50.0, 545.0, 556.0);
    let items = [
        ("Website design, discovery phase", "1", "1,850.00", "20%", "1,850.00"),
        ("Content production", "12", "95.00", "20%", "1,140.00"),
        ("Stock photography licence", "3", "49.50", "20%", "148.50"),
        ("Hosting, April 2026", "1", "24.99", "20%", "24.99"),
    ];
    for (index, (what, count, price, vat, amount)) in items.into_iter().enumerate() {
        let y = 540.0 - 18.0 * index as f64;
        page.text(50.0, y, 9.0, what);
        page.right(330.0, y, 9.0, count);
        page.right(410.0, y, 9.0, price);
        page.right(460.0, y, 9.0, vat);
        page.right(545.0, y, 9.0, amount);
    }
    page.rule(50.0, 545.0, 472.0);
}

fn english_sums(page: &mut Sheet) {
    page.text(380.0, 452.0, 10.0, "Subtotal");
    page.right(545.0, 452.0, 10.0, "£3,163.49");
    page.text(380.0, 436.0, 10.0, "VAT 20%");
    page.right(545.0, 436.0, 10.0, "£632.70");
    page.bold(380.0, 416.0, 11.0, "Total");
    page.bold_right(545.0, 416.0, 11.0, "£3,796.19");
    page.text(380.0, 400.0, 10.0, "Amount due");
    page.right(545.0, 400.0, 10.0, "£3,796.19");
    page.lines(
        50.0,
        340.0,
        9.0,
        &[
            "Please pay by bank transfer within 30 days, quoting the invoice number.",
            "IBAN: GB29 NWBK 6016 1331 9268 19",
            "Harbour & Finch Ltd is registered in England and Wales.",
        ],
    );
}

/// A4 letter as it is usual in Germany: return address, address window, block of facts on the right.
fn german() -> Vec<u8> {
    let mut page = Sheet::new(595.0, 842.0);
    german_head(&mut page);
    german_items(&mut page);
    german_foot(&mut page);
    Document::of([page])
}

fn german_head(page: &mut Sheet) {
    page.bold_right(545.0, 790.0, 16.0, "Lindner Bürotechnik GmbH");
    page.text(
        57.0,
        718.0,
        7.0,
        "Lindner Bürotechnik GmbH · Gartenstraße 8 · 60594 Frankfurt am Main",
    );
    page.lines(
        57.0,
        698.0,
        10.0,
        &["Praxis Dr. Annika Sommer", "Am Marktplatz 3", "65183 Wiesbaden"],
    );
    for (index, (label, value)) in [
        ("Rechnungsnummer:", "RE-2026-0815"),
        ("Rechnungsdatum:", "03.03.2026"),
        ("Lieferdatum:", "27.02.2026"),
        ("Kundennummer:", "10233"),
        ("Bestellnummer:", "B-4471"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 698.0 - 13.0 * index as f64;
        page.text(370.0, y, 9.0, label);
        page.text(470.0, y, 9.0, value);
    }
    page.bold(57.0, 590.0, 14.0, "Rechnung");
    page.text(
        57.0,
        565.0,
        10.0,
        "Sehr geehrte Frau Dr. Sommer, wir berechnen Ihnen wie vereinbart:",
    );
}

fn german_items(page: &mut Sheet) {
    let columns = [("Pos.", 57.0), ("Bezeichnung", 90.0)];
    for (label, x) in columns {
        page.bold(x, 535.0, 9.0, label);
    }
    page.bold_right(350.0, 535.0, 9.0, "Menge");
    page.bold(360.0, 535.0, 9.0, "Einheit");
    page.bold_right(460.0, 535.0, 9.0, "Einzelpreis");
    page.bold_right(545.0, 535.0, 9.0, "Gesamtpreis");
    page.rule(57.0, 545.0, 530.0);
    let items = [
        ("1", "Laserdrucker LX 410", "2", "Stk", "389,00", "778,00"),
        ("2", "Tonerkassette schwarz", "6", "Stk", "84,50", "507,00"),
        ("3", "Einrichtung und Einweisung", "3,5", "Std", "92,00", "322,00"),
    ];
    for (index, (position, what, count, unit, price, amount)) in items.into_iter().enumerate() {
        let y = 514.0 - 17.0 * index as f64;
        page.text(57.0, y, 9.0, position);
        page.text(90.0, y, 9.0, what);
        page.right(350.0, y, 9.0, count);
        page.text(360.0, y, 9.0, unit);
        page.right(460.0, y, 9.0, price);
        page.right(545.0, y, 9.0, amount);
    }
    page.rule(57.0, 545.0, 468.0);
}

fn german_foot(page: &mut Sheet) {
    page.text(330.0, 450.0, 10.0, "Nettobetrag");
    page.right(545.0, 450.0, 10.0, "1.607,00 €");
    page.text(330.0, 435.0, 10.0, "zzgl. 19 % MwSt.");
    page.right(545.0, 435.0, 10.0, "305,33 €");
    page.bold(330.0, 415.0, 11.0, "Rechnungsbetrag");
    page.bold_right(545.0, 415.0, 11.0, "1.912,33 €");
    page.text(
        57.0,
        375.0,
        10.0,
        "Zahlbar ohne Abzug bis zum 02.04.2026 auf das unten genannte Konto.",
    );
    page.rule(57.0, 545.0, 95.0);
    page.lines(
        57.0,
        80.0,
        8.0,
        &["Lindner Bürotechnik GmbH", "Gartenstraße 8", "60594 Frankfurt am Main"],
    );
    page.lines(
        230.0,
        80.0,
        8.0,
        &["Telefon: 069 90028-0", "info@lindner-buero.example", "USt-IdNr.: DE123456789"],
    );
    page.lines(400.0, 80.0, 8.0, &["IBAN: DE89 3704 0044 0532 0130 00", "BIC: COBADEFFXXX"]);
}

/// Two pages with the head of the table repeated, thousands set apart by spaces, two rates.
fn french() -> Vec<u8> {
    let items = [
        ("Fauteuil de bureau Arles", "4", "249,00", "20,0 %", "996,00"),
        ("Bureau réglable 160 cm", "4", "589,00", "20,0 %", "2 356,00"),
        ("Lampe à poser Nuit", "6", "64,90", "20,0 %", "389,40"),
        ("Caisson trois tiroirs", "4", "139,00", "20,0 %", "556,00"),
        ("Livre « Travailler mieux »", "10", "18,00", "5,5 %", "180,00"),
        ("Guide d'ergonomie", "5", "12,50", "5,5 %", "62,50"),
        ("Livraison et montage", "1", "320,00", "20,0 %", "320,00"),
    ];
    let mut first = Sheet::new(595.0, 842.0);
    first.bold(50.0, 785.0, 15.0, "Mobilier Garonne SARL");
    first.lines(
        50.0,
        768.0,
        9.0,
        &[
            "27 rue des Arts",
            "31000 Toulouse",
            "Tél : 05 61 55 01 42",
            "TVA intracommunautaire : FR40123456824",
        ],
    );
    first.bold_right(545.0, 785.0, 15.0, "FACTURE N° F-2026-0093");
    first.right(545.0, 766.0, 9.0, "Date de facture : 9 février 2026");
    first.right(545.0, 752.0, 9.0, "Échéance : 11/03/2026");
    first.bold(330.0, 700.0, 9.0, "Facturé à :");
    first.lines(
        330.0,
        686.0,
        10.0,
        &["Atelier Morel SAS", "5 place du Capitole", "33000 Bordeaux"],
    );
    french_columns(&mut first, 600.0);
    french_rows(&mut first, 578.0, &items[..5]);
    first.right(545.0, 60.0, 8.0, "Page 1 / 2");
    let mut second = Sheet::new(595.0, 842.0);
    second.text(50.0, 790.0, 9.0, "Mobilier Garonne SARL - Facture F-2026-0093");
    french_columns(&mut second, 760.0);
    french_rows(&mut second, 738.0, &items[5..]);
    second.rule(50.0, 545.0, 700.0);
    for (y, label, value) in [
        (680.0, "Total HT", "4 859,90 €"),
        (664.0, "TVA 20,0 % sur 4 617,40 €", "923,48 €"),
        (648.0, "TVA 5,5 % sur 242,50 €", "13,34 €"),
        (632.0, "Total TVA", "936,82 €"),
        (614.0, "Total TTC", "5 796,72 €"),
        (598.0, "Acompte", "1 000,00 €"),
        (582.0, "Net à payer", "4 796,72 €"),
    ] {
        second.right(440.0, y, 10.0, label);
        second.right(545.0, y, 10.0, value);
    }
    second.text(
        50.0,
        540.0,
        9.0,
        "Règlement par virement : IBAN FR14 2004 1010 0505 0001 3M02 606",
    );
    second.right(545.0, 60.0, 8.0, "Page 2 / 2");
    Document::of([first, second])
}

fn french_columns(page: &mut Sheet, y: f64) {
    page.bold(50.0, y, 9.0, "Désignation");
    page.bold_right(330.0, y, 9.0, "Qté");
    page.bold_right(410.0, y, 9.0, "PU HT");
    page.bold_right(465.0, y, 9.0, "TVA");
    page.bold_right(545.0, y, 9.0, "Montant HT");
    page.rule(50.0, 545.0, y - 5.0);
}

fn french_rows(page: &mut Sheet, top: f64, items: &[(&str, &str, &str, &str, &str)]) {
    for (index, (what, count, price, rate, amount)) in items.iter().enumerate() {
        let y = top - 20.0 * index as f64;
        page.text(50.0, y, 9.0, what);
        page.right(330.0, y, 9.0, count);
        page.right(410.0, y, 9.0, price);
        page.right(465.0, y, 9.0, rate);
        page.right(545.0, y, 9.0, amount);
    }
}

/// A strip of 80 mm as tills print it.
fn receipt() -> Vec<u8> {
    let mut page = Sheet::new(226.0, 420.0);
    page.bold(52.0, 390.0, 12.0, "Maple Street Cafe");
    page.text(62.0, 376.0, 8.0, "210 Maple Street");
    page.text(60.0, 365.0, 8.0, "Portland, OR 97205");
    page.text(66.0, 354.0, 8.0, "Tel: (503) 555-0142");
    page.text(15.0, 332.0, 8.0, "Receipt #: 004817");
    page.text(15.0, 320.0, 8.0, "Date: 04/14/2026");
    page.right(211.0, 320.0, 8.0, "Time: 2:32 PM");
    page.rule(15.0, 211.0, 310.0);
    let items = [
        ("2 x Flat white", "9.00"),
        ("1 x Almond croissant", "4.25"),
        ("1 x Soup of the day", "8.50"),
    ];
    for (index, (what, amount)) in items.into_iter().enumerate() {
        let y = 296.0 - 13.0 * index as f64;
        page.text(15.0, y, 8.0, what);
        page.right(211.0, y, 8.0, amount);
    }
    page.rule(15.0, 211.0, 260.0);
    for (y, label, value) in [
        (246.0, "Subtotal", "$21.75"),
        (233.0, "Sales tax 8%", "$1.74"),
        (218.0, "TOTAL", "$23.49"),
    ] {
        page.text(15.0, y, 9.0, label);
        page.right(211.0, y, 9.0, value);
    }
    page.text(15.0, 198.0, 8.0, "Paid by Visa **** 4242");
    page.text(60.0, 170.0, 8.0, "Thank you, see you soon!");
    Document::of([page])
}

const PLAIN: &str = "\
Cedar Ridge Consulting LLC
1400 Canyon Blvd
Boulder, CO 80302
billing@cedarridge.example
EIN: 84-1234567

INVOICE

Invoice #:     CR-10457
Invoice date:  03/31/2026
Due date:      04/30/2026

Bill to:
Summit Outdoor Gear Inc.
88 Trailhead Way
Bend, OR 97701

Description                          Qty    Unit price        Amount
Strategy workshop                      2      1,200.00      2,400.00
Market research report                 1      3,450.00      3,450.00
Travel expenses                        1        312.40        312.40

Subtotal                                                  $6,162.40
Sales tax (4.5%)                                            $277.31
Total due                                                 $6,439.71

Thank you for your business.
";

const MAIL: &str = "\
From: Orchard Print Works <billing@orchardprint.example>
To: Studio Vega <office@studiovega.example>
Subject: Invoice OPW-2291 for April
Date: Tue, 14 Apr 2026 09:12:00 +0000
Message-ID: <2291@orchardprint.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=\"sheet\"

--sheet
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hello,

please find the details of your invoice below.

Invoice number: OPW-2291
Invoice date: 14 April 2026
Due date: 28 April 2026

Description            Quantity   Unit price     Amount
Business cards              500         0.18      90.00
Folded leaflets A5         1000         0.22     220.00

Subtotal               =E2=82=AC310.00
VAT 21%                =E2=82=AC65.10
Total                  =E2=82=AC375.10

Orchard Print Works B.V.
VAT No: NL123456789B01
IBAN: NL91 ABNA 0417 1643 00

--sheet
Content-Type: text/html; charset=utf-8

<p>Invoice OPW-2291: <b>375.10 EUR</b></p>
--sheet--
";
