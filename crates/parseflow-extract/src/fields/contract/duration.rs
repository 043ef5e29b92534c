//! Durations in words and figures: `three (3) years`, `dix-huit mois`, `second anniversary`.

use crate::fields::prose::Prose;

/// Numbers as words, folded; alternatives of several languages.
const NUMBERS: &[(usize, &str)] = &[
    (1, "one|et|en|ett|ein|eine|einem|einer|eines|un|une|una|uno|een|um|uma|jeden|jednego"),
    (2, "two|to|tva|zwei|deux|dos|due|twee|dois|duas|dwa|dwoch"),
    (3, "three|drei|trois|tres|tre|drie|trzy|trzech"),
    (4, "four|fire|fyra|vier|quatre|cuatro|quattro|quatro|cztery|czterech"),
    (5, "five|fem|funf|cinq|cinco|cinque|vijf|piec|pieciu"),
    (6, "six|seks|sex|sechs|seis|sei|zes|szesc|szesciu"),
    (7, "seven|sieben|sept|siete|sette|zeven|sete|siedem|siedmiu"),
    (8, "eight|acht|huit|ocho|otto|oito|osiem|osmiu"),
    (9, "nine|neun|neuf|nueve|nove|negen|dziewiec|dziewieciu"),
    (10, "ten|zehn|dix|diez|dieci|tien|dez|dziesiec|dziesieciu"),
    (11, "eleven|elf|onze|once|undici"),
    (12, "twelve|tolv|zwolf|douze|doce|dodici|twaalf|dwanascie|dwunastu"),
    (13, "thirteen|dreizehn|treize|trece"),
    (14, "fourteen|vierzehn|quatorze|catorce"),
    (15, "fifteen|funfzehn|quinze|quince|quindici|vijftien"),
    (16, "sixteen|sechzehn|seize|dieciseis"),
    (17, "seventeen|siebzehn|dixsept"),
    (18, "eighteen|achtzehn|dixhuit|dieciocho|diciotto|achttien|dezoito|osiemnastu"),
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
        | "annees" | "rok" | "roku" | "lat" | "lata" | "ano" | "anos" | "anno" | "anni"
        | "jaar" | "jaren" | "ar" => Some("year"),
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "mes" | "meses" | "mese"
        | "mesi" | "maand" | "maanden" | "maned" | "maneder" | "manad" | "manader" | "miesiac"
        | "miesiaca" | "miesiace" | "miesiecy" => Some("month"),
        _ => None,
    }
}

/// `three (3) years`, `2 years`, `twenty-four months`, `trois ans`, `two-year`, `second anniversary`: where it ends and what it is.
pub(super) fn duration_at(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
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
