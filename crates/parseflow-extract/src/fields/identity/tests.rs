use parseflow_model::DocumentType;
use serde_json::json;

use super::check_digit;
use crate::{ExtractOptions, extract};

fn check(text: &str, expected: &serde_json::Value) {
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::IdDocument);
    assert_eq!(serde_json::Value::Object(found.data), *expected);
}

#[test]
fn the_zone_of_a_passport_is_read_and_checked() {
    // The specimen of ICAO 9303, part 4.
    check(
        "PASSPORT\nP<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n",
        &json!({
            "type": "id_document", "documentNumber": "L898902C3", "surname": "ERIKSSON",
            "givenNames": "ANNA MARIA", "nationality": "UTO", "dateOfBirth": "1974-08-12", "sex": "F",
            "expiryDate": "2012-04-15", "issuingCountry": "UTO"
        }),
    );
}

#[test]
fn the_zones_of_cards_are_read_too() {
    // The specimens of ICAO 9303, parts 5 and 6.
    check(
        "IDENTITY CARD\nI<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n",
        &json!({
            "type": "id_document", "documentNumber": "D23145890", "surname": "ERIKSSON",
            "givenNames": "ANNA MARIA", "nationality": "UTO", "dateOfBirth": "1974-08-12", "sex": "F",
            "expiryDate": "2012-04-15", "issuingCountry": "UTO"
        }),
    );
    check(
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6\n",
        &json!({
            "type": "id_document", "documentNumber": "D23145890", "surname": "ERIKSSON",
            "givenNames": "ANNA MARIA", "nationality": "UTO", "dateOfBirth": "1974-08-12", "sex": "F",
            "expiryDate": "2012-04-15", "issuingCountry": "UTO"
        }),
    );
}

#[test]
fn wrong_check_digits_lower_the_confidence_and_are_told() {
    let text = "PASSPORT\nP<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C46UTO7408122F1204159ZE184226B<<<<<10\n";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert!(found.warnings.iter().any(|warning| warning.code == "mrz_check_digits"));
    let number = found.fields.iter().find(|field| field.name == "documentNumber").unwrap();
    assert!(number.confidence <= 0.5 && found.needs_review);
}

#[test]
fn printed_labels_are_read_where_there_is_no_zone() {
    let text = "DRIVING LICENCE\nSurname: Miller\nGiven names: Ann Louise\nDate of birth: 12.08.1974\n\
                Nationality: British\nLicence number: MILLE 753116\nSex: F\nDate of expiry: 2031-04-15\n";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::IdDocument);
    assert_eq!(found.data["surname"], json!("Miller"));
    assert_eq!(found.data["dateOfBirth"], json!("1974-08-12"));
    assert_eq!(found.data["documentNumber"], json!("MILLE 753116"));
    assert_eq!(found.data["sex"], json!("F"));
}

#[test]
fn check_digits_weigh_seven_three_one() {
    assert_eq!(check_digit("520727"), Some(3));
    assert_eq!(check_digit("AB2134<<<"), Some(5));
    assert_eq!(check_digit("a-b"), None);
}
