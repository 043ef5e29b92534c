//! Names of companies and persons in running text: where one begins, what belongs to it and where it ends.

use super::preamble::{AND, BETWEEN};
use super::{roles, sentence, sides};
use crate::fields::blocks::has_legal_form;
use crate::fields::prose::Prose;

/// Whether a name ends like that of a company, also of kinds that only agreements name.
pub(super) fn has_form(name: &str) -> bool {
    let last = name.split_whitespace().skip(1).last().map(crate::lexicon::folded);
    has_legal_form(name)
        || ["sp. j.", "sp. k."].iter().any(|form| name.to_lowercase().ends_with(form))
        || last.is_some_and(|last| {
            matches!(
                last.as_str(),
                "lp" | "coop"
                    | "pty"
                    | "cv"
                    | "gp"
                    | "dac"
                    | "ulc"
                    | "pllc"
                    | "ggmbh"
                    | "pbc"
                    | "gug"
                    | "fsb"
                    | "oo"
                    | "spj"
                    | "spk"
                    | "ua"
            )
        })
}

/// Whether a word can begin a name: `Harbor`, `3Rivers`.
pub(super) fn begins_name(text: &str) -> bool {
    let inner = || text.len() > 4 && text.chars().skip(1).take(2).any(char::is_uppercase);
    text.starts_with(char::is_uppercase)
        || text.starts_with(char::is_lowercase) && inner()
        || text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().any(char::is_uppercase)
            && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// Where the name of partners ends that begins at a word: `Cole, Whitman and Drury LLP`.
pub(super) fn partners(prose: &Prose<'_>, at: usize) -> Option<usize> {
    const PARTNERS: usize = 5;
    let is_plain = |at: usize| {
        let text = prose.text(at).trim_end_matches(',');
        text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic)
    };
    let ends = |at: &usize| !(is_plain(*at) && prose.text(*at).ends_with(','));
    let last = (at..at + PARTNERS).find(ends).filter(|last| *last > at)?;
    let and = last + usize::from(is_plain(last));
    let is_and = |at: usize| AND.contains(&prose.fold(at)) || prose.text(at) == "&";
    let form = (and + 2..and + 4).find(|&form| has_form(&format!("X {}", prose.text(form))))?;
    (is_and(and) && (and + 1..form).all(is_plain)).then_some(form + 1)
}

/// Whether `and` stands inside the one name that begins at a word: the whole name, with its legal form, fills a row elsewhere.
pub(super) fn is_one_name(prose: &Prose<'_>, at: usize, and: usize) -> bool {
    const WORDS: usize = 5;
    let form = (and + 1..and + WORDS).find(|&form| has_form(&format!("X {}", prose.text(form))));
    let Some(form) = form else { return false };
    let count = form + 1 - at;
    // `Verre et Cristal SAS (the Buyer) and Ann Moe (the Seller)`: without a short name of its own, one word is no party.
    let names = |at: usize| sides::gives_short_name(prose, at).is_some();
    let is_open = and == at + 1 && (names(form + 1) || prose.text(form).ends_with(','));
    let is_next = |next: &usize| {
        AND.contains(&prose.fold(*next))
            && name_at(prose, next + 1).is_some_and(|(to, _)| (to..to + 30).any(names))
    };
    if is_open && (form + 2..form + 40).any(|next| is_next(&next)) {
        return true;
    }
    let is_same =
        |from: usize| (0..count).all(|step| prose.fold(from + step) == prose.fold(at + step));
    (0..prose.tokens.len()).any(|from| {
        from.abs_diff(at) > count
            && sentence::begins_row(prose, from)
            && sentence::begins_row(prose, from + count)
            && is_same(from)
    })
}

/// The name that begins at a word: capitalised words up to a comma, a bracket or a small word.
pub(super) fn name_at(prose: &Prose<'_>, at: usize) -> Option<(usize, String)> {
    const LONGEST: usize = 12;
    let at = behind_articles(prose, at)?;
    if let Some(end) = partners(prose, at) {
        let words: Vec<&str> = (at..end).map(|at| prose.text(at)).collect();
        return Some((end, words.join(" ").trim_end_matches([',', '.', ';']).to_owned()));
    }
    let is_suffix =
        |at: usize| matches!(prose.fold(at), "jr" | "sr" | "iii" | "phd" | "md" | "esq");
    let is_form = |at: usize| is_suffix(at) || is_form(prose, at);
    let mut to = at;
    let mut words: Vec<String> = Vec::new();
    while to < prose.tokens.len() && words.len() < LONGEST && belongs(prose, at, to) {
        let text = prose.text(to);
        if let Some(end) = mexican(prose, to) {
            words.extend((to..end).map(|at| prose.text(at).trim_end_matches(',').to_owned()));
            to = end;
            break;
        }
        let bare = text.trim_end_matches([',', ';', ':']);
        words.push(bare.to_owned());
        to += 1;
        let ends = text.len() > bare.len();
        if ends && !is_form(to) {
            break;
        }
        if ends && let Some(last) = words.last_mut() {
            last.push(',');
        }
        if text.ends_with('.') && !is_form(to) && is_form(to - 1) {
            break;
        }
    }
    while words.last().is_some_and(|word| {
        matches!(crate::lexicon::folded(word).as_str(), "of" | "the" | "de" | "der" | "")
    }) {
        words.pop();
    }
    let name = words.join(" ");
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_role = roles::is_role(&name) || roles::is_all(&name);
    (letters >= 3 && !is_role).then_some((to, name))
}

/// Where `S. de R.L.` and `S. de R.L. de C.V.` end that begin at a word.
fn mexican(prose: &Prose<'_>, at: usize) -> Option<usize> {
    let is_limited = prose.text(at) == "S."
        && prose.fold(at + 1) == "de"
        && prose.text(at + 2).starts_with("R.L");
    let is_variable = prose.fold(at + 3) == "de" && prose.text(at + 4).starts_with("C.V");
    is_limited.then_some(at + if is_variable { 5 } else { 3 })
}

/// Whether a word is a legal form, or the first word of one: `S. de R.L.`
fn is_form(prose: &Prose<'_>, at: usize) -> bool {
    mexican(prose, at).is_some()
        || has_form(&format!("X {}", prose.text(at).trim_matches([',', '.', ';'])))
}

/// The first word behind articles, unless a bracket or the mark of an item stands there.
fn behind_articles(prose: &Prose<'_>, mut at: usize) -> Option<usize> {
    // `The` with a capital letter belongs to the name.
    let is_article = |at: usize| {
        matches!(prose.fold(at), "the" | "der" | "die" | "la" | "le" | "")
            && !(prose.text(at) == "The" && follows_name(prose, at + 1))
    };
    // No name begins with `Between`.
    let is_link = |at: usize| BETWEEN.contains(&prose.fold(at));
    while (is_article(at) || is_link(at)) && at < prose.tokens.len() {
        if prose.text(at).starts_with(['[', '(']) {
            return None;
        }
        at += 1;
    }
    // `Board of Directors of Harbour Homes Ltd` speaks of the company.
    let is_of = |at: usize| prose.fold(at) == "of";
    let at = if prose.fold(at) == "board" && is_of(at + 1) && prose.fold(at + 2) == "directors" {
        at + 2
    } else {
        at
    };
    let at = if prose.fold(at) == "directors" && is_of(at + 1) { at + 2 } else { at };
    (!sentence::is_mark(prose.text(at))).then_some(at)
}

/// Whether an `and` stands between two names: `Puertos y Muelles, S.A.` is one name, `Anna Clarke y Muelles, S.A.` are two.
fn parts_names(prose: &Prose<'_>, at: usize, and: usize) -> bool {
    let is_one = and == at + 1
        && matches!(prose.fold(and), "y" | "et" | "e" | "und")
        && follows_name(prose, and + 1)
        && prose.text(and + 1).ends_with(',')
        && has_form(&format!("X {}", prose.text(and + 2)));
    AND.contains(&prose.fold(and)) && !is_one && !is_one_name(prose, at, and)
}

/// Whether a word belongs to the name that begins at `at` and reaches up to it.
fn belongs(prose: &Prose<'_>, at: usize, to: usize) -> bool {
    let text = prose.text(to);
    if text.starts_with(['(', '[', '“', '"', '„', '«']) || text.contains(['”', ')', ']']) {
        return false;
    }
    let is_first = to == at;
    let first = text.chars().next().unwrap_or(' ');
    // Behind a legal form nothing is joined: `Harbor GmbH - Buyer -`, but `Company of Biologists`.
    let is_whole = to > at + 1
        && prose.fold(to - 1) != "company"
        && has_form(&format!("X {}", prose.text(to - 1)));
    // `Morska Fala sp. z o.o.`
    let small = text.trim_end_matches([',', ';']);
    let small = if small.starts_with("Sp.") { &small.to_lowercase() } else { small };
    let is_small_form = matches!(
        small,
        "sp." | "o.o." | "sp.j." | "sp.k." | "s.c." | "z.o.o." | "mbH" | "gUG" | "eG"
    ) || matches!(small, "z" | "j." | "k.") && prose.fold(to - 1) == "sp";
    if !is_first && is_small_form {
        return true;
    }
    let joins = is_joint(prose.fold(to)) && !is_first && !is_whole;
    let goes_on =
        follows_name(prose, to + 1) || is_joint(prose.fold(to + 1)) && follows_name(prose, to + 2);
    // `uDate.com`
    let inner = text.chars().skip(1).take(2).any(char::is_uppercase) && text.len() > 4;
    let capital = first.is_uppercase() || first.is_ascii_digit() && is_first || inner;
    let is_initial = first.is_uppercase() && text.len() == 2 && text.ends_with('.');
    let parts = parts_names(prose, at, to);
    let is_inside = !is_first && AND.contains(&prose.fold(to)) && !parts;
    (capital || is_inside || joins && goes_on)
        && (!is_verb_of_place(prose.fold(to)) || is_initial)
        && (is_first || !parts || is_initial)
        && !(to > at
            && (ends_title(prose, at, to) || prose.stands_apart(to) && !is_form(prose, to)))
}

/// Whether a title in capitals ends before the row that begins at a word.
pub(super) fn ends_title(prose: &Prose<'_>, at: usize, to: usize) -> bool {
    const LONGEST: usize = 7;
    let is_loud = |text: &str| !text.chars().any(char::is_lowercase);
    sentence::begins_row(prose, to)
        && to - at <= LONGEST
        && (at..to).all(|word| is_loud(prose.text(word)))
        && !is_loud(prose.text(to))
}

/// Small words inside names: `Bank of Tokyo`, `Bram van den Heuvel`.
pub(super) fn is_joint(fold: &str) -> bool {
    matches!(
        fold,
        "of" | "de"
            | "der"
            | "den"
            | "des"
            | "del"
            | "dos"
            | "von"
            | "van"
            | "the"
            | "du"
            | "di"
            | "da"
            | "la"
            | "el"
            | "al"
            | "do"
            | "das"
            | "della"
            | "dei"
            | "degli"
            | "delle"
            | "sur"
            | "les"
            | "fur"
            | "ter"
            | "ten"
            | "zu"
            | ""
    )
}

pub(super) fn follows_name(prose: &Prose<'_>, at: usize) -> bool {
    let text = prose.text(at);
    // `Moulins de l'Adour`
    let tied = text.split_once(['\'', '’']).filter(|(article, _)| article.len() <= 4);
    text.starts_with(char::is_uppercase)
        || tied.is_some_and(|(_, name)| name.starts_with(char::is_uppercase))
}

/// Words that describe a party and end its name even when they are capitalised.
pub(super) fn is_verb_of_place(fold: &str) -> bool {
    matches!(fold, "located" | "having" | "with" | "whose" | "residing" | "organized" | "a" | "an")
}

pub(super) fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (crate::lexicon::folded(a), crate::lexicon::folded(b));
    a.starts_with(&b) || b.starts_with(&a)
}
