//! Bad forms.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::bad_input_cases::{BATCH, Case, DEMO, EXTRACT, Target, case, post};
use crate::batch::zipped;
use crate::form::{Form, content_type, post_bytes};
use crate::world::{request, with_header};

/// Forms for one document, to both routes that take one.
pub(crate) fn uploads(own: &Target) -> Vec<Case> {
    let mut cases = Vec::new();
    for (path, key) in [(EXTRACT, own.key.as_str()), (DEMO, "")] {
        let named = |(name, request, status, code)| {
            case(format!("{name} to {path}"), request, status, code)
        };
        cases.extend(shapes(path, key).into_iter().map(named));
        for (name, form) in parts() {
            cases.push(named((name, form.post(path, key), 400, "invalid_input")));
        }
    }
    let large = Form::default().file("file", "a.txt", &vec![b'x'; 2 * 1024 * 1024 + 200_000]);
    cases.push(case("a demo above 2 MB", large.post(DEMO, ""), 413, "too_large"));
    cases
}

fn file() -> Form {
    Form::default().file("file", "a.txt", b"text")
}

/// What is wrong with the form itself, or with its file.
fn shapes(path: &str, key: &str) -> Vec<(&'static str, Request<Body>, u16, &'static str)> {
    let typed = |content_type: &str| {
        let request = request(Method::POST, path, key, Body::from(file().bytes()));
        with_header(request, "content-type", content_type)
    };
    let broken = |bytes: Vec<u8>| post_bytes(path, key, bytes);
    let headless = content_type().replace("multipart/form-data; boundary=", "--");
    let headless = format!("{headless}\r\nContent-Disp").into_bytes();
    let endless = format!("multipart/form-data; boundary={}", "b".repeat(200));
    let empty = Form::default().file("file", "a.txt", b"").post(path, key);
    let announced = with_header(file().post(path, key), "content-length", "99999999999");
    let malformed = "malformed_multipart";
    vec![
        ("JSON", post(path, key, json!({"file": "x"})), 415, "unsupported_media_type"),
        ("no boundary", typed("multipart/form-data"), 400, malformed),
        ("an endless boundary", typed(&endless), 400, malformed),
        ("another boundary", typed("multipart/form-data; boundary=other"), 400, malformed),
        ("an empty body", broken(Vec::new()), 400, malformed),
        ("a form without its end", broken(file().unfinished()), 400, malformed),
        ("a part without its headers' end", broken(headless), 400, malformed),
        ("an empty file", empty, 422, "empty_document"),
        ("a form announced as huge", announced, 413, "too_large"),
    ]
}

/// Whole forms with a wrong part.
fn parts() -> Vec<(&'static str, Form)> {
    vec![
        ("an empty form", Form::default().text("language", "en")),
        ("a file that is text", Form::default().text("file", "invoice.pdf")),
        ("two files", file().file("file", "b.txt", b"text")),
        ("a part misspelt", file().text("documentType", "invoice")),
        ("an unknown type", file().text("document_type", "novel")),
        ("a type that is an answer", file().text("document_type", "unknown")),
        ("a language's name", file().text("language", "English")),
        ("an option twice", file().text("language", "en").text("language", "de")),
        ("an option of bytes", file().text("language", b"\xff\xfe")),
        ("an endless option", file().text("language", "e".repeat(5_000))),
        ("a threshold out of range", file().text("review_threshold", "1.5")),
        ("a threshold that is no number", file().text("review_threshold", "NaN")),
        ("an unknown output", file().text("output", "fields,pictures")),
        ("a schema that is no JSON", file().text("schema", "{")),
        ("a schema of a list", file().text("schema", r#"{"type":"array"}"#)),
        ("an endless schema", file().text("schema", " ".repeat(40_000))),
    ]
}

pub(crate) fn batches(own: &Target) -> Vec<Case> {
    let key = own.key.as_str();
    let file = |form: Form, name: &str| form.file("files", name, b"text");
    let four = ["a", "b", "c", "d"].into_iter().fold(Form::default(), file);
    let archive = |bytes: &[u8]| Form::default().file("files", "a.zip", bytes).post(BATCH, key);
    let bomb = zipped(&[("bomb.txt", &vec![0; 4_000_000])]);
    let noise: Vec<u8> = (0..6_000_000u32).map(|n| (n % 7 * (n % 13)) as u8).collect();
    let heavy = zipped(&[("heavy.txt", &noise)]);
    let crowd = zipped(&[("a", b""), ("b", b""), ("c", b""), ("d", b"")]);
    let large_zip = [b"PK\x03\x04".to_vec(), vec![0; 260_000]].concat();
    let three = Form::default()
        .file("files", "a", &vec![b'x'; 150_000])
        .file("files", "b", &vec![b'x'; 150_000])
        .file("files", "c", &vec![b'x'; 150_000]);
    vec![
        case("a batch of nothing", Form::default().post(BATCH, key), 400, "invalid_input"),
        case(
            "a batch of options",
            Form::default().text("language", "en").post(BATCH, key),
            400,
            "invalid_input",
        ),
        case("too many files", four.post(BATCH, key), 413, "too_many_files"),
        case("more bytes than a batch", three.post(BATCH, key), 413, "body_too_large"),
        case(
            "a bad option",
            file(Form::default(), "a").text("documentEvents", "no").post(BATCH, key),
            400,
            "invalid_input",
        ),
        case(
            "JSON as a batch",
            post(BATCH, key, json!({"files": []})),
            415,
            "unsupported_media_type",
        ),
        case(
            "an unfinished batch",
            post_bytes(BATCH, key, file(Form::default(), "a").unfinished()),
            400,
            "malformed_multipart",
        ),
        case("a zip bomb", archive(&bomb), 413, "archive_too_large"),
        case("an archive too large unpacked", archive(&heavy), 413, "archive_too_large"),
        case("an archive of too many", archive(&crowd), 413, "too_many_files"),
        case("an archive too large itself", archive(&large_zip), 413, "archive_too_large"),
    ]
}
