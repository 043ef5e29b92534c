use parseflow_model::DocumentType;
use serde_json::json;

use crate::{ExtractOptions, extract};

#[test]
fn debits_and_credits_lead_from_one_balance_to_the_other() {
    let text = "\
Northern Bank plc
BANK STATEMENT
Account holder: Ann Miller
IBAN: GB29 NWBK 6016 1331 9268 19
Statement period: 1 April 2026 to 30 April 2026

Date          Description                 Paid out      Paid in      Balance
              Opening balance                                        1,000.00
02/04/2026    Rent April                   700.00                      300.00
15/04/2026    Salary                                    2,500.00     2,800.00
28/04/2026    Groceries                     55.25                    2,744.75
              Closing balance                                        2,744.75
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::BankStatement);
    let mut data = serde_json::Value::Object(found.data);
    let rows = data["transactions"].take();
    assert_eq!(
        data,
        json!({
            "type": "bank_statement", "accountHolder": "Ann Miller", "iban": "GB29NWBK60161331926819",
            "period": {"from": "2026-04-01", "to": "2026-04-30"}, "openingBalance": 1000,
            "closingBalance": 2744.75, "transactions": null, "currency": null
        })
    );
    assert_eq!(
        rows,
        json!([
            {"date": "2026-04-02", "description": "Rent April", "amount": -700, "balance": 300},
            {"date": "2026-04-15", "description": "Salary", "amount": 2500, "balance": 2800},
            {"date": "2026-04-28", "description": "Groceries", "amount": -55.25, "balance": 2744.75}
        ])
    );
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
}

#[test]
fn a_statement_that_does_not_add_up_is_reported() {
    let text = "\
Kontoauszug
Zeitraum 01.04.2026 bis 30.04.2026
Anfangssaldo            1.000,00 EUR
Buchungstag   Verwendungszweck        Betrag
02.04.        Miete                  -700,00
15.04.        Gehalt                2.500,00
Endsaldo                2.900,00 EUR
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::BankStatement);
    assert_eq!(found.data["transactions"][0]["date"], json!("2026-04-02"));
    assert_eq!(found.data["transactions"][0]["amount"], json!(-700));
    assert!(found.needs_review);
    assert!(found.warnings.iter().any(|warning| warning.code == "balances_disagree"));
    let fixed = text.replace("2.900,00", "2.800,00");
    let found = extract(fixed.as_bytes(), &ExtractOptions::default()).unwrap();
    assert!(found.warnings.is_empty() && !found.needs_review, "{:?}", found.confidence);
}

#[test]
fn a_statement_is_known_by_transactions_that_lead_from_one_balance_to_the_other() {
    let text = "\
Caisse Rhodanienne
Mme Hélène Vial
3 rue des Tanneurs
21000 Dijon

Relevé de vos opérations 01.07.2022 - 30.07.2022
Compte IBAN        FR7630006000011234567890189

Date          Valeur    Libellé                     Montant
                        Solde d'ouverture           4.121,98 C
04.07         05.07     CB Monoprix Dijon             121,98 D
27.07         28.07     VIR CPAM                      500,00 C
                        Solde en fin de période     4.500,00 C
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::BankStatement);
    assert_eq!(found.data["accountHolder"], json!("Mme Hélène Vial"));
    assert_eq!(found.data["period"], json!({"from": "2022-07-01", "to": "2022-07-30"}));
    assert_eq!(found.data["openingBalance"], json!(4121.98));
    assert_eq!(found.data["closingBalance"], json!(4500));
    let rows = &found.data["transactions"];
    assert_eq!(rows[0]["description"], json!("CB Monoprix Dijon"));
    assert_eq!(rows[0]["amount"], json!(-121.98));
    assert_eq!(rows[1]["amount"], json!(500));
}

#[test]
fn balances_carried_to_the_next_page_are_not_those_of_the_statement() {
    let text = "\
Current account statement
Account name       IBAN                        Statement period
Ann Miller         GB29NWBK60161331926819      1 April 2026 to 30 April 2026

Date     Details                 Paid out    Paid in    Balance
         Balance brought forward                        1,000.00
02 Apr   Rent                     700.00                  300.00
         Carried forward                                  300.00
         Brought forward                                  300.00
15 Apr   Salary                              2,500.00   2,800.00
         Balance carried forward                        2,800.00
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["accountHolder"], json!("Ann Miller"));
    assert_eq!(found.data["openingBalance"], json!(1000));
    assert_eq!(found.data["closingBalance"], json!(2800));
    assert_eq!(found.data["transactions"][0]["date"], json!("2026-04-02"));
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
}
