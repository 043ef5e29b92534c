//! Where a table of items begins and ends, and which column a cell stands in.

use crate::layout::{Bounds, Row, Segment, Word};
use crate::lexicon::{Column, Label, column_of, folded};
use crate::spans::{Number, Span};

use super::doc::{Doc, Hit};

/// A column head and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) column: Column,
    pub(super) bounds: Bounds,
}

/// The heads of the table that begins at row `at`, and the first row under them.
///
/// A row that names an amount or price and at least one more column; heads may take up to three rows.
pub(super) fn table_head(doc: &Doc<'_>, at: usize) -> Option<(Vec<Head>, usize)> {
    let mut heads = heads_in(&doc.rows[at]);
    let own = heads.len();
    if own < 2 || has_money(doc, at) || is_tax_head(doc, at) {
        return None;
    }
    // Heads that begin higher than the others, as `Line-` over `total` does.
    for row in (at.saturating_sub(2)..at).rev() {
        let gap = doc.rows[row + 1].bounds.y0 - doc.rows[row].bounds.y1;
        let higher = heads_in(&doc.rows[row]);
        let close =
            doc.rows[row].page == doc.rows[at].page && gap < 0.9 * doc.rows[at].bounds.height();
        if !close || has_money(doc, row) || higher.len() * 2 < doc.rows[row].segments.len() {
            break;
        }
        add_fresh(&mut heads, higher);
    }
    let mut after = at + 1;
    while let Some(row) = doc.rows.get(after).filter(|_| after < at + 3) {
        let close = row.page == doc.rows[at].page
            && row.bounds.y0 - doc.rows[after - 1].bounds.y1 < 0.9 * row.bounds.height();
        let more = heads_in(row);
        if !close || has_money(doc, after) || more.len() * 2 < row.segments.len() || more.is_empty()
        {
            break;
        }
        add_fresh(&mut heads, more);
        after += 1;
    }
    let has = |column: Column| heads.iter().any(|head| head.column == column);
    // Heads that touch are read as one word, known to nobody: numbered rows with price and
    // amount are enough.
    let is_table = (has(Column::Amount) || has(Column::UnitPrice))
        && (has(Column::Description) || has(Column::Quantity))
        || has(Column::Position) && has(Column::Amount) && has(Column::UnitPrice);
    heads.sort_by(|a, b| a.bounds.x0.total_cmp(&b.bounds.x0));
    is_table.then_some((heads, after))
}

/// Adds the heads that stand over columns not named yet.
fn add_fresh(heads: &mut Vec<Head>, more: Vec<Head>) {
    let known = heads.clone();
    let is_fresh =
        |head: &Head| !known.iter().any(|known| known.bounds.overlap_x(head.bounds) > 0.5);
    heads.extend(more.into_iter().filter(is_fresh));
}

fn has_money(doc: &Doc<'_>, row: usize) -> bool {
    doc.numbers[row].iter().flatten().any(|span| span.value.looks_like_money())
}

/// Column heads of a row: whole segments, or runs of words inside them.
fn heads_in(row: &Row) -> Vec<Head> {
    let mut heads: Vec<Head> = Vec::new();
    for segment in &row.segments {
        let folds: Vec<String> = segment
            .words
            .iter()
            .map(|word| {
                if word.text.contains('%') {
                    format!("{}%", folded(&word.text))
                } else {
                    folded(&word.text)
                }
            })
            .map(|fold| fold.trim_end_matches('%').to_owned())
            .collect();
        let mut at = 0;
        while at < folds.len() {
            let longest = (at + 1..=folds.len().min(at + 4))
                .rev()
                .find_map(|to| column_of(&folds[at..to].concat()).map(|column| (column, to)));
            match longest {
                Some((column, to)) if !folds[at].is_empty() => {
                    let words = &segment.words[at..to];
                    let bounds = words.iter().map(|w| w.bounds).reduce(Bounds::union);
                    let bounds = bounds.unwrap_or(segment.bounds);
                    // `Bedrag / Montant`: one column in two languages.
                    let repeats = at >= 2 && folds[at - 1].is_empty();
                    match heads.last_mut().filter(|head| repeats && head.column == column) {
                        Some(head) => head.bounds = head.bounds.union(bounds),
                        None => heads.push(Head { column, bounds }),
                    }
                    at = to;
                }
                _ => at += 1,
            }
        }
    }
    keep_one_description(row, &mut heads);
    // Of two amounts the last is the sum of the line; a price before it is the price of one.
    let amounts: Vec<usize> =
        (0..heads.len()).filter(|&i| heads[i].column == Column::Amount).collect();
    if let [others @ .., _] = amounts.as_slice() {
        let has_price = heads.iter().any(|head| head.column == Column::UnitPrice);
        for &other in others {
            heads[other].column = if has_price { Column::Other } else { Column::UnitPrice };
        }
    }
    heads
}

/// Of several columns of texts, `Artikel` and `Omschrijving`, one names the items: the first that speaks of a text
/// and not only of the thing, else the first. The others hold numbers or remarks.
fn keep_one_description(row: &Row, heads: &mut [Head]) {
    const THINGS: &[&str] = &[
        "item", "items", "product", "article", "artikel", "articulo", "articolo", "artigo",
        "produkt", "produit", "producto", "prodotto", "produto", "service", "name", "towar",
    ];
    let is_thing = |head: &Head| {
        let words = row.segments.iter().flat_map(|segment| &segment.words);
        let mut inside = words.filter(|word| word.bounds.overlap_x(head.bounds) > 0.9);
        inside.all(|word| THINGS.contains(&folded(&word.text).as_str()))
    };
    let texts: Vec<usize> =
        (0..heads.len()).filter(|&at| heads[at].column == Column::Description).collect();
    let kept = texts.iter().find(|&&at| !is_thing(&heads[at])).or(texts.first()).copied();
    for at in texts.into_iter().filter(|at| Some(*at) != kept) {
        heads[at].column = Column::Other;
    }
}

/// The first row after the table: a sum, another head, the next page.
pub(super) fn table_end(doc: &Doc<'_>, from: usize, page: u32) -> usize {
    let goes_on = |at: usize| {
        doc.rows.get(at).is_some_and(|row| row.page == page)
            && !ends_table(doc, at)
            && (at == from || table_head(doc, at).is_none())
    };
    (from..).find(|&at| !goes_on(at)).unwrap_or(from)
}

/// Words that announce the sum of the page before, folded.
const CARRIED: &[&str] = &[
    "ubertrag",
    "uebertrag",
    "carriedforward",
    "broughtforward",
    "carriedover",
    "balanceforward",
    "report",
    "areporter",
    "reportdelapageprecedente",
    "sumaysigue",
    "sumaanterior",
    "riporto",
    "dariportare",
    "ariporto",
    "transport",
    "transporteren",
    "doprzeniesienia",
    "zprzeniesienia",
    "atransportar",
    "transporte",
];

/// Whether a row only carries a sum from one page to the next.
pub(super) fn is_carried(doc: &Doc<'_>, row: usize) -> bool {
    let texts = doc.rows[row].segments.iter().map(|segment| folded(&segment.text));
    let mut words = texts.filter(|text| text.chars().any(char::is_alphabetic));
    let first = words.next().unwrap_or_default();
    words.next().is_none()
        && CARRIED.iter().any(|word| first.starts_with(word))
        && doc.numbers[row].iter().flatten().count() <= 2
}

/// Words over the columns of a table of taxes that name no column of a table of items, folded.
const TAX_COLUMNS: &[&str] = &[
    "taxable",
    "base",
    "baseht",
    "basis",
    "bemessung",
    "bemessungsgrundlage",
    "grondslag",
    "over",
    "goods",
    "incidencia",
    "imposta",
    "impostos",
    "imponibile",
    "baseimponible",
    "cuota",
    "cuotaiva",
    "satz",
    "taux",
    "tarief",
    "tipo",
    "tasa",
    "rate",
    "taxa",
    "aliquota",
    "stawka",
    "brutto",
    "gross",
    "ttc",
    "steuer",
    "steuersatz",
];

/// Whether a row is the head of a table of taxes: at least three of its segments name a rate, what is taxed, the
/// tax or a sum, one of them a rate or tax, and none a text, a count or a price.
fn is_tax_head(doc: &Doc<'_>, row: usize) -> bool {
    let (mut named, mut taxes) = (0, 0);
    for (index, segment) in doc.rows[row].segments.iter().enumerate() {
        if segment.words.iter().any(|word| word.text.bytes().any(|b| b.is_ascii_digit())) {
            continue;
        }
        let whole = folded(&segment.text);
        let column = column_of(&whole);
        let label = doc
            .hits_in_row(row)
            .iter()
            .find(|hit| hit.segment == index && hit.words == (0, segment.words.len()));
        let label = label.map(|hit| hit.label);
        let is_sum =
            matches!(label, Some(Label::Subtotal | Label::Tax | Label::Total | Label::AmountDue))
                || column == Some(Column::Amount);
        let is_tax = column == Some(Column::TaxRate) || label == Some(Label::Tax);
        if matches!(
            column,
            Some(Column::Description | Column::Quantity | Column::UnitPrice | Column::Position)
        ) && !TAX_COLUMNS.contains(&whole.as_str())
        {
            return false;
        }
        let is_named = is_sum || is_tax || TAX_COLUMNS.contains(&whole.as_str());
        let packed = doc.hits_in_row(row).iter().filter(|hit| {
            hit.segment == index && matches!(hit.label, Label::Subtotal | Label::Tax | Label::Total)
        });
        named += usize::from(is_named).max(packed.count().saturating_sub(1) * 2);
        taxes += usize::from(is_tax || is_named && !is_sum);
    }
    named >= 3 && taxes >= 1
}

/// Whether a row holds the label of a sum as a cell of its own and, right of it, its amount alone; whatever stands
/// left of it, terms or an account, is no item.
fn has_sum_cell(doc: &Doc<'_>, row: usize, hit: &Hit) -> bool {
    let segments = &doc.rows[row].segments;
    let is_value = |word: &Word| {
        !word.text.chars().any(char::is_alphabetic)
            || crate::spans::currency_of(&word.text).is_some()
    };
    let is_alone = segments[hit.segment].words[hit.words.1..].iter().all(is_value);
    let money =
        |index: usize| doc.numbers[row][index].iter().any(|span| span.value.looks_like_money());
    let after = (hit.segment..segments.len()).filter(|&index| money(index)).count();
    hit.words.0 == 0 && is_alone && after == 1 && !(0..hit.segment).any(money)
}

/// Rows that begin with the label of a sum, or name several sums, end the table.
fn ends_table(doc: &Doc<'_>, row: usize) -> bool {
    if is_carried(doc, row) {
        return false;
    }
    if is_tax_head(doc, row) {
        return true;
    }
    let is_sum = |label: Label| {
        matches!(label, Label::Subtotal | Label::Total | Label::AmountDue | Label::Tax)
    };
    let sums = doc.hits_in_row(row).iter().filter(|hit| is_sum(hit.label)).count();
    if sums >= 2 && !has_money(doc, row) && table_head(doc, row).is_none() {
        return true;
    }
    doc.hits_in_row(row).iter().any(|hit| {
        hit.words.0 == 0
            && is_sum(hit.label)
            && hit.strength > 0.5
            && doc.numbers[row].iter().flatten().any(|span| !span.value.is_percent)
            && (doc.rows[row].segments.len() <= 4
                && doc.rows[row].segments[..hit.segment].iter().all(|s| s.words.len() <= 2)
                || has_sum_cell(doc, row, hit))
    })
}

/// Whether the only amount of money in a row stands under the head of amounts.
pub(super) fn has_only_amount(doc: &Doc<'_>, row: usize, heads: &[Head]) -> bool {
    let all = doc.numbers[row].iter().flatten();
    let money: Vec<&Span<Number>> = all.filter(|span| span.value.looks_like_money()).collect();
    let is_amount = |span: &Span<Number>| {
        nearest(heads, span.bounds).is_some_and(|head| head.column == Column::Amount)
    };
    let mut numbers = doc.numbers[row].iter().flatten();
    let mut is_under = |column: Column| {
        numbers.any(|span| nearest(heads, span.bounds).is_some_and(|head| head.column == column))
    };
    // A price with four decimals does not look like money, but completes the row.
    matches!(money.as_slice(), [only] if is_amount(only)) && !is_under(Column::UnitPrice)
}

/// Whether a segment stands in the column of descriptions and is more than numbers.
pub(super) fn is_in_description(segment: &Segment, heads: &[Head], doc: &Doc<'_>) -> bool {
    let Some(index) = heads.iter().position(|head| head.column == Column::Description) else {
        return false;
    };
    let left = heads[index].bounds.x0 - 6.0;
    let right = heads.get(index + 1).map_or(f64::MAX, |next| next.bounds.x1);
    let numbers = doc.numbers_in(segment);
    let only_numbers = numbers.iter().map(|span| span.words.1 - span.words.0).sum::<usize>()
        == segment.words.len();
    segment.bounds.x1 > left
        && segment.bounds.x0 < right
        && segment.bounds.x0 >= left - 40.0
        && !only_numbers
}

/// The head that a number belongs to: the one it stands under, right edges nearest.
pub(super) fn nearest(heads: &[Head], bounds: Bounds) -> Option<&Head> {
    let distance = |head: &Head| {
        let edges =
            (head.bounds.x1 - bounds.x1).abs().min((head.bounds.mid_x() - bounds.mid_x()).abs());
        let edges = edges.min((head.bounds.x0 - bounds.x0).abs());
        edges - 30.0 * head.bounds.overlap_x(bounds)
    };
    heads.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}
