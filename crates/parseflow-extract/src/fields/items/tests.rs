use serde_json::{Value, json};

use crate::{ExtractOptions, extract};

/// Description, quantity and amount of each item of an invoice with this table.
fn rows(table: &str) -> Value {
    let text = format!(
        "Harbour Tools Ltd\n12 Quay Road\n\nINVOICE\nInvoice number: INV-2041\nInvoice date: 3 March 2026\n\n{table}"
    );
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    let items = found.data["lineItems"].as_array().cloned().unwrap_or_default();
    let row = |item: &Value| json!([item["description"], item["quantity"], item["amount"]]);
    items.iter().map(row).collect()
}

#[test]
fn names_stand_above_or_below_the_numbers_of_their_item() {
    let below = "\
Code        Description        Quantity     Unit price     Amount
770041                         4            12.50           50.00
            Copper pipe
            Packed: bundle

770042                         2            31.00           62.00
            Brass valve
            Packed: box

Total                                                      112.00
";
    assert_eq!(rows(below), json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62]]));
    let above = "\
Code        Description        Quantity     Unit price     Amount

            Copper pipe
770041                         4            12.50           50.00

            Brass valve
770042                         2            31.00           62.00

Total                                                      112.00
";
    assert_eq!(rows(above), json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62]]));
}

#[test]
fn discounts_and_surcharges_listed_below_are_no_items() {
    let table = "\
Pos   Description      Quantity     Unit price     Amount
1     Copper pipe      4            12.50           50.00
2     Brass valve      2            31.00           62.00

Allowances
Kind       Reason              Base amount         Amount
Discount   Loyal customer      112.00              -5.00

Net total                                          107.00
";
    assert_eq!(rows(table), json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62]]));
}

#[test]
fn sums_carried_to_the_next_page_are_no_items() {
    let table = "\
Description        Quantity     Unit price     Amount
Copper pipe        4            12.50           50.00
Brass valve        2            31.00           62.00

                   Carried forward             112.00
                   Brought forward             112.00
Steel bracket      10            3.00           30.00

Total                                          142.00
";
    let wanted = json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62], ["Steel bracket", 10, 30]]);
    assert_eq!(rows(table), wanted);
}
