//! The OpenAPI 3.1 description, made from the routes themselves, with what all of them share:
//! problems, headers and the ways to give a key.

mod codes;
mod examples;
mod problems;

use std::collections::BTreeMap;

use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, Ref, RefOr,
    Schema, ServerBuilder, Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::problem::{ProblemBody, ProblemEntry};
use crate::routes;
use crate::session::COOKIE_NAME;

const KEY_HEADER: &str = "ApiKeyAuth";
const BEARER: &str = "BearerAuth";
const SESSION: &str = "SessionCookie";
const PROBLEM: &str = "Problem";
const PROBLEM_ENTRY: &str = "ProblemEntry";

/// Members of answers that are left out where they were not asked for.
const LEFT_OUT: [(&str, &str); 4] = [
    ("Document", "text"),
    ("Document", "tables"),
    ("DemoResult", "text"),
    ("DemoResult", "tables"),
];

/// Schemas whose members may be left out: what callers send, and problems. Answers carry every
/// member, null where there is no value.
const PARTLY_FILLED: [&str; 14] = [
    "BatchForm",
    "ExtractForm",
    "Listen",
    "ListenReport",
    "NewEvent",
    "NewKey",
    "NewWebhook",
    PROBLEM,
    "RecoveryWish",
    "Registration",
    "SecretRotation",
    "SignIn",
    "TestEvent",
    "WebhookChange",
];

/// An example of the problem with this code.
pub(crate) fn example_of(code: &str) -> Option<serde_json::Value> {
    problems::example(code, "/api/v1/extract")
}

/// The OpenAPI 3.1 description of every route.
pub fn openapi() -> OpenApi {
    let mut open = routes::open().into_openapi();
    let mut authenticated = routes::authenticated().into_openapi();
    for_each_operation(&mut authenticated, secure);
    for_each_operation(&mut open, complete);
    for_each_operation(&mut authenticated, complete);
    for_each_operation(&mut authenticated, tell_rate);
    open.merge(authenticated);
    let mut shared = BTreeMap::new();
    for_each_operation(&mut open, |_, path, operation| {
        examples::add(path, operation, &mut shared);
    });

    open.info = InfoBuilder::new()
        .title("ParseFlow")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Documents in, structured data out, and signed webhooks that arrive. Errors are \
             `application/problem+json` with a stable `code`; every answer carries `X-Request-Id`.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    open.servers = Some(vec![ServerBuilder::new().url("/").build()]);
    let components = open.components.get_or_insert_default();
    examples::share(components, shared);
    components.schemas.insert(PROBLEM.to_owned(), ProblemBody::schema());
    components.schemas.insert(PROBLEM_ENTRY.to_owned(), ProblemEntry::schema());
    let mut nested = Vec::new();
    ProblemBody::schemas(&mut nested);
    components.schemas.extend(nested);
    for (name, schema) in &mut components.schemas {
        if !PARTLY_FILLED.contains(&name.as_str()) {
            require_all(name, schema);
        }
    }
    let header = ApiKey::Header(ApiKeyValue::new("X-API-Key"));
    components.add_security_scheme(KEY_HEADER, SecurityScheme::ApiKey(header));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(
        COOKIE_NAME,
        "Set by the sign-in of browsers. Methods other than GET and HEAD need its CSRF token in the \
         header `X-CSRF-Token` as well.",
    );
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    open
}

fn require_all(name: &str, schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let left_out = LEFT_OUT.iter().filter(|(owner, _)| *owner == name);
            let left_out: Vec<_> = left_out.map(|(_, member)| *member).collect();
            let members = object.properties.keys();
            object.required =
                members.filter(|member| !left_out.contains(&member.as_str())).cloned().collect();
        }
        RefOr::T(Schema::AllOf(parts)) => {
            parts.items.iter_mut().for_each(|part| require_all(name, part));
        }
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

fn for_each_operation(api: &mut OpenApi, mut change: impl FnMut(HttpMethod, &str, &mut Operation)) {
    for (path, item) in &mut api.paths.paths {
        let PathItem { get, post, patch, delete, .. } = item;
        let operations = [
            (HttpMethod::Get, get),
            (HttpMethod::Post, post),
            (HttpMethod::Patch, patch),
            (HttpMethod::Delete, delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                change(method, path, operation);
            }
        }
    }
}

/// What every route with a key has.
fn secure(method: HttpMethod, path: &str, operation: &mut Operation) {
    let none: [&str; 0] = [];
    operation.security = Some(vec![
        SecurityRequirement::new(KEY_HEADER, none),
        SecurityRequirement::new(BEARER, none),
        SecurityRequirement::new(SESSION, none),
    ]);
    codes::name_key(path, method != HttpMethod::Get, operation);
}

/// How fast the key may go on, on every answer to a valid one.
fn tell_rate(_: HttpMethod, _: &str, operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let (RefOr::T(response), false) = (response, status == "401") {
            for name in ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"] {
                response.headers.insert(name.to_owned(), RefOr::T(number_header()));
            }
            if status == "429" {
                response.headers.insert("Retry-After".to_owned(), RefOr::T(number_header()));
            }
        }
    }
}

fn number_header() -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::Integer))).build()
}

/// What every route has: refusals of its input, and the form of all refusals.
fn complete(_: HttpMethod, _: &str, operation: &mut Operation) {
    codes::name(operation);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if status.as_str() >= "400" && response.content.is_empty() {
            let schema = Ref::from_schema_name(PROBLEM);
            let content = ContentBuilder::new().schema(Some(schema)).build();
            response.content.insert("application/problem+json".to_owned(), RefOr::T(content));
        }
        if response.description.is_empty() {
            response.description = default_description(status).to_owned();
        }
    }
}

fn default_description(status: &str) -> &'static str {
    match status {
        "200" => "Done",
        "201" => "Created",
        "202" => "Accepted",
        _ => "Refused",
    }
}
