//! How a page is built, whatever its words: titles, greetings, clauses, room to write, rows of days.

use std::collections::HashMap;

#[cfg(feature = "lab")]
use parseflow_model::DocumentType;

use super::letters::{is_closing, is_greeting};
use crate::layout::{Row, Segment};
use crate::lexicon::folded;

/// Features of the look of a page, after those of the phrases.
pub(super) const LOOKS: usize = 22;
/// Words of a title, at most.
const TITLE_WORDS: usize = 7;
/// A title that is a phrase and nothing else; one that begins or ends with it; one that its number follows.
const WHOLE: f64 = 2.0;
const PART: f64 = 1.5;
const NUMBERED: f64 = 1.4;
/// How much more large print counts, and how much larger it is than the usual.
const LARGE: f64 = 0.5;
const LARGER: f64 = 1.2;

/// Words that end a title when its number or day follows.
const NUMBERS: &[&str] = &["nr", "no", "n", "number", "nummer", "numero", "num", "nro", "cislo"];
/// Words behind which a title says of what: `Kündigung des Mietvertrags` is a notice, no agreement.
const JOINTS: &[&str] = &[
    "vom", "von", "per", "zum", "zur", "des", "der", "meines", "meiner", "du", "de", "del",
    "della", "di", "da", "do", "das", "dos", "la", "le", "les", "of", "from", "for", "to", "my",
    "your", "fur", "auf", "uber", "zu", "pour", "sur", "para", "sobre", "za", "z", "o", "na", "w",
    "dnia", "dated", "am", "den", "van", "voor", "over", "tot", "i", "av", "om", "till", "af",
    "pro",
];

/// How much what a title says counts, whether it says nothing else, and whether it stands alone in its row then.
#[derive(Clone, Copy, Default)]
pub(super) struct Title {
    pub(super) weight: f64,
    pub(super) is_whole: bool,
    pub(super) is_alone: bool,
    /// The first row that says it.
    pub(super) row: usize,
}

/// Words for whose paper is cited.
const OWNERS: &[&str] = &[
    "your", "our", "ihr", "ihre", "ihrer", "unser", "unsere", "votre", "notre", "su", "nuestro",
    "nuestra", "vostro", "vostra", "vs", "vuestro", "uw", "onze", "er", "ert", "vart", "var",
    "deres", "jeres", "vas", "vase", "nas", "nase", "panstwa", "nasze", "vosso", "vossa",
];

/// What titles say, and how much it counts: short segments that stand alone, or beside the sender.
pub(super) fn titles(rows: &[Row]) -> HashMap<String, Title> {
    let usual = usual_size(rows);
    let mut found: HashMap<String, Title> = HashMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.segments.len() <= 2) {
        for segment in &row.segments {
            title(segment, at, usual, row.segments.len() == 1, &mut found);
        }
    }
    found
}

fn usual_size(rows: &[Row]) -> f64 {
    let words = rows.iter().flat_map(|row| &row.segments).flat_map(|segment| &segment.words);
    let mut sizes: Vec<f64> = words.map(|word| word.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1.0)
}

fn title(
    segment: &Segment,
    row: usize,
    usual: f64,
    is_alone: bool,
    found: &mut HashMap<String, Title>,
) {
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let texts: Vec<&str> = segment.words.iter().map(|word| word.text.as_str()).collect();
    let words: Vec<String> = texts.iter().map(|text| folded(text)).collect();
    let number = (0..words.len())
        .find(|&at| has_digit(texts[at]) || at > 0 && NUMBERS.contains(&words[at].as_str()));
    // `Ihre Bestellung 4711` cites another paper.
    if number.is_some() && words.first().is_some_and(|word| OWNERS.contains(&word.as_str())) {
        return;
    }
    let mut end = number.unwrap_or(words.len());
    // What a colon follows is the name of a value, and so is a name that waits for its number.
    let waits = number.is_some_and(|at| at + 1 == words.len() && !has_digit(texts[at]));
    if waits || texts[..end].iter().any(|text| text.ends_with(':')) {
        return;
    }
    while end > 1 && JOINTS.contains(&words[end - 1].as_str()) {
        end -= 1;
    }
    let words: Vec<&str> =
        words[..end].iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
    if words.is_empty() || words.len() > TITLE_WORDS {
        return;
    }
    let size = segment.words.iter().map(|word| word.size).fold(0.0, f64::max);
    let more = if size > LARGER * usual { LARGE } else { 0.0 };
    let mut put = |words: &[&str], weight: f64, is_whole: bool| {
        let known = found.entry(words.concat()).or_insert(Title { row, ..Title::default() });
        known.weight = known.weight.max(weight + more);
        known.is_whole |= is_whole;
        known.is_alone |= is_whole && is_alone;
    };
    let count = words.len();
    let (whole, part) = if number.is_some() { (NUMBERED, NUMBERED) } else { (WHOLE, PART) };
    let joint = words.iter().skip(1).position(|word| JOINTS.contains(word));
    let begins = (1..=count.min(3)).map(|length| &words[..length]);
    let ends = (1..=count.min(3)).map(|length| &words[count - length..]);
    let parts: Vec<&[&str]> = begins.chain(ends.filter(|_| joint.is_none())).collect();
    // A `Factura rectificativa` is no `Factura`, a `Tax invoice` not two.
    let is_inside = |part: &[&str]| {
        parts.iter().any(|other| {
            other.len() > part.len()
                && (other.starts_with(part) || other.ends_with(part))
                && super::says_all_of(&other.concat(), &part.concat())
        })
    };
    for words in parts.iter().filter(|words| !is_inside(words)) {
        put(words, part, false);
    }
    if let Some(at) = joint.filter(|at| *at < 3) {
        // `Nuova richiesta di …`: the noun before what it is of.
        put(&words[at..=at], part, false);
    }
    put(&words, whole, number.is_none());
}

/// Words that a compound ends with, and the phrase that stands for all of its kind.
const HEADS: &[(&str, &str)] = &[
    ("abrechnung", ""),
    ("gutschrift", "gutschrift"),
    ("stornorechnung", "gutschrift"),
    ("korrekturrechnung", "gutschrift"),
    ("rechnungskorrektur", "gutschrift"),
    ("hyvityslasku", "hyvityslasku"),
    ("kreditfaktura", "kreditfaktura"),
    ("rechnung", "rechnung"),
    ("faktura", "faktura"),
    ("factuur", "factuur"),
    ("lasku", "lasku"),
    ("regning", "regning"),
    ("auftragsbestatigung", "auftragsbestatigung"),
    ("orderbevestiging", "auftragsbestatigung"),
    ("bestatigung", "bescheinigung"),
    ("bescheinigung", "bescheinigung"),
    ("zeugnis", "bescheinigung"),
    ("urkunde", "bescheinigung"),
    ("zertifikat", "bescheinigung"),
    ("certificaat", "bescheinigung"),
    ("intyg", "bescheinigung"),
    ("bevis", "bescheinigung"),
    ("lieferschein", "lieferschein"),
    ("angebot", "angebot"),
    ("voranschlag", "angebot"),
    ("protokoll", "protokoll"),
    ("bericht", "bericht"),
    ("befund", "bericht"),
    ("gutachten", "bericht"),
    ("rapport", "bericht"),
    ("verslag", "bericht"),
    ("preisliste", "preisliste"),
    ("speisekarte", "speisekarte"),
    ("anleitung", "anleitung"),
    ("handleiding", "anleitung"),
    ("antrag", "antrag"),
    ("formular", "formular"),
    ("formulier", "formular"),
    ("fragebogen", "formular"),
    ("anmeldebogen", "formular"),
    ("vordruck", "formular"),
    ("ansokan", "ansokan"),
    ("blankett", "ansokan"),
    ("bestellung", "bestellung"),
    ("bestallning", "bestellung"),
    ("mahnung", "mahnung"),
    ("erinnerung", "mahnung"),
    ("herinnering", "mahnung"),
    ("paminnelse", "mahnung"),
    ("kundigung", "kundigung"),
    ("mietvertrag", "mietvertrag"),
    ("vertrag", "vertrag"),
    ("vereinbarung", "vereinbarung"),
    ("overeenkomst", "overeenkomst"),
    ("avtal", "avtal"),
    ("aftale", "aftale"),
    ("kontrakt", "aftale"),
    ("smlouva", "smlouva"),
    ("kontoauszug", "kontoauszug"),
    ("auszug", "bankauszug"),
    ("afschrift", "rekeningafschrift"),
    ("kontoutdrag", "kontoutdrag"),
    ("quittung", "quittung"),
    ("kassenbon", "kassenbon"),
    ("lohnzettel", "lohnabrechnung"),
    ("specificatie", ""),
    ("personalausweis", "personalausweis"),
];

/// Names of pay slips that end in `abrechnung` as bills of some services do.
const PAY: &[&str] =
    &["lohn", "gehalt", "entgelt", "bezuge", "verdienst", "salar", "besoldung", "brutto"];

/// The phrase that stands for a compound: Teilrechnung, elfaktura and telecomfactuur are bills, a Lohnabrechnung is none.
pub(super) fn head_of(phrase: &str) -> Option<&'static str> {
    let has_end = |(end, _): &&(&str, &str)| phrase.ends_with(end) && phrase.len() <= 28;
    let (end, canonical) = HEADS.iter().find(has_end)?;
    if *end == "abrechnung" {
        return PAY.iter().any(|stem| phrase.contains(stem)).then_some("lohnabrechnung");
    }
    (!canonical.is_empty() && *canonical != phrase).then_some(canonical)
}

/// Machine-readable zone; shares of rows with money, with a colon, that are sentences, with room to
/// write; how narrow, how long; boxes to tick; columns; a time of day; a greeting and a closing; rows that begin with a
/// day, clauses; several places to write, several boxes; the title of an agreement; the same places to sign for two; short
/// names that are given; a greeting and a closing in other words; a narrow list of sums.
pub(super) fn looks(rows: &[Row], texts: &[String]) -> [f64; LOOKS] {
    let count = texts.len().max(1) as f64;
    let number = |test: &dyn Fn(&str) -> bool| texts.iter().filter(|text| test(text)).count();
    let share = |test: &dyn Fn(&str) -> bool| number(test) as f64 / count;
    let yes = |is: bool| f64::from(u8::from(is));
    let has_money = |text: &str| {
        text.split_whitespace().any(|word| {
            let core = word.trim_matches(|c: char| !c.is_ascii_digit());
            let mark = core.len().checked_sub(3).and_then(|at| core.as_bytes().get(at));
            matches!(mark, Some(b',' | b'.')) && core.len() >= 4
        })
    };
    let has_room =
        |text: &str| text.contains("___") || text.contains("....") || text.contains("_ _ _");
    let has_box =
        |text: &str| text.contains("[ ]") || text.contains("[X]") || text.contains(['☐', '☒', '□']);
    let chars = texts.iter().map(|text| text.chars().count()).sum::<usize>() as f64 / count;
    let columns = rows.iter().filter(|row| row.segments.len() >= 4).count() as f64 / count;
    let greets = texts.iter().any(|text| is_greeting(text));
    let closes = texts.iter().any(|text| is_closing(text));
    [
        yes(has_machine_readable_zone(texts)),
        share(&has_money),
        share(&|text| text.trim_end().ends_with(':')),
        share(&|text| text.split_whitespace().count() >= 9),
        share(&has_room),
        (1.0 - chars / 60.0).clamp(0.0, 1.0),
        (count.ln() / 6.0).clamp(0.0, 1.0),
        share(&has_box),
        columns,
        yes(texts.iter().any(|text| has_time_of_day(text))),
        yes(greets),
        yes(closes),
        share(&begins_with_day),
        share(&is_clause),
        yes(number(&has_room) >= 3),
        yes(number(&has_box) >= 2),
        yes(super::is_titled_agreement(rows)),
        yes(signs_twice(rows)),
        short_names(texts),
        yes(!greets && greets_by_build(texts)),
        yes(!closes && closes_by_build(texts)),
        yes(is_slip(texts, &has_money)),
    ]
}

/// Whether the same names of values stand twice in the last rows, two and more of them with room to write: two sides sign alike.
fn signs_twice(rows: &[Row]) -> bool {
    const LAST: usize = 30;
    let mut labels: HashMap<String, usize> = HashMap::new();
    let mut blanks = 0;
    for segment in rows[rows.len().saturating_sub(LAST)..].iter().flat_map(|row| &row.segments) {
        let is_room = |text: &str| text.contains("___") || text.contains("....");
        blanks += usize::from(is_room(&segment.text));
        let end = segment.text.find([':', '_']).unwrap_or(0);
        let label = folded(&segment.text[..end]);
        if (2..=24).contains(&label.len()) {
            *labels.entry(label).or_default() += 1;
        }
    }
    let twice = labels.values().filter(|count| (2..=3).contains(*count)).count();
    blanks >= 2 && twice >= 2
}

/// Words of a row that is running text.
const PROSE: usize = 8;

/// Whether a few words and a comma stand before running text, as greetings in all languages do.
fn greets_by_build(texts: &[String]) -> bool {
    const LONGEST: usize = 6;
    const TOP: usize = 25;
    let is_prose = |text: &str| text.split_whitespace().count() >= PROSE;
    let is_greeting = |text: &str| {
        let text = text.trim();
        text.ends_with([',', '!', ':'])
            && text.starts_with(char::is_uppercase)
            && (1..=LONGEST).contains(&text.split_whitespace().count())
            && !text.contains(|c: char| c.is_ascii_digit() || c == ';')
    };
    let pairs = texts.windows(2).take(TOP);
    pairs.enumerate().any(|(at, pair)| {
        is_greeting(&pair[0])
            && is_prose(&pair[1])
            && pair[1].starts_with(char::is_alphabetic)
            && (at == 0 || !is_prose(&texts[at - 1]))
    })
}

/// Whether a few words and a comma stand behind running text and before a name, as closings do.
fn closes_by_build(texts: &[String]) -> bool {
    const LONGEST: usize = 7;
    const BEHIND: usize = 14;
    let count = |text: &str| text.split_whitespace().count();
    let is_closing = |text: &str| {
        let text = text.trim();
        text.ends_with(',')
            && text.starts_with(char::is_uppercase)
            && (1..=LONGEST).contains(&count(text))
            && !text.contains(|c: char| c.is_ascii_digit() || c == ':')
    };
    let is_name = |text: &str| {
        (2..=6).contains(&count(text)) && !text.contains(|c: char| c.is_ascii_digit() || c == ':')
    };
    let from = texts.len().saturating_sub(BEHIND).max(1);
    (from..texts.len().saturating_sub(1)).any(|at| {
        let ends_text = (at.saturating_sub(2)..at).any(|above| count(&texts[above]) >= PROSE)
            || texts[at - 1].trim_end().ends_with('.');
        is_closing(&texts[at]) && ends_text && is_name(&texts[at + 1])
    })
}

/// Whether every row is as narrow as the roll of a till and many end with a sum.
fn is_slip(texts: &[String], has_money: &dyn Fn(&str) -> bool) -> bool {
    const WIDEST: usize = 50;
    const FEWEST: usize = 6;
    const SUMS: usize = 6;
    let sums = texts.iter().filter(|text| has_money(text)).count();
    texts.len() >= FEWEST
        && texts.iter().all(|text| text.chars().count() <= WIDEST)
        && SUMS * sums >= texts.len()
}

/// Half for each of two short names: `(the "Tenant")`, `hierna «de Koper»`, `nachfolgend „Verkäufer“`.
fn short_names(texts: &[String]) -> f64 {
    const BEFORE: usize = 6;
    const GIVES: &[&str] = &[
        "hereinafter",
        "hereafter",
        "nachfolgend",
        "nachstehend",
        "folgenden",
        "weiteren",
        "hierna",
        "ciapres",
        "adelante",
        "sucesivo",
        "seguito",
        "doravante",
        "zwany",
        "zwana",
        "zwanym",
        "zwanadalej",
        "nedan",
        "kallad",
        "dale",
        "herefter",
    ];
    const QUOTES: [char; 5] = ['"', '“', '„', '«', '”'];
    let words: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
    let is_name = |word: &str| {
        let bare = word.trim_start_matches(['(', '[']);
        bare.starts_with(QUOTES) && bare.chars().any(char::is_alphabetic)
    };
    let gives = |at: usize| {
        let before = &words[at.saturating_sub(BEFORE)..=at];
        let opens = before.iter().rposition(|word| word.starts_with('('));
        let is_open = opens.is_some_and(|from| {
            before[from..before.len() - 1].iter().all(|word| !word.contains(')'))
        });
        is_open || before.iter().any(|word| GIVES.contains(&folded(word).as_str()))
    };
    let count = (0..words.len()).filter(|at| is_name(words[*at]) && gives(*at)).count();
    count.min(2) as f64 / 2.0
}

/// Whether the looks name a type by themselves: a greeting and a closing, or a narrow list of sums with a time of day.
pub(super) fn speak(looks: &[f64]) -> bool {
    let has = |look: usize| looks[look] > 0.0;
    (has(10) || has(19)) && (has(11) || has(20)) || has(9) && has(21)
}

/// `01.04.`, `04/01/26`, `2026-04-01`, `1 Apr`: the first word of a row of a list by days.
fn begins_with_day(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    let parts: Vec<&str> = first.split(['.', '/', '-']).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let is_date = matches!(parts.len(), 2 | 3) && parts.iter().all(is_number);
    let is_day = is_number(&first.trim_end_matches('.')) && first.len() <= 3;
    let has_month = second.is_some_and(|word| crate::spans::month_of(word).is_some());
    second.is_some() && (is_date && !first.ends_with(',') || is_day && has_month)
}

/// `§ 4 Term`, `Article 2`, `3. Fees`, `(b) …` in front of words: how agreements are divided.
fn is_clause(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "article", "art", "artikel", "articolo", "articulo", "artigo", "clause", "clausula",
        "section", "clanek", "artykul",
    ];
    const ORDINALS: &[&str] = &["primera", "segunda", "tercera", "cuarta", "quinta", "primeira"];
    let mut words = text.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let fold = folded(first);
    let is_number = |word: &str| {
        let core = word.trim_matches(|c: char| matches!(c, '.' | ')' | '('));
        core.len() <= 4 && !core.is_empty() && core.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    first.starts_with('§')
        || NAMES.contains(&fold.as_str()) && second.bytes().any(|b| b.is_ascii_digit())
        || ORDINALS.contains(&fold.as_str())
        || is_number(first)
            && (first.ends_with(['.', ')']) || first.contains('.'))
            && second.chars().next().is_some_and(char::is_uppercase)
            && text.split_whitespace().count() >= 2
            && !second.bytes().any(|b| b.is_ascii_digit())
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

/// Which looks speak for a type before training, and how much: greetings and closings for letters, clauses for agreements, room to
/// write for forms, rows of days for statements.
#[cfg(feature = "lab")]
pub(super) const SPEAKING: &[(usize, DocumentType, f64)] = &[
    (10, DocumentType::Letter, 1.6),
    (11, DocumentType::Letter, 2.4),
    (12, DocumentType::BankStatement, 2.0),
    (13, DocumentType::Contract, 3.0),
    (14, DocumentType::Form, 1.5),
    (15, DocumentType::Form, 1.0),
    (16, DocumentType::Contract, 1.5),
    (17, DocumentType::Contract, 1.0),
    (18, DocumentType::Contract, 2.0),
    (19, DocumentType::Letter, 1.0),
    (20, DocumentType::Letter, 1.4),
    (21, DocumentType::Receipt, 1.2),
];
