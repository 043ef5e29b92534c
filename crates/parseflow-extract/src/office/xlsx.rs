//! Excel workbooks: every sheet as a page with a table. Formulas are shown by their stored results.

use roxmltree::Node;

use super::container::Container;
use super::{attribute, children, with_root};
use crate::ExtractError;
use crate::flow::{Block, Flow};

/// Rows and columns of one sheet that are read, at most.
const ROWS_MAX: usize = 100_000;
const COLUMNS_MAX: usize = 256;
/// Empty rows that are kept between two that are not.
const GAP_ROWS_MAX: usize = 2;

/// How numbers of a style are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    General,
    Decimals(usize),
    Percent,
    Date,
}

pub(super) fn read(container: &mut Container<'_>, flow: &mut Flow) -> Result<(), ExtractError> {
    let shared = match container.text("xl/sharedStrings.xml")? {
        Some(xml) => with_root(&xml, |root| Ok(children(root, "si").map(text_of).collect()))?,
        None => Vec::new(),
    };
    let formats = match container.text("xl/styles.xml")? {
        Some(xml) => with_root(&xml, |root| Ok(formats_of(root)))?,
        None => Vec::new(),
    };
    for name in container.names("xl/worksheets/", ".xml") {
        let Some(xml) = container.text(&name)? else { continue };
        let rows = with_root(&xml, |root| Ok(rows_of(root, &shared, &formats)))?;
        flow.push(Block::PageBreak)?;
        flow.push(Block::Table(rows))?;
    }
    Ok(())
}

fn text_of(node: Node<'_, '_>) -> String {
    let parts = node.descendants().filter(|part| {
        part.tag_name().name() == "t"
            && part.parent().is_none_or(|parent| parent.tag_name().name() != "rPh")
    });
    parts.filter_map(|part| part.text()).collect()
}

/// The format of each cell style.
fn formats_of(root: Node<'_, '_>) -> Vec<Format> {
    let custom: Vec<(u32, Format)> = children(root, "numFmts")
        .flat_map(|list| list.children())
        .filter_map(|format| {
            let id = attribute(format, "numFmtId")?.parse().ok()?;
            Some((id, format_of_code(attribute(format, "formatCode")?)))
        })
        .collect();
    let of = |id: u32| match id {
        1 | 3 | 37 | 38 => Format::Decimals(0),
        2 | 4 | 7 | 8 | 39 | 40 | 44 => Format::Decimals(2),
        9 | 10 => Format::Percent,
        14..=17 | 22 => Format::Date,
        _ => custom.iter().find(|(known, _)| *known == id).map_or(Format::General, |(_, f)| *f),
    };
    children(root, "cellXfs")
        .flat_map(|list| list.children().filter(Node::is_element).collect::<Vec<_>>())
        .map(|style| {
            attribute(style, "numFmtId").and_then(|id| id.parse().ok()).map_or(Format::General, of)
        })
        .collect()
}

/// What a format code shows; only its first section and what stands outside quotes counts.
fn format_of_code(code: &str) -> Format {
    let mut plain = String::new();
    let (mut in_quotes, mut in_brackets) = (false, false);
    for char in code.split(';').next().unwrap_or_default().chars() {
        match char {
            '"' => in_quotes = !in_quotes,
            '[' if !in_quotes => in_brackets = true,
            ']' if !in_quotes => in_brackets = false,
            char if !in_quotes && !in_brackets => plain.push(char.to_ascii_lowercase()),
            _ => {}
        }
    }
    if plain.contains('%') {
        return Format::Percent;
    }
    if plain.contains('y') || plain.contains('d') && plain.contains('m') {
        return Format::Date;
    }
    match plain.split_once('.') {
        Some((_, after)) => {
            Format::Decimals(after.chars().take_while(|c| matches!(c, '0' | '#' | '?')).count())
        }
        None if plain.contains('0') => Format::Decimals(0),
        None => Format::General,
    }
}

fn rows_of(root: Node<'_, '_>, shared: &[String], formats: &[Format]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last = 0;
    let data = children(root, "sheetData");
    for row in data.flat_map(|data| data.children().filter(Node::is_element).collect::<Vec<_>>()) {
        if rows.len() >= ROWS_MAX {
            break;
        }
        let number = attribute(row, "r").and_then(|r| r.parse::<usize>().ok()).unwrap_or(last + 1);
        let gap = number.saturating_sub(last + 1).min(GAP_ROWS_MAX);
        if !rows.is_empty() {
            rows.extend(std::iter::repeat_n(Vec::new(), gap));
        }
        last = number;
        let mut cells: Vec<String> = Vec::new();
        for cell in children(row, "c") {
            let column = attribute(cell, "r").and_then(column_of).unwrap_or(cells.len());
            if column >= COLUMNS_MAX || column < cells.len() {
                continue;
            }
            cells.resize(column, String::new());
            cells.push(cell_text(cell, shared, formats));
        }
        rows.push(cells);
    }
    rows
}

/// `AB12` → 27.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0usize, |number, byte| {
        number * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1)
}

fn cell_text(cell: Node<'_, '_>, shared: &[String], formats: &[Format]) -> String {
    let value = children(cell, "v").next().and_then(|value| value.text()).unwrap_or_default();
    match attribute(cell, "t").unwrap_or("n") {
        "s" => value.parse().ok().and_then(|at: usize| shared.get(at).cloned()).unwrap_or_default(),
        "inlineStr" => text_of(cell),
        "b" => if value == "1" { "TRUE" } else { "FALSE" }.to_owned(),
        "n" => {
            let style = attribute(cell, "s").and_then(|style| style.parse::<usize>().ok());
            let format = style.and_then(|style| formats.get(style)).copied();
            shown(value, format.unwrap_or(Format::General))
        }
        _ => value.to_owned(),
    }
}

/// A stored number as its format shows it.
fn shown(value: &str, format: Format) -> String {
    let Some(number) = value.parse::<f64>().ok().filter(|number| number.abs() < 1e15) else {
        return value.to_owned();
    };
    match format {
        Format::Decimals(decimals) => format!("{number:.*}", decimals.min(6)),
        Format::Percent => {
            let percent = (number * 10_000.0).round() / 100.0;
            format!("{percent}%")
        }
        Format::Date => date_of(number).unwrap_or_else(|| value.to_owned()),
        // 1190.5 is an amount in most sheets: a second decimal says so.
        Format::General if number.fract() != 0.0 => {
            let rounded = format!("{:.6}", number);
            let text = rounded.trim_end_matches('0');
            let decimals = text.rsplit('.').next().map_or(0, str::len);
            if decimals < 2 { format!("{number:.2}") } else { text.to_owned() }
        }
        Format::General => format!("{number}"),
    }
}

/// The day of a serial number, counted from 1899-12-30, as ISO 8601.
fn date_of(serial: f64) -> Option<String> {
    let days = serial.floor();
    if !(61.0..100_000.0).contains(&days) {
        return None;
    }
    // Days since 1970-01-01, then the civil calendar (proleptic Gregorian).
    let days = days as i64 - 25_569 + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
