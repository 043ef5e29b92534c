//! Facts that stand beside or below their names, in one language or two, and the numbered facts of driving licences.

use super::LABELS;
use super::dates::day_in;
use crate::fields::doc::{Candidate, Doc};
use crate::layout::Segment;
use crate::lexicon::folded;
use crate::spans::Span;

/// Rows that are looked at: papers are short.
const ROWS_MAX: usize = 200;
const NUMBER: usize = 0;
const SURNAME: usize = 1;
const GIVEN: usize = 2;
const NATIONALITY: usize = 3;
const BIRTH: usize = 4;
const SEX: usize = 5;
const EXPIRY: usize = 6;

/// Words for a paper, in names of its number.
const PAPERS: &[&str] = &[
    "",
    "document",
    "documento",
    "dokument",
    "dokumentu",
    "dokumenten",
    "dudocument",
    "dedocumento",
    "dodocumento",
    "passport",
    "pass",
    "reisepass",
    "passeport",
    "dupasseport",
    "pasaporte",
    "depasaporte",
    "passaporto",
    "passaporte",
    "paspoort",
    "paszportu",
    "card",
    "idcard",
    "id",
    "identitycard",
    "ausweis",
    "carte",
    "decarte",
    "delacarte",
    "carta",
    "tarjeta",
    "kaart",
    "kart",
    "dowodu",
    "licence",
    "license",
    "permit",
    "soporte",
    "serien",
    "epic",
    "voterid",
    "visa",
    "residencepermit",
    "drivinglicence",
    "driverslicense",
    "fuhrerschein",
    "permis",
    "patente",
    "rijbewijs",
];
const NUMBERS: &[&str] =
    &["number", "numero", "nummer", "numer", "num", "no", "nr", "n", "nbr", "ndeg", "serial"];
/// Names of facts that are not given, which are no values either.
const OTHERS: &[&str] = &[
    "placeofbirth",
    "birthplace",
    "geburtsort",
    "lieudenaissance",
    "lugardenacimiento",
    "luogodinascita",
    "geboorteplaats",
    "miejsceurodzenia",
    "localdenascimento",
    "naturalidade",
    "dateofissue",
    "issued",
    "issuedon",
    "ausstellungsdatum",
    "ausgestelltam",
    "datededelivrance",
    "delivrele",
    "fechadeexpedicion",
    "expedido",
    "datadirilascio",
    "emissione",
    "datumvanafgifte",
    "afgegeven",
    "datawydania",
    "datadeemissao",
    "authority",
    "issuingauthority",
    "behorde",
    "ausstellendebehorde",
    "autorite",
    "autoridad",
    "autorita",
    "autoriteit",
    "organwydajacy",
    "autoridade",
    "type",
    "code",
    "height",
    "address",
    "remarks",
    "anmerkungen",
    "typeofpermit",
];

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Fact(usize),
    Other,
}

fn meaning(fold: &str) -> Option<Name> {
    const OWNERS: &[&str] = &["electors", "holders", "cardholders", "bearers", "owners", "drivers"];
    let fold = OWNERS
        .iter()
        .find_map(|owner| fold.strip_prefix(owner).filter(|rest| rest.len() > 2))
        .unwrap_or(fold);
    if let Some(at) = LABELS.iter().position(|names| names.contains(&fold)) {
        return Some(Name::Fact(at));
    }
    if OTHERS.contains(&fold) {
        return Some(Name::Other);
    }
    let is_number = NUMBERS.iter().any(|word| {
        let rest = fold.strip_suffix(word).or_else(|| fold.strip_prefix(word));
        rest.is_some_and(|rest| {
            let rest = ["de", "du", "dela", "del", "do", "da", "der", "des"]
                .iter()
                .find_map(|of| rest.strip_prefix(of).filter(|rest| PAPERS.contains(rest)))
                .unwrap_or(rest);
            PAPERS.contains(&rest.trim_end_matches('s')) || PAPERS.contains(&rest)
        })
    });
    is_number.then_some(Name::Fact(NUMBER))
}

/// The name a segment begins with, in one language or in several between slashes, and the words it takes.
fn name_of(segment: &Segment) -> Option<(Name, usize)> {
    let mut found = None;
    for to in 1..=segment.words.len().min(10) {
        let text: Vec<&str> = segment.words[..to].iter().map(|word| word.text.as_str()).collect();
        let text = text.join(" ");
        let spoken = |text: &str| -> Option<Name> { meaning(&folded(text)) };
        // `Né(e) le / Date of birth`, `Sex/Sexe`; a name may itself hold a slash (`Surname/Name`).
        let name = spoken(&text).or_else(|| {
            let parts: Vec<&str> = text.split('/').map(str::trim).collect();
            if parts.len() < 2 || parts.iter().any(|part| part.is_empty()) {
                // `Nº DOCUMENTO DOCUMENT No.`: the same in two languages, one behind the other.
                return (1..to).find_map(|at| {
                    let part = |range: std::ops::Range<usize>| {
                        let words = segment.words[range].iter().map(|word| folded(&word.text));
                        meaning(&words.collect::<String>())
                    };
                    let first = part(0..at)?;
                    (part(at..to) == Some(first)).then_some(first)
                });
            }
            let known: Vec<Name> = parts.iter().filter_map(|part| spoken(part)).collect();
            let ends = spoken(parts.last()?).is_some();
            (ends && known.iter().all(|name| *name == known[0])).then(|| known[0])
        });
        if let Some(name) = name {
            found = Some((name, to));
        }
        if segment.words[to - 1].text.ends_with(':') {
            // A name whose first language is unknown still ends at its colon.
            break;
        }
    }
    found
}

fn under<'d>(doc: &'d Doc<'_>, index: usize, head: &Segment) -> Option<&'d Segment> {
    let row = doc.rows.get(index + 1).filter(|row| row.page == doc.rows[index].page)?;
    let close = row.bounds.y0 - head.bounds.y1 < 2.0 * head.bounds.height();
    let aligned = |segment: &&Segment| (segment.bounds.x0 - head.bounds.x0).abs() < 6.0;
    let overlaps = |segment: &&Segment| segment.bounds.overlap_x(head.bounds) > 0.3;
    let mut all = row.segments.iter().filter(|_| close);
    all.clone().find(aligned).or_else(|| all.find(overlaps))
}

/// The fact of an index beside or below its name.
pub(super) fn fact(doc: &Doc<'_>, wanted: usize, ends: Option<&str>) -> Option<Candidate<String>> {
    let is_name =
        |segment: &&Segment| name_of(segment).is_some_and(|(_, to)| to == segment.words.len());
    for (index, row) in doc.rows.iter().enumerate().take(ROWS_MAX) {
        for (at, segment) in row.segments.iter().enumerate() {
            let Some((Name::Fact(fact), to)) = name_of(segment) else { continue };
            if fact != wanted {
                continue;
            }
            if to < segment.words.len() {
                let has_colon = segment.words[to - 1].text.ends_with(':');
                // `LN BERG`, `Name ANNA BERG`: capitals behind a name that is none of theirs.
                let rest = &segment.words[to..];
                let is_loud = matches!(wanted, SURNAME | GIVEN)
                    && rest.len() <= 5
                    && rest
                        .iter()
                        .all(|word| word.text.chars().all(|c| c.is_uppercase() || c == '-'));
                if (has_colon || is_loud || matches!(wanted, NUMBER | BIRTH | EXPIRY | SEX))
                    && let Some(found) = value(doc, segment, to, wanted, ends, 0.92)
                {
                    return Some(found);
                }
                continue;
            }
            let beside = row.segments.get(at + 1).filter(|next| !is_name(next));
            let found =
                beside.and_then(|next| value(doc, next, 0, wanted, ends, 0.91)).or_else(|| {
                    let below = under(doc, index, segment).filter(|below| !is_name(below))?;
                    value(doc, below, 0, wanted, ends, 0.9)
                });
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// What the words of a segment say, if it is of the wanted kind.
fn value(
    doc: &Doc<'_>,
    segment: &Segment,
    from: usize,
    wanted: usize,
    ends: Option<&str>,
    score: f64,
) -> Option<Candidate<String>> {
    let texts: Vec<&str> = segment.words[from..].iter().map(|word| word.text.as_str()).collect();
    let text = texts.join(" ").trim_matches(|c: char| matches!(c, ':' | ' ')).to_owned();
    let value = match wanted {
        NUMBER => text.bytes().any(|byte| byte.is_ascii_digit()).then_some(text)?,
        BIRTH | EXPIRY => day_in(&text, ends.filter(|_| wanted == BIRTH), doc.order)?,
        SEX => match text.chars().next()?.to_ascii_uppercase() {
            letter @ ('M' | 'F' | 'X') => letter.to_string(),
            'W' | 'K' | 'V' => "F".to_owned(),
            'H' => "M".to_owned(),
            _ => return None,
        },
        NATIONALITY => text,
        _ => (!text.bytes().any(|byte| byte.is_ascii_digit()) && text.len() > 1).then_some(text)?,
    };
    Some(Candidate::from_span(Span::of(segment, from, segment.words.len(), value), score))
}

/// The facts of a driving licence of the European or the American form: 1 surname, 2 given names, 3 birth, 4b end, 5 number
/// or, where that numbers the card, 4d.
pub(in crate::fields) struct Licence {
    pub(super) values: [Option<Candidate<String>>; 8],
}

/// Reads a licence by the numbers of its facts, where they are all there.
///
/// Source: Annex I of Directive 2006/126/EC; AAMVA DL/ID Card Design Standard.
pub(in crate::fields) fn licence(doc: &Doc<'_>) -> Option<Licence> {
    // Names of facts that may follow their numbers.
    const NAMES: &[&str] =
        &["dln", "dl", "id", "no", "exp", "iss", "dob", "sex", "lic", "ln", "fn", "name"];
    let numbered = |number: &str| {
        let rows = doc.rows.iter().take(60);
        let mut own = rows.flat_map(|row| {
            row.segments.iter().zip(row.segments.iter().skip(1).map(Some).chain([None]))
        });
        own.find_map(|(segment, next)| {
            let is_number = folded(&segment.words[0].text) == number
                && segment.words[0].text.len() <= number.len() + 1;
            let named = segment
                .words
                .get(1)
                .is_some_and(|word| NAMES.contains(&folded(&word.text).as_str()));
            let from = 1 + usize::from(named);
            match (is_number, segment.words.len() > from) {
                (true, true) => Some((segment, from)),
                // The fact stands beside its number.
                (true, false) => next.map(|next| (next, 0)),
                _ => None,
            }
        })
    };
    let [surname, given, birth, issued, end, number, card, sex] =
        ["1", "2", "3", "4a", "4b", "5", "4d", "15"].map(numbered);
    // Only European licences say who issued them, and mean another number by 4d.
    let card = card.filter(|_| numbered("4c").is_none());
    issued?;
    let score = 0.93;
    let read = |found: (&Segment, usize), wanted: usize, ends: Option<&str>| {
        value(doc, found.0, found.1, wanted, ends, score)
    };
    let end = read(end?, EXPIRY, None)?;
    let birth = read(birth?, BIRTH, Some(&end.value))?;
    let values = [
        read(card.or(number)?, NUMBER, None),
        read(surname?, SURNAME, None),
        read(given?, GIVEN, None),
        None,
        Some(birth),
        sex.and_then(|sex| read(sex, SEX, None)),
        Some(end),
        None,
    ];
    Some(Licence { values })
}
