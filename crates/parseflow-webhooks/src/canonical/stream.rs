//! The canonical form of JSON text, written while the text is read, without a tree of values in between.
//!
//! It says nothing about what it cannot write: whoever wants to know reads the text into a tree and asks
//! [`write_object`](super::write_object).

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::{check_key, check_level, write_number, write_string};

/// Most members of an object; their names are compared one with another.
const MEMBERS_MAX: usize = 64;

/// The bytes so far, and where the names of the objects that are open stand in them.
pub(crate) struct Stream {
    pub(crate) out: Vec<u8>,
    names: Vec<Range<usize>>,
}

impl Stream {
    pub(crate) fn new() -> Self {
        Self { out: Vec::with_capacity(512), names: Vec::new() }
    }

    /// Reads the next value, which must be an object and counts as nesting level `level`.
    pub(crate) fn object(
        &mut self,
        level: usize,
    ) -> impl for<'de> DeserializeSeed<'de, Value = ()> {
        Next { stream: self, level, must_be_object: true }
    }

    fn name(&mut self, name: &str, first_of_object: usize) -> Result<(), &'static str> {
        check_key(name).map_err(|_| "a name that is not allowed")?;
        let open = &self.names[first_of_object..];
        if open.len() >= MEMBERS_MAX {
            return Err("many members");
        }
        // The last of several would count, in the place of the first.
        if open.iter().any(|other| self.out[other.clone()] == *name.as_bytes()) {
            return Err("a name twice");
        }
        if !open.is_empty() {
            self.out.push(b',');
        }
        self.out.push(b'"');
        let from = self.out.len();
        self.out.extend_from_slice(name.as_bytes());
        self.names.push(from..self.out.len());
        self.out.extend_from_slice(b"\":");
        Ok(())
    }
}

/// The next value.
struct Next<'a> {
    stream: &'a mut Stream,
    /// Of an object or array.
    level: usize,
    must_be_object: bool,
}

impl Next<'_> {
    fn plain<E: Error>(self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), E> {
        if self.must_be_object {
            return Err(E::custom("no object"));
        }
        write(&mut self.stream.out);
        Ok(())
    }

    fn number<E: Error>(self, number: Option<Number>) -> Result<(), E> {
        let number = number.filter(|_| !self.must_be_object);
        let written = number.map(|number| write_number(&mut self.stream.out, &number));
        written.and_then(Result::ok).ok_or_else(|| E::custom("a number out of range"))
    }
}

impl<'de> DeserializeSeed<'de> for Next<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Next<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.plain(|out| out.extend_from_slice(b"null"))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.plain(|out| out.extend_from_slice(if value { b"true" } else { b"false" }))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.number(Some(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.number(Some(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.number(Number::from_f64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.plain(|out| write_string(out, value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { stream, level, must_be_object } = self;
        if must_be_object || check_level(level).is_err() {
            return Err(A::Error::custom("an array here"));
        }
        stream.out.push(b'[');
        let from = stream.out.len();
        loop {
            let at = stream.out.len();
            if at > from {
                stream.out.push(b',');
            }
            let next = Next { stream, level: level + 1, must_be_object: false };
            if items.next_element_seed(next)?.is_none() {
                stream.out.truncate(at);
                break;
            }
        }
        stream.out.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Self { stream, level, .. } = self;
        if check_level(level).is_err() {
            return Err(A::Error::custom("too deep"));
        }
        stream.out.push(b'{');
        let first = stream.names.len();
        while members.next_key_seed(Name { stream, first })?.is_some() {
            members.next_value_seed(Next { stream, level: level + 1, must_be_object: false })?;
        }
        stream.names.truncate(first);
        stream.out.push(b'}');
        Ok(())
    }
}

/// The name of the next member.
struct Name<'a> {
    stream: &'a mut Stream,
    /// Of the object's names.
    first: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        self.stream.name(name, self.first).map_err(E::custom)
    }
}
