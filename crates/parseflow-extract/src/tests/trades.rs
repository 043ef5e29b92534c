//! Bills of trades and countries that print the same facts in their own way.

use serde_json::{Value, json};

use super::read;

fn data(text: &str) -> Value {
    Value::Object(read(text.as_bytes()).unwrap().data)
}

#[test]
fn a_danish_bill_is_read_with_its_crowns_and_its_account() {
    let found = data(
        "\
Dunmore Studio A/S
Nørregade 194
1620 København V

FAKTURA

Kunde
Inverlay I/S
Algade 177
5000 Odense C

Fakturanr.:       96685645
Fakturadato:      20. januar 2021
Forfaldsdato:     20. februar 2021

Varetekst                 Mængde     Pris pr. enhed     Beløb
Grafisk arbejde           16         298,98             4.783,68
Transport                 10         344,40             3.444,00

                          Subtotal                      8.227,68
                          Moms 25%                      2.056,92
                          Total kr.                    10.284,60

CVR-nr. DK38424551  IBAN DK50 0040 0440 1162 43
",
    );
    assert_eq!(found["type"], "invoice");
    assert_eq!(
        json!([found["invoiceNumber"], found["invoiceDate"], found["dueDate"], found["currency"]]),
        json!(["96685645", "2021-01-20", "2021-02-20", "DKK"])
    );
    assert_eq!(
        json!([found["subtotal"], found["tax"], found["total"]]),
        json!([8227.68, 2056.92, 10284.6])
    );
    // The word between both numbers belongs to neither.
    assert_eq!(found["vendor"]["taxId"], "DK38424551");
    assert_eq!(found["vendor"]["iban"], "DK5000400440116243");
    assert_eq!(found["lineItems"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_quantity_and_price_under_the_text_belong_to_its_amount() {
    let found = data(
        "\
Burren Gardens Ltd
12 Upper Lane
Galway H91 X2F4

INVOICE
Invoice number: 2024/117
Date: 3 May 2024

Work performed                                Amount
Stair sanding                               2,267.82
  18 hrs x 125.99
Faucet replacement                            210.90
  6 ea x 35.15

                         Subtotal:          2,478.72
                         VAT 23%:             570.11
                         Total:             3,048.83 EUR
",
    );
    let item = &found["lineItems"][0];
    assert_eq!(
        json!([item["description"], item["quantity"], item["unitPrice"], item["amount"]]),
        json!(["Stair sanding", 18, 125.99, 2267.82])
    );
    assert_eq!(found["lineItems"][1]["quantity"], 6);
}

#[test]
fn a_tax_that_the_total_includes_leaves_the_net_amount() {
    let found = data(
        "\
Merbau Decks Pty Ltd
42 Pitt Street
Hobart TAS 7000
ABN 77 428 855 918

TAX INVOICE
Invoice No: 20771
Invoice Date: 04/03/2026

Description         Qty     Unit Price     Amount
Cable tray 3m       10      33.00          330.00

                    Total inc GST         $330.00
                    Includes GST of        $30.00
",
    );
    assert_eq!(json!([found["subtotal"], found["tax"], found["total"]]), json!([300, 30, 330]));
    // An Australian number makes dollars Australian and puts days first.
    assert_eq!(json!([found["currency"], found["invoiceDate"]]), json!(["AUD", "2026-03-04"]));
    assert_eq!(found["vendor"]["taxId"], "77 428 855 918");
}

#[test]
fn a_total_is_added_up_only_where_no_printed_rate_contradicts() {
    let bill = |net: &str| {
        let text = format!(
            "\
Kranz Möbel GmbH
Rechnung Nr. 2026-17
Rechnungsdatum: 03.02.2026

Nettobetrag                 {net} €
MwSt. 19 %                   17,10 €
Endsurnme                   107,10 €
"
        );
        read(text.as_bytes()).unwrap()
    };
    let right = bill("90,00");
    assert_eq!(right.data["total"], 107.1);
    let sure = |name: &str| {
        let found = right.fields.iter().find(|field| field.name == name);
        found.map(|field| field.confidence).unwrap_or_default()
    };
    assert!(sure("total") <= sure("subtotal").min(sure("tax")), "no surer than its parts");
    assert_eq!(bill("100,00").data["total"], json!(null));
}

#[test]
fn labels_in_two_languages_are_one_label() {
    let found = data(
        "\
Voorbeeld NV
Meir 12
2000 Antwerpen

Factuurdatum / Date facture: 05/04/2022
Factuurnr. / N° facture: 2062-0349

Omschrijving / Description      Aantal / Qté     Prijs / Prix     Bedrag / Montant
Nettoyage bureaux               4                25,00            100,00

                                Totaal excl. btw / Total HTVA     100,00
                                BTW / TVA 21%                      21,00
                                Totaal / Total TVAC               121,00 EUR
",
    );
    assert_eq!(found["invoiceNumber"], "2062-0349");
    assert_eq!(found["invoiceDate"], "2022-04-05");
    assert_eq!(json!([found["subtotal"], found["tax"], found["total"]]), json!([100, 21, 121]));
    assert_eq!(found["lineItems"][0]["quantity"], 4);
}
