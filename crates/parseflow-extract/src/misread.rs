//! Letters that were misread in a picture, put right where the rest of the page leaves little doubt.
//!
//! Words that were read unsurely are touched in two ways: marks on letters in a text that has hardly any, and
//! digits inside the legal form of a company. Any word is where nothing else can be meant: noughts in `Sp. z o.o.`, and a
//! small letter in the country of a tax number. Their confidence stays as low as it was.

use parseflow_ocr::WordRead;

/// Words that are surer than this are as printed.
const SURE: f32 = 0.9;
/// In a text whose language has marks on letters, more than one word in so many has one that was read surely.
const MARKED_SHARE: usize = 100;
/// Legal forms of companies, as letters and signs in capitals.
const LEGAL_FORMS: &[&str] = &[
    "BHD", "SDN", "S/B", "LTD", "LIMITED", "LLC", "LLP", "PLC", "INC", "CORP", "GMBH", "MBH",
    "SARL", "SAS", "SPA", "SRL", "OHG", "EIRL", "SLU", "BVBA", "PTE", "PTY", "LTDA",
];

/// Countries of tax numbers with an I in their sign.
const WITH_I: [&str; 4] = ["FI", "IE", "IT", "SI"];
/// Digits that a tax number has at least behind its country.
const TAX_DIGITS_MIN: usize = 7;

/// Puts the words of one page right.
pub(crate) fn mend(words: &mut [WordRead]) {
    let marked =
        words.iter().filter(|word| word.confidence >= SURE && has_marks(&word.text)).count();
    let lacks_marks = marked * MARKED_SHARE <= words.len();
    for word in words.iter_mut().filter(|word| word.confidence < SURE) {
        if lacks_marks {
            word.text = word.text.chars().map(without_mark).collect();
        }
        if let Some(form) = legal_form(&word.text) {
            word.text = form;
        }
    }
    for word in words.iter_mut() {
        if let Some(number) = tax_number(&word.text) {
            word.text = number;
        }
    }
    for at in 2..words.len() {
        let is = |back: usize, text: &str| words[at - back].text.eq_ignore_ascii_case(text);
        if is(2, "sp.") && is(1, "z") && is_without_letters(&words[at].text) {
            words[at].text = words[at].text.replace('0', "o");
        }
    }
}

/// `0.0.`, `o.0.,`: what stands for `o.o.` behind `Sp. z`.
fn is_without_letters(text: &str) -> bool {
    matches!(text.trim_end_matches(','), "0.0." | "o.0." | "0.o." | "0.0" | "o.0" | "0.o")
}

/// `Fl17763756` as `FI17763756`.
fn tax_number(text: &str) -> Option<String> {
    let (country, number) = text.split_at_checked(2)?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let read = country.replace(['l', '|'], "I");
    let is_one = read != country && digits >= TAX_DIGITS_MIN && WITH_I.contains(&read.as_str());
    is_one.then(|| read + number)
}

fn has_marks(text: &str) -> bool {
    text.chars().any(|letter| without_mark(letter) != letter)
}

/// The letter below a mark of the languages with Latin script.
fn without_mark(letter: char) -> char {
    const LETTERS: [(char, &str); 7] = [
        ('a', "àáâãäå"),
        ('c', "ç"),
        ('e', "èéêë"),
        ('i', "ìíîï"),
        ('n', "ñ"),
        ('o', "òóôõö"),
        ('u', "ùúûü"),
    ];
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let found = LETTERS.iter().find(|(_, marked)| marked.contains(small));
    match found {
        Some((plain, _)) if letter.is_uppercase() => plain.to_ascii_uppercase(),
        Some((plain, _)) => *plain,
        None => letter,
    }
}

/// `3HD` as `BHD`, `5/B.` as `S/B.`: a legal form in which digits stand for the letters that they look like.
fn legal_form(text: &str) -> Option<String> {
    let core = text.trim_end_matches(['.', ',']);
    let has_both = core.bytes().any(|byte| byte.is_ascii_digit())
        && core.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !has_both {
        return None;
    }
    let looks_like = |read: char, printed: char| match read {
        '0' => matches!(printed, 'O' | 'D'),
        '1' => matches!(printed, 'I' | 'L'),
        '3' | '8' => printed == 'B',
        '5' => printed == 'S',
        '6' => printed == 'G',
        _ => read.to_ascii_uppercase() == printed,
    };
    let form = LEGAL_FORMS.iter().find(|form| {
        form.len() == core.chars().count()
            && core.chars().zip(form.chars()).all(|(read, printed)| looks_like(read, printed))
    })?;
    let is_small = |read: &char| read.is_lowercase();
    // `Gm8H` is `GmbH`: the letters that were read keep their case.
    let smalls = core.chars().filter(is_small).count();
    let letters = core.chars().filter(|read| read.is_alphabetic()).count();
    let mended = core.chars().zip(form.chars()).map(|(read, printed)| match read {
        read if read.is_alphabetic() => read,
        _ if smalls * 2 > letters => printed.to_ascii_lowercase(),
        _ => printed,
    });
    Some(mended.collect::<String>() + &text[core.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, confidence: f32) -> WordRead {
        let text = text.to_owned();
        WordRead { text, x0: 0.0, y0: 0.0, x1: 10.0, y1: 10.0, confidence }
    }

    fn mended(words: &[(&str, f32)]) -> Vec<String> {
        let mut words: Vec<WordRead> = words.iter().map(|(text, sure)| word(text, *sure)).collect();
        mend(&mut words);
        words.into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn legal_forms_lose_their_digits_and_nothing_else_does() {
        let check = |text, expected| assert_eq!(mended(&[(text, 0.6)]), [expected]);
        check("3HD", "BHD");
        check("8HD.", "BHD.");
        check("5/B", "S/B");
        check("GM8H", "GMBH");
        check("L1m1ted,", "Limited,");
        check("LT0", "LTD");
        check("5DN", "SDN");
        // An article, a size, a number of a flat: no legal forms.
        check("3HP", "3HP");
        check("10D", "10D");
        check("8", "8");
        check("2/B", "2/B");
        assert_eq!(mended(&[("3HD", 0.95)]), ["3HD"]);
    }

    #[test]
    fn what_can_mean_nothing_else_is_put_right_however_surely_it_was_read() {
        assert_eq!(mended(&[("Fl17763756", 0.99)]), ["FI17763756"]);
        assert_eq!(mended(&[("lT12345678901", 0.99)]), ["IT12345678901"]);
        // Too short, or no country.
        assert_eq!(mended(&[("Fl123", 0.99), ("Al12345678", 0.99)]), ["Fl123", "Al12345678"]);
        let name = |last| [("Elmora", 0.99), ("Sp.", 0.99), ("z", 0.99), (last, 0.99)];
        assert_eq!(mended(&name("0.0."))[3], "o.o.");
        assert_eq!(mended(&name("o.0.,"))[3], "o.o.,");
        assert_eq!(mended(&[("z", 0.99), ("0.0.", 0.99), ("0.0.", 0.99)])[1..], ["0.0.", "0.0."]);
    }

    #[test]
    fn marks_go_where_the_text_has_none_and_the_word_is_unsure() {
        assert_eq!(mended(&[("HARDWARÉ", 0.75), ("TRADING", 1.0)]), ["HARDWARE", "TRADING"]);
        assert_eq!(mended(&[("Restäurants", 0.8)]), ["Restaurants"]);
        // Sure, or in a text that has them.
        assert_eq!(mended(&[("CAFÉ", 0.99), ("HARDWARÉ", 0.75)]), ["CAFÉ", "HARDWARÉ"]);
        assert_eq!(mended(&[("für", 0.99), ("Bücher", 0.5)]), ["für", "Bücher"]);
    }
}
