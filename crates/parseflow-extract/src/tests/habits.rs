//! Habits of bills: what is read where labels, numbers and sums stand in unusual places.

use serde_json::{Value, json};

use super::read;

const HEAD: &str = "\
Harbour Tools Ltd
12 Quay Road
Bristol BS1 4RW

";

fn data(text: &str) -> Value {
    Value::Object(read(text.as_bytes()).unwrap().data)
}

/// Net, tax and gross of a bill with these lines at its end.
fn sums(lines: &str) -> Value {
    let text = format!(
        "{HEAD}INVOICE\nInvoice number: INV-2041\nInvoice date: 3 March 2026\n\n\
         Description        Quantity     Unit price     Amount\n\
         Copper pipe        4            12.50           50.00\n\
         Brass valve        2            35.00           70.00\n\n{lines}"
    );
    let found = data(&text);
    assert_eq!(found["lineItems"].as_array().map(Vec::len), Some(2), "{lines}");
    json!([found["subtotal"], found["tax"], found["total"]])
}

#[test]
fn taxes_beside_the_sums_are_no_items() {
    let lines = "\
VAT rate     Net       VAT      Gross            Net total:      120.00
20 %         70.00     14.00    84.00            VAT total:       16.50
5 %          50.00      2.50    52.50            Grand total:    136.50
";
    assert_eq!(sums(lines), json!([120, 16.5, 136.5]));
}

#[test]
fn sums_stand_under_heads_in_a_row_with_a_line_for_each_rate() {
    let lines = "\
Net          VAT rate      VAT         Total
70.00        20 %          14.00       84.00
50.00        5 %            2.50       52.50
120.00                     16.50       136.50
";
    assert_eq!(sums(lines), json!([120, 16.5, 136.5]));
}

#[test]
fn taxes_of_several_rates_are_added() {
    let lines = "\
                    Net total        120.00
                    VAT @ 20%         14.00
                    VAT @ 5%           2.50
                    Invoice total    136.50
";
    assert_eq!(sums(lines), json!([120, 16.5, 136.5]));
}

#[test]
fn terms_left_of_the_sums_are_no_items() {
    let lines = "\
Please pay within 30 days to the account below      Net total:      120.00
Barclays Bank, sort code as agreed with us          VAT 20 %:        24.00
Quote the number of this invoice                    Total:          144.00
";
    assert_eq!(sums(lines), json!([120, 24, 144]));
}

#[test]
fn a_number_may_look_like_a_date() {
    let text = format!(
        "{HEAD}FATTURA\nFattura n.: 12/03/2024\nData: 25/04/2024\n\nTotale fattura   EUR 120,00\n"
    );
    let found = data(&text);
    assert_eq!(
        json!([found["invoiceNumber"], found["invoiceDate"]]),
        json!(["12/03/2024", "2024-04-25"])
    );
}

#[test]
fn the_number_stands_under_the_title_after_a_sign() {
    let text = format!(
        "{HEAD}                              INVOICE\n                              # A-0042\n\n\
         Date:  Jan 5, 2024\n\nBalance Due:  $120.00\n\nTotal:  $120.00\n"
    );
    assert_eq!(data(&text)["invoiceNumber"], "A-0042");
}

#[test]
fn the_words_id_and_eu_are_no_part_of_a_tax_number() {
    let text = format!(
        "{HEAD}INVOICE\nInvoice number: 77812\nDate: 01/05/2024\n\nTotal: $120.00\n\nTax ID: 15-3728831\n"
    );
    assert_eq!(data(&text)["vendor"]["taxId"], "15-3728831");
}

#[test]
fn the_text_column_names_items_and_not_that_of_article_numbers() {
    let text = format!(
        "{HEAD}FACTUUR\nFactuurnummer: 2024-118\nFactuurdatum: 25-04-2024\n\n\
         Artikel      Aantal      Omschrijving        Prijs      Bedrag\n\
         71-20939     6           Montage op maat     10,00      60,00\n\
         KX-98123     8           Advies              15,00     120,00\n\n\
         Totaal excl. BTW     180,00\nBTW 21%               37,80\nTotaal incl. BTW     217,80\n"
    );
    let found = data(&text);
    let items = found["lineItems"].as_array().cloned().unwrap_or_default();
    let names: Vec<&Value> = items.iter().map(|item| &item["description"]).collect();
    assert_eq!(names, ["Montage op maat", "Advies"]);
}
