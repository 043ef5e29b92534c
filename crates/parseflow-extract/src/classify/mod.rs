//! What kind of document it is: a linear model over the phrases of each kind and the look of the page.
//!
//! The weights are trained on documents that the project makes (`cargo xtask train`) and stay near
//! what the phrase lists say by themselves, so that wordings which no training document uses still count.

mod letters;
mod phrases;
mod phrases_more;
mod structure;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use parseflow_model::DocumentType;
use serde_json::Value;

use crate::layout::Row;
use crate::lexicon::folded;
use phrases::EVIDENCE;
use phrases_more::{EVERYDAY, MORE};
use structure::{LOOKS, head_of, looks, titles};

/// Rows at the top that count as title.
const TITLE_ROWS: usize = 20;
/// Rows that are looked at.
const ROWS_MAX: usize = 600;
/// Words from which a row is a sentence.
const SENTENCE_WORDS: usize = 9;
/// How much a phrase counts that fills a row, that fills a part of it as the name of a value does, that stands at the top of
/// the page, further down, in running text though it belongs beside values; [`titles`] says what the name of a type counts in a title, and the first one more.
const HEADING: f64 = 2.0;
const LABEL: f64 = 1.4;
const FIRST: f64 = 1.3;
const IN_TITLE: f64 = 1.0;
const BELOW: f64 = 0.6;
const IN_PROSE: f64 = 0.4;

/// Lists of at least this weight are names of types.
const NAMES: f64 = 1.8;

const KINDS: usize = DocumentType::ALL.len();

/// The types by their probability (0 to 1), likeliest first.
pub(crate) fn classify(rows: &[Row]) -> Vec<(DocumentType, f64)> {
    let features = features(rows);
    let scores = Model::shipped().scores(&features);
    if features[phrase_list().len()] > 0.0 {
        return vec![(DocumentType::IdDocument, 0.99)];
    }
    // Nothing but the look of the page speaks: that is not enough to name a type, unless it is that of a letter or of a till's slip.
    let phrases = features[..phrase_list().len()].iter().filter(|value| **value > 0.0).count();
    if phrases == 0 && !structure::speak(&features[phrase_list().len()..]) {
        return match is_titled_agreement(rows) {
            true => {
                vec![(DocumentType::Contract, AGREEMENT), (DocumentType::Other, 1.0 - AGREEMENT)]
            }
            false => vec![(DocumentType::Other, 0.5)],
        };
    }
    let top = scores.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = scores.iter().map(|score| (score - top).exp()).sum();
    let share = |score: f64| (score - top).exp() / total;
    let mut ranked: Vec<(DocumentType, f64)> =
        DocumentType::ALL.into_iter().zip(scores.map(share)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    if ranked[0].0 == DocumentType::Other && is_titled_agreement(rows) {
        ranked.retain(|(kind, _)| *kind != DocumentType::Contract);
        ranked.iter_mut().for_each(|(_, share)| *share *= 1.0 - AGREEMENT);
        ranked.insert(0, (DocumentType::Contract, AGREEMENT));
    }
    ranked
}

/// How sure the title of an agreement is where nothing else names the type.
const AGREEMENT: f64 = 0.85;

/// Whether a short row at the top has the form of the title of an agreement: `ACCORDO DI …`, `…vertrag`, `DEED OF …`.
fn is_titled_agreement(rows: &[Row]) -> bool {
    const TOP: usize = 3;
    const LONGEST: usize = 8;
    const FIRST: &[&str] = &[
        "accord",
        "contract",
        "agreement",
        "accordo",
        "acuerdo",
        "convenio",
        "convention",
        "convenzione",
        "pacto",
        "patto",
        "protocole",
        "scrittura",
        "termo",
        "deed",
        "memorandum",
        "vereinbarung",
        "overeenkomst",
        "bail",
        "compromis",
        "vertrag",
        "contrat",
        "contrato",
        "contratto",
    ];
    const LAST: &[&str] = &[
        "vertrag",
        "vereinbarung",
        "overeenkomst",
        "abkommen",
        "agreement",
        "undertaking",
        "covenant",
        "contract",
    ];
    rows.iter().take(TOP).map(Row::text).any(|text| {
        let words: Vec<String> = text.split_whitespace().map(folded).collect();
        let is_short = (1..=LONGEST).contains(&words.len());
        let is_plain = !text.contains(|c: char| c.is_ascii_digit() || c == ':' || c == ',');
        let begins = words.len() > 1 && FIRST.contains(&words[0].as_str());
        let ends = |word: &String| LAST.iter().any(|last| word.ends_with(last));
        is_short && is_plain && (begins || words.last().is_some_and(ends))
    })
}

/// All phrases in the order of their features.
pub(crate) fn phrase_list() -> &'static [&'static str] {
    static LIST: OnceLock<Vec<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list = Vec::new();
        let mut seen = HashSet::new();
        for word in
            EVIDENCE.iter().chain(MORE).flat_map(|(_, _, words)| words.split(',')).map(str::trim)
        {
            if seen.insert(word) {
                list.push(word);
            }
        }
        list
    })
}

/// Whether a phrase is what papers of a type are called, and not only found in them.
fn names_type(phrase: &str) -> bool {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| phrases_from(NAMES)).contains(phrase)
}

/// Whether a phrase is what papers of one type alone are called.
fn names_surely(phrase: &str) -> bool {
    const SURE: f64 = 4.0;
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| phrases_from(SURE)).contains(phrase)
}

/// Whether the name of a type leaves nothing to say to a shorter one in it: it is sure, or both name the same type.
fn says_all_of(name: &str, part: &str) -> bool {
    static LIST: OnceLock<HashMap<&'static str, DocumentType>> = OnceLock::new();
    let kinds = LIST.get_or_init(|| {
        let names = listed().filter(|(_, weight, _)| *weight >= NAMES);
        names.map(|(kind, _, phrase)| (phrase, kind)).collect()
    });
    let kind = kinds.get(name);
    names_surely(name) || kind.is_some() && kind == kinds.get(part)
}

/// Whether a phrase is found beside values, and says little in running text.
fn names_value(phrase: &str) -> bool {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let list = LIST.get_or_init(|| {
        let is_prose = |kind: &DocumentType| {
            matches!(kind, DocumentType::Contract | DocumentType::Letter | DocumentType::Other)
        };
        let of = |prose: bool| {
            listed().filter(move |(kind, ..)| is_prose(kind) == prose).map(|(.., phrase)| phrase)
        };
        let others: HashSet<&str> = of(true).collect();
        of(false).filter(|word| !others.contains(word) && !names_type(word)).collect()
    });
    list.contains(phrase)
}

/// The phrases whose list has at least this weight.
fn phrases_from(least: f64) -> HashSet<&'static str> {
    listed().filter(|(_, weight, _)| *weight >= least).map(|(.., phrase)| phrase).collect()
}

/// Every phrase of the lists with the type it speaks for and the weight of its list.
fn listed() -> impl Iterator<Item = (DocumentType, f64, &'static str)> {
    let lists = EVIDENCE.iter().chain(MORE);
    lists.flat_map(|(kind, weight, phrases)| {
        phrases.split(',').map(move |phrase| (*kind, *weight, phrase.trim()))
    })
}

/// The weights before training: what the lists say, for each feature and kind; looks say nothing.
#[cfg(feature = "lab")]
pub(crate) fn prior() -> Vec<[f64; KINDS]> {
    let index: HashMap<&str, usize> =
        phrase_list().iter().enumerate().map(|(at, phrase)| (*phrase, at)).collect();
    let mut weights = vec![[0.0; KINDS]; phrase_list().len() + LOOKS];
    for (kind, weight, words) in EVIDENCE.iter().chain(MORE) {
        let slot = DocumentType::ALL.iter().position(|other| other == kind).unwrap_or(0);
        for word in words.split(',').map(str::trim) {
            weights[index[word]][slot] = *weight;
        }
    }
    for (look, kind, weight) in structure::SPEAKING {
        let slot = DocumentType::ALL.iter().position(|other| other == kind).unwrap_or(0);
        weights[phrase_list().len() + look][slot] = *weight;
    }
    weights
}

/// A linear model: a bias and a weight for each feature, for every kind.
pub(crate) struct Model {
    pub(crate) bias: [f64; KINDS],
    pub(crate) weights: Vec<[f64; KINDS]>,
}

impl Model {
    fn shipped() -> &'static Model {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            let json = include_str!("../../models/types.json");
            Model::from_json(json).expect("the shipped model fits the lists it was trained for")
        })
    }

    /// Reads a model; `None` if it was made for other lists of phrases.
    fn from_json(json: &str) -> Option<Model> {
        let value: Value = serde_json::from_str(json).ok()?;
        let array = |value: &Value| -> Option<[f64; KINDS]> {
            let list: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
            list.try_into().ok()
        };
        let mut weights = Vec::with_capacity(phrase_list().len() + LOOKS);
        for phrase in phrase_list() {
            weights.push(array(&value["phrases"][*phrase])?);
        }
        for look in value["looks"].as_array()? {
            weights.push(array(look)?);
        }
        let fits = weights.len() == phrase_list().len() + LOOKS;
        fits.then_some(Model { bias: array(&value["bias"])?, weights })
    }

    pub(crate) fn scores(&self, features: &[f64]) -> [f64; KINDS] {
        let mut scores = self.bias;
        for (value, weights) in
            features.iter().zip(&self.weights).filter(|(value, _)| **value != 0.0)
        {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += value * weight;
            }
        }
        scores
    }
}

/// The features of a document: a value for each phrase, then the looks.
pub(crate) fn features(rows: &[Row]) -> Vec<f64> {
    let rows = &rows[..rows.len().min(ROWS_MAX)];
    let texts: Vec<String> = rows.iter().map(Row::text).collect();
    let whole = phrases_of(&texts);
    let is_table = |(row, text): &(&Row, &String)| {
        row.segments.len() > 1 || text.split_whitespace().count() < SENTENCE_WORDS
    };
    let beside: Vec<String> =
        rows.iter().zip(&texts).filter(is_table).map(|(_, text)| text.clone()).collect();
    let beside = phrases_of(&beside);
    let top = rows.len().min(TITLE_ROWS);
    // A sentence near the top is no title, nor is the head of a table; of two blocks beside each other each may be one.
    let is_short = |row: &&Row| {
        let words = row.segments.iter().map(|segment| segment.words.len());
        words.clone().sum::<usize>() < SENTENCE_WORDS
            || row.segments.len() == 2 && words.clone().all(|count| count < SENTENCE_WORDS)
    };
    let title: Vec<String> = rows[..top].iter().filter(is_short).map(Row::text).collect();
    let title = phrases_of(&title);
    let mut titles = titles(&rows[..top]);
    // What is listed itself is not counted twice.
    let unlisted = titles.iter().filter(|(text, _)| !names_type(text));
    let heads: Vec<_> =
        unlisted.filter_map(|(text, title)| Some((head_of(text)?, *title))).collect();
    for (head, title) in heads {
        let known = titles.entry(head.to_owned()).or_insert(title);
        known.weight = known.weight.max(title.weight);
    }
    // What the page says it is before anything else counts more.
    let named = titles.iter().filter(|(text, _)| names_type(text)).map(|(_, title)| title.row);
    let first = named.min();
    let value = |phrase: &&str| {
        let said = titles.get(*phrase).copied().unwrap_or_default();
        if said.weight > 0.0 && names_type(phrase) {
            if Some(said.row) == first { FIRST * said.weight } else { said.weight }
        } else if said.is_whole {
            if said.is_alone { HEADING } else { LABEL }
        } else if EVERYDAY.contains(phrase) {
            0.0
        } else if title.contains(*phrase) {
            IN_TITLE
        } else if whole.contains(*phrase) {
            if names_value(phrase) && !beside.contains(*phrase) { IN_PROSE } else { BELOW }
        } else {
            0.0
        }
    };
    let mut features: Vec<f64> = phrase_list().iter().map(value).collect();
    features.extend(looks(rows, &texts));
    features
}

fn phrases_of(texts: &[String]) -> HashSet<String> {
    let mut phrases = HashSet::new();
    for text in texts {
        let words: Vec<String> =
            text.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
        for from in 0..words.len() {
            let mut phrase = String::new();
            for word in words[from..].iter().take(3) {
                phrase.push_str(word);
                phrases.insert(phrase.clone());
                phrases.extend(head_of(&phrase).map(str::to_owned));
            }
        }
    }
    phrases
}
