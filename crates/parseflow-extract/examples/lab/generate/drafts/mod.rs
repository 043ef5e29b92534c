//! Papers by draft: a file of drafts holds pages as they are printed, with gaps for names, days and sums and with
//! wordings to choose from. Statements and identity papers are drafted too; what fills their gaps is their label.
//!
//! ```text
//! == letter de            kind and country, then options
//! # {co1}                 a title; ## a smaller one
//! @ 46 300 548>           where the cells of the next lines begin, or end
//! Datum | {d}             cells
//! ? [Betreff~Betrifft]: …   printed every other time, in one of the wordings
//! .                       a gap
//! > So please …           a paragraph, in as many lines as it takes
//! % {day:dd.mm.} | {text} | {amt}   once for each transaction; %+ below it; ^ is printed again on the next page
//! ```

mod facts;
mod identity;
mod sheet;
mod statement;
mod tongue;
mod tongue_more;

use std::collections::BTreeMap;

use super::habits::{Day, Money, account, filled};
use super::rng::Rng;
use crate::label::{Kind, Label};
use tongue::{Tongue, tongue};

/// The files of a set, and its number.
pub(super) struct Files {
    pub(super) number: u64,
    pub(super) texts: &'static [&'static str],
}

/// Statements.
pub(super) const FOLIOS: Files = Files { number: 1, texts: &[include_str!("statements_1.txt")] };
/// Identity papers.
pub(super) const BADGES: Files = Files { number: 2, texts: &[include_str!("identity_1.txt")] };
/// The second statements, identity papers and papers of all types.
pub(super) const TALLIES: Files = Files { number: 4, texts: &[include_str!("statements_2.txt")] };
pub(super) const PERMITS: Files = Files { number: 5, texts: &[include_str!("identity_2.txt")] };
pub(super) const ODDMENTS: Files =
    Files { number: 6, texts: &[include_str!("types_2a.txt"), include_str!("types_2b.txt")] };
/// Papers of all types.
pub(super) const SUNDRIES: Files = Files {
    number: 3,
    texts: &[
        include_str!("types_1a.txt"),
        include_str!("types_1b.txt"),
        include_str!("types_1c.txt"),
        include_str!("types_1d.txt"),
    ],
};
/// The third papers of all types, with the furniture of real ones.
pub(super) const ASSORTED: Files = Files {
    number: 7,
    texts: &[
        include_str!("assorted_1.txt"),
        include_str!("assorted_2.txt"),
        include_str!("assorted_3.txt"),
        include_str!("assorted_4.txt"),
        include_str!("assorted_5.txt"),
        include_str!("assorted_6.txt"),
        include_str!("assorted_7.txt"),
    ],
};

/// The fourth, by other issuers in other words.
pub(super) const MINGLED: Files = Files {
    number: 8,
    texts: &[
        include_str!("mingled_1.txt"),
        include_str!("mingled_2.txt"),
        include_str!("mingled_3.txt"),
        include_str!("mingled_4.txt"),
        include_str!("mingled_5.txt"),
        include_str!("mingled_6.txt"),
        include_str!("mingled_7.txt"),
        include_str!("mingled_8.txt"),
        include_str!("mingled_9.txt"),
    ],
};

/// The fifth, of other trades and countries, by a hand that wrote none of the others.
pub(super) const GATHERED: Files = Files {
    number: 9,
    texts: &[
        include_str!("gathered_1.txt"),
        include_str!("gathered_2.txt"),
        include_str!("gathered_3.txt"),
        include_str!("gathered_4.txt"),
        include_str!("gathered_5.txt"),
        include_str!("gathered_6.txt"),
    ],
};

/// A day as a country prints it, by a pattern like `dd.mm.yyyy`.
pub(super) fn shown(day: &Day, country: &str, short: &str) -> String {
    day.shown(tongue(country).months, &facts::pattern(short))
}

/// One draft of a file.
struct Draft {
    kind: &'static str,
    tongue: &'static Tongue,
    options: Vec<&'static str>,
    lines: Vec<&'static str>,
}

impl Draft {
    /// What stands behind the name of an option.
    fn option(&self, name: &str) -> Option<&'static str> {
        let found = self.options.iter().find_map(|option| option.strip_prefix(name))?;
        found.strip_prefix('=').or(Some(found))
    }
}

fn drafts(files: &[&'static str]) -> Vec<Draft> {
    let mut all: Vec<Draft> = Vec::new();
    for line in files.iter().flat_map(|file| file.lines()) {
        if let Some(head) = line.strip_prefix("== ") {
            let mut words = head.split_whitespace();
            let (kind, code) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let (options, lines) = (words.collect(), Vec::new());
            all.push(Draft { kind, tongue: tongue(code), options, lines });
        } else if let (Some(draft), false) = (all.last_mut(), line.trim().is_empty()) {
            draft.lines.push(line);
        }
    }
    all
}

/// The paper number `at` of a file: drafts are taken in turn, what fills them by lot.
pub(super) fn paper(rng: &mut Rng, files: &[&'static str], at: u64) -> (Vec<u8>, Label) {
    let all = drafts(files);
    let draft = &all[(at % all.len() as u64) as usize];
    let mut label = Label { document_type: Some(draft.kind.to_owned()), ..Label::default() };
    let mut fill = Fill::new(rng, draft);
    match draft.kind {
        "bank_statement" if draft.option("rows").is_some() => {
            let ledger = statement::Ledger::new(&mut fill, draft);
            fill.ledger = Some(ledger);
        }
        "id_document" if draft.option("person").is_some() => {
            let holder = identity::Holder::new(&mut fill, draft);
            fill.holder = Some(holder);
        }
        _ => {}
    }
    fill.zone_alone = !fill.rng.held_out && draft.lines.contains(&"{zone}") && fill.rng.chance(30);
    let sheet = sheet::written(&mut fill, draft);
    if let Some(ledger) = fill.ledger.take() {
        ledger.write_down(&fill.used, &mut label);
    }
    if let Some(holder) = fill.holder.take() {
        holder.write_down(&fill.used, &mut label);
    }
    let is_text = fill.rng.chance(20) && draft.option("pdf").is_none();
    (if is_text { sheet.text() } else { sheet.pdf() }, label)
}

/// What fills the gaps of one paper; what was chosen once stays.
struct Fill<'r> {
    rng: &'r mut Rng,
    tongue: &'static Tongue,
    money: Money,
    /// Whether it is about wages.
    pays: bool,
    day: Day,
    days: String,
    known: BTreeMap<String, String>,
    cents: BTreeMap<String, i64>,
    used: std::collections::BTreeSet<String>,
    ledger: Option<statement::Ledger>,
    holder: Option<identity::Holder>,
    /// Whether an identity paper shows nothing but its title and its zone.
    zone_alone: bool,
}

impl<'r> Fill<'r> {
    fn new(rng: &'r mut Rng, draft: &Draft) -> Fill<'r> {
        let tongue = draft.tongue;
        let (group, decimal) = tongue.marks;
        let sign = tongue.currency[usize::from(rng.chance(40))];
        let place = u64::from(!tongue.is_before);
        Fill {
            money: Money { group, decimal, sign, place, minus: 0 },
            pays: draft.kind == "payslip",
            day: Day::new(rng),
            days: rng.say(tongue.days),
            rng,
            tongue,
            known: BTreeMap::new(),
            cents: BTreeMap::new(),
            used: std::collections::BTreeSet::new(),
            ledger: None,
            holder: None,
            zone_alone: false,
        }
    }

    /// A line of a draft as it is printed.
    fn fill(&mut self, line: &str) -> String {
        let mut rest = self.choose(line);
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            out.push_str(before);
            let value = self.value(name);
            out.push_str(&value);
            rest = behind.to_owned();
        }
        out + &rest
    }

    /// One of the wordings `[a~b]`.
    fn choose(&mut self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(start) = rest.find('[') {
            let Some(end) = rest[start..].find(']').map(|end| start + end) else { break };
            let inside = &rest[start + 1..end];
            out.push_str(&rest[..start]);
            if inside.contains('~') {
                out.push_str(&self.wording(inside));
            } else {
                out.push_str(&rest[start..=end]);
            }
            rest = &rest[end + 1..];
        }
        out + rest
    }

    /// One of several wordings; of three and more every third is kept from training.
    fn wording(&mut self, wordings: &str) -> String {
        let all = wordings.split('~').enumerate();
        let is_kept = |at: &usize| self.rng.held_out || at % 3 != 2;
        let kept: Vec<&str> = all.filter(|(at, _)| is_kept(at)).map(|(_, one)| one).collect();
        self.rng.pick(&kept).to_owned()
    }
}
