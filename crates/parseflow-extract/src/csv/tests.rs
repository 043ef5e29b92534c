use super::{delimiter_of, rows_of};
use crate::{ExtractOptions, detect, extract};

#[test]
fn the_delimiter_is_the_one_that_divides_every_line_alike() {
    assert_eq!(delimiter_of("a;b;c\n1,5;2;3\n"), Some(';'));
    assert_eq!(delimiter_of("a,b,c\n\"x, y\",2,3\n"), Some(','));
    assert_eq!(delimiter_of("a\tb\tc\n1\t2\t3\n"), Some('\t'));
    assert_eq!(delimiter_of("Dear Ann,\nthank you, it was nice.\nBob\n"), None);
    assert_eq!(delimiter_of("one line, only\n"), None);
}

#[test]
fn quotes_hold_delimiters_line_ends_and_quotes() {
    let rows = rows_of("a,\"b \"\"c\"\",\nd\",e\r\n1,2,3", ',', 100);
    assert_eq!(rows, [vec!["a", "b \"c\",\nd", "e"], vec!["1", "2", "3"]]);
    assert_eq!(rows_of("\"never closed, x", ',', 100), [["never closed, x"]]);
}

#[test]
fn a_table_is_recognised_and_its_columns_are_kept() {
    let text = "Date;Text;Amount\n2026-04-01;Rent;-900,00\n2026-04-03;Salary;2.500,00\n";
    assert_eq!(detect(text.as_bytes()).media_type, "text/csv");
    let mut options = ExtractOptions::default();
    options.wishes.tables = true;
    let tables = extract(text.as_bytes(), &options).unwrap().tables.unwrap();
    assert_eq!(tables[0].rows[2], ["2026-04-03", "Salary", "2.500,00"]);
    assert_eq!(tables[0].header_rows, 1);
}
