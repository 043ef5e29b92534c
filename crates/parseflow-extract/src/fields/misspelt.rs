//! Words of merchants' names with one letter misread, put right where only one word can be meant.

use crate::lexicon::folded;

/// Words of trades and companies, in capitals; at least [`LONG`] letters.
const KNOWN: &[&str] = &[
    "APOTHEKE",
    "AUTOMOTIVE",
    "BÄCKEREI",
    "BAKERIES",
    "BOOKSTORE",
    "BOULANGERIE",
    "BOUTIQUE",
    "CENTRE",
    "COMMUNICATIONS",
    "COMPANY",
    "CONFECTIONERY",
    "CORPORATION",
    "DEPARTMENT",
    "DISTRIBUTION",
    "DISTRIBUTORS",
    "ELECTRICAL",
    "ELECTRONICS",
    "ENGINEERING",
    "ENTERPRISE",
    "ENTERPRISES",
    "EXPRESS",
    "FURNITURE",
    "GROCERIES",
    "HARDWARE",
    "HOLDINGS",
    "INDUSTRIES",
    "INTERNATIONAL",
    "KITCHEN",
    "LIMITED",
    "LOGISTICS",
    "MACHINERY",
    "MARKETING",
    "MINIMARKET",
    "MINIMART",
    "PANADERIA",
    "PERNIAGAAN",
    "PETROLEUM",
    "PHARMACIE",
    "PHARMACY",
    "PIZZERIA",
    "RESTAURANT",
    "RESTAURANTE",
    "RESTAURANTS",
    "RESTORAN",
    "SERVICES",
    "STATIONERY",
    "SUPERMARKET",
    "SUPERMARKT",
    "SUPERMERCADO",
    "SUPERSTORE",
    "SYARIKAT",
    "TECHNOLOGIES",
    "TRADING",
    "TRATTORIA",
    "WHOLESALE",
];
/// Words that are too short to be told by their other letters alone; they are tried where a word was read unsurely.
const SHORT: &[&str] =
    &["CAFE", "FOOD", "MART", "SHOP", "STORE", "STORES", "HOTEL", "BAKERY", "GRILL"];
/// Letters of a word that is told although one of them is wrong.
const LONG: usize = 7;
/// Words that are less sure than this may be one of the short ones.
const SURE: f64 = 0.9;
/// Legal forms of two words.
const PAIRS: &[(&str, &str)] = &[("SDN", "BHD"), ("PTE", "LTD"), ("PTY", "LTD"), ("PVT", "LTD")];

/// The words of a name, each with how surely it was read, as they are printed most likely.
pub(super) fn mended(words: &[(&str, f64)]) -> Vec<String> {
    let mut mended: Vec<String> =
        words.iter().map(|(word, sure)| known(word, *sure).unwrap_or((*word).to_owned())).collect();
    for at in 1..mended.len() {
        let (before, after) = (capitals(&mended[at - 1]), capitals(&mended[at]));
        if PAIRS.contains(&(before.as_str(), after.as_str())) {
            continue;
        }
        for (first, second) in PAIRS {
            if before == *first && differ_once(&after, second) {
                mended[at] = like(&mended[at], second);
            } else if after == *second && differ_once(&before, first) {
                mended[at - 1] = like(&mended[at - 1], first);
            }
        }
    }
    mended
}

/// The one known word that differs in one letter, in the case of what was read.
fn known(word: &str, sure: f64) -> Option<String> {
    let read = capitals(word);
    let list = if read.len() >= LONG {
        KNOWN
    } else if sure < SURE {
        SHORT
    } else {
        return None;
    };
    if KNOWN.contains(&read.as_str()) || SHORT.contains(&read.as_str()) {
        return None;
    }
    let mut near = list.iter().filter(|known| differ_once(&read, known));
    let found = near.next().filter(|_| near.next().is_none())?;
    Some(like(word, found))
}

/// Letters and digits in capitals, without the marks around them.
fn capitals(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_uppercase()
}

/// Whether two words of the same length differ in exactly one letter that is not their first.
fn differ_once(read: &str, known: &str) -> bool {
    let is_same_length = read.chars().count() == known.chars().count();
    let mut wrong = read.chars().zip(known.chars()).enumerate().filter(|(_, (a, b))| a != b);
    match (is_same_length, wrong.next(), wrong.next()) {
        (true, Some((at, (read, known))), None) => at > 0 || looks_like(read, known),
        _ => false,
    }
}

/// Letters that are taken for each other at the beginning of a word, where few words differ otherwise.
fn looks_like(read: char, known: char) -> bool {
    const ALIKE: &[&str] = &["B83", "MN", "O0QD", "S5", "I1L", "G6C", "HN", "PF", "VU"];
    ALIKE.iter().any(|group| group.contains(read) && group.contains(known))
}

/// `known` in the case of `read`, with the marks around it.
fn like(read: &str, known: &str) -> String {
    let core = read.trim_matches(|c: char| !c.is_alphanumeric());
    let has_small = core.chars().any(char::is_lowercase);
    let begins_small = core.chars().next().is_some_and(char::is_lowercase);
    let cased = known.chars().enumerate().map(|(at, letter)| match (has_small, at) {
        (true, 1..) => letter.to_lowercase().next().unwrap_or(letter),
        (true, _) if begins_small => letter.to_lowercase().next().unwrap_or(letter),
        _ => letter,
    });
    read.replacen(core, &cased.collect::<String>(), 1)
}

/// Whether every word belongs to a legal form of two words: `SDN. BHD.`
pub(super) fn is_legal_form(words: &[&str]) -> bool {
    let [first, second] = words else { return false };
    let pair = (folded(first).to_uppercase(), folded(second).to_uppercase());
    PAIRS.iter().any(|(first, second)| pair.0 == *first && pair.1 == *second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_letter_is_put_right_and_other_words_stay() {
        let check = |read: &[(&str, f64)], expected: &[&str]| assert_eq!(mended(read), expected);
        check(&[("SWC", 1.0), ("ENTERORISE", 0.99)], &["SWC", "ENTERPRISE"]);
        check(&[("Restaurent", 0.7), ("(Kuala", 1.0)], &["Restaurant", "(Kuala"]);
        check(&[("CONFECTIUNERY", 0.96)], &["CONFECTIONERY"]);
        check(&[("SPEED", 1.0), ("NART", 0.58)], &["SPEED", "MART"]);
        // Sure, or no letter that looks like it, or two wrong ones.
        check(&[("NART", 0.97), ("DART", 0.5)], &["NART", "DART"]);
        check(&[("TRACKING", 1.0), ("TREADING", 1.0)], &["TRACKING", "TREADING"]);
        check(&[("RESTAURANTS", 0.5), ("BAKERIES", 0.5)], &["RESTAURANTS", "BAKERIES"]);
    }

    #[test]
    fn legal_forms_of_two_words_help_each_other() {
        let check = |read: &[(&str, f64)], expected: &[&str]| assert_eq!(mended(read), expected);
        check(&[("SDN", 1.0), ("BND", 1.0)], &["SDN", "BHD"]);
        check(&[("Son.", 0.8), ("Bhd.", 1.0)], &["Sdn.", "Bhd."]);
        check(&[("SUN", 1.0), ("ROAD", 1.0)], &["SUN", "ROAD"]);
        check(&[("Pte.", 1.0), ("Ltd.", 1.0)], &["Pte.", "Ltd."]);
        assert!(is_legal_form(&["SDN.", "BHD."]) && !is_legal_form(&["SDN."]));
    }
}
