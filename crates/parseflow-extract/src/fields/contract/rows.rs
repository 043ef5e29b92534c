//! The parties where rows name them: particulars with a role before each name, and the names over the signatures.

use super::introduced::recurs;
use super::names::has_form;
use super::roles::is_role;
use super::sentence::is_mark;
use super::{PARTIES_MAX, add};
use crate::fields::doc::{Candidate, Doc};
use crate::fields::prose::Prose;
use crate::layout::Row;
use crate::lexicon::folded;
use crate::spans::Span;

/// Rows of the beginning that are looked at.
const ROWS: usize = 70;

/// `Landlord: Harbour Homes Ltd`, with the role and the name in one row, beside or behind each other.
pub(super) fn particulars(doc: &Doc<'_>, prose: &Prose<'_>) -> Vec<Candidate<String>> {
    let mut found: Vec<Candidate<String>> = Vec::new();
    for row in doc.rows.iter().take(ROWS) {
        let Some(first) = row.segments.first() else { continue };
        // The role may fill its segment or end with a colon inside it.
        let colon = first.words.iter().position(|word| word.text.ends_with(':'));
        let role_end = colon.map_or(first.words.len(), |at| at + 1).min(first.words.len());
        let role: Vec<&str> =
            first.words[..role_end].iter().map(|word| word.text.as_str()).collect();
        if is_signature(&first.text) {
            break;
        }
        let label = bare_label(&role);
        let is_known = is_role(&label) || NAMES.contains(&folded(&label).as_str());
        // Another word for a party is used in the clauses or over the signatures too.
        let is_beside = colon.is_none() && row.segments.len() == 2 && begins_capital(&label);
        let is_used = || (colon.is_some() || is_beside) && recurs(prose, &label, usize::MAX);
        if role.len() > 3 || !is_known && !is_used() {
            continue;
        }
        let (segment, from) = match row.segments.get(1) {
            Some(second) if role_end == first.words.len() => (second, 0),
            _ if role_end < first.words.len() && colon.is_some() => (first, role_end),
            _ => continue,
        };
        let Some((to, name)) = name_in(segment, from) else { continue };
        let is_person = segment.words[to - 1].text.ends_with(',')
            && !name.contains(|c: char| c.is_ascii_digit());
        // Behind a party another stands: `Appaltatore: Anna Riva, Via Roma 3`.
        if !is_known && !has_form(&name) && !is_person {
            continue;
        }
        add(&mut found, Candidate::from_span(Span::of(segment, from, to, name), 0.9));
    }
    found.truncate(PARTIES_MAX);
    found
}

/// `LICENSOR    LICENSEE` over the names: each stands below its role, in the same column.
pub(super) fn headed(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    const NEAR: f64 = 12.0;
    const SCORE: f64 = 0.85;
    let is_head = |row: &Row| {
        row.segments.len() >= 2
            && row.segments.iter().all(|segment| is_role(segment.text.trim_end_matches(':')))
    };
    let rows = &doc.rows[..doc.rows.len().min(ROWS)];
    for pair in rows.windows(2).filter(|pair| is_head(&pair[0])) {
        let mut found = Vec::new();
        for segment in &pair[0].segments {
            let below = pair[1].segments.iter();
            let mut below =
                below.filter(|below| (below.bounds.x0 - segment.bounds.x0).abs() < NEAR);
            let named = below.next().and_then(|below| Some((below, name_in(below, 0)?)));
            if let Some((below, (to, name))) = named {
                add(&mut found, Candidate::from_span(Span::of(below, 0, to, name), SCORE));
            }
        }
        if found.len() >= 2 && pair[0].segments.len() == found.len() {
            return found;
        }
    }
    Vec::new()
}

/// A label without its number and its word for a name: `2. Licensor`, `Supplier's name:`, `Name of Tenant`.
fn bare_label(words: &[&str]) -> String {
    let numbered = words.first().is_some_and(|word| is_mark(word));
    let label = words[usize::from(numbered)..].join(" ");
    let bare = label.trim_end_matches(':');
    let ends = ["'s name", "’s name", " name", " full name", " legal name"];
    let role = ends.iter().find_map(|end| bare.strip_suffix(end)).filter(|role| is_role(role));
    let of = ["Name of the ", "Name of "].iter().find_map(|begin| bare.strip_prefix(begin));
    role.or(of).map_or(label.clone(), str::to_owned)
}

fn begins_capital(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

/// What stands before the name of a party in a block of facts, folded.
const NAMES: &[&str] = &[
    "name",
    "fullname",
    "companyname",
    "legalname",
    "firma",
    "firmenname",
    "denomination",
    "raisonsociale",
    "nom",
    "nombre",
    "razonsocial",
    "denominacion",
    "denominazione",
    "ragionesociale",
    "nome",
    "naam",
    "bedrijfsnaam",
];

/// Whether the signatures begin with a line.
fn is_signature(text: &str) -> bool {
    text.starts_with("By:") || text.starts_with("____") || text.starts_with("/s/")
}

/// The name at a word of a segment: up to a comma that no legal form follows.
fn name_in(segment: &crate::layout::Segment, from: usize) -> Option<(usize, String)> {
    const LONGEST: usize = 9;
    let mut to = from;
    let words = &segment.words;
    while to < words.len() && to - from < LONGEST {
        if words[to].text.starts_with(['(', '[', '_']) {
            break;
        }
        to += 1;
        if words[to - 1].text.ends_with([',', ';']) {
            let form = words.get(to).is_some_and(|next| has_form(&format!("X {}", next.text)));
            if !form {
                break;
            }
        }
    }
    let text: Vec<&str> = words[from..to].iter().map(|word| word.text.as_str()).collect();
    let name = text.join(" ").trim_end_matches([',', ';', ' ']).to_owned();
    let is_name = name.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && name.chars().any(char::is_uppercase)
        && !is_role(&name);
    is_name.then_some((to, name))
}

/// The names over lines for signatures: `By:` below a name.
pub(super) fn signed(doc: &Doc<'_>) -> Vec<Candidate<String>> {
    const NEAR: f64 = 24.0;
    let mut found: Vec<Candidate<String>> = Vec::new();
    for (at, row) in doc.rows.iter().enumerate().skip(1) {
        for segment in &row.segments {
            let first = segment.words.first().map_or("", |word| word.text.as_str());
            if !(first == "By:"
                || first == "By"
                || first == "Per:"
                || first == "Signature:"
                || first == "Signed:")
            {
                continue;
            }
            let above = doc.rows[at - 1].segments.iter();
            let above = above.filter(|above| (above.bounds.x0 - segment.bounds.x0).abs() < NEAR);
            for above in above {
                let Some((to, name)) = name_in(above, 0).filter(|(to, name)| {
                    *to == above.words.len() && above.words.len() >= 2 && !name.ends_with(':')
                }) else {
                    continue;
                };
                add(&mut found, Candidate::from_span(Span::of(above, 0, to, name), 0.6));
            }
        }
    }
    found.truncate(PARTIES_MAX);
    found
}
