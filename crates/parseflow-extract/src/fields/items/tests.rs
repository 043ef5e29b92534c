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

#[test]
fn items_without_a_head_are_those_whose_amounts_make_the_net_amount() {
    let list = "\
3 x Copper pipe à 12.50                      37.50
2h  Fitting @ 31.00                          62.00
Travel                                        8.50

Subtotal                                    108.00
VAT 20%                                      21.60
Total                                       129.60
";
    let wanted = json!([["Copper pipe", 3, 37.5], ["Fitting", 2, 62], ["Travel", null, 8.5]]);
    assert_eq!(rows(list), wanted);
    let unlike = list.replace("108.00", "109.00").replace("129.60", "130.60");
    assert_eq!(rows(&unlike), json!([]));
}

#[test]
fn names_with_their_values_make_items_and_sums_of_groups_do_not() {
    let boxes = "\
Copper pipe
Quantity: 4 pcs      Price: 12.50      Amount: 50.00

Brass valve
Quantity: 2 pcs      Price: 31.00      Amount: 62.00

Subtotal                               112.00
VAT 20%                                22.40
Total                                  134.40
";
    assert_eq!(rows(boxes), json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62]]));
    let groups = "\
Code      Description        Quantity     Unit price     Amount
7701      Copper pipe               4          12.50      50.00
7702      Brass valve               2          31.00      62.00
          Kitchen altogether                             112.00
7703      Steel bolt              300          10.00      30.00   per 100
          Yard altogether                                 30.00

Net amount                                               142.00
VAT 20%                                                   28.40
Total                                                    170.40
";
    let wanted = json!([["Copper pipe", 4, 50], ["Brass valve", 2, 62], ["Steel bolt", 300, 30]]);
    assert_eq!(rows(groups), wanted);
}

/// The same lines as they are read in a picture.
fn rows_of_picture(text: &str) -> Value {
    let page = crate::tests::page_of_picture(text, 900.0);
    let found = crate::extract_words(&[page], "image/png", &ExtractOptions::default()).unwrap();
    let items = found.data["lineItems"].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .map(|item| json!([item["description"], item["quantity"], item["amount"]]))
        .collect()
}

#[test]
fn a_quantity_that_was_overlooked_in_a_picture_is_what_price_and_amount_make() {
    let bill = "\
Harbour Tools Ltd
12 Quay Road

INVOICE
Invoice number: INV-2041
Invoice date: 3 March 2026

Description               Quantity     Unit price     Amount
Copper pipe                   4            12.50       50.00
Brass valve                                31.00       93.00
Washer                                      7.00       10.00
Steel door                                 99.50
                                                       99.50

Total                                                 252.50
";
    let expected = json!([
        ["Copper pipe", 4, 50],
        ["Brass valve", 3, 93],
        ["Washer", null, 10],
        ["Steel door", 1, 99.5]
    ]);
    assert_eq!(rows_of_picture(bill), expected);
    // What a printed page leaves open stays open.
    let printed = rows(bill.split_once("2026\n").unwrap().1);
    assert_eq!(printed[1], json!(["Brass valve", null, 93]));
}
