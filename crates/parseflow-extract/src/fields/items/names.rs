//! What items are called: in their own row, above or below it, over several lines.

use crate::layout::{Bounds, Row, Segment};
use crate::lexicon::{Column, folded};
use crate::spans::Span;

use super::Item;
use crate::fields::doc::{Candidate, Doc};
use crate::fields::table::{Head, is_in_description};

/// Where a table prints the names of items whose rows hold only codes and numbers.
#[derive(Default)]
pub(super) struct Names {
    /// An item before had its name in the row under it.
    pub(super) are_below: bool,
}

impl Names {
    /// The text above a row that names its item: nearer to it than the text under it, or as near
    /// in a table that prints names above.
    pub(super) fn above<'d>(
        &self,
        doc: &Doc<'_>,
        at: usize,
        end: usize,
        pending: &[&'d Segment],
    ) -> Option<&'d Segment> {
        let row = &doc.rows[at];
        let height = row.bounds.height();
        let above = pending.last().copied()?;
        let gap_above = row.bounds.y0 - above.bounds.y1;
        if above.page != row.page || gap_above >= 1.6 * height {
            return None;
        }
        let under = doc.rows.get(at + 1).filter(|next| at + 1 < end && next.page == row.page);
        let names_item = |next: &&Row| {
            let has_money =
                doc.numbers[at + 1].iter().flatten().any(|span| span.value.looks_like_money());
            !has_money && next.segments.iter().any(is_name)
        };
        let gap_below = under.filter(names_item).map(|next| next.bounds.y0 - row.bounds.y1);
        let is_nearer = gap_below.is_none_or(|below| {
            let difference = gap_above - below;
            difference < -0.2 * height || difference < 0.2 * height && !self.are_below
        });
        is_nearer.then_some(above)
    }
}

/// Whether a segment is a text of its own: three letters, no code, no label with a value.
fn is_name(segment: &Segment) -> bool {
    let letters = segment.text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !is_code(&segment.text) && !segment.text.contains(':')
}

pub(super) fn text_of(segment: &Segment) -> Candidate<String> {
    Candidate::from_span(Span::of(segment, 0, segment.words.len(), segment.text.clone()), 0.75)
}

pub(super) fn describe(
    doc: &Doc<'_>,
    row: usize,
    heads: &[Head],
    item: &Item,
) -> Option<Candidate<String>> {
    let segments = &doc.rows[row].segments;
    let column = heads.iter().find(|head| head.column == Column::Description);
    let taken: Vec<Bounds> = [&item.quantity, &item.unit_price, &item.tax_rate, &item.amount]
        .into_iter()
        .flatten()
        .filter_map(|candidate| candidate.bounds)
        .collect();
    // Words of the row in the column of descriptions that are not one of the numbers already used.
    let mut best: Option<Candidate<String>> = None;
    for segment in segments {
        // Where the row was not divided into cells, only what stands right of the column's edge.
        let edge = match column {
            Some(head) if !is_in_description(segment, heads, doc) => {
                if segment.bounds.x0 >= head.bounds.x0 || segment.bounds.x1 <= head.bounds.x0 {
                    continue;
                }
                head.bounds.x0 - 6.0
            }
            _ => f64::MIN,
        };
        let free = |at: usize| {
            let bounds = segment.words[at].bounds;
            bounds.mid_x() >= edge
                && !taken
                    .iter()
                    .any(|box_| bounds.x0 >= box_.x0 - 0.5 && bounds.x1 <= box_.x1 + 0.5)
        };
        let from = (0..segment.words.len()).find(|&at| free(at));
        let Some(from) = from else { continue };
        let to = (from..segment.words.len()).find(|&at| !free(at)).unwrap_or(segment.words.len());
        let text = crate::spans::joined(&segment.words[from..to]);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        if letters >= 2
            && best.as_ref().is_none_or(|known| {
                letters > known.value.chars().filter(|c| c.is_alphabetic()).count()
            })
        {
            best = Some(Candidate::from_span(Span::of(segment, from, to, text), 0.75));
        }
    }
    best
}

/// A description that filled its column goes on in the next row; one that is missing or only a code
/// stands there.
pub(super) fn continue_description(
    doc: &Doc<'_>,
    item: &mut Item,
    texts: &[&Segment],
    last: usize,
    row: usize,
    heads: &[Head],
) {
    let whole_row = doc.rows[row]
        .segments
        .iter()
        .find(|segment| segment.text.chars().filter(|c| c.is_alphabetic()).count() >= 4);
    let lacks = item.description.as_ref().is_none_or(|known| is_code(&known.value));
    let text = if lacks {
        texts.iter().copied().find(|text| is_name(text)).or(whole_row)
    } else {
        texts.first().copied()
    };
    let Some(text) = text else { return };
    let has_money = doc.numbers[row].iter().flatten().any(|span| span.value.looks_like_money());
    let Some(description) = item.description.as_mut().filter(|known| !is_code(&known.value)) else {
        let is_text = text.text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        let close = text.bounds.y0 - doc.rows[last].bounds.y1 < 1.2 * text.bounds.height();
        if row - last == 1 && close && is_text && !has_money && !text.text.contains(':') {
            item.description = Some(text_of(text));
        }
        return;
    };
    let Some(bounds) = description.bounds else { return };
    let close = text.bounds.y0 - bounds.y1 < 0.5 * text.bounds.height() && row - last <= 2;
    let same_left = (text.bounds.x0 - bounds.x0).abs() < 3.0;
    let is_labelled = text.words.iter().take(2).any(|word| word.text.ends_with(':'));
    if close
        && same_left
        && !has_money
        && !is_labelled
        && would_not_fit(doc, bounds, text, last, heads)
    {
        description.value.push(' ');
        description.value.push_str(&text.text);
        description.raw = description.value.clone();
        description.bounds = Some(bounds.union(text.bounds));
    }
}

/// A short word that ends with a point, or a common unit: `Stk.`, `Std.`, `KWh`.
pub(super) fn is_unit_name(text: &str) -> bool {
    let short = text.chars().count() <= 5 && !text.contains(' ');
    short && text.ends_with('.')
        || matches!(
            folded(text).as_str(),
            "st" | "stk" | "std" | "kwh" | "kg" | "pcs" | "pc" | "ea" | "hrs" | "m2" | "h" | "l"
        )
}

/// A single word with a digit in it: the number of an article, not its name.
fn is_code(text: &str) -> bool {
    !text.trim().contains(' ') && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether the first word of `next` had no room behind the description: that line was broken.
fn would_not_fit(
    doc: &Doc<'_>,
    bounds: Bounds,
    next: &Segment,
    row: usize,
    heads: &[Head],
) -> bool {
    let right_of = |x0: f64| x0 > bounds.x0 + 1.0 && x0 > bounds.x1 - 2.0;
    let others = heads
        .iter()
        .filter(|head| head.column != Column::Description)
        .map(|head| head.bounds.x0)
        .chain(doc.rows[row].segments.iter().map(|segment| segment.bounds.x0));
    let edge = others.filter(|&x0| right_of(x0)).fold(f64::MAX, f64::min);
    let Some(word) = next.words.first() else { return false };
    let needed = word.bounds.x1 - word.bounds.x0 + 0.28 * word.size;
    bounds.x1 + needed > edge - 0.6 * word.size
}
