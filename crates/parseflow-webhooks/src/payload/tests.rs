use parseflow_model::{DocumentStatus, DocumentType, Month, Plan, ReadingWishes, RequestedType};

use super::*;
use crate::schema::schema;

const PUBLIC_URL: &str = "https://parseflow.example/";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn document() -> Document {
    Document {
        id: "ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678".parse().unwrap(),
        account: "acc_a1b2c3d4e5f6g7h8".parse().unwrap(),
        batch: None,
        file: FileMeta {
            name: "invoice.pdf".to_owned(),
            size: 145_230,
            mime_type: "application/pdf".to_owned(),
        },
        requested: RequestedType::Auto,
        language: None,
        wishes: ReadingWishes::default(),
        test: false,
        status: DocumentStatus::Completed,
        extraction: Some(Extraction {
            document_type: DocumentType::Invoice,
            confidence: 0.94,
            data: object(json!({"type": "invoice", "total": 119.0, "vendor": {"name": "Ää"}})),
            fields: Vec::new(),
            warnings: Vec::new(),
            needs_review: false,
            mime_type: "application/pdf".to_owned(),
            language: None,
            page_count: 1,
            text: None,
            tables: None,
            printed: Vec::new(),
        }),
        failure: None,
        created_at: at("2026-04-14T10:04:58Z"),
        finished_at: Some(at("2026-04-14T10:05:00Z")),
        processing_ms: Some(1_240),
    }
}

fn failed_document() -> Document {
    Document {
        status: DocumentStatus::Failed,
        extraction: None,
        failure: Some(DocumentFailure {
            code: "corrupt_file".to_owned(),
            message: "The file is damaged.".to_owned(),
        }),
        ..document()
    }
}

fn batch(status: BatchStatus) -> Batch {
    Batch {
        id: "batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678".parse().unwrap(),
        account: "acc_a1b2c3d4e5f6g7h8".parse().unwrap(),
        status,
        document_events: true,
        test: false,
        requested: RequestedType::Auto,
        language: None,
        wishes: ReadingWishes::default(),
        archive: None,
        total: 2,
        succeeded: 1,
        failed: 1,
        failure: None,
        created_at: at("2026-04-14T10:00:00Z"),
        completed_at: Some(at("2026-04-14T10:05:00Z")),
    }
}

fn row(completed: bool) -> BatchSummaryRow {
    BatchSummaryRow {
        id: "ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678".parse().unwrap(),
        file_name: "a.pdf".to_owned(),
        status: if completed { DocumentStatus::Completed } else { DocumentStatus::Failed },
        document_type: completed.then_some(DocumentType::Receipt),
        confidence: completed.then_some(0.987_654),
    }
}

fn made(fact: &Fact) -> Bodies {
    let made = bodies(fact, at("2026-04-14T10:05:00Z"), PUBLIC_URL).unwrap();
    if !matches!(fact, Fact::Published { .. }) {
        let schema: Value = serde_json::from_str(schema(fact.event_type())).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for body in std::iter::once(&made.body).chain(&made.thin) {
            let body = serde_json::from_slice(body).unwrap();
            if let Err(error) = validator.validate(&body) {
                panic!("{error} at {} of {body}", error.instance_path());
            }
        }
    }
    made
}

#[test]
fn schemas_refuse_what_is_not_their_event() {
    for event_type in EventType::ALL {
        let schema: Value = serde_json::from_str(schema(event_type)).unwrap();
        assert_eq!(schema["title"], event_type.as_str());
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{event_type}");
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let name = event_type.as_str();
        for wrong in [
            json!({"event": name, "timestamp": "2026-04-14T10:05:00Z", "data": {}}),
            json!({"event": name, "timestamp": "2026-04-14T10:05:00Z"}),
            json!({}),
        ] {
            assert!(!validator.is_valid(&wrong), "{name}: {wrong}");
        }
    }
}

fn finished(document: Document) -> Fact {
    Fact::DocumentFinished(Box::new(document))
}

fn published(data: Value, test: bool) -> Fact {
    let data = accepted_data(&object(data)).unwrap();
    Fact::Published { event_type: EventType::ExtractionCompleted, data, test }
}

#[track_caller]
fn check(fact: &Fact, expected: &str) {
    let bodies = made(fact);
    assert_eq!(String::from_utf8(bodies.body).unwrap(), expected.replace("\n", ""));
    assert_eq!(bodies.thin, None);
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn a_completed_extraction_has_the_shape_of_the_page() {
    check(
        &finished(document()),
        r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{
"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","documentType":"invoice",
"confidence":0.94,"data":{"type":"invoice","total":119,"vendor":{"name":"Ää"}},
"metadata":{"fileName":"invoice.pdf","fileSize":145230,"mimeType":"application/pdf"},
"processingTimeMs":1240}}"#,
    );
}

#[test]
fn a_document_of_a_batch_names_it_and_a_test_key_marks_the_event() {
    let mut document = document();
    document.batch = Some(batch(BatchStatus::Processing).id);
    document.test = true;
    let text = String::from_utf8(made(&finished(document)).body).unwrap();
    let end = r#""processingTimeMs":1240,"batchId":"batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678"},"test":true}"#;
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn a_failed_extraction_tells_its_code_and_message() {
    check(
        &finished(failed_document()),
        r#"{"event":"extraction.failed","timestamp":"2026-04-14T10:05:00Z","data":{
"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"failed",
"error":{"code":"corrupt_file","message":"The file is damaged."},
"metadata":{"fileName":"invoice.pdf","fileSize":145230,"mimeType":"application/pdf"},
"processingTimeMs":1240}}"#,
    );
}

#[test]
fn a_finished_batch_reports_every_document() {
    check(
        &Fact::BatchCompleted(Box::new(batch(BatchStatus::Completed)), vec![row(true), row(false)]),
        r#"{"event":"batch.completed","timestamp":"2026-04-14T10:05:00Z","data":{
"id":"batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","total":2,"succeeded":1,
"failed":1,"documents":[
{"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","fileName":"a.pdf","status":"completed","documentType":"receipt","confidence":0.9877},
{"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","fileName":"a.pdf","status":"failed","documentType":null,"confidence":null}],
"createdAt":"2026-04-14T10:00:00Z","completedAt":"2026-04-14T10:05:00Z"}}"#,
    );
}

#[test]
fn a_cancelled_batch_is_a_failed_one_with_its_code() {
    check(
        &Fact::BatchFailed(Box::new(batch(BatchStatus::Cancelled))),
        r#"{"event":"batch.failed","timestamp":"2026-04-14T10:05:00Z","data":{
"id":"batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"failed",
"error":{"code":"cancelled","message":"The batch was cancelled."},"total":2,"succeeded":1,
"failed":1,"createdAt":"2026-04-14T10:00:00Z","completedAt":"2026-04-14T10:05:00Z"}}"#,
    );
}

#[test]
fn a_failed_batch_tells_why_in_a_bounded_message() {
    let mut batch = batch(BatchStatus::Failed);
    batch.failure = Some(DocumentFailure {
        code: "archive_unreadable".to_owned(),
        message: "é".repeat(200_000),
    });
    let bodies = made(&Fact::BatchFailed(Box::new(batch)));
    assert_eq!(bodies.thin, None);
    let error = &parsed(&bodies.body)["data"]["error"];
    assert_eq!(error["code"], "archive_unreadable");
    assert_eq!(error["message"].as_str().unwrap().chars().count(), 1_000);
}

#[test]
fn quota_events_tell_usage_and_period() {
    let period = Month { year: 2026, month: 4 };
    let quota = QuotaFact { plan: Plan::Pro, used: 4_049, limit: Limit::AtMost(5_000), period };
    check(
        &Fact::QuotaWarning(quota),
        r#"{"event":"quota.warning","timestamp":"2026-04-14T10:05:00Z","data":{"plan":"pro",
"used":4049,"limit":5000,"remaining":951,"percentUsed":80,"period":"2026-04",
"periodStart":"2026-04-01T00:00:00Z","periodEnd":"2026-05-01T00:00:00Z"}}"#,
    );
    check(
        &Fact::QuotaExceeded(QuotaFact { used: 5_000, ..quota }),
        r#"{"event":"quota.exceeded","timestamp":"2026-04-14T10:05:00Z","data":{"plan":"pro",
"used":5000,"limit":5000,"remaining":0,"percentUsed":100,"period":"2026-04",
"periodStart":"2026-04-01T00:00:00Z","periodEnd":"2026-05-01T00:00:00Z"}}"#,
    );
}

#[test]
fn published_data_is_sent_as_given_through_the_canonical_writer() {
    check(
        &published(json!({"z": 1.0, "a": {"x": "é\u{1}"}}), true),
        r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{"z":1,"a":{"x":"é\u0001"}},"test":true}"#,
    );
    check(
        &Fact::Published {
            event_type: EventType::QuotaWarning,
            data: CanonicalData::default(),
            test: false,
        },
        r#"{"event":"quota.warning","timestamp":"2026-04-14T10:05:00Z","data":{}}"#,
    );
}

fn with_text(bytes: usize) -> Fact {
    let mut document = document();
    let extraction = document.extraction.as_mut().unwrap();
    extraction.data = object(json!({"type": "invoice", "text": "x".repeat(bytes)}));
    finished(document)
}

#[test]
fn an_extraction_of_exactly_the_limit_has_no_thin_form_and_one_byte_more_has() {
    let rest = made(&with_text(0)).body.len();
    let exact = made(&with_text(DEFAULT_BODY_BYTES_MAX - rest));
    assert_eq!((exact.body.len(), exact.thin), (DEFAULT_BODY_BYTES_MAX, None));

    let over = made(&with_text(DEFAULT_BODY_BYTES_MAX - rest + 1));
    assert_eq!(over.body.len(), DEFAULT_BODY_BYTES_MAX + 1);
    let thin = String::from_utf8(over.thin.unwrap()).unwrap();
    let expected = r#"{"event":"extraction.completed","timestamp":"2026-04-14T10:05:00Z","data":{
"id":"ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678","status":"completed","documentType":"invoice",
"confidence":0.94,"data":null,
"metadata":{"fileName":"invoice.pdf","fileSize":145230,"mimeType":"application/pdf"},
"processingTimeMs":1240,"truncated":true,
"resultUrl":"https://parseflow.example/api/v1/documents/ext_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678"}}"#;
    assert_eq!(thin, expected.replace('\n', ""));
}

#[test]
fn a_batch_of_thousands_has_a_thin_form_without_its_documents() {
    let batch = Box::new(batch(BatchStatus::Completed));
    let bodies = made(&Fact::BatchCompleted(batch, vec![row(true); 2_000]));
    assert!(bodies.body.len() > DEFAULT_BODY_BYTES_MAX);
    let thin = parsed(&bodies.thin.unwrap());
    assert_eq!(thin["data"]["documents"], json!([]));
    assert_eq!(thin["data"]["truncated"], true);
    assert_eq!(
        thin["data"]["resultUrl"],
        "https://parseflow.example/api/v1/batch/batch_7f3a2b1c-4d5e-6f78-9a0b-cdef12345678"
    );
}

#[test]
fn above_the_highest_limit_only_the_thin_form_is_kept() {
    let bodies = made(&with_text(BODY_BYTES_CEILING));
    assert_eq!(bodies.thin, None);
    assert_eq!(parsed(&bodies.body)["data"]["truncated"], true);
}

#[test]
fn every_form_is_within_its_limit() {
    let mut long_names = document();
    long_names.file.name = "\u{1}".repeat(255);
    long_names.extraction.as_mut().unwrap().data =
        object(json!({"type": "invoice", "text": "x".repeat(500_000)}));
    let mut long_failure = failed_document();
    long_failure.failure.as_mut().unwrap().message = "\u{1}".repeat(500_000);
    for fact in [finished(long_names), finished(long_failure), with_text(900_000)] {
        let bodies = made(&fact);
        assert!(bodies.body.len() <= BODY_BYTES_CEILING);
        let smallest = bodies.thin.unwrap_or(bodies.body);
        assert!(smallest.len() <= DEFAULT_BODY_BYTES_MAX);
    }
}

#[test]
fn a_confidence_has_at_most_four_decimals_and_is_never_a_word() {
    let told = |confidence: f64| {
        let mut document = document();
        document.extraction.as_mut().unwrap().confidence = confidence;
        parsed(&made(&finished(document)).body)["data"]["confidence"].clone()
    };
    assert_eq!(told(0.939_999_997_615_814_2), json!(0.94));
    assert_eq!(told(0.123_45), json!(0.1235));
    assert_eq!(told(1.0), json!(1));
    assert_eq!(told(f64::NAN), Value::Null);
}

#[test]
fn extracted_data_with_a_bad_key_is_an_error_that_points_to_it() {
    let mut document = document();
    document.extraction.as_mut().unwrap().data = object(json!({"Total due": 5}));
    let error = bodies(&finished(document), Timestamp::default(), "").unwrap_err();
    assert_eq!(error.pointer, "/data/Total due");
}

#[test]
fn what_is_accepted_for_publishing_is_never_truncated() {
    let fits = |bytes: usize| accepted_data(&object(json!({"text": "x".repeat(bytes)})));
    let largest = (97_000..DEFAULT_BODY_BYTES_MAX).rev().find(|&n| fits(n).is_ok()).unwrap();
    let bodies = made(&published(json!({"text": "x".repeat(largest)}), true));
    assert_eq!((bodies.body.len(), bodies.thin), (DEFAULT_BODY_BYTES_MAX, None));

    let error = fits(largest + 1).unwrap_err();
    assert_eq!((error.code(), error.pointer.as_str()), ("data_too_large", ""));
    assert_eq!(error.to_string(), "the value makes the body longer than 98304 bytes");
}

#[test]
fn what_is_accepted_for_publishing_can_be_written() {
    let nested = |levels: usize| (1..levels).fold(json!({}), |inner, _| json!({"k": inner}));
    let cases = [
        (json!({}), None),
        (json!({"a": 1}), None),
        (nested(31), None),
        (nested(32), Some("nesting_too_deep")),
        (json!({"1": 1}), Some("key_not_allowed")),
        (json!({"a": {"__proto__": 1}}), Some("key_reserved")),
        (json!({"a": [u64::MAX]}), Some("number_too_large")),
    ];
    for (data, code) in cases {
        let accepted = accepted_data(&object(data.clone()));
        assert_eq!(accepted.as_ref().err().map(CanonicalError::code), code, "{data}");
        if code.is_none() {
            assert_eq!(parsed(&made(&published(data.clone(), false)).body)["data"], data);
        }
    }
}
