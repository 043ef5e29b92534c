//! Every operation of the description is attacked: without a key, by another account, and with
//! malformed input. Whoever adds an operation adds its cases to the table of bad input.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, Request};
use serde_json::Value;

use crate::auth::takes_key;
use crate::bad_input::furnished;
use crate::bad_input_addresses::foreign;
use crate::bad_input_cases::{Target, cases};
use crate::world::World;

/// An operation of the description.
struct Operation {
    method: Method,
    path: String,
    needs_key: bool,
    /// Whether it names something that could be another account's.
    names_something: bool,
    takes_input: bool,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether the request goes to this operation.
    fn is_met_by(&self, request: &Request<Body>) -> bool {
        let sent: Vec<_> = request.uri().path().split('/').collect();
        let own: Vec<_> = self.path.split('/').collect();
        let fits = |(own, sent): (&&str, &&str)| own == sent || own.starts_with('{');
        *request.method() == self.method
            && own.len() == sent.len()
            && own.iter().zip(&sent).all(fits)
    }
}

fn operations() -> Vec<Operation> {
    let api = serde_json::to_value(parseflow_api::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let is_id = |parameter: &Value| {
                parameter["in"] == "path" || parameter["in"] == "query" && parameter["name"] == "id"
            };
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                needs_key: takes_key(operation),
                names_something: parameters.iter().any(is_id),
                takes_input: !parameters.is_empty() || operation.get("requestBody").is_some(),
            });
        }
    }
    found
}

/// The operations of these that no request goes to.
fn missing<'a>(
    operations: impl Iterator<Item = &'a Operation>,
    requests: &[Request<Body>],
) -> Vec<String> {
    let unmet = |operation: &&Operation| !requests.iter().any(|r| operation.is_met_by(r));
    operations.filter(unmet).map(Operation::name).collect()
}

async fn two_accounts(world: &World) -> (Target, Target) {
    (furnished(world).await, furnished(world).await)
}

#[tokio::test]
async fn every_operation_is_tried_with_malformed_input() {
    let world = World::new();
    let (own, other) = two_accounts(&world).await;
    let of_others = foreign(&own, &other).len();
    let all = cases(&own, &other, "revoked", "scopeless", "free");
    assert!(all.len() > of_others);
    let malformed = all.into_iter().filter(|case| {
        !case.name.contains("another's") && !matches!(case.status, 401 | 403 | 405 | 429)
    });
    let requests: Vec<_> = malformed.map(|case| case.request).collect();
    let takers = operations().into_iter().filter(|operation| operation.takes_input);
    let takers: Vec<_> = takers.collect();
    assert!(takers.len() >= 20, "only {} operations take input", takers.len());
    assert_eq!(missing(takers.iter(), &requests), [""; 0], "add cases to bad_input_cases.rs");
}

#[tokio::test]
async fn every_operation_that_names_something_is_tried_by_another_account() {
    let world = World::new();
    let (own, other) = two_accounts(&world).await;
    let requests: Vec<_> = foreign(&own, &other).into_iter().map(|case| case.request).collect();
    let all = operations();
    let naming = all.iter().filter(|operation| operation.needs_key && operation.names_something);
    assert!(naming.clone().count() >= 10);
    assert_eq!(missing(naming, &requests), [""; 0], "add cases to bad_input_addresses::foreign");
}

#[tokio::test]
async fn no_list_shows_what_is_another_accounts() {
    let world = World::new();
    let (own, other) = two_accounts(&world).await;
    let mut lists = BTreeSet::new();
    for operation in operations() {
        // Its answer does not end; see activity.rs.
        if operation.path.ends_with("/stream") {
            continue;
        }
        let is_list = operation.method == Method::GET && !operation.names_something;
        if !(is_list && operation.needs_key) {
            continue;
        }
        let answer = world.get(&operation.path, &own.key).await;
        assert_eq!(answer.status, 200, "{}", operation.name());
        let text = answer.text();
        let account = other.tenant.account.as_str();
        for id in [other.webhook.as_str(), &other.delivery, &other.document, &other.batch, account]
        {
            assert!(!text.contains(id), "{} shows {id}: {text}", operation.name());
        }
        lists.insert(operation.name());
    }
    assert!(lists.len() >= 5, "{lists:?}");
}
