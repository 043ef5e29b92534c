use parseflow_model::{DocumentType, RequestedType};
use serde_json::json;

use crate::{ExtractOptions, extract};

#[test]
fn the_facts_of_an_agreement_are_found_in_its_sentences() {
    let text = "\
MUTUAL NON-DISCLOSURE AGREEMENT

This Mutual Non-Disclosure Agreement (the \"Agreement\") is made and entered into as of this 15th day of
November, 2025, by and between Blue Harbor, Inc., a Delaware corporation with offices at 12 Dock Street
(\"Harbor\"), and Northern Light Shipping Ltd., a company registered in England (\"Northern\").

1. Term. This Agreement shall remain in effect for a period of two (2) years from the date hereof.

2. Records of employment shall be kept for ten (10) years.

3. Governing Law. This Agreement shall be governed by and construed in accordance with the laws of the
State of New York, without regard to conflicts of law.
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.document_type, DocumentType::Contract);
    assert_eq!(
        serde_json::Value::Object(found.data),
        json!({
            "type": "contract", "parties": ["Blue Harbor, Inc.", "Northern Light Shipping Ltd."],
            "effectiveDate": "2025-11-15", "endDate": null, "term": "2 years", "governingLaw": "New York"
        })
    );
}

/// The parties and the law of an agreement with this opening.
fn parties_and_law(text: &str) -> serde_json::Value {
    let options = ExtractOptions {
        document_type: RequestedType::Is(DocumentType::Contract),
        ..ExtractOptions::default()
    };
    let found = extract(text.as_bytes(), &options).unwrap();
    serde_json::json!([found.data["parties"], found.data["governingLaw"]])
}

#[test]
fn a_form_names_one_party_and_leaves_the_other_open() {
    let found = parties_and_law(
        "CONFIDENTIALITY AGREEMENT\n\nThis Confidentiality Agreement (\u{201c}Agreement\u{201d}) is made between ________ (the\n\
         \u{201c}Employee\u{201d}) and Harbour Bank SB (the \u{201c}Bank\u{201d}). The parties shall keep all confidential\n\
         information secret, including what Zenith Power Company (\u{201c}ZPC\u{201d}) disclosed.\n\n\
         The laws of the State of Indiana shall govern this Agreement.\n",
    );
    assert_eq!(found, serde_json::json!([["Harbour Bank SB"], "Indiana"]));
}

#[test]
fn short_names_in_the_title_are_not_the_parties() {
    let found = parties_and_law(
        "CONFIDENTIALITY AGREEMENT BY AND BETWEEN NORDIS AND QUARIN, DATED MARCH 1, 2026\n\n\
         THIS CONFIDENTIALITY AGREEMENT is entered into as of March 1, 2026 between Nordis Energy, Inc.\n\
         (\u{201c}Nordis\u{201d}) and A. Bruce Miller (\u{201c}Employee\u{201d}). This Agreement shall be governed by the laws\n\
         of Delaware. The receiving party shall not disclose confidential information.\n",
    );
    assert_eq!(found, serde_json::json!([["Nordis Energy, Inc.", "A. Bruce Miller"], "Delaware"]));
}

#[test]
fn an_undated_agreement_holds_from_the_last_signature_and_for_what_it_calls_its_term() {
    let text = "\
CONFIDENTIALITY AGREEMENT

This Confidentiality Agreement (the \"Agreement\") is made by and between Blue Harbor, Inc. (the \"Company\") and
David Miller (the \"Recipient\"). The Recipient shall keep all confidential information secret and shall apply
to it the care that he applies to his own.

1. It shall apply to all information furnished by the Company for a period of one year following signature
(the \"Term\").

2. This Agreement shall be governed by the laws of the State
3
of Ohio.

IN WITNESS WHEREOF, the parties have executed this Agreement.

By: Anna Clarke, signed March 21, 2008

David Miller
Signed March 31, 2008
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    let facts = ["effectiveDate", "term", "governingLaw"].map(|name| found.data[name].clone());
    assert_eq!(json!(facts), json!(["2008-03-31", "1 year", "Ohio"]));
}

#[test]
fn a_third_party_follows_the_address_of_the_first() {
    let found = parties_and_law(
        "NON-DISCLOSURE AGREEMENT\n\nThis Agreement is made and entered into as of this 4th day of May, 2021, among\n\
         Nordis, Inc. (\u{201c}Nordis\u{201d}), located at 12 Dock Street, Waltham, MA 02451, Quarin Labs LLC, located at\n\
         9 Mill Road, Collegeville, PA 19426 (\u{201c}QL\u{201d}), and Harbor Fill, Inc. (\u{201c}Harbor\u{201d}), located at 1 Pier, San\n\
         Diego, CA 92121. The Receiving Party shall keep Confidential Information secret. This Agreement is governed\n\
         by the laws of Delaware.\n",
    );
    let parties = ["Nordis, Inc.", "Quarin Labs LLC", "Harbor Fill, Inc."];
    assert_eq!(found, serde_json::json!([parties, "Delaware"]));
}

#[test]
fn who_made_a_cited_agreement_is_no_party_and_a_letter_names_whom_it_greets() {
    let found = parties_and_law(
        "Effective as of February 3, 2020\n\nMargaret L. Stone\n33 Middle Street\nConcord, MA 01742\n\nDear Margaret:\n\n\
         Before the closing of the merger (as defined in that certain Agreement and Plan of Merger, dated as of January\n\
         7, 2020, by and among Nordis Energy, Inc. (\u{201c}Nordis\u{201d}), Quarin Holding Corp., and Zenith Fund, L.P.) your\n\
         employment ends. You shall keep all confidential information secret. This agreement shall be governed by the\n\
         laws of Massachusetts.\n",
    );
    let parties = ["Nordis Energy, Inc.", "Margaret L. Stone"];
    assert_eq!(found, serde_json::json!([parties, "Massachusetts"]));
}

#[test]
fn what_outlives_an_agreement_is_not_its_term() {
    let text = "\
CONFIDENTIALITY AGREEMENT

This Confidentiality Agreement (the \"Agreement\") is made as of March 4, 2024 by and between Blue Harbor, Inc. (\"Harbor\")
and Northern Light Shipping Ltd. (\"Northern\").

1. This Agreement shall terminate in its entirety one year after the date of this Agreement. Upon termination the
obligations of each of the parties under this Agreement shall remain in effect and survive any such termination for a
period of three (3) years from the date thereof.

2. This Agreement shall be governed by the laws of the State of Ohio.
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["term"], json!("1 year"));
}

/// One fact of an agreement with this text.
fn fact(name: &str, text: &str) -> serde_json::Value {
    let text = format!(
        "SERVICES AGREEMENT\n\nThis Services Agreement (the \"Agreement\") is made as of March 4, 2024 by and between Blue\n\
         Harbor, Inc. (\"Harbor\") and Northern Light Shipping Ltd. (\"Northern\"). The parties agree as follows.\n\n{text}\n"
    );
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    found.data[name].clone()
}

#[test]
fn the_law_is_named_by_state_country_or_adjective() {
    let check =
        |text: &str, law: &str| assert_eq!(fact("governingLaw", text), json!(law), "{text}");
    check(
        "9. This Agreement is governed by English law. The seat of arbitration shall be Paris.",
        "England",
    );
    check("9. New South Wales law governs this Agreement.", "New South Wales");
    check(
        "9. Auf diesen Vertrag findet österreichisches Recht Anwendung. Gerichtsstand ist Mailand.",
        "Austria",
    );
    check("9. Le présent contrat est soumis au droit belge.", "Belgium");
    check("9. El presente contrato se rige por las leyes de la República de Chile.", "Chile");
    check(
        "9. All questions shall be decided under the laws of the United States and the State of Ohio.",
        "Ohio",
    );
    assert_eq!(
        fact("governingLaw", "9. The Buyer is a company organized under the laws of Nevada."),
        serde_json::Value::Null
    );
}

#[test]
fn the_term_is_neither_a_notice_nor_a_renewal_nor_a_warranty_nor_what_survives() {
    let check =
        |text: &str, term: serde_json::Value| assert_eq!(fact("term", text), term, "{text}");
    check(
        "2. The initial term shall be eighteen (18) months, renewed for periods of one year.",
        json!("18 months"),
    );
    check("2. Der Vertrag hat eine Laufzeit von zwei Jahren.", json!("2 years"));
    check("2. Le contrat est conclu pour une durée de trente-six mois.", json!("36 months"));
    check("2. La duración del contrato será de cinco (5) años.", json!("5 years"));
    check("2. This Agreement continues until terminated on three months' notice.", json!(null));
    check("2. The goods are warranted for two (2) years from delivery.", json!(null));
    check(
        "2. For one year after leaving, no party may engage the staff of the other.",
        json!(null),
    );
    check("2. The minimum term is 24 months.", json!("24 months"));
    check("2. These duties survive the end of this Agreement for five (5) years.", json!(null));
}

#[test]
fn a_day_is_read_in_words_and_the_effective_one_wins() {
    let text = "\
LICENSE AGREEMENT

This License Agreement (the \"Agreement\") is signed on March 1, 2022 and is effective as of the twenty-second day of
August, two thousand twenty-two (the \"Effective Date\") by and between Blue Harbor, Inc. (\"Licensor\") and
David Miller (\"Licensee\"). It supersedes the letter of intent dated January 11, 2019.

1. This Agreement shall remain in force until 7 April, 2025.
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(
        json!([found.data["effectiveDate"], found.data["endDate"]]),
        json!(["2022-08-22", "2025-04-07"])
    );
}

#[test]
fn parties_stand_in_particulars_lists_and_short_names_of_other_languages() {
    let check = |text: &str, parties: [&str; 2]| {
        let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
        assert_eq!(found.data["parties"], json!(parties), "{text}");
    };
    check(
        "LEASE AGREEMENT\n\nLandlord:      Harbour Homes Ltd\n               12 Dock Street, Leeds\nTenant:        Ingrid Moe\n\n\
         The Landlord lets the premises to the Tenant. This Lease is governed by English law.\n",
        ["Harbour Homes Ltd", "Ingrid Moe"],
    );
    check(
        "SUPPLY AGREEMENT\n\nTHIS AGREEMENT is dated 3 March 2024\n\nPARTIES\n\n(1) HARBOUR HOMES LIMITED, a company\n\
         incorporated in England (Buyer); and\n\n(2) Ingrid Moe of 3 Mill Lane, Leeds (Seller).\n\n1. The Seller delivers.\n",
        ["HARBOUR HOMES LIMITED", "Ingrid Moe"],
    );
    check(
        "MIETVERTRAG\n\nzwischen\nSeeblick Immobilien GmbH, Ufer 3, 20099 Hamburg, im Folgenden: Vermieter\nund\n\
         Svenja Holm, Gasse 2, 20099 Hamburg, im Folgenden: Mieter\n\n1. Der Vertrag hat eine Laufzeit von zwei Jahren.\n",
        ["Seeblick Immobilien GmbH", "Svenja Holm"],
    );
}

#[test]
fn parties_stand_behind_or_before_their_roles() {
    let check = |opening: &str| {
        let text = format!(
            "CONTRACT FOR SERVICES\n\n{opening}\n\n1. This contract begins on 15 November 2021. It continues for 6 years\nfrom that date. Texas law governs this agreement.\n"
        );
        let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
        let facts = ["parties", "effectiveDate", "term", "governingLaw"]
            .map(|name| found.data[name].clone());
        assert_eq!(
            json!(facts),
            json!([["Harbour Homes Ltd", "Ingrid Moe"], "2021-11-15", "6 years", "Texas"]),
            "{opening}"
        );
    };
    check("Harbour Homes Ltd, as Customer, and Ingrid Moe, as Contractor, agree to what follows.");
    check(
        "By this contract the Customer, Harbour Homes Ltd, engages the Contractor, Ingrid Moe, for its works.",
    );
}

#[test]
fn parties_that_no_between_announces_and_days_from_and_to() {
    let text = "\
AGENCY AGREEMENT

On 3 May 2024 Harbour Homes Ltd, whose office is at 3 Mill Lane, Leeds (the Principal), and Ingrid Moe, of 9 Mill
Lane, Leeds (the Agent), entered into the following agreement.

1. The appointment runs from 1 June 2024 to 31 May 2026 inclusive.

2. The proper law of this agreement is that of England & Wales.
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(
        json!([
            found.data["parties"],
            found.data["effectiveDate"],
            found.data["endDate"],
            found.data["governingLaw"]
        ]),
        json!([
            ["Harbour Homes Ltd", "Ingrid Moe"],
            "2024-06-01",
            "2026-05-31",
            "England and Wales"
        ])
    );
}

#[test]
fn the_day_behind_a_place_is_that_of_the_agreement() {
    for (place, earlier) in
        [("En Sevilla, a 3 de mayo de 2025", "3 May 2019"), ("Graz, 3. Mai 2025", "3. Mai 2019")]
    {
        let text = format!(
            "CONFIDENTIALITY AGREEMENT\n\n{place}\n\nThe undersigned Blue Harbor, Inc. (\"Harbor\") and Northern Light Ltd. \
             (\"Northern\") shall keep\nsecret what they disclose to each other. Plans shown earlier, on {earlier}, are open.\n"
        );
        let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
        assert_eq!(found.data["effectiveDate"], "2025-05-03", "{place}");
    }
}

#[test]
fn who_acts_for_a_party_is_none() {
    let found = parties_and_law(
        "CONFIDENTIALITY AGREEMENT\n\nThe parties to this Agreement are: Elmbrook Institute (Reg. No. 0412), having its head office at\n\
         4 Mill Road, Leeds LS1 4AP, represented herein by Harriet Sloan (\"Inventor Side\"); and Peter Lund, of 9 Quay Street,\n\
         Hull HU1 2AA (\"Reviewer\").\n\n1. Choice of law: Scotland\n\n2. Confidential information shall be kept by the parties.\n",
    );
    assert_eq!(found, serde_json::json!([["Elmbrook Institute", "Peter Lund"], "Scotland"]));
}

#[test]
fn a_label_that_the_signatures_repeat_is_what_a_party_is() {
    let found = parties_and_law(
        "OVEREENKOMST VAN BEWARING\n\nDatum: 3 mei 2024\nBewaarder: Ridderkade Opslag B.V., Kade 4, 3011 AA Rotterdam\n\
         Inbrenger: Jan ter Horst, Laan 9, 3511 ED Utrecht\n\n1. Op deze overeenkomst is Nederlands recht van toepassing.\n\n\
         2. De Bewaarder geeft de zaken terug aan de Inbrenger.\n",
    );
    assert_eq!(
        found,
        serde_json::json!([["Ridderkade Opslag B.V.", "Jan ter Horst"], "Netherlands"])
    );
}

#[test]
fn a_name_may_hold_figures_commas_and_an_and() {
    let check = |opening: &str, parties: [&str; 2]| {
        let found = parties_and_law(&format!(
            "CONFIDENTIALITY AGREEMENT\n\n{opening}\n\nThe parties shall keep confidential information secret. This agreement is\n\
             governed by English law.\n"
        ));
        assert_eq!(found, serde_json::json!([parties, "England"]), "{opening}");
    };
    check(
        "This Agreement is made between 7Hills Optics, Inc. (the \"Company\") and Reed, Lowe and Parr LLP (the \"Adviser\").",
        ["7Hills Optics, Inc.", "Reed, Lowe and Parr LLP"],
    );
    check(
        "This Agreement is made between Tide and Harbour Ltd (the Company) and Ingrid Moe (the Adviser).",
        ["Tide and Harbour Ltd", "Ingrid Moe"],
    );
    check(
        "In talks that lie ahead Harbour Homes Ltd (together with its affiliates, the \"Company\") will show plans to Samuel\n\
         Moe, Jr. (the \"Adviser\").",
        ["Harbour Homes Ltd", "Samuel Moe, Jr."],
    );
}

#[test]
fn who_signs_for_a_party_is_none_and_who_signs_for_himself_is_one() {
    let found = parties_and_law(
        "ACCORD DE CONFIDENTIALITÉ\n\nVerre Clair SAS, dont le siège est situé 4 rue Haute, 21000 Dijon, représentée par Anne\n\
         Petit, ci-après « le Communicant », et Paul Lenoir, demeurant 9 rue Basse, 21000 Dijon, ci-après « le Destinataire ».\n\n\
         1. Le présent accord est soumis au droit français.\n\nSignature : ________\nNom : Anne Petit\n\n\
         Signature : ________\nNom : Paul Lenoir\n",
    );
    assert_eq!(found, serde_json::json!([["Verre Clair SAS", "Paul Lenoir"], "France"]));
    let found = parties_and_law(
        "CONTRATO DE SERVICIOS\n\nDe una parte, D. Luis Mora, en nombre y representación de Museo del Ebro, con domicilio en calle\n\
         Mayor 2, 50001 Zaragoza (el \"Cliente\"). De otra parte, Ana Gil Paz, con domicilio en calle Sol 3, 50001 Zaragoza\n\
         (el \"Prestador\").\n\n1. El presente contrato se rige por la legislación española.\n",
    );
    assert_eq!(found, serde_json::json!([["Museo del Ebro", "Ana Gil Paz"], "Spain"]));
}

#[test]
fn what_is_forbidden_for_a_while_is_no_term_and_the_earlier_of_two_ends_is() {
    let check =
        |text: &str, term: serde_json::Value| assert_eq!(fact("term", text), term, "{text}");
    check(
        "4. Until the expiry of one (1) year from the date of this Agreement, you shall not acquire any shares.",
        json!(null),
    );
    check(
        "4. This letter will end and be of no further effect upon the earlier of\n(i) two (2) years from the date hereof and\n(ii) the closing.",
        json!("2 years"),
    );
    check("4. Insurance is kept up for two years afterwards.", json!(null));
    check("4. Umowa zostaje zawarta na okres trzech lat.", json!("3 years"));
}

#[test]
fn an_agreement_of_the_last_signature_holds_from_the_latest_day_beside_them() {
    let text = "\
SERVICES AGREEMENT

This Services Agreement is made by and between Blue Harbor, Inc. (\"Harbor\") and Northern Light Ltd. (\"Northern\"). It
supersedes the letter of Quay Advisers dated May 3, 2017.

1. The Effective Date is the date of the last signature below.

Blue Harbor, Inc.                          Northern Light Ltd.
By: ______________                         By: ______________
Date: June 9, 2024                         Date: June 2, 2024
";
    let found = extract(text.as_bytes(), &ExtractOptions::default()).unwrap();
    assert_eq!(found.data["effectiveDate"], json!("2024-06-09"));
}

#[test]
fn parties_stand_behind_numbered_labels_in_pairs_and_as_those_of_a_part() {
    let check = |opening: &str, parties: [&str; 2]| {
        let found = parties_and_law(&format!(
            "AGREEMENT\n\n{opening}\n\n1. It is agreed that Texas law shall be the proper law hereof.\n"
        ));
        assert_eq!(found, serde_json::json!([parties, "Texas"]), "{opening}");
    };
    check(
        "1. Licensor            Harbour Homes Ltd\n2. Licensee            County of Elm Ridge",
        ["Harbour Homes Ltd", "County of Elm Ridge"],
    );
    check(
        "Supplier's name: Harbour Homes Ltd\nBuyer's name: Elm Ridge LLC",
        ["Harbour Homes Ltd", "Elm Ridge LLC"],
    );
    check(
        "Harbour Homes Ltd and Elm Ridge College, the parties to an action, end it.",
        ["Harbour Homes Ltd", "Elm Ridge College"],
    );
    check(
        "MADE BY:\nHarbour Homes Ltd, acting by Ann Poe, party of the first part,\nAND:\nIngrid Moe, of 9 Quay Street, Hull, party of the second part.",
        ["Harbour Homes Ltd", "Ingrid Moe"],
    );
    check(
        "The undersigned, Ingrid Moe, of 9 Quay Street (the \"Guarantor\"), guarantees to Morska Fala sp. z o.o. (the \"Bank\") a loan.",
        ["Ingrid Moe", "Morska Fala sp. z o.o."],
    );
}

#[test]
fn the_duty_to_keep_secret_is_the_term_of_an_agreement_that_names_none() {
    let check =
        |text: &str, term: serde_json::Value| assert_eq!(fact("term", text), term, "{text}");
    check(
        "2. For a period of 3 years after the date of this Agreement, Northern shall hold the material in confidence and shall\nnot disclose it.",
        json!("3 years"),
    );
    check(
        "2. For a period of one year from the date hereof, Northern will not solicit for employment any officer of Harbor.",
        json!(null),
    );
}

#[test]
fn the_board_of_a_company_is_no_party_and_small_letters_may_begin_a_name() {
    let found = parties_and_law(
        "eTide Systems, Inc.\n4 Dock Street, Hull\n\nMarch 4, 2024\n\nTo: Elm Ridge LLC\n\nThis letter agreement becomes effective upon the\n\
         appointment of the nominee of Elm Ridge LLC (\"Shareholder\", \"you\") to the Board of Directors of eTide Systems,\n\
         Inc. (the \"Company\"). It is governed by the laws of Ohio.\n",
    );
    let mut parties: Vec<String> = serde_json::from_value(found[0].clone()).unwrap();
    parties.sort();
    assert_eq!(
        json!([parties, found[1]]),
        json!([["Elm Ridge LLC", "eTide Systems, Inc."], "Ohio"])
    );
}

#[test]
fn the_day_of_a_cited_agreement_is_not_its_own() {
    let text = "\
Harbour Homes Ltd
9 Quay Street, Hull HU1 2AA

10 July 2023

Dear Ms Moe:

Harbour Homes Ltd (the \"Company\") will show plans to Elm Ridge LLC (\"you\"), who keep them secret as confidential.

The agreement between the Company and Quay Brothers Inc. dated as of May 1, 2012 is at an end.

This agreement shall cease to have effect on August 10, 2026. It shall be governed by the laws of Texas.
";
    let options = ExtractOptions {
        document_type: RequestedType::Is(DocumentType::Contract),
        ..ExtractOptions::default()
    };
    let found = extract(text.as_bytes(), &options).unwrap();
    assert_eq!(found.data["effectiveDate"], json!("2023-07-10"));
}

#[test]
fn a_law_is_found_behind_what_it_excludes() {
    let found = parties_and_law(
        "ASSET PURCHASE AGREEMENT between Dr. Ann Moe (\"Seller\") and Elm Ridge Care, P.C. (\"Buyer\").\n\n\
         1. Instalments commence on May 1, 2026.\n\n\
         2. The internal law, and not the law of conflicts, of the State of Ohio governs this Agreement.\n",
    );
    assert_eq!(found[1], json!("Ohio"));
}
