//! How long an agreement holds, as `3 years` or `12 months`.

use super::sentence::{begins_row, heading, sentence};
use crate::fields::doc::Candidate;
use crate::fields::prose::Prose;

/// Words for a term, folded.
const TERM: &[&str] = &[
    "term",
    "duration",
    "laufzeit",
    "dauer",
    "vertragsdauer",
    "vertragslaufzeit",
    "mietzeit",
    "mietdauer",
    "festlaufzeit",
    "duree",
    "duracion",
    "vigencia",
    "plazo",
    "durata",
    "duur",
    "looptijd",
    "termine",
    "terms",
];
/// Beginnings of words by which something lasts.
const LASTS: &[&str] = &[
    "dure$",
    "durar",
    "bound",
    "concert",
    "wird$",
    "valid",
    "valable",
    "gilt$",
    "geldt$",
    "duur$",
    "remain",
    "continu",
    "force",
    "effect",
    "expir",
    "terminat",
    "last",
    "commenc",
    "begin",
    "beginn",
    "run",
    "conclu",
    "geschlossen",
    "abgeschlossen",
    "befrist",
    "betragt",
    "fest$",
    "consenti",
    "accept",
    "fixee",
    "tendra",
    "vigen",
    "celebr",
    "stipul",
    "aangegaan",
    "lauft",
    "endet",
    "ablauf",
    "vigueur",
    "vigor",
    "kraft",
    "eindigt",
    "scad",
    "extingu",
];
/// Beginnings of words for what lasts.
const SUBJECTS: &[&str] = &[
    "agreement",
    "lease",
    "licen",
    "engagement",
    "employment",
    "loan",
    "contract",
    "vertrag",
    "contrat",
    "bail",
    "overeenkomst",
    "tenancy",
    "mietverhaltnis",
    "arbeitsverhaltnis",
    "premises",
    "accord",
    "acuerdo",
    "vereinbarung",
    "obligation",
    "period",
    "prestamo",
    "pret",
    "darlehen",
    "miet",
    "arrendamiento",
];
/// Beginnings of words of periods that are not how long the agreement holds.
const OTHERS: &[&str] = &[
    "warrant",
    "guarant",
    "garant",
    "gewahrleistung",
    "mangel",
    "verjahr",
    "probation",
    "probezeit",
    "essai",
    "prueba",
    "solicit",
    "compet",
    "wettbewerb",
    "audit",
    "books",
    "records",
    "retain",
    "insurance",
    "indemnity",
    "versicherung",
    "forecast",
    "lead$",
    "deposit",
    "kaution",
    "instal",
    "salary",
    "severance",
    "hire",
    "prior",
    "preceding",
    "standstill",
    "escrow",
    "vacat",
    "travaux",
    "entrega",
    "reviewed",
    "revision",
    "premium",
    "maturing",
    "limitation",
    "claim",
    "experience",
];
/// Beginnings of words for prolonging: the period behind them is the next one.
const RENEWS: &[&str] = &[
    "renew",
    "extend",
    "extension",
    "successive",
    "additional",
    "verlanger",
    "renouvel",
    "reconduc",
    "prorrog",
    "prorog",
    "verleng",
    "further",
    "jeweils",
];
/// Beginnings of words for notice.
const NOTICE: &[&str] = &[
    "notice",
    "notification",
    "frist",
    "kundigungsfrist",
    "preavis",
    "preaviso",
    "preavviso",
    "opzegtermijn",
    "vorankundigung",
];
/// Beginnings of words for what outlives the agreement.
const SURVIVES: &[&str] = &[
    "surviv",
    "subsist",
    "fort",
    "sobreviv",
    "uberdauer",
    "nachvertrag",
    "thereafter",
    "overleef",
];
/// Beginnings of words for its end.
const END: &[&str] = &[
    "end",
    "terminat",
    "expir",
    "ende",
    "beendigung",
    "fin",
    "cessation",
    "terminacion",
    "extincion",
    "einde$",
    "completion",
    "leaving",
];

/// The duration with the best evidence.
pub(super) fn term(prose: &Prose<'_>) -> Option<Candidate<String>> {
    let mut best: Option<Candidate<String>> = None;
    let mut at = 0;
    while at < prose.tokens.len() {
        let Some((to, value)) = duration_at(prose, at) else {
            at += 1;
            continue;
        };
        let score = evidence(prose, at, to);
        if best.as_ref().is_none_or(|known| score > known.score + 0.01) {
            best = Some(prose.candidate(at, to, value, score));
        }
        at = to;
    }
    best.filter(|term| term.score >= 0.45)
}

/// Whether a word of a range begins so, or is so where `$` ends what is looked for.
fn any(prose: &Prose<'_>, mut range: impl Iterator<Item = usize>, list: &[&str]) -> bool {
    range.any(|at| {
        let fold = prose.fold(at);
        list.iter().any(|begin| match begin.strip_suffix('$') {
            Some(word) => fold == word,
            None => fold.starts_with(begin),
        })
    })
}

/// How surely the duration from `at` to `to` is that of the agreement.
fn evidence(prose: &Prose<'_>, at: usize, to: usize) -> f64 {
    let (from, end) = sentence(prose, at);
    let before = |reach: usize| at.saturating_sub(reach).max(from)..at;
    let after = |reach: usize| to..(to + reach).min(end.max(to));
    let is_term = |near: usize| TERM.contains(&prose.fold(near));
    // A row of a table: `Term: 12 months`.
    let label = at.checked_sub(1).filter(|&label| is_term(label));
    let starts = |label: usize| {
        begins_row(prose, label)
            || label > 0 && prose.fold(label - 1) == "initial" && begins_row(prose, label - 1)
    };
    if label.is_some_and(starts) {
        return 0.9;
    }
    if any(prose, before(9), RENEWS)
        || any(prose, before(6), NOTICE)
        || any(prose, after(4), NOTICE)
    {
        return 0.0;
    }
    let mut score = 0.1;
    let mut add = |holds: bool, weight: f64| score += if holds { weight } else { 0.0 };
    add(before(15).any(is_term), 0.3);
    add(before(5).any(is_term), 0.1);
    add(
        any(prose, before(4), &["period", "zeitraum", "periode", "periodo", "dauer", "duree"]),
        0.1,
    );
    add(any(prose, before(22).chain(after(6)), LASTS), 0.25);
    add(any(prose, from..end.max(to), SUBJECTS), 0.12);
    // `Er wird für drei Jahre geschlossen`, `Il dure deux ans`
    let goes_for = any(
        prose,
        before(2),
        &["for$", "fur$", "pour$", "por$", "voor$", "pendant$", "durante$", "per$", "gedurende$"],
    );
    add(goes_for && any(prose, before(8).chain(after(4)), LASTS), 0.12);
    add(any(prose, before(2), &["dure$", "durar", "lasts", "dura$", "lauft"]), 0.12);
    // `This Agreement shall … for three years`: whatever the verb, it lasts.
    let shall = |near: usize| {
        matches!(prose.fold(near), "shall" | "will")
            && any(prose, near.saturating_sub(2)..near, SUBJECTS)
    };
    add(goes_for && before(5).any(shall), 0.25);
    let counted = [
        "from",
        "after",
        "following",
        "commencing",
        "beginning",
        "ab",
        "compter",
        "desde",
        "partir",
        "date",
        "hereof",
        "anniversary",
        "dalla$",
        "contados",
        "depuis",
        "vanaf",
    ];
    add(any(prose, after(7), &counted), 0.12);
    let (head, head_end) = heading(prose, at);
    add((head..head_end).any(|near| is_term(near) || prose.fold(near) == "befristung"), 0.2);
    add(any(prose, head..head_end, OTHERS), -0.2);
    // `(the "Term")` says what it is.
    let is_named =
        |near: usize| is_term(near) && prose.text(near).contains(['”', '"', ')', '“', '«']);
    add((to..to + 10).any(is_named), 0.25);
    (score - doubts(prose, at, to, (from, end))).min(0.92)
}

/// What speaks for another period: what survives, of a warranty, of each order, after the end.
fn doubts(prose: &Prose<'_>, at: usize, to: usize, (from, end): (usize, usize)) -> f64 {
    let before = |reach: usize| at.saturating_sub(reach).max(from)..at;
    let after = |reach: usize| to..(to + reach).min(end.max(to));
    let is_term = |near: usize| TERM.contains(&prose.fold(near));
    let mut doubts = 0.0;
    let mut add = |holds: bool, weight: f64| doubts += if holds { weight } else { 0.0 };
    let survives = any(prose, before(20).chain(after(8)), SURVIVES);
    let ends = any(prose, before(20).chain(after(8)), END);
    add(survives && ends, 0.45);
    add(any(prose, before(18), OTHERS) || any(prose, after(5), &["prior", "probation"]), 0.3);
    let each = [
        "any$",
        "each$",
        "every$",
        "within",
        "innerhalb",
        "binnen",
        "sous$",
        "least",
        "first$",
        "ersten",
        "premiers",
        "primeros",
    ];
    add(any(prose, before(4), &each), 0.3);
    let paid = ["pay", "paid", "invoice", "rechnung", "facture", "factura", "interest"];
    add(any(prose, before(10), &paid) && !before(15).any(is_term), 0.3);
    // `one year after termination`: what holds afterwards. Its own term is counted from a day.
    let afterwards = ["after", "nach", "apres", "tras", "following"];
    add(any(prose, after(2), &afterwards) && any(prose, after(5), &END[1..]), 0.3);
    doubts
}

/// Numbers as words, folded; alternatives of several languages.
const NUMBERS: &[(usize, &str)] = &[
    (1, "one|ein|eine|einem|einer|eines|un|une|una|uno|een"),
    (2, "two|zwei|deux|dos|due|twee"),
    (3, "three|drei|trois|tres|tre|drie"),
    (4, "four|vier|quatre|cuatro|quattro"),
    (5, "five|funf|cinq|cinco|cinque|vijf"),
    (6, "six|sechs|seis|sei|zes"),
    (7, "seven|sieben|sept|siete|sette|zeven"),
    (8, "eight|acht|huit|ocho|otto"),
    (9, "nine|neun|neuf|nueve|nove|negen"),
    (10, "ten|zehn|dix|diez|dieci|tien"),
    (11, "eleven|elf|onze|once|undici"),
    (12, "twelve|zwolf|douze|doce|dodici|twaalf"),
    (13, "thirteen|dreizehn|treize|trece"),
    (14, "fourteen|vierzehn|quatorze|catorce"),
    (15, "fifteen|funfzehn|quinze|quince|quindici|vijftien"),
    (16, "sixteen|sechzehn|seize|dieciseis"),
    (17, "seventeen|siebzehn|dixsept"),
    (18, "eighteen|achtzehn|dixhuit|dieciocho|diciotto|achttien"),
    (19, "nineteen|neunzehn"),
    (20, "twenty|zwanzig|vingt|veinte|venti|twintig"),
    (24, "twentyfour|vierundzwanzig|vingtquatre|veinticuatro|ventiquattro|vierentwintig"),
    (25, "twentyfive|funfundzwanzig|vingtcinq|veinticinco"),
    (30, "thirty|dreissig|trente|treinta|trenta|dertig"),
    (36, "thirtysix|sechsunddreissig|trentesix|treintayseis|trentasei|zesendertig"),
    (48, "fortyeight|achtundvierzig|quarantehuit|cuarentayocho|quarantotto"),
    (60, "sixty|sechzig|soixante|sesenta|sessanta|zestig"),
];
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

fn spelled(fold: &str) -> Option<usize> {
    let known = NUMBERS.iter().find(|(_, words)| words.split('|').any(|word| word == fold));
    known.map(|(count, _)| *count)
}

fn digits(fold: &str) -> Option<usize> {
    let is_number = (1..=2).contains(&fold.len()) && fold.bytes().all(|byte| byte.is_ascii_digit());
    fold.parse().ok().filter(|count| is_number && (1..=99).contains(count))
}

fn unit(fold: &str) -> Option<&'static str> {
    match fold {
        "year" | "years" | "jahr" | "jahre" | "jahren" | "jahres" | "an" | "ans" | "annee"
        | "annees" | "ano" | "anos" | "anno" | "anni" | "jaar" | "jaren" => Some("year"),
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "mes" | "meses" | "mese"
        | "mesi" | "maand" | "maanden" => Some("month"),
        _ => None,
    }
}

/// `three (3) years`, `2 years`, `twenty-four months`, `trois ans`, `two-year`, `second anniversary`: where it ends and what it is.
fn duration_at(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    const REACH: usize = 6;
    let counts = |near: usize| {
        unit(prose.fold(near)).is_some()
            || prose.fold(near) == "anniversary"
            || prose.text(near).contains('-')
    };
    if !(at..at + REACH).any(counts) {
        return None;
    }
    let fold = prose.fold(at);
    if prose.fold(at + 1) == "anniversary" {
        let years = ORDINALS.iter().position(|ordinal| *ordinal == fold)? + 1;
        return Some((at + 2, plural(years, "year")));
    }
    // `two-year term`, `12-month period`
    let text = prose.text(at);
    if let Some((count, unit_word)) = text.split_once('-') {
        let (count, unit_word) = (crate::lexicon::folded(count), crate::lexicon::folded(unit_word));
        if let (Some(count), Some(unit)) =
            (spelled(&count).or_else(|| digits(&count)), unit(&unit_word))
        {
            return Some((at + 1, plural(count, unit)));
        }
    }
    // Words of a number up to its figures in brackets, which are plainer.
    const WORDS: usize = 4;
    let is_in_brackets =
        |at: usize| prose.text(at).starts_with('(') && digits(prose.fold(at)).is_some();
    if let Some(count) = spelled(fold)
        && let Some(figures) = (at + 1..at + WORDS).find(|&next| is_in_brackets(next))
        && let Some(unit) = unit(prose.fold(figures + 1))
    {
        let count = digits(prose.fold(figures)).unwrap_or(count);
        return Some((figures + 2, plural(count, unit)));
    }
    let three = format!("{fold}{}{}", prose.fold(at + 1), prose.fold(at + 2));
    let two = format!("{fold}{}", prose.fold(at + 1));
    let (count, next) = spelled(&three)
        .map(|count| (count, at + 3))
        .or_else(|| spelled(&two).map(|count| (count, at + 2)))
        .or_else(|| spelled(fold).or_else(|| digits(fold)).map(|count| (count, at + 1)))?;
    // `12 (twelve) months`
    let next = next + usize::from(prose.text(next).starts_with('('));
    unit(prose.fold(next)).map(|unit| (next + 1, plural(count, unit)))
}

fn plural(count: usize, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}
