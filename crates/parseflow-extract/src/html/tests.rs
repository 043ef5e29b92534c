use super::blocks_of;
use crate::flow::Block::{self, Paragraph, Table};

fn paragraph(text: &str) -> Block {
    Paragraph(text.to_owned())
}

fn table(rows: &[&[&str]]) -> Block {
    let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
    Table(rows.iter().map(row).collect())
}

fn check(html: &str, expected: &[Block]) {
    assert_eq!(blocks_of(html), expected, "{html}");
}

#[test]
fn text_is_read_as_a_browser_shows_it() {
    check("<p>One  two<br>three</p>four", &[paragraph("One two\nthree"), paragraph("four")]);
    check(
        "<b>bo</b>ld &amp; &#8364;5&nbsp;&euro; &unknown; a < b",
        &[paragraph("bold & €5 € &unknown; a < b")],
    );
    check(
        "<head><title>x</title></head><script>if (a < b) {}</script><style>p{}</style>y",
        &[paragraph("y")],
    );
    check("<!-- <p>hidden</p> --><div title='a > b'>shown</div>", &[paragraph("shown")]);
    check("<pre>a   b\nc</pre>", &[paragraph("a   b\nc")]);
}

#[test]
fn tables_keep_their_cells_and_layout_tables_become_text() {
    check(
        "<table><tr><th colspan=2>Item</th><th>Sum</th></tr><tr><td>a<td>b<td>1<tr><td>c</td></tr></table>",
        &[table(&[&["Item", "", "Sum"], &["a", "b", "1"], &["c"]])],
    );
    check(
        "<table><tr><td>Only</td></tr><tr><td>text</td></tr></table>",
        &[paragraph("Only"), paragraph("text")],
    );
    check(
        "<table><tr><td>a</td><td><table><tr><td>in</td><td>ner</td></tr></table></td></tr></table>",
        &[table(&[&["a", "in ner"]])],
    );
}

#[test]
fn markup_that_is_not_closed_ends_with_the_text() {
    check("<p>a<table><tr><td>b<td>c", &[paragraph("a"), table(&[&["b", "c"]])]);
    check("<script>never closed", &[]);
    check("<!-- never closed", &[]);
    check("text <a href=\"x", &[paragraph("text")]);
    let deep = "<div>".repeat(100_000) + "deep";
    check(&deep, &[paragraph("deep")]);
}
