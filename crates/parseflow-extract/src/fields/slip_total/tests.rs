use parseflow_model::DocumentType;
use serde_json::json;

use crate::{ExtractOptions, extract};

fn read(text: &str) -> parseflow_model::Extraction {
    extract(text.as_bytes(), &ExtractOptions::default()).unwrap()
}

#[test]
fn the_total_is_what_was_given_less_what_was_returned() {
    let found = read(
        "HARBOUR STORE SDN BHD (123456-X)\nTel: 03-1234567\nRECEIPT\nDate: 14/04/2026 10:15\n\
         2 x Tea          7.00\nTotal sales      7.40\nGST total        0.42\n\
         Rounding        -0.02\nTOTL             7.40\nCash            10.00\nChange           2.60\n\
         Thank you, please come again\n",
    );
    assert_eq!(found.document_type, DocumentType::Receipt);
    assert_eq!(found.data["total"], json!(7.4));
    assert_eq!(found.data["date"], json!("2026-04-14"));
    assert_eq!(found.data["merchant"]["name"], json!("HARBOUR STORE SDN BHD"));
}

#[test]
fn a_label_without_doubt_outweighs_totals_of_parts() {
    let found = read(
        "Corner Cafe\nReceipt\n14/04/2026\nCoffee 3.00\nCake 4.50\nTotal qty 2\nTotal tax 0.45\n\
         TOTAL PAYABLE 7.95\nVisa 7.95\nThank you\n",
    );
    assert_eq!(found.data["total"], json!(7.95));
}

#[test]
fn a_total_that_names_the_tax_in_it_is_taken_unless_one_comes_after_rounding() {
    let slip = |end: &str| {
        let head =
            "GREEN LEAF SDN\nBHD (123456-X)\nTAX RECEIPT\n14/04/2026\nTea 2.28\nSUBTOTAL 2.28\n";
        read(&format!("{head}TOTAL (GST INCL)  2.28\n{end}Thank you\n")).data["total"].clone()
    };
    assert_eq!(slip("CASH 3.00\nROUNDING ADJUSTMENTS 0.02\nCHANGE DUE 0.70\n"), json!(2.28));
    assert_eq!(slip("Rounding 0.02\nTOTAL ROUNDED 2.30\nCASH 3.00\nCHANGE 0.70\n"), json!(2.3));
}
