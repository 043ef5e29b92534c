//! What kind of document it is: a linear model over the phrases of each kind and the look of the page.
//!
//! The weights are trained on documents that the project makes (`cargo xtask train`) and stay near
//! what the phrase lists say by themselves, so that wordings which no training document uses still count.

mod phrases;

#[cfg(feature = "lab")]
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::OnceLock;

use parseflow_model::DocumentType;
use serde_json::Value;

use crate::layout::{Row, Segment};
use crate::lexicon::folded;
use phrases::EVIDENCE;

/// Rows at the top that count as title.
const TITLE_ROWS: usize = 20;
/// Rows that are looked at.
const ROWS_MAX: usize = 600;
/// Features of the look of a page, after those of the phrases.
const LOOKS: usize = 10;
/// Words from which a row is a sentence.
const SENTENCE_WORDS: usize = 9;
/// How much a phrase counts that stands alone in a row of the title, in the title, further down.
const HEADING: f64 = 2.0;
const IN_TITLE: f64 = 1.0;
const BELOW: f64 = 0.6;

const KINDS: usize = DocumentType::ALL.len();

/// The types by their probability (0 to 1), likeliest first.
pub(crate) fn classify(rows: &[Row]) -> Vec<(DocumentType, f64)> {
    let features = features(rows);
    let scores = Model::shipped().scores(&features);
    if features[phrase_list().len()] > 0.0 {
        return vec![(DocumentType::IdDocument, 0.99)];
    }
    // Nothing but the look of the page speaks: that is not enough to name a type.
    let phrases = features[..phrase_list().len()].iter().filter(|value| **value > 0.0).count();
    if phrases == 0 {
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
        "accordo",
        "acuerdo",
        "convenio",
        "convention",
        "convenzione",
        "pacto",
        "patto",
        "protocole",
        "scrittura",
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
        for word in EVIDENCE.iter().flat_map(|(_, _, words)| words.split(',')).map(str::trim) {
            if seen.insert(word) {
                list.push(word);
            }
        }
        list
    })
}

/// The weights before training: what the lists say, for each feature and kind; looks say nothing.
#[cfg(feature = "lab")]
pub(crate) fn prior() -> Vec<[f64; KINDS]> {
    let index: HashMap<&str, usize> =
        phrase_list().iter().enumerate().map(|(at, phrase)| (*phrase, at)).collect();
    let mut weights = vec![[0.0; KINDS]; phrase_list().len() + LOOKS];
    for (kind, weight, words) in EVIDENCE {
        let slot = DocumentType::ALL.iter().position(|other| other == kind).unwrap_or(0);
        for word in words.split(',').map(str::trim) {
            weights[index[word]][slot] = *weight;
        }
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
    let top = rows.len().min(TITLE_ROWS);
    // A sentence near the top is no title.
    let is_short = |text: &&String| text.split_whitespace().count() < SENTENCE_WORDS;
    let title: Vec<String> = texts[..top].iter().filter(is_short).cloned().collect();
    let title = phrases_of(&title);
    // Alone, or beside the sender; not beside a value that it announces.
    let alone = |row: &&Row| {
        let has_digit = |segment: &Segment| segment.text.bytes().any(|byte| byte.is_ascii_digit());
        row.segments.len() <= 2 && !row.segments.iter().any(has_digit)
    };
    let headings: HashSet<String> = rows[..top]
        .iter()
        .filter(alone)
        .flat_map(|row| &row.segments)
        .filter(|segment| segment.words.len() <= 5)
        .map(|segment| folded(&segment.text))
        .collect();
    let value = |phrase: &&str| {
        if headings.contains(*phrase) {
            HEADING
        } else if title.contains(*phrase) {
            IN_TITLE
        } else if whole.contains(*phrase) {
            BELOW
        } else {
            0.0
        }
    };
    let mut features: Vec<f64> = phrase_list().iter().map(value).collect();
    features.extend(looks(rows, &texts));
    features
}

/// Machine-readable zone; shares of rows with money, with a colon, that are sentences, with room to
/// write; how narrow, how long; boxes to tick; columns; a time of day.
fn looks(rows: &[Row], texts: &[String]) -> [f64; LOOKS] {
    let count = texts.len().max(1) as f64;
    let share =
        |test: &dyn Fn(&str) -> bool| texts.iter().filter(|text| test(text)).count() as f64 / count;
    let has_money = |text: &str| {
        text.split_whitespace().any(|word| {
            let core = word.trim_matches(|c: char| !c.is_ascii_digit());
            let mark = core.len().checked_sub(3).and_then(|at| core.as_bytes().get(at));
            matches!(mark, Some(b',' | b'.')) && core.len() >= 4
        })
    };
    let chars = texts.iter().map(|text| text.chars().count()).sum::<usize>() as f64 / count;
    let columns = rows.iter().filter(|row| row.segments.len() >= 4).count() as f64 / count;
    [
        f64::from(u8::from(has_machine_readable_zone(texts))),
        share(&has_money),
        share(&|text| text.trim_end().ends_with(':')),
        share(&|text| text.split_whitespace().count() >= 9),
        share(&|text| text.contains("____") || text.contains("....")),
        (1.0 - chars / 60.0).clamp(0.0, 1.0),
        (count.ln() / 6.0).clamp(0.0, 1.0),
        share(&|text| text.contains("[ ]") || text.contains('☐')),
        columns,
        f64::from(u8::from(texts.iter().any(|text| has_time_of_day(text)))),
    ]
}

/// `17:46` or `17:46:09`: tills print when they were paid.
fn has_time_of_day(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let mut parts = word.trim_matches(|c: char| !c.is_ascii_digit()).splitn(3, ':');
        let mut next = |max: u32| {
            let part = parts.next().filter(|part| part.len() == 2)?;
            part.parse::<u32>().ok().filter(|number| *number < max)
        };
        next(24).is_some() && next(60).is_some()
    })
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
                phrases.extend(kind_of_bill(&phrase).map(str::to_owned));
            }
        }
    }
    phrases
}

/// Teilrechnung, elfaktura, telecomfactuur, sähkölasku: words that end in one for a bill are bills; Lohnabrechnung
/// is none.
fn kind_of_bill(phrase: &str) -> Option<&'static str> {
    const BILLS: &[&str] = &["rechnung", "faktura", "factuur", "lasku", "regning"];
    let ends = |bill: &&&str| phrase.len() <= 24 && phrase.ends_with(**bill) && phrase != **bill;
    let is_other = phrase.ends_with("abrechnung") || phrase.ends_with("hyvityslasku");
    BILLS.iter().find(ends).copied().filter(|_| !is_other)
}

/// Two long rows of capitals, digits and fillers: the zone machines read on passports and cards.
fn has_machine_readable_zone(texts: &[String]) -> bool {
    let is_zone = |text: &&String| {
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        (28..=46).contains(&dense.len())
            && dense.contains("<<")
            && dense.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<')
    };
    texts.iter().filter(is_zone).count() >= 2
}
