use proptest::prelude::*;
use serde_json::json;

use super::*;

#[track_caller]
fn check(json_text: &str, expected: &str) {
    let value: Value = serde_json::from_str(json_text).unwrap();
    let written = String::from_utf8(to_canonical(&value).unwrap()).unwrap();
    assert_eq!(written, expected);
}

#[track_caller]
fn check_refused(value: &Value, pointer: &str, code: &str) {
    let error = to_canonical(value).unwrap_err();
    assert_eq!((error.pointer.as_str(), error.code()), (pointer, code), "{error}");
}

#[test]
fn numbers_are_printed_as_javascript_prints_them() {
    for (read, printed) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0.0", "0"),
        ("1.0", "1"),
        ("-1.50", "-1.5"),
        ("0.940", "0.94"),
        ("1e3", "1000"),
        ("1E5", "100000"),
        ("1e16", "10000000000000000"),
        ("1.2345678901234568e17", "123456789012345680"),
        ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"),
        ("-1.5e300", "-1.5e+300"),
        ("1e-6", "0.000001"),
        ("1e-7", "1e-7"),
        ("1.25e-7", "1.25e-7"),
        ("4.9e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"),
        ("9007199254740991.0", "9007199254740991"),
    ] {
        check(read, printed);
    }
}

#[test]
fn whole_numbers_beyond_the_safe_range_are_refused() {
    for number in [
        json!(9_007_199_254_740_992_u64),
        json!(-9_007_199_254_740_992_i64),
        json!(u64::MAX),
        json!(i64::MIN),
    ] {
        check_refused(&number, "", "number_too_large");
        check_refused(&json!({"a": [1, {"b": number}]}), "/a/1/b", "number_too_large");
    }
}

#[test]
fn only_quotes_backslashes_and_controls_are_escaped() {
    check(r#""\" \\ \/ \b\t\n\f\r""#, r#""\" \\ / \b\t\n\f\r""#);
    check(r#""\u0000\u0001\u000b\u001F\u007f""#, "\"\\u0000\\u0001\\u000b\\u001f\u{7f}\"");
    check(
        r#""\u00e9\u2028\u2029\ud83d\ude00\u003c\ufeff\uffff""#,
        "\"é\u{2028}\u{2029}😀<\u{feff}\u{ffff}\"",
    );
    check("\"e\u{301}\"", "\"e\u{301}\"");
    check("\"\"", "\"\"");
}

#[test]
fn bodies_are_compact_and_keep_the_order_of_their_members() {
    check(
        " { \"b\" : [ 1 , true , false , null , [] , {} ] , \"a\" : \"x\" } ",
        r#"{"b":[1,true,false,null,[],{}],"a":"x"}"#,
    );
}

#[test]
fn keys_are_identifiers() {
    for key in ["a", "_", "_1", "Z9_z", "toJSON", "length", "then", "__proto", "proto__"] {
        check(&format!("{{\"{key}\":1}}"), &format!("{{\"{key}\":1}}"));
    }
    for key in ["", "1", "01", "a-b", "a b", "a.b", "ä", "aé", "a\n", "\\", "\"", "$", "-1", "a\0"]
    {
        let pointer = format!("/outer/0/{key}");
        check_refused(&json!({"outer": [{key: 1}]}), &pointer, "key_not_allowed");
    }
    check_refused(&json!({"a/b~c": 1}), "/a~1b~0c", "key_not_allowed");
    for key in ["__proto__", "constructor", "prototype"] {
        check_refused(&json!({key: 1}), &format!("/{key}"), "key_reserved");
        check_refused(&json!({"a": {key: {}}}), &format!("/a/{key}"), "key_reserved");
    }
}

#[test]
fn an_error_never_repeats_a_long_key() {
    let error = to_canonical(&json!({"é".repeat(100_000): 1})).unwrap_err();
    assert_eq!(error.pointer.chars().count(), 81);
    assert!(error.to_string().len() < 500);
}

fn nested(levels: usize, innermost: Value) -> Value {
    (0..levels).fold(innermost, |inner, level| {
        if level % 2 == 0 {
            Value::Object([("k".to_owned(), inner)].into_iter().collect())
        } else {
            Value::Array(vec![inner])
        }
    })
}

#[test]
fn nesting_ends_at_32_levels_counting_the_body_as_the_first() {
    assert!(to_canonical(&nested(32, json!(1))).is_ok());
    let error = to_canonical(&nested(33, json!(1))).unwrap_err();
    assert_eq!(error.code(), "nesting_too_deep");
    assert_eq!(error.pointer.split('/').count() - 1, 32, "{error}");
    assert!(to_canonical(&nested(31, json!([]))).is_ok());
    assert!(to_canonical(&nested(32, json!([]))).is_err());
    assert!(to_canonical(&nested(32, json!({}))).is_err());
}

#[test]
fn depth_is_refused_without_walking_all_of_it() {
    // Far deeper than the stack could follow; taken apart by hand, as dropping it would recurse too.
    let mut value = nested(200_000, json!(1));
    assert_eq!(to_canonical(&value).unwrap_err().code(), "nesting_too_deep");
    loop {
        value = match value {
            Value::Array(mut items) => items.pop().unwrap(),
            Value::Object(mut members) => members.remove("k").unwrap(),
            _ => break,
        };
    }
}

#[test]
fn errors_say_what_to_do_and_where() {
    let error = to_canonical(&json!({"lines": [{"Total €": 5}]})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value at \"/lines/0/Total €\" has a key that does not match [A-Za-z_][A-Za-z0-9_]*; \
         send free labels as values, for example [{\"name\":…,\"value\":…}]"
    );
    let error = to_canonical(&json!(u64::MAX)).unwrap_err();
    assert!(error.to_string().starts_with("the value is a number"), "{error}");
}

/// Any double, with those that are close to where the notation changes more often than by chance.
fn double() -> impl Strategy<Value = f64> {
    let anywhere = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite());
    let scaled = (any::<i32>(), -12i32..26).prop_map(|(n, e)| f64::from(n) * 10f64.powi(e));
    prop_oneof![anywhere, scaled, (-1_000_000i64..1_000_000).prop_map(|cents| cents as f64 / 100.0)]
}

fn sendable() -> impl Strategy<Value = Value> {
    let whole = -(INTEGER_MAX as i64)..=INTEGER_MAX as i64;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        whole.prop_map(Value::from),
        double().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x7f]{0,12}".prop_map(Value::from),
    ];
    let key = "[A-Za-z_][A-Za-z0-9_]{0,8}"
        .prop_filter("reserved", |key| !matches!(key.as_str(), "constructor" | "prototype"));
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Equality as a reader sees it: `1` and `1.0` are one number, and so are `0` and `-0`.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let pairs = a.iter().zip(b);
            a.len() == b.len() && pairs.into_iter().all(|(a, b)| a.0 == b.0 && same(a.1, b.1))
        }
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_the_same_value_in_the_same_order(value in sendable()) {
        let written = to_canonical(&value).unwrap();
        let read: Value = serde_json::from_slice(&written).unwrap();
        prop_assert!(same(&value, &read), "{}", String::from_utf8_lossy(&written));
    }

    #[test]
    fn writing_again_what_was_read_gives_the_same_bytes(value in sendable()) {
        let written = to_canonical(&value).unwrap();
        // Doubles from 2^53 to 1e21 print as whole numbers, which would be refused as such: read
        // them as JavaScript does.
        let mut read: Value = serde_json::from_slice(&written).unwrap();
        as_doubles(&mut read);
        prop_assert_eq!(to_canonical(&read).unwrap(), written);
    }

    #[test]
    fn a_number_is_the_shortest_text_for_its_double(double in double()) {
        let written = String::from_utf8(to_canonical(&json!(double)).unwrap()).unwrap();
        prop_assert_eq!(written.parse::<f64>().unwrap(), double);
        prop_assert_eq!(&written, &Buffer::new().format(double).to_owned());
        let size = double.abs();
        let plain = size == 0.0 || (1e-6..1e21).contains(&size);
        prop_assert_eq!(plain, !written.contains('e'));
        prop_assert!(!written.starts_with("-0") || written.starts_with("-0."));
        prop_assert!(!written.contains("e0") && !written.ends_with(".0"));
    }

    #[test]
    fn a_key_is_accepted_exactly_when_it_is_an_identifier(key in any::<String>()) {
        let identifier = !key.is_empty()
            && key.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
            && !key.starts_with(|c: char| c.is_ascii_digit());
        prop_assert_eq!(to_canonical(&json!({key: 1})).is_ok(), identifier);
    }

    #[test]
    fn strings_are_written_as_serde_json_writes_them(text in any::<String>()) {
        let written = to_canonical(&json!(text)).unwrap();
        prop_assert_eq!(written, serde_json::to_vec(&text).unwrap());
    }
}

fn as_doubles(value: &mut Value) {
    match value {
        Value::Number(number) => {
            *value = number.as_f64().map_or(Value::Null, Value::from);
        }
        Value::Array(items) => items.iter_mut().for_each(as_doubles),
        Value::Object(members) => members.values_mut().for_each(as_doubles),
        _ => {}
    }
}

proptest! {
    #[test]
    fn text_is_written_as_the_tree_that_is_read_from_it(value in sendable()) {
        let whole = serde_json::json!({"a": value});
        for text in [whole.to_string(), serde_json::to_string_pretty(&whole).unwrap()] {
            let mut stream = stream::Stream::new();
            let mut reader = serde_json::Deserializer::from_str(&text);
            serde::de::DeserializeSeed::deserialize(stream.object(1), &mut reader).unwrap();
            prop_assert_eq!(&stream.out, &to_canonical(&whole).unwrap());
        }
    }
}
