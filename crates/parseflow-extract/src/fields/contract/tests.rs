use parseflow_model::DocumentType;
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
