//! The examples of the description: all there, and true to their schemas.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::examples_tour;
use crate::world::World;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/examples.json");
const HINT: &str = "examples stand in openapi/examples.json by operation id, with the members \
    `request` and each 2xx status: write one, or add a step to tests/it/examples_tour.rs and \
    record it with PARSEFLOW_RECORD_EXAMPLES=1 (then run `cargo xtask openapi`)";

fn description() -> Value {
    serde_json::to_value(parseflow_api::openapi()).unwrap()
}

/// Schemas of the description, closed: an object may have no member that its schema does not name.
struct Schemas {
    components: Value,
    made: BTreeMap<String, Validator>,
}

impl Schemas {
    fn of(api: &Value) -> Self {
        let mut components = api["components"]["schemas"].clone();
        // What is flattened into others is open there: only the whole knows all members.
        let parts = parts(&components);
        for (name, schema) in components.as_object_mut().unwrap() {
            if !parts.contains(name) {
                close(schema);
            }
        }
        Self { components, made: BTreeMap::new() }
    }

    /// Checks a value against a schema of the description.
    #[track_caller]
    fn check(&mut self, what: &str, schema: &Value, value: &Value) {
        let components = &self.components;
        let validator = self.made.entry(schema.to_string()).or_insert_with(|| {
            let mut root = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "components": {"schemas": components},
            });
            root["allOf"] = json!([schema]);
            jsonschema::validator_for(&root).unwrap()
        });
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}\n{value:#}\n{HINT}");
    }
}

/// The names of the schemas that others have as a part.
fn parts(components: &Value) -> BTreeSet<String> {
    let schemas = components.as_object().unwrap().values();
    let parts = schemas.flat_map(|schema| schema["allOf"].as_array().into_iter().flatten());
    let names = parts.filter_map(|part| part["$ref"].as_str()?.rsplit('/').next());
    names.map(ToOwned::to_owned).collect()
}

fn close(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    let open = object.contains_key("additionalProperties");
    let described = object.contains_key("properties") || object.contains_key("allOf");
    if described && !open {
        object.insert("unevaluatedProperties".to_owned(), false.into());
    }
    if let Some(properties) = object.get_mut("properties") {
        properties.as_object_mut().unwrap().values_mut().for_each(close);
    }
}

/// Each operation's id with the operation.
fn operations(api: &Value) -> Vec<(String, Value)> {
    let items = api["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    operations.map(|o| (o["operationId"].as_str().unwrap().to_owned(), o.clone())).collect()
}

/// The example itself, where there is a reference to a shared one.
fn resolved<'a>(api: &'a Value, example: &'a Value) -> &'a Value {
    match example["$ref"].as_str() {
        Some(reference) => api.pointer(reference.trim_start_matches('#')).unwrap(),
        None => example,
    }
}

/// The media types of a body, with its name.
fn contents(what: String, body: &Value) -> Vec<(String, Value)> {
    let contents = body["content"].as_object().into_iter().flatten();
    contents.map(|(media, content)| (format!("{what}, {media}"), content.clone())).collect()
}

#[test]
fn every_request_and_every_answer_has_an_example_that_fits_its_schema() {
    let api = description();
    let mut schemas = Schemas::of(&api);
    let mut checked = 0;
    for (id, operation) in operations(&api) {
        let mut bodies = contents(format!("request of {id}"), &operation["requestBody"]);
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.as_str() < "400" {
                bodies.extend(contents(format!("answer {status} of {id}"), response));
            }
        }
        for (what, content) in bodies {
            let example = content.get("example");
            let example = example.unwrap_or_else(|| panic!("{what} has no example: {HINT}"));
            schemas.check(&what, &content["schema"], example);
            checked += 1;
        }
    }
    assert!(checked >= 40, "only {checked} examples");
}

#[test]
fn every_code_of_every_refusal_has_an_example_with_its_status() {
    let api = description();
    let mut schemas = Schemas::of(&api);
    for (id, operation) in operations(&api) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.as_str() < "400" {
                continue;
            }
            let content = &response["content"]["application/problem+json"];
            let examples = content["examples"].as_object();
            let hint = "name its codes in backticks in the description of the response";
            let examples = examples.unwrap_or_else(|| panic!("{status} of {id}: {hint}"));
            for (code, example) in examples {
                let what = format!("{code} of {id}");
                let problem = &resolved(&api, example)["value"];
                assert_eq!(problem["code"], code.as_str(), "{what}");
                assert_eq!(problem["status"].to_string(), *status, "{what}");
                schemas.check(&what, &content["schema"], problem);
            }
            let named = response["description"].as_str().unwrap().matches('`').count() / 2;
            assert_eq!(examples.len(), named, "{status} of {id}: a code has no example");
        }
    }
}

/// What a program finds in `type` is a page that explains the code, with its status.
#[tokio::test]
async fn the_type_of_every_refusal_leads_to_the_page_of_its_code() {
    let api = description();
    let mut found = BTreeMap::new();
    for (_, operation) in operations(&api) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let examples = &response["content"]["application/problem+json"]["examples"];
            for (code, example) in examples.as_object().into_iter().flatten() {
                let problem = &resolved(&api, example)["value"];
                let kind = problem["type"].as_str().unwrap().to_owned();
                found.insert((code.clone(), status.clone()), kind);
            }
        }
    }
    assert!(found.len() > 50, "{}", found.len());
    let world = World::new();
    for ((code, status), kind) in found {
        let (_, path) = kind.split_once("parseflow.example.com").unwrap();
        assert_eq!(path, format!("/docs/errors/{code}"));
        let page = world.get(path, "").await;
        assert_eq!(page.status, 200, "{code}");
        let text = page.text();
        let head = text.strip_prefix(&format!("# `{code}`\n\nHTTP status "));
        let statuses = head.unwrap_or_else(|| panic!("{code}: {text}")).lines().next().unwrap();
        assert!(statuses.contains(&status), "{code} has no {status}: {statuses}");
    }
}

#[test]
fn the_examples_beside_schemas_fit_them() {
    let api = description();
    let mut schemas = Schemas::of(&api);
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        if let Some(example) = schema.get("example") {
            let reference = json!({"$ref": format!("#/components/schemas/{name}")});
            schemas.check(name, &reference, example);
        }
    }
}

#[test]
fn no_example_is_of_an_operation_that_is_gone() {
    let examples: Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let known: Vec<_> = operations(&description()).into_iter().map(|(id, _)| id).collect();
    for id in examples.keys() {
        assert!(known.contains(id), "{id} is no operation");
    }
}

#[tokio::test]
async fn what_the_service_answers_fits_the_description() {
    let recorded = examples_tour::recorded().await;
    if std::env::var_os("PARSEFLOW_RECORD_EXAMPLES").is_some() {
        record(&recorded);
        return;
    }
    let api = description();
    let mut schemas = Schemas::of(&api);
    let operations: BTreeMap<_, _> = operations(&api).into_iter().collect();
    for (id, steps) in &recorded {
        let operation = &operations[id];
        for (part, value) in steps.as_object().unwrap() {
            let body = match part.as_str() {
                "request" => &operation["requestBody"],
                status => &operation["responses"][status],
            };
            let contents = contents(format!("{part} of {id}"), body);
            assert!(!contents.is_empty(), "{part} of {id} is not described");
            // An answer in JSON is not held against the page that browsers get in its place.
            let is_own =
                |what: &str| part == "request" || what.contains("json") != value.is_string();
            for (what, content) in contents.into_iter().filter(|(what, _)| is_own(what)) {
                schemas.check(&what, &content["schema"], value);
            }
        }
    }
}

/// Writes what was recorded over what stands in the file, and leaves the rest of it.
fn record(recorded: &Map<String, Value>) {
    let text = std::fs::read_to_string(FILE).unwrap();
    let mut examples: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    examples.extend(recorded.clone());
    let text = serde_json::to_string_pretty(&examples).unwrap() + "\n";
    std::fs::write(FILE, text).unwrap();
}
