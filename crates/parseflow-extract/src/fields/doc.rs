//! A document prepared for searching: rows, labels, and the values to the right of and below a label.

use parseflow_model::FieldSource;

use super::country::dollar_country;
use crate::layout::{Bounds, Page, Row, Segment, rows_of};
use crate::lexicon::{Label, folded, label_of};
use crate::spans::{
    CalendarDate, DateOrder, Number, Span, date_order, dates_in, decimal_style, numbers_in,
};

/// Labels of one document, at most: real documents have some hundred.
const HITS_MAX: usize = 10_000;

/// A label where it stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Hit {
    pub(super) label: Label,
    /// How surely it announces its value, 0 to 1.
    pub(super) strength: f64,
    pub(super) row: usize,
    pub(super) segment: usize,
    /// First word and the one after the last, in the segment.
    pub(super) words: (usize, usize),
    pub(super) bounds: Bounds,
}

/// A value with the evidence for it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Candidate<T> {
    pub(super) value: T,
    pub(super) raw: String,
    pub(super) page: u32,
    pub(super) bounds: Option<Bounds>,
    pub(super) row: usize,
    /// Strength of label and position, 0 to about 1.
    pub(super) score: f64,
    /// How surely its characters were read, 0 to 1.
    pub(super) certainty: f64,
    pub(super) source: FieldSource,
}

impl<T> Candidate<T> {
    pub(super) fn from_span(span: Span<T>, score: f64) -> Self {
        Candidate {
            value: span.value,
            raw: span.raw,
            page: span.page,
            bounds: Some(span.bounds),
            row: span.row,
            score,
            certainty: span.confidence,
            source: span.source,
        }
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Candidate<U> {
        Candidate {
            value: change(self.value),
            raw: self.raw,
            page: self.page,
            bounds: self.bounds,
            row: self.row,
            score: self.score,
            certainty: self.certainty,
            source: self.source,
        }
    }
}

/// Everything the searches look at.
pub(crate) struct Doc<'a> {
    pub(super) pages: &'a [Page],
    pub(crate) rows: Vec<Row>,
    pub(super) hits: Vec<Hit>,
    /// Where the hits of each row begin in `hits`, and at the end their number.
    first_hits: Vec<usize>,
    pub(super) order: DateOrder,
    /// Numbers of each row, by segment.
    pub(super) numbers: Vec<Vec<Vec<Span<Number>>>>,
}

/// How the places to look for a value differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    SameSegment,
    Right,
    Below,
}

impl<'a> Doc<'a> {
    pub(crate) fn new(pages: &'a [Page], language: Option<&str>) -> Self {
        let rows = rows_of(pages);
        let texts = || pages.iter().flat_map(|page| &page.words).map(|word| word.text.as_str());
        let style = decimal_style(texts());
        let is_american = language.is_none_or(|code| code == "en")
            && looks_american(&rows)
            && matches!(dollar_country(&rows), None | Some("CAD"));
        let order = date_order(texts(), is_american);
        let numbers = rows
            .iter()
            .map(|row| row.segments.iter().map(|segment| numbers_in(segment, style)).collect())
            .collect();
        let mut hits = Vec::new();
        let mut first_hits = Vec::with_capacity(rows.len() + 1);
        // Ends of labels that began in the row above, by their places.
        let mut ends: Vec<usize> = Vec::new();
        for (row_index, row) in rows.iter().enumerate() {
            first_hits.push(hits.len());
            let taken = std::mem::take(&mut ends);
            for (segment_index, segment) in row.segments.iter().enumerate() {
                if taken.contains(&segment_index) {
                    continue;
                }
                match broken_label(segment, rows.get(row_index + 1)) {
                    Some((label, strength, end)) => {
                        ends.push(end);
                        let (words, bounds) = ((0, segment.words.len()), segment.bounds);
                        let (row, segment) = (row_index, segment_index);
                        hits.push(Hit { label, strength, row, segment, words, bounds });
                    }
                    None => hits.extend(hits_in(segment, row_index, segment_index)),
                }
            }
            hits.truncate(HITS_MAX);
        }
        first_hits.push(hits.len());
        Doc { pages, rows, hits, first_hits, order, numbers }
    }

    /// Share of the rows that stand above a row.
    pub(super) fn depth(&self, row: usize) -> f64 {
        row as f64 / self.rows.len().max(1) as f64
    }

    pub(super) fn segment(&self, hit: &Hit) -> &Segment {
        &self.rows[hit.row].segments[hit.segment]
    }

    pub(super) fn hits_of(&self, label: Label) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.label == label)
    }

    /// The labels of one row, from left to right.
    pub(super) fn hits_in_row(&self, row: usize) -> &[Hit] {
        match (self.first_hits.get(row), self.first_hits.get(row + 1)) {
            (Some(&from), Some(&to)) => &self.hits[from..to],
            _ => &[],
        }
    }

    /// The first label that starts in this segment at or after `word`.
    fn label_in(&self, row: usize, segment: usize, word: usize) -> Option<&Hit> {
        let mut hits = self.hits_in_row(row).iter();
        hits.find(|hit| hit.segment == segment && hit.words.0 >= word)
    }

    /// Values of a kind that `hit` may announce, nearest first.
    ///
    /// `spans` finds the values of that kind in one segment. Searching to the right stops at the next
    /// label; searching below looks at three rows under the label.
    pub(super) fn values_for<T>(
        &self,
        hit: &Hit,
        spans: impl Fn(&Segment) -> Vec<Span<T>>,
    ) -> Vec<(Place, Span<T>)> {
        let mut found = Vec::new();
        let next =
            self.label_in(hit.row, hit.segment, hit.words.1).map_or(usize::MAX, |hit| hit.words.0);
        for span in spans(self.segment(hit)) {
            if span.words.0 >= hit.words.1 && span.words.0 < next {
                found.push((Place::SameSegment, span));
            }
        }
        if next == usize::MAX {
            let row = &self.rows[hit.row];
            for (index, segment) in row.segments.iter().enumerate().skip(hit.segment + 1) {
                let stop = self.label_in(hit.row, index, 0).map_or(usize::MAX, |hit| hit.words.0);
                found.extend(
                    spans(segment)
                        .into_iter()
                        .filter(|s| s.words.0 < stop)
                        .map(|s| (Place::Right, s)),
                );
                if stop != usize::MAX {
                    break;
                }
            }
        }
        for segment in self.lower_right(hit) {
            found.extend(spans(segment).into_iter().map(|span| (Place::Right, span)));
        }
        for segment in self.below(hit) {
            let under = spans(segment).into_iter();
            let under = under.filter(|span| !is_packed(segment, hit) || stands_under(span, hit));
            found.extend(under.map(|span| (Place::Below, span)));
        }
        found
    }

    /// Segments under a label that are no labels themselves: aligned with it, in rows that follow each
    /// other closely; three rows, or six under the head of a table.
    fn below(&self, hit: &Hit) -> Vec<&Segment> {
        let size = hit.bounds.height();
        let rows_max = if self.is_table_head(hit) { 6 } else { 4 };
        let mut found = Vec::new();
        let mut bottom = hit.bounds.y1;
        for (index, row) in self.rows.iter().enumerate().skip(hit.row + 1).take(rows_max) {
            let gap = row.bounds.y0 - bottom;
            if row.page != self.rows[hit.row].page || gap > 2.6 * size {
                break;
            }
            for (segment_index, segment) in row.segments.iter().enumerate() {
                let aligned = segment.bounds.overlap_x(hit.bounds) > 0.3
                    || (segment.bounds.x0 - hit.bounds.x0).abs() < 0.6 * size
                    || (segment.bounds.x1 - hit.bounds.x1).abs() < 0.6 * size;
                let label = self.label_in(index, segment_index, 0);
                if aligned && label.is_none_or(|hit| hit.words.0 > 0) {
                    found.push(segment);
                    bottom = if rows_max == 6 { row.bounds.y1 } else { bottom };
                }
            }
        }
        found
    }

    /// The row right under a label that has nothing beside it: a value set lower to the right.
    fn lower_right(&self, hit: &Hit) -> Vec<&Segment> {
        let size = hit.bounds.height();
        let alone = hit.words.1 == self.segment(hit).words.len()
            && hit.segment + 1 == self.rows[hit.row].segments.len();
        let Some(row) = self.rows.get(hit.row + 1).filter(|_| alone) else { return Vec::new() };
        let close =
            row.page == self.rows[hit.row].page && row.bounds.y0 - hit.bounds.y1 < 0.8 * size;
        let labels = self.hits_in_row(hit.row + 1).iter().any(|other| other.words.0 == 0);
        // What stands right under the label itself is its value.
        let has_own = self.rows[hit.row + 1..].iter().take(3).any(|row| {
            row.bounds.y0 - hit.bounds.y1 < 1.2 * size
                && row.segments.iter().any(|segment| {
                    (segment.bounds.x0 - hit.bounds.x0).abs() < 2.0
                        && segment.text.bytes().any(|byte| byte.is_ascii_digit())
                })
        });
        let right = row.segments.iter().filter(|segment| segment.bounds.x0 > hit.bounds.x1);
        if close && !labels && !has_own { right.collect() } else { Vec::new() }
    }

    /// Whether a label is a whole segment beside another label, to its right or left: a table head.
    pub(super) fn is_table_head(&self, hit: &Hit) -> bool {
        let begins = |segment: usize| {
            self.label_in(hit.row, segment, 0).is_some_and(|label| label.words.0 == 0)
        };
        let ends = |segment: usize| {
            self.hits_in_row(hit.row).iter().any(|label| {
                let words = self.rows[hit.row].segments[segment].words.len();
                label.segment == segment && label.words == (0, words)
            })
        };
        // Heads so near each other that they are one segment.
        let beside = self.hits_in_row(hit.row).iter().filter(|other| other.segment == hit.segment);
        let (count, words) = beside
            .fold((0, 0), |(count, words), hit| (count + 1, words + hit.words.1 - hit.words.0));
        if count >= 2 && words == self.segment(hit).words.len() {
            return true;
        }
        let is_whole = |hit: &Hit| hit.words == (0, self.segment(hit).words.len());
        if is_whole(hit) && self.is_row_of_heads(hit.row) {
            return true;
        }
        is_whole(hit) && (begins(hit.segment + 1) || hit.segment > 0 && ends(hit.segment - 1))
    }

    /// Whether a row of at least three cells holds words only, half of them labels without a colon.
    fn is_row_of_heads(&self, row: usize) -> bool {
        let segments = &self.rows[row].segments;
        let has_digit = |segment: &Segment| segment.text.bytes().any(|byte| byte.is_ascii_digit());
        if segments.len() < 3 || segments.iter().any(has_digit) {
            return false;
        }
        let labels = self.hits_in_row(row).iter().filter(|hit| {
            let segment = &segments[hit.segment];
            hit.words == (0, segment.words.len()) && !segment.text.ends_with(':')
        });
        let count = labels.count();
        count >= 2 && 2 * count >= segments.len()
    }

    pub(crate) fn dates_in(&self, segment: &Segment) -> Vec<Span<CalendarDate>> {
        dates_in(segment, self.order)
    }

    pub(crate) fn numbers_in(&self, segment: &Segment) -> Vec<Span<Number>> {
        let row = &self.rows[segment.row];
        let index = row.segments.iter().position(|other| other.bounds == segment.bounds);
        index.map(|index| self.numbers[segment.row][index].clone()).unwrap_or_default()
    }

    /// The size of print that half of the words exceed.
    pub(super) fn usual_size(&self) -> f64 {
        let words = self.pages.iter().flat_map(|page| &page.words);
        let mut sizes: Vec<f64> = words.map(|word| word.size).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
    }

    pub(crate) fn page(&self, number: u32) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }
}

/// Whether a segment under a label holds values of several columns, set too near each other to be told apart.
fn is_packed(segment: &Segment, hit: &Hit) -> bool {
    let values = segment.words.iter().filter(|word| word.text.bytes().any(|b| b.is_ascii_digit()));
    let width = |bounds: Bounds| bounds.x1 - bounds.x0;
    values.count() >= 2 && width(segment.bounds) > 1.8 * width(hit.bounds)
}

/// Whether a value shares its left or right edge with a label above it, or most of its width.
pub(super) fn stands_under<T>(span: &Span<T>, hit: &Hit) -> bool {
    let near = 0.6 * hit.bounds.height();
    span.bounds.overlap_x(hit.bounds) > 0.5
        || (span.bounds.x0 - hit.bounds.x0).abs() < near
        || (span.bounds.x1 - hit.bounds.x1).abs() < near
}

/// A label that is broken into two lines, as `Numéro` over `de facture`: what both together announce, how
/// surely, and the place of the second in its row. Beside the second stands no value of its own.
fn broken_label(segment: &Segment, below: Option<&Row>) -> Option<(Label, f64, usize)> {
    let size = segment.bounds.height();
    let row = below
        .filter(|row| row.page == segment.page && row.bounds.y0 - segment.bounds.y1 < 0.8 * size)?;
    let is_text = |part: &Segment| !part.text.chars().any(|c| c.is_ascii_digit());
    let at = row.segments.iter().position(|end| {
        (end.bounds.x0 - segment.bounds.x0).abs() < 0.3 * size
            && (end.bounds.height() - size).abs() < 0.15 * size
    })?;
    let end = &row.segments[at];
    let is_free = row.segments.get(at + 1).is_none_or(is_text);
    let fits = segment.words.len() <= 3 && end.words.len() <= 3 && is_text(segment) && is_text(end);
    if !fits || !is_free || segment.text.ends_with(':') {
        return None;
    }
    let (first, second) = (folded(&segment.text), folded(&end.text));
    if first.is_empty() || second.is_empty() {
        return None;
    }
    let (label, strength) = label_of(&(first.clone() + &second))?;
    let known = label_of(&first).is_some_and(|(_, alone)| alone >= strength);
    // `Total` over `net`: two sums, not one label.
    let is_sum = matches!(label, Label::Total | Label::Subtotal | Label::Tax | Label::AmountDue);
    (!known && !is_sum && strength >= 0.7).then_some((label, strength, at))
}

/// All labels of a segment, longest first at each place.
fn hits_in(segment: &Segment, row: usize, index: usize) -> Vec<Hit> {
    const WORDS_MAX: usize = 6;
    let folds: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = 0;
    while at < folds.len() {
        let mut longest = None;
        let mut phrase = String::new();
        for (to, fold) in folds.iter().enumerate().skip(at).take(WORDS_MAX) {
            // `Handelsrechnung (380) Nr.`: a number in brackets is not part of the label.
            let in_brackets = segment.words[to].text.starts_with('(');
            if to > at && in_brackets && fold.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            phrase.push_str(fold);
            if !folds[at].is_empty()
                && let Some((label, strength)) = label_of(&phrase)
            {
                longest = Some((label, strength, to + 1));
            }
        }
        let Some((label, mut strength, to)) = longest else {
            at += 1;
            continue;
        };
        if at > 0 && hits.last().is_none_or(|hit| hit.words.1 != at) {
            strength *= 0.85;
        }
        // `Bestellung vom 01.03.2018` dates the order, not the invoice.
        let of_another = hits.last().is_some_and(|before| {
            before.words.1 == at && matches!(before.label, Label::PurchaseOrder | Label::Other)
        });
        let after_number = hits.iter().any(|hit| hit.label == Label::InvoiceNumber);
        let in_sentence = at > 2 && !after_number;
        if label == Label::InvoiceDate && strength < 0.8 && (of_another || in_sentence) {
            strength *= 0.5;
        }
        let words = &segment.words[at..to];
        let bounds = words.iter().map(|w| w.bounds).reduce(Bounds::union).unwrap_or(segment.bounds);
        hits.push(Hit { label, strength, row, segment: index, words: (at, to), bounds });
        at = to;
    }
    settle_inclusive_tax(&mut hits, &folds);
    hits
}

/// `Total incl. 19 % VAT` is a total, `Total excl. VAT` a subtotal; neither announces the tax.
fn settle_inclusive_tax(hits: &mut Vec<Hit>, folds: &[String]) {
    let mut at = 1;
    while at < hits.len() {
        let (before, after) = (hits[at - 1], hits[at]);
        let between = &folds[before.words.1..after.words.0];
        // `Brutto (inkl. USt.)`: the word may belong to the label of the tax.
        let is_apart = between.iter().any(|fold| fold.bytes().any(|b| b.is_ascii_digit()));
        let inside = if is_apart { &[] } else { &folds[after.words.0..after.words.1] };
        let has = |words: &[&str]| {
            between.iter().chain(inside).any(|fold| words.contains(&fold.as_str()))
        };
        let is_sum = matches!(before.label, Label::Total | Label::Subtotal | Label::AmountDue);
        if after.label == Label::Tax && is_sum {
            if has(&[
                "incl",
                "inkl",
                "including",
                "inclusive",
                "inc",
                "inklusive",
                "mit",
                "with",
                "dont",
                "con",
                "com",
            ]) {
                hits.remove(at);
                continue;
            }
            if has(&[
                "excl",
                "exkl",
                "ohne",
                "ex",
                "before",
                "hors",
                "senza",
                "sin",
                "sem",
                "bez",
                "without",
                "exclusive",
            ]) {
                hits[at - 1].label = Label::Subtotal;
                hits.remove(at);
                continue;
            }
        }
        at += 1;
    }
}

/// Signs of the United States: dollar amounts, state and ZIP code.
fn looks_american(rows: &[Row]) -> bool {
    rows.iter().flat_map(|row| &row.segments).any(|segment| {
        segment.words.iter().any(|word| word.text.starts_with('$') || word.text == "USD")
            || segment.words.windows(2).any(|pair| {
                pair[0].text.len() == 2
                    && pair[0].text.bytes().all(|b| b.is_ascii_uppercase())
                    && pair[1].text.len() == 5
                    && pair[1].text.bytes().all(|b| b.is_ascii_digit())
            })
    })
}
