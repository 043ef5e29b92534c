//! Hostile payloads from a seed: the same seed gives the same payloads on every machine.

use serde_json::{Map, Number, Value};

/// Containers inside each other, the payload itself counted: the most that a body may nest.
pub(crate) const NESTING_MAX: usize = 32;

/// The largest integer that JavaScript keeps exactly.
const INTEGER_MAX: i64 = (1 << 53) - 1;

/// SplitMix64: small, even, and enough to choose test inputs by.
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly enough one of `0..count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// An object that a body may be: every rule kept, every edge sought.
pub(crate) fn legal_payload(dice: &mut Seeded) -> Value {
    if dice.one_in(50) {
        return nested(dice, NESTING_MAX);
    }
    let mut budget = 1 + dice.below(24);
    object(dice, 1, &mut budget)
}

/// Why a payload must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Key,
    Integer,
    Nesting,
}

/// A legal payload with one flaw planted somewhere.
pub(crate) fn flawed_payload(dice: &mut Seeded) -> (Flaw, Value) {
    let flaw = *dice.of(&[Flaw::Key, Flaw::Integer, Flaw::Nesting]);
    let bad = match flaw {
        Flaw::Key => {
            let key = illegal_key(dice);
            Value::Object(Map::from_iter([(key, scalar(dice))]))
        }
        Flaw::Integer => unsafe_integer(dice),
        Flaw::Nesting => {
            let excess = 1 + dice.below(40);
            return (flaw, nested(dice, NESTING_MAX + excess));
        }
    };
    let mut payload = legal_payload(dice);
    plant(dice, &mut payload, bad);
    (flaw, payload)
}

/// Puts `bad` into some container near the top, so that it does not exceed the nesting.
fn plant(dice: &mut Seeded, payload: &mut Value, bad: Value) {
    let bad = if dice.one_in(2) { Value::Array(vec![Value::Null, bad]) } else { bad };
    let key = format!("planted_{}", dice.below(1000));
    payload.as_object_mut().expect("payloads are objects").insert(key, bad);
}

/// Exactly `depth` containers inside each other.
fn nested(dice: &mut Seeded, depth: usize) -> Value {
    let mut value = scalar(dice);
    for level in (1..=depth).rev() {
        value = if level > 1 && dice.one_in(2) {
            Value::Array(vec![value])
        } else {
            Value::Object(Map::from_iter([(legal_key(dice), value)]))
        };
    }
    value
}

fn object(dice: &mut Seeded, depth: usize, budget: &mut usize) -> Value {
    let mut map = Map::new();
    for _ in 0..dice.below(6) {
        let key = legal_key(dice);
        let value = value(dice, depth + 1, budget);
        map.insert(key, value);
    }
    Value::Object(map)
}

fn value(dice: &mut Seeded, depth: usize, budget: &mut usize) -> Value {
    let may_nest = depth < NESTING_MAX && *budget > 0;
    *budget = budget.saturating_sub(1);
    match dice.below(if may_nest { 8 } else { 6 }) {
        6 => object(dice, depth, budget),
        7 => (0..dice.below(6)).map(|_| value(dice, depth + 1, budget)).collect(),
        _ => scalar(dice),
    }
}

fn scalar(dice: &mut Seeded) -> Value {
    match dice.below(10) {
        0 => Value::Null,
        1 => Value::Bool(dice.one_in(2)),
        2..=4 => Value::String(text(dice)),
        5 | 6 => integer(dice),
        _ => float(dice),
    }
}

/// Names that JavaScript treats specially elsewhere, or that sort, or that look like numbers.
const ODD_KEYS: [&str; 16] = [
    "_",
    "__",
    "__proto",
    "_proto__",
    "__proto___",
    "Constructor",
    "constructors",
    "prototype_",
    "toString",
    "toJSON",
    "hasOwnProperty",
    "valueOf",
    "length",
    "NaN",
    "Infinity",
    "e1",
];

fn legal_key(dice: &mut Seeded) -> String {
    const FIRST: &[u8] = b"ABCXYZabcxyz_";
    const LATER: &[u8] = b"ABCXYZabcxyz_0123456789";
    if dice.one_in(4) {
        return (*dice.of(&ODD_KEYS)).to_owned();
    }
    let mut key = String::from(char::from(*dice.of(FIRST)));
    for _ in 0..dice.below(12) {
        key.push(char::from(*dice.of(LATER)));
    }
    key
}

const ILLEGAL_KEYS: [&str; 26] = [
    "",
    "__proto__",
    "constructor",
    "prototype",
    "0",
    "1",
    "10",
    "4294967295",
    "-1",
    "1a",
    "a-b",
    "a b",
    " a",
    "a ",
    "a.b",
    "a\"b",
    "a\\b",
    "a\nb",
    "a\u{0}",
    "\u{0}",
    "\u{e9}",
    "a\u{301}",
    "\u{2028}",
    "\u{feff}a",
    "\u{1f600}",
    "$ref",
];

fn illegal_key(dice: &mut Seeded) -> String {
    (*dice.of(&ILLEGAL_KEYS)).to_owned()
}

fn integer(dice: &mut Seeded) -> Value {
    let near_edge = INTEGER_MAX - dice.below(3) as i64;
    match dice.below(5) {
        0 => near_edge.into(),
        1 => (-near_edge).into(),
        2 => (dice.below(2001) as i64 - 1000).into(),
        3 => ((dice.bits() >> (11 + dice.below(53))) as i64).into(),
        _ => (1_i64 << dice.below(53)).into(),
    }
}

fn unsafe_integer(dice: &mut Seeded) -> Value {
    let beyond = 1 + dice.below(3) as i64;
    match dice.below(5) {
        0 => (INTEGER_MAX + beyond).into(),
        1 => (-INTEGER_MAX - beyond).into(),
        2 => u64::MAX.into(),
        3 => i64::MIN.into(),
        _ => (dice.bits() | 1 << 60).into(),
    }
}

/// Where printing and reading of floats have gone wrong in one engine or another.
const HARD_FLOATS: [f64; 26] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.2,
    0.30000000000000004,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    2.225073858507201e-308,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    1e16,
    1e20,
    1e21,
    123456789012345680000.0,
    1e22,
    1e23,
    9007199254740992.0,
    9007199254740994.0,
    1e-6,
    1e-7,
    0.000001234,
    4.35,
    299792.458e-10,
];

fn float(dice: &mut Seeded) -> Value {
    let number = match dice.below(7) {
        0 => *dice.of(&HARD_FLOATS),
        1 => f64::from_bits(dice.bits()),
        2 => dice.below(10_000_000) as f64 / 100.0,
        3 => (dice.below(10_001) as f64) / 10_000.0,
        4 => 10_f64.powi(dice.below(617) as i32 - 308),
        5 => 2_f64.powi(dice.below(2098) as i32 - 1074),
        _ => {
            let neighbour = dice.of(&HARD_FLOATS).to_bits() ^ dice.below(8) as u64;
            f64::from_bits(neighbour)
        }
    };
    // NaN and the infinities are no JSON numbers: this type cannot hold them.
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// Characters with a meaning to some parser, printer, terminal or shell.
const HARD_CHARS: [char; 24] = [
    '"',
    '\\',
    '/',
    '\u{7f}',
    '\u{80}',
    '\u{9f}',
    '\u{a0}',
    '\u{2028}',
    '\u{2029}',
    '\u{feff}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{fffd}',
    '\u{fffe}',
    '\u{ffff}',
    '\u{10000}',
    '\u{1f600}',
    '\u{10ffff}',
    '\u{200d}',
    '\u{301}',
    '\u{202e}',
    '<',
    '&',
    '\'',
];

/// Texts that a careless writer or reader takes for something else.
const HARD_TEXTS: [&str; 10] = [
    "",
    "null",
    "1e400",
    "__proto__",
    "</script>",
    "\\u0000",
    "\\\"",
    "\r\n",
    "\u{feff}{}",
    "\u{0}",
];

fn text(dice: &mut Seeded) -> String {
    if dice.one_in(5) {
        return (*dice.of(&HARD_TEXTS)).to_owned();
    }
    (0..dice.below(20)).map(|_| character(dice)).collect()
}

fn character(dice: &mut Seeded) -> char {
    match dice.below(4) {
        0 => char::from(dice.below(32) as u8),
        1 => *dice.of(&HARD_CHARS),
        2 => char::from(32 + dice.below(95) as u8),
        // The whole of Unicode; surrogates are not characters, so their places become a neighbour.
        _ => char::from_u32(dice.below(0x11_0000) as u32).unwrap_or('\u{e000}'),
    }
}
