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

#[test]
fn neither_the_sums_of_a_table_of_taxes_nor_what_was_rounded_is_the_total() {
    let total = |text: &str| {
        let found = crate::extract(text.as_bytes(), &crate::ExtractOptions::default()).unwrap();
        found.data["total"].clone()
    };
    let taxes = "KASSABON\nBakker Holm BV\nBon 12   03-04-2026 10:12\nTaart          92,72\nTOTAAL EUR     92,72\n\
                 BTW       Excl      BTW\n9%       26,61     2,13\n21%      60,93     3,05\nTOTAAL   87,54     5,18\nPIN            92,72\n";
    assert_eq!(total(taxes), serde_json::json!(92.72));
    let rounded = "TAX INVOICE\nLantern Kitchen Pte Ltd\nDate: 16/11/2025 08:31\nSoup           91.84\nAmount Payable 91.84\n\
                   Rounding Adj    0.01\nNett Total     91.85\nCash          100.00\nCHANGE          8.15\n";
    assert_eq!(total(rounded), serde_json::json!(91.85));
}

#[test]
fn the_slip_of_a_terminal_has_its_amount() {
    let text = "HARBOUR BOOKS LTD\n12 Dock Street\nCUSTOMER COPY RECEIPT\nTID: 34897613\n28/02/2026 16:16\nAID: A0000000041010\n\
                AMOUNT         GBP 96.86\nAUTH CODE 742731\nAPPROVED\n";
    let found = crate::extract(text.as_bytes(), &crate::ExtractOptions::default()).unwrap();
    assert_eq!(found.data["total"], serde_json::json!(96.86));
}
