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

#[test]
fn facts_are_read_in_one_language_or_two_beside_and_below_their_names() {
    let text = "\
REPÚBLICA PORTUGUESA
PASSAPORTE

N.º do documento
WG688644
Apelidos               Nome(s)
SIMÕES DA CONCEIÇÃO    TOMÁS
Nacionalidade          Data de nasc.
PORTUGUESA             10 02 1981
Sexo                   Local de nascimento
F                      BRAGA
Data de emissão        Data de validade
27 10 2023             27 10 2033
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::IdDocument);
    let data = serde_json::Value::Object(found.data);
    assert_eq!(
        data,
        json!({
            "type": "id_document", "documentNumber": "WG688644", "surname": "SIMÕES DA CONCEIÇÃO",
            "givenNames": "TOMÁS", "nationality": "PORTUGUESA", "dateOfBirth": "1981-02-10", "sex": "F",
            "expiryDate": "2033-10-27", "issuingCountry": null
        })
    );

    let text = "\
UNITED KINGDOM
PASSPORT
Number: 882918346
Surname/Name: HARTLEY-BROWN
First names / Prénoms: IMOGEN MARY
Citizenship: BRITISH CITIZEN
Date of birth / Date de naissance: 08 AUG /AOÛT 64
Gender: M
Date of expiry: 17 JUN /JUIN 26
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["surname"], json!("HARTLEY-BROWN"));
    assert_eq!(found.data["givenNames"], json!("IMOGEN MARY"));
    assert_eq!(found.data["dateOfBirth"], json!("1964-08-08"));
    assert_eq!(found.data["expiryDate"], json!("2026-06-17"));
    assert_eq!(found.data["documentNumber"], json!("882918346"));
}

#[test]
fn a_licence_is_known_by_the_numbers_of_its_facts() {
    let text = "\
FÜHRERAUSWEIS                        REPUBLIK ÖSTERREICH

    1 HÖLZL
    2 THERESA
    3 21 MAI/MAY 2006 GRAZ
    4a 02.11.2019                  4c WIEN
    4b 02.11.2029
    5 T3534188
    9 AM/B1/B
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::IdDocument);
    assert_eq!(found.data["surname"], json!("HÖLZL"));
    assert_eq!(found.data["dateOfBirth"], json!("2006-05-21"));
    assert_eq!(found.data["expiryDate"], json!("2029-11-02"));
    assert_eq!(found.data["documentNumber"], json!("T3534188"));
}

#[test]
fn a_number_longer_than_its_field_goes_on_behind_its_filler() {
    let number = "731161577562";
    let check = super::check_digit(number).unwrap();
    let text = format!(
        "CARTE D'IDENTITÉ\nIDBEL731161577<562{check}<<<<<<<<<<<\n8502116F3306132BEL<<<<<<<<<<<8\nPEETERS<<ELISE<JOELLE<<<<<<<<<\n"
    );
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["documentNumber"], json!(number));
    assert_eq!(found.data["surname"], json!("PEETERS"));
}

#[test]
fn a_day_that_is_not_known_is_not_guessed() {
    let day_in = |text, ends| super::dates::day_in(text, ends, crate::spans::DateOrder::DayFirst);
    assert_eq!(day_in("XX.04.1985", None), None);
    assert_eq!(day_in("00/00/1970", None), None);
    assert_eq!(day_in("1985-04-07", None).as_deref(), Some("1985-04-07"));
    assert_eq!(day_in("7 APR/AVR 31", Some("2030-01-01")).as_deref(), Some("1931-04-07"));
}

#[test]
fn the_print_counts_where_a_check_digit_is_wrong() {
    let zone = |number: &str| {
        format!(
            "PASSPORT\nSurname: ERIKSSON\nGiven names: ANNA MARIA\nPassport No.: L898902C3\nDate of birth: 12.08.1974\n\
             Date of expiry: 15.04.2012\nP<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n{number}UTO7408122F1204159ZE184226B<<<<<10\n"
        )
    };
    let read = |text: String| {
        let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
        let sure = found.fields.iter().find(|field| field.name == "documentNumber").unwrap();
        (found.data["documentNumber"].clone(), sure.confidence)
    };
    let (right, agreed) = read(zone("L898902C36"));
    // A letter is misread; the check digit is wrong.
    let (mended, doubted) = read(zone("L8989O2C36"));
    let (kept, alone) = read(zone("L898902C34"));
    for number in [right, mended, kept] {
        assert_eq!(number, json!("L898902C3"));
    }
    assert!(agreed > alone && agreed > doubted, "{agreed} {alone} {doubted}");
}

#[test]
fn american_licences_give_months_first_and_number_their_facts_otherwise() {
    let text = "\
DRIVER LICENSE              OREGON USA
4d DLN 7719034              9 CLASS C
1 MARLOWE
2 JUNE ELAINE
8 55 Alder Ct, Salem, OR 97301
3 DOB 02/11/1988
4a ISS 03/09/2021
4b EXP 02/11/2029
15 SEX F
5 DD 10938475566
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::IdDocument);
    assert_eq!(found.data["documentNumber"], json!("7719034"));
    assert_eq!(found.data["surname"], json!("MARLOWE"));
    assert_eq!(found.data["dateOfBirth"], json!("1988-02-11"));
    assert_eq!(found.data["expiryDate"], json!("2029-02-11"));
    assert_eq!(found.data["sex"], json!("F"));
}
