//! How long an agreement holds, as `3 years` or `12 months`.

use super::duration::duration_at;
use super::sentence::{begins_row, heading, sentence};
use super::trust::Found;
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
    "prazo",
    "duracao",
    "okres",
    "czas",
    "trwania",
    "varighed",
    "varaktighet",
    "lobetid",
    "lopetid",
    "avtalstid",
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
    "ceas",
    "cess",
    "lapse",
    "endur",
    "binding",
    "gesloten",
    "heeft$",
    "hat$",
    "vale$",
    "permanec",
    "besteht",
    "fixed$",
    "ends$",
    "vigora",
    "zawart",
    "zawiera",
    "zostaje",
    "obowiazuj",
    "wygas",
    "lober",
    "loper",
    "gaelder",
    "gjelder",
    "galler",
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
    "obligacion",
    "period",
    "prestamo",
    "pret",
    "darlehen",
    "miet",
    "arrendamiento",
    "letter$",
    "undertaking",
    "arrangement",
    "convention",
    "patto",
    "acordo",
    "arrendamento",
    "umow",
    "najm",
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
    "renova",
    "rinnov",
    "przedluz",
    "kolejn",
];
/// Beginnings of words for what is kept secret.
const SECRET: &[&str] =
    &["confiden", "disclos", "secre", "divulg", "reveal", "geheim", "vertraulich"];
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
    "aviso$",
    "wypowiedz",
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
    "perdur",
    "perman",
    "manteni",
    "mantem",
    "afterwards",
    "blijft$",
    "blijven$",
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
    "beeindiging",
    "afloop",
    "daarna$",
    "scadenza",
    "fine$",
    "termo$",
    "cessacao",
    "wygasniec",
    "rozwiazan",
    "zakonczen",
];

/// The duration with the best evidence, and what else could be meant.
pub(super) fn term(prose: &Prose<'_>) -> Found<String> {
    const ENOUGH: f64 = 0.45;
    let mut all = Vec::new();
    let mut at = 0;
    while at < prose.tokens.len() {
        let Some((to, value)) = duration_at(prose, at) else {
            at += 1;
            continue;
        };
        all.push(prose.candidate(at, to, value, evidence(prose, at, to)));
        at = to;
    }
    Found::of(all, ENOUGH, 0.01)
}

/// Whether a word means the term of an agreement.
pub(super) fn is_term(prose: &Prose<'_>, at: usize) -> bool {
    TERM.contains(&prose.fold(at))
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
    if is_next_or_notice(prose, at, to, (from, end)) {
        return 0.0;
    }
    let mut score = 0.1;
    let mut add = |holds: bool, weight: f64| score += if holds { weight } else { 0.0 };
    add(before(15).any(is_term), 0.3);
    add(before(5).any(is_term), 0.1);
    add(any(prose, before(4), &["initial", "anfanglich", "iniziale", "inicial"]), 0.15);
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
    // `For three years … shall hold in confidence and shall not disclose`: the duty is the agreement.
    let is_other = any(prose, from..end, &["solicit", "hire$", "acquir", "compet", "securities"]);
    let keeps = forbids(prose, from, end) && any(prose, from..end.max(to), SECRET);
    add(keeps && !is_other, 0.15);
    // `(the "Term")` says what it is.
    let is_named =
        |near: usize| is_term(near) && prose.text(near).contains(['”', '"', ')', '“', '«']);
    add((to..to + 10).any(is_named), 0.25);
    (score - doubts(prose, at, to, (from, end))).min(0.92)
}

/// Whether a period is the next one, or that of a notice.
fn is_next_or_notice(prose: &Prose<'_>, at: usize, to: usize, (from, end): (usize, usize)) -> bool {
    let before = |reach: usize| at.saturating_sub(reach).max(from)..at;
    let after = to..(to + 4).min(end.max(to));
    // `of no further effect`, `unless renewed`
    let is_over = |near: &usize| {
        matches!(prose.fold(near + 1), "effect" | "force")
            || *near > 0 && prose.fold(near - 1) == "unless"
    };
    any(prose, before(9).filter(|near| !is_over(near)), RENEWS)
        || any(prose, before(6), NOTICE)
        || any(prose, after, NOTICE)
}

/// What speaks for another period: what survives, of a warranty, of each order, after the end.
fn doubts(prose: &Prose<'_>, at: usize, to: usize, (from, end): (usize, usize)) -> f64 {
    let before = |reach: usize| at.saturating_sub(reach).max(from)..at;
    // What a semicolon parts is said of something else.
    let end = (to..end).find(|at| prose.text(at - 1).ends_with(';')).unwrap_or(end);
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
    // `For 18 months neither party shall employ …`: what is forbidden meanwhile, if it is not to disclose.
    add(forbids(prose, from, end) && !any(prose, from..end, SECRET), 0.35);
    // `one year after termination`: what holds afterwards. Its own term is counted from a day.
    let afterwards = ["after", "nach", "apres", "tras", "following"];
    let later = ["afterwards", "danach", "nadien"];
    add(any(prose, after(1), &later), 0.4);
    // `five years after that`
    let is_that = matches!(prose.fold(to + 1), "that" | "it" | "then");
    add(prose.fold(to) == "after" && is_that, 0.4);
    // `four years, after which it ends` is no other time.
    let after = |reach: usize| {
        let is_then = prose.fold(to + 1) == "which";
        if is_then { to..to } else { after(reach) }
    };
    add(
        any(prose, after(2), &afterwards)
            && (any(prose, after(5), &END[1..]) || any(prose, after(5), &["ends$", "ended$"])),
        0.3,
    );
    doubts
}

/// Whether a sentence forbids something, other than to end the agreement.
fn forbids(prose: &Prose<'_>, from: usize, end: usize) -> bool {
    let is_not = |at: usize| {
        prose.fold(at) == "not"
            && at > from
            && matches!(prose.fold(at - 1), "shall" | "will" | "may" | "must" | "to" | "agrees")
    };
    let verb = |at: usize| at + 1 + usize::from(prose.fold(at + 1) == "be");
    (from..end).any(|at| {
        matches!(prose.fold(at), "neither" | "keine" | "keinen" | "aucune" | "aucun" | "ninguna")
            || is_not(at) && !any(prose, [verb(at)].into_iter(), LASTS)
    })
}
