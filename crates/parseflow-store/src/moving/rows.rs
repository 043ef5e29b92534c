//! Rows in the binary form of PostgreSQL's `COPY`: <https://www.postgresql.org/docs/current/sql-copy.html>.

use rusqlite::types::ValueRef;

use crate::port::StoreError;

/// What stands before the first row: signature, flags, length of an extension.
pub(super) const HEAD: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands after the last one.
pub(super) const TAIL: [u8; 2] = (-1_i16).to_be_bytes();

/// Number of the type `integer`, which arrays name.
const INTEGER_OID: i32 = 23;

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int2,
    Int4,
    Int8,
    Float8,
    Bool,
    Text,
    Bytes,
    /// In the source a blob of little-endian numbers of 32 bits.
    Numbers,
}

impl Kind {
    /// The one that PostgreSQL's catalogue calls `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "int2" => Kind::Int2,
            "int4" => Kind::Int4,
            "int8" => Kind::Int8,
            "float8" => Kind::Float8,
            "bool" => Kind::Bool,
            "text" => Kind::Text,
            "bytea" => Kind::Bytes,
            "_int4" => Kind::Numbers,
            _ => return None,
        })
    }
}

/// A column that is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A table that is moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

impl Table {
    /// Its columns for a statement.
    pub(super) fn columns(&self) -> String {
        let quoted = self.columns.iter().map(|column| format!("\"{}\"", column.name));
        quoted.collect::<Vec<_>>().join(", ")
    }
}

/// How many rows there are, and the sum of their digests: the first 16 bytes of the SHA-256 of
/// each row's binary form. Equal for equal rows in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Sum of digests, without carry.
    pub sum: u128,
}

impl Tally {
    /// Counts one row.
    pub(super) fn add(&mut self, row: &[u8]) {
        let digest = ring::digest::digest(&ring::digest::SHA256, row);
        let mut first = [0; 16];
        first.copy_from_slice(&digest.as_ref()[..16]);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(first));
    }
}

/// Appends a row.
pub(super) fn write(
    out: &mut Vec<u8>,
    table: &Table,
    row: &rusqlite::Row<'_>,
) -> Result<(), StoreError> {
    out.extend((table.columns.len() as i16).to_be_bytes());
    for (index, column) in table.columns.iter().enumerate() {
        let value = row
            .get_ref(index)
            .map_err(|error| StoreError::Damaged(format!("{}: {error}", column.name)))?;
        write_value(out, column.kind, value)
            .ok_or_else(|| StoreError::Damaged(format!("{} holds {value:?}", column.name)))?;
    }
    Ok(())
}

fn write_value(out: &mut Vec<u8>, kind: Kind, value: ValueRef<'_>) -> Option<()> {
    match (kind, value) {
        (_, ValueRef::Null) => out.extend((-1_i32).to_be_bytes()),
        (Kind::Int2, ValueRef::Integer(n)) => field(out, &i16::try_from(n).ok()?.to_be_bytes()),
        (Kind::Int4, ValueRef::Integer(n)) => field(out, &i32::try_from(n).ok()?.to_be_bytes()),
        (Kind::Int8, ValueRef::Integer(n)) => field(out, &n.to_be_bytes()),
        (Kind::Bool, ValueRef::Integer(n @ (0 | 1))) => field(out, &[n as u8]),
        (Kind::Float8, ValueRef::Real(n)) => field(out, &n.to_be_bytes()),
        (Kind::Float8, ValueRef::Integer(n)) => field(out, &(n as f64).to_be_bytes()),
        // PostgreSQL keeps no NUL in texts.
        (Kind::Text, ValueRef::Text(text)) if text.contains(&0) => {
            let mended = std::str::from_utf8(text).ok()?.replace('\0', "\u{fffd}");
            field(out, mended.as_bytes());
        }
        (Kind::Text, ValueRef::Text(text)) => field(out, text),
        (Kind::Bytes, ValueRef::Blob(bytes)) => field(out, bytes),
        (Kind::Numbers, ValueRef::Blob(bytes)) => numbers(out, bytes)?,
        _ => return None,
    }
    Some(())
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as i32).to_be_bytes());
    out.extend(bytes);
}

/// An array of integers; one without elements has no dimension.
fn numbers(out: &mut Vec<u8>, blob: &[u8]) -> Option<()> {
    if !blob.len().is_multiple_of(4) {
        return None;
    }
    let count = (blob.len() / 4) as i32;
    let mut array = Vec::with_capacity(20 + 2 * blob.len());
    array.extend(count.min(1).to_be_bytes());
    array.extend(0_i32.to_be_bytes());
    array.extend(INTEGER_OID.to_be_bytes());
    if count > 0 {
        array.extend(count.to_be_bytes());
        array.extend(1_i32.to_be_bytes());
    }
    for number in blob.chunks_exact(4) {
        array.extend(4_i32.to_be_bytes());
        array.extend(number.iter().rev());
    }
    field(out, &array);
    Some(())
}

/// Takes rows out of what `COPY` sends, in pieces of any size.
#[derive(Debug, Default)]
pub(super) struct Unpacker {
    waiting: Vec<u8>,
    begun: bool,
}

impl Unpacker {
    /// Counts the rows that are whole with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8], tally: &mut Tally) -> Result<(), StoreError> {
        self.waiting.extend_from_slice(bytes);
        let mut at = 0;
        if !self.begun {
            if self.waiting.len() < HEAD.len() {
                return Ok(());
            }
            if &self.waiting[..HEAD.len()] != HEAD {
                return Err(StoreError::Damaged("the server sent no binary copy".into()));
            }
            (self.begun, at) = (true, HEAD.len());
        }
        while let Some(length) = row_length(&self.waiting[at..]) {
            tally.add(&self.waiting[at..at + length]);
            at += length;
        }
        self.waiting.drain(..at);
        Ok(())
    }

    /// Whether what has been taken ends where rows end.
    pub(super) fn is_over(&self) -> bool {
        self.waiting == TAIL
    }
}

/// Bytes of the row at the beginning, if it is whole.
fn row_length(bytes: &[u8]) -> Option<usize> {
    let fields = u16::try_from(i16::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    let mut at = 2;
    for _ in 0..fields {
        let length = i32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
        at += 4 + usize::try_from(length).unwrap_or(0);
    }
    (at <= bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[(Kind, ValueRef<'_>)]) -> Vec<u8> {
        let mut out = (values.len() as i16).to_be_bytes().to_vec();
        for (kind, value) in values {
            write_value(&mut out, *kind, *value).unwrap();
        }
        out
    }

    #[test]
    fn rows_are_counted_in_whatever_pieces_they_come() {
        let one = row(&[(Kind::Int8, ValueRef::Integer(7)), (Kind::Text, ValueRef::Null)]);
        let two =
            row(&[(Kind::Text, ValueRef::Text(b"seven")), (Kind::Bytes, ValueRef::Blob(b""))]);
        let mut expected = Tally::default();
        expected.add(&two);
        expected.add(&one);
        let all = [&HEAD[..], &one, &two, &TAIL].concat();
        for size in 1..all.len() {
            let (mut unpacker, mut tally) = (Unpacker::default(), Tally::default());
            for piece in all.chunks(size) {
                assert!(!unpacker.is_over());
                unpacker.take(piece, &mut tally).unwrap();
            }
            assert!(unpacker.is_over());
            assert_eq!(tally, expected, "pieces of {size}");
        }
    }

    #[test]
    fn numbers_become_an_array_and_none_an_empty_one() {
        let mut out = Vec::new();
        numbers(&mut out, &[1, 0, 0, 0, 0, 1, 0, 0]).unwrap();
        let expected = [36, 1, 0, 23, 2, 1, 4, 1, 4, 256].map(i32::to_be_bytes).concat();
        assert_eq!(out, expected);
        let mut out = Vec::new();
        numbers(&mut out, &[]).unwrap();
        assert_eq!(out, [12, 0, 0, 23].map(i32::to_be_bytes).concat());
        assert!(numbers(&mut out, &[1, 2]).is_none());
    }

    #[test]
    fn what_a_column_cannot_hold_is_refused_and_a_nul_is_replaced() {
        let mut out = Vec::new();
        assert!(write_value(&mut out, Kind::Int2, ValueRef::Integer(40_000)).is_none());
        assert!(write_value(&mut out, Kind::Bool, ValueRef::Integer(2)).is_none());
        assert!(write_value(&mut out, Kind::Text, ValueRef::Blob(b"x")).is_none());
        out.clear();
        write_value(&mut out, Kind::Text, ValueRef::Text(b"a\0b")).unwrap();
        assert_eq!(&out[4..], "a\u{fffd}b".as_bytes());
    }
}
