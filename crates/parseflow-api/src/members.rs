//! Reads the members of a JSON object and collects everything that is wrong with them, each with
//! its place. A member that is not known is refused: a misspelt one would silently do nothing.

use serde_json::{Map, Value};

use crate::error::{ApiError, InputError};

pub(crate) struct Members<'a> {
    map: &'a Map<String, Value>,
    errors: Vec<InputError>,
}

/// The longest name of an unknown member that is repeated to the caller.
const ECHO_CHARS_MAX: usize = 64;

/// Errors told at most.
const ERRORS_MAX: usize = 20;

impl<'a> Members<'a> {
    /// The members of `value`, which must be an object with no other members than `known`.
    pub(crate) fn of(value: &'a Value, known: &[&str]) -> Result<Self, ApiError> {
        let Value::Object(map) = value else {
            return Err(ApiError::input("", "must be a JSON object"));
        };
        let unknown = map.keys().filter(|key| !known.contains(&key.as_str())).take(ERRORS_MAX);
        let errors = unknown.map(|key| {
            let message = match known {
                [] => "is not known; no members are expected".to_owned(),
                _ => format!("is not known; known are {}", known.join(", ")),
            };
            InputError::new(pointer_to(key), message)
        });
        Ok(Self { map, errors: errors.collect() })
    }

    /// Whether the member is there, `null` included.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// A member that is there and not `null`.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Notes that something is wrong with a member.
    pub(crate) fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(InputError::new(pointer_to(name), message));
    }

    /// Notes that something is wrong with a member of a member.
    pub(crate) fn refuse_member(&mut self, name: &str, inner: &str, message: impl Into<String>) {
        let place = format!("{}{}", pointer_to(name), pointer_to(inner));
        self.errors.push(InputError::new(place, message));
    }

    /// Notes that something is wrong with an item of a list.
    pub(crate) fn refuse_item(&mut self, name: &str, index: usize, message: impl Into<String>) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(InputError::new(format!("{}/{index}", pointer_to(name)), message));
        }
    }

    /// Text of at most `chars_max` characters, if it is there.
    pub(crate) fn text(&mut self, name: &str, chars_max: usize) -> Option<&'a str> {
        match self.value(name)? {
            Value::String(text) if text.chars().count() <= chars_max => Some(text),
            Value::String(_) => {
                self.refuse(name, format!("must have at most {chars_max} characters"));
                None
            }
            _ => {
                self.refuse(name, "must be a string");
                None
            }
        }
    }

    /// Text that must be there.
    pub(crate) fn required_text(&mut self, name: &str, chars_max: usize) -> Option<&'a str> {
        if self.value(name).is_none() {
            self.refuse(name, "is required and must be a string");
        }
        self.text(name, chars_max)
    }

    /// `true` or `false`, if it is there.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        if value.as_bool().is_none() {
            self.refuse(name, "must be true or false");
        }
        value.as_bool()
    }

    /// A whole number in `range`, if it is there.
    pub(crate) fn number(
        &mut self,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let value = self.value(name)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (low, high) = (range.start(), range.end());
            self.refuse(name, format!("must be a whole number from {low} to {high}"));
        }
        number
    }

    /// A list of strings, if it is there.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let Value::Array(items) = self.value(name)? else {
            self.refuse(name, "must be an array of strings");
            return None;
        };
        let mut texts = Vec::with_capacity(items.len().min(ERRORS_MAX));
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                _ => self.refuse_item(name, index, "must be a string"),
            }
        }
        (texts.len() == items.len()).then_some(texts)
    }

    /// `Ok` when nothing was wrong.
    pub(crate) fn finish(mut self) -> Result<(), ApiError> {
        if self.errors.is_empty() {
            return Ok(());
        }
        self.errors.truncate(ERRORS_MAX);
        Err(ApiError::InvalidInput(self.errors))
    }
}

/// A JSON pointer to a member; a long name is cut.
pub(crate) fn pointer_to(name: &str) -> String {
    let short: String = name.chars().take(ECHO_CHARS_MAX).collect();
    format!("/{}", short.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_wrong_is_told_with_its_place() {
        let value = json!({"url": 1, "events": ["a", 2], "acti/ve": true, "n": 5, "on": "yes"});
        let mut members = Members::of(&value, &["url", "events", "n", "on", "name"]).unwrap();
        assert_eq!(members.required_text("url", 10), None);
        assert_eq!(members.texts("events"), None);
        assert_eq!(members.number("n", 6..=9), None);
        assert_eq!(members.flag("on"), None);
        assert_eq!(members.required_text("name", 10), None);
        let Err(ApiError::InvalidInput(errors)) = members.finish() else { panic!("refused") };
        let places: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(places, ["/acti~1ve", "/url", "/events/1", "/n", "/on", "/name"]);
    }

    #[test]
    fn null_counts_as_left_out() {
        let value = json!({"name": null});
        let mut members = Members::of(&value, &["name"]).unwrap();
        assert!(members.has("name"));
        assert_eq!(members.text("name", 10), None);
        assert!(members.finish().is_ok());
    }

    #[test]
    fn numbers_are_whole_and_within_their_range() {
        let check = |number: Value, expected| {
            let value = json!({ "n": number });
            let mut members = Members::of(&value, &["n"]).unwrap();
            assert_eq!(members.number("n", 10..=20), expected, "{value}");
        };
        check(json!(10), Some(10));
        check(json!(20), Some(20));
        check(json!(21), None);
        check(json!(-1), None);
        check(json!(10.5), None);
        check(json!("10"), None);
        check(json!(18446744073709551615u64), None);
    }
}
