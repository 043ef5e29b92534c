//! Examples of requests and answers.
//!
//! What is sent and answered when all goes well stands in `openapi/examples.json`, by operation:
//! `request`, and a member for each status (`200 text/html` where it has several media types). Most of it was recorded from the router itself, see
//! `tests/it/examples.rs`. Problems are written by the code that writes real ones.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Components, Content, Ref, RefOr, Response};

use super::{codes, problems};

const EXAMPLES: &str = include_str!("../../../../openapi/examples.json");

fn examples() -> &'static Map<String, Value> {
    static PARSED: OnceLock<Map<String, Value>> = OnceLock::new();
    PARSED.get_or_init(|| serde_json::from_str(EXAMPLES).expect("openapi/examples.json is JSON"))
}

/// The place of an example that several operations share.
const SHARED: &str = "#/components/examples/";

/// The examples of problems that are the same wherever they stand, by code.
type Shared = BTreeMap<String, Value>;

/// Adds the examples of an operation: of its request, of its answers, and of each problem that its
/// responses name. `shared` takes what others may refer to.
pub(super) fn add(path: &str, operation: &mut Operation, shared: &mut Shared) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let own = examples().get(&id);
    let request = own.and_then(|own| own.get("request"));
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.content.values_mut().for_each(|content| fill(content, request));
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status.as_str() >= "400" {
            add_problems(path, response, shared);
        } else {
            for (media, content) in &mut response.content {
                let named = own.and_then(|own| own.get(format!("{status} {media}")));
                let answer = named.or_else(|| own.and_then(|own| own.get(status)));
                fill(content, answer);
            }
        }
    }
}

fn fill(content: &mut RefOr<Content>, example: Option<&Value>) {
    if let RefOr::T(content) = content {
        content.example = example.cloned();
    }
}

/// One example for each code, under the code's name.
fn add_problems(path: &str, response: &mut Response, shared: &mut Shared) {
    let mut examples = BTreeMap::new();
    for code in codes::codes_of(response) {
        let Some(problem) = problems::example(code, path) else { continue };
        let known = shared.entry(code.to_owned()).or_insert_with(|| problem.clone());
        let example = if *known == problem {
            RefOr::Ref(Ref::new(format!("{SHARED}{code}")))
        } else {
            RefOr::T(ExampleBuilder::new().value(Some(problem)).build())
        };
        examples.insert(code.to_owned(), example);
    }
    if let Some(RefOr::T(content)) = response.content.get_mut("application/problem+json") {
        content.examples = examples;
    }
}

/// Puts the shared examples where the references lead.
pub(super) fn share(components: &mut Components, shared: Shared) {
    components.examples = shared
        .into_iter()
        .map(|(code, problem)| (code, RefOr::T(ExampleBuilder::new().value(Some(problem)).build())))
        .collect();
}
