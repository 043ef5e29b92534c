//! A request to publish an event, read in one go.

use std::borrow::Cow;
use std::fmt;

use parseflow_model::EventType;
use serde::de::{Deserializer as _, Error, IgnoredAny, MapAccess, Visitor};

use super::DATA_LEVEL;
use crate::canonical::stream::Stream;

/// The event's type and its data in canonical form; `None` when anything is out of order.
pub(super) fn read_published(request: &[u8]) -> Option<(EventType, Vec<u8>)> {
    let mut reader = serde_json::Deserializer::from_slice(request);
    let read = reader.deserialize_map(Request).ok()?;
    reader.end().ok()?;
    Some(read)
}

struct Request;

impl<'de> Visitor<'de> for Request {
    type Value = (EventType, Vec<u8>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event and its data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut event_type, mut data) = (None, None);
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            match &*name {
                "event" if event_type.is_none() => {
                    let name: Cow<'de, str> = members.next_value()?;
                    let known = name.parse::<EventType>().ok();
                    event_type = Some(known.ok_or_else(|| A::Error::custom("an unknown event"))?);
                }
                "data" if data.is_none() => {
                    let mut stream = Stream::new();
                    members.next_value_seed(stream.object(DATA_LEVEL))?;
                    data = Some(stream.out);
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    return Err(A::Error::custom("a member that is unknown or there twice"));
                }
            }
        }
        event_type.zip(data).ok_or_else(|| A::Error::custom("a member is missing"))
    }
}

#[cfg(test)]
mod tests {
    use parseflow_model::CanonicalData;
    use serde_json::Value;

    use super::*;
    use crate::payload::{DEFAULT_BODY_BYTES_MAX, accepted_data, published};

    type Read = Option<(EventType, CanonicalData)>;

    /// What the one reading makes of a request, and the other.
    fn both(request: &str) -> (Read, Read) {
        let tree = || {
            let value: Value = serde_json::from_str(request).ok()?;
            let members = value.as_object()?;
            let event_type = members.get("event")?.as_str()?.parse().ok()?;
            let data = accepted_data(members.get("data")?.as_object()?).ok()?;
            (members.len() == 2).then_some((event_type, data))
        };
        (published(request.as_bytes()), tree())
    }

    #[test]
    fn a_request_that_is_in_order_is_read_in_one_go() {
        for data in [
            "{}",
            r#" { "id" : "order-7", "n" : 1.50, "of": [ 1, null , [], {"a":-0} ], "b": true } "#,
            r#"{"a":{"a":{"a":"\u0041\u00e9\n\ud83d\ude00"}},"b":{"a":1e16}}"#,
            r#"{"\u0061":1}"#,
        ] {
            for request in [
                format!(r#"{{"event":"quota.warning","data":{data}}}"#),
                format!(r#" {{"data":{data},"event":"quota\u002ewarning"}} "#),
            ] {
                let (read, expected) = both(&request);
                assert!(
                    expected.is_some() && read == expected,
                    "{request}: {read:?}, {expected:?}"
                );
            }
        }
    }

    #[test]
    fn a_request_that_is_not_in_order_is_left_to_the_reading_that_can_tell_why() {
        let deep = format!("{}1{}", "[".repeat(31), "]".repeat(31));
        let long = format!(r#""{}""#, "x".repeat(DEFAULT_BODY_BYTES_MAX));
        for request in [
            "",
            "{}",
            "null",
            r#"["quota.warning",{}]"#,
            r#"{"event":"quota.warning"}"#,
            r#"{"data":{}}"#,
            r#"{"event":"nothing.known","data":{}}"#,
            r#"{"event":7,"data":{}}"#,
            r#"{"event":"quota.warning","data":[]}"#,
            r#"{"event":"quota.warning","data":null}"#,
            r#"{"event":"quota.warning","data":"{}"}"#,
            r#"{"event":"quota.warning","data":7}"#,
            r#"{"event":"quota.warning","data":{},"test":true}"#,
            r#"{"event":"quota.warning","data":{"a b":1}}"#,
            r#"{"event":"quota.warning","data":{"constructor":1}}"#,
            r#"{"event":"quota.warning","data":{"n":9007199254740992}}"#,
            r#"{"event":"quota.warning","data":{"n":1e999}}"#,
            r#"{"event":"quota.warning","data":{}}}"#,
            r#"{"event":"quota.warning","data":{"a":1,}}"#,
            &format!(r#"{{"event":"quota.warning","data":{{"a":{deep}}}}}"#),
            &format!(r#"{{"event":"quota.warning","data":{{"a":{long}}}}}"#),
        ] {
            assert_eq!(both(request), (None, None), "{request}");
        }
        assert_eq!(published(b"{\"event\":\"quota.warning\",\"data\":{\"a\":\"\xff\"}}"), None);
        // The last of several members of one name counts, which only a tree knows.
        let twice = r#"{"event":"quota.warning","data":{"a":1,"b":2,"a":3}}"#;
        let (read, tree) = both(twice);
        assert_eq!((read, tree.unwrap().1.as_bytes()), (None, &br#"{"a":3,"b":2}"#[..]));
    }
}
