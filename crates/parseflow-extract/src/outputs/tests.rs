use super::outputs_of;
use crate::ExtractOptions;
use crate::text::pages_of;

fn read(text: &str) -> super::Outputs {
    outputs_of(&pages_of(text, &ExtractOptions::default()).unwrap())
}

#[test]
fn rows_with_cells_in_columns_become_a_table_between_the_text_around_it() {
    let found = read(
        "Invoice 7\n\n\
         Item            Quantity     Amount\n\
         Paper, A4             10      45.00\n\
         Pens                   2       8.55\n\n\
         Thank you for your order, we hope to see you again soon.",
    );
    assert_eq!(found.tables.len(), 1);
    let table = &found.tables[0];
    assert_eq!((table.page, table.header_rows, table.bounds), (1, 1, None));
    assert_eq!(
        table.rows,
        [["Item", "Quantity", "Amount"], ["Paper, A4", "10", "45.00"], ["Pens", "2", "8.55"]]
    );
    assert_eq!(
        found.text,
        "Invoice 7\n\n\
         | Item | Quantity | Amount |\n| --- | --- | --- |\n\
         | Paper, A4 | 10 | 45.00 |\n| Pens | 2 | 8.55 |\n\n\
         Thank you for your order, we hope to see you again soon."
    );
}

#[test]
fn columns_of_prose_are_read_one_after_the_other() {
    let found = read(
        "The first column of this page goes     The second column of this page is\n\
         on for a while and then it ends        longer and it says something else\n\
         with this line.                        before it comes to its end.",
    );
    assert!(found.tables.is_empty());
    assert_eq!(
        found.text,
        "The first column of this page goes\non for a while and then it ends\nwith this line.\n\n\
         The second column of this page is\nlonger and it says something else\n\
         before it comes to its end."
    );
}

#[test]
fn marks_of_markdown_are_escaped() {
    assert_eq!(read("5 * 3 a_b [x] <y>").text, "5 \\* 3 a\\_b \\[x] \\<y>");
}
