//! What a schema must be to be accepted.

use serde_json::Value;

/// Properties at all levels together, at most.
const PROPERTIES_MAX: usize = 200;
/// Objects within objects, at most.
const DEPTH_MAX: usize = 4;
/// Longest name of a property in characters.
const NAME_CHARS_MAX: usize = 64;

/// Reads a JSON Schema and says whether documents can be read by it: an object with named properties
/// that are texts, numbers, integers, booleans, lists of these, objects, or lists of objects.
///
/// Names must match `[A-Za-z_][A-Za-z0-9_]*`, because results are sent in a canonical form; `type` is
/// the document's own and may not be used at the top.
///
/// # Errors
/// One sentence that says what is wrong, to be shown to the caller.
pub fn check_schema(text: &str) -> Result<Value, String> {
    let schema: Value =
        serde_json::from_str(text).map_err(|error| format!("must be JSON: {error}"))?;
    if schema["properties"]["type"] != Value::Null {
        return Err("must not have a property named type: it is the document's own".to_owned());
    }
    let mut left = PROPERTIES_MAX;
    check_object(&schema, 1, &mut left)?;
    Ok(schema)
}

fn check_object(schema: &Value, depth: usize, left: &mut usize) -> Result<(), String> {
    if schema.get("type").is_some_and(|kind| kind != "object") {
        return Err("must describe an object".to_owned());
    }
    let properties = schema["properties"].as_object().filter(|properties| !properties.is_empty());
    let Some(properties) = properties else {
        return Err("must be a JSON Schema of an object with properties".to_owned());
    };
    if depth > DEPTH_MAX {
        return Err(format!("must not nest objects more than {DEPTH_MAX} deep"));
    }
    for (name, property) in properties {
        *left = left
            .checked_sub(1)
            .ok_or_else(|| format!("must have at most {PROPERTIES_MAX} properties"))?;
        check_name(name)?;
        check_property(name, property, depth, left)?;
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), String> {
    let mut chars = name.chars();
    let first_ok = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let rest_ok = chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reserved = matches!(name, "__proto__" | "constructor" | "prototype");
    if first_ok && rest_ok && !reserved && name.len() <= NAME_CHARS_MAX {
        return Ok(());
    }
    Err(format!(
        "must name its properties with letters, digits and _, at most {NAME_CHARS_MAX} characters, \
         beginning with a letter or _; put other names into title"
    ))
}

fn check_property(
    name: &str,
    property: &Value,
    depth: usize,
    left: &mut usize,
) -> Result<(), String> {
    let kind = match &property["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned(),
        Value::Null => None,
        kind => Some(kind.clone()),
    };
    let kind = kind.as_ref().and_then(Value::as_str);
    match kind {
        Some("object") => check_object(property, depth + 1, left),
        None if property["properties"].is_object() => check_object(property, depth + 1, left),
        None | Some("string" | "number" | "integer" | "boolean") => Ok(()),
        Some("array") => {
            let items = &property["items"];
            let nested = items["type"] == "array";
            if !items.is_object() || nested {
                return Err(format!("must say what the items of {name} are, and not lists again"));
            }
            check_property(name, items, depth, left)
        }
        Some(other) => Err(format!("has a property {name} of the unknown type {other}")),
    }
}
