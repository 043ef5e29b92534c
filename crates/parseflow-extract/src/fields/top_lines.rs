//! The lines at the top of a slip that are no names: branches, owners, titles, streets, legal forms by themselves.

use super::blocks::has_legal_form;
use crate::lexicon::folded;

/// First words of what a slip calls itself, folded, where the whole line says it.
const TITLES: &[&str] = &[
    "sale",
    "sales",
    "salesreceipt",
    "guestcheck",
    "officialreceipt",
    "vatreceipt",
    "customercopy",
    "merchantcopy",
    "cardholdercopy",
    "yourreceipt",
    "customerreceipt",
    "order",
    "check",
    "bill",
    "rechnung",
    "quittung",
    "beleg",
    "kassenbeleg",
    "kassabeleg",
    "barverkauf",
    "barrechnung",
    "bewirtungsbeleg",
    "facture",
    "note",
    "addition",
    "duplicata",
    "recuclient",
    "ticketdecaisse",
    "facturasimplificada",
    "ticketdeventa",
    "nota",
    "copiacliente",
    "documentocommerciale",
    "scontrinofiscale",
    "ricevutafiscale",
    "ricevuta",
    "scontrino",
    "rekening",
    "kassaticket",
    "pinbon",
    "kopiebon",
    "kassabon",
    "paragonfiskalny",
    "potwierdzenie",
    "cashsales",
    "cashbill",
    "recibo",
    "factura",
    "fattura",
    "nonfiscale",
    "niefiskalny",
    "kundenbeleg",
    "handlerbeleg",
    "ticketclient",
    "ejemplarparaelcliente",
];
/// First words of a greeting, and of what a slip is called at length.
const GREETINGS: &[&str] = &[
    "willkommen",
    "herzlich",
    "welcome",
    "welkom",
    "benvenuti",
    "benvenuto",
    "bienvenido",
    "bienvenidos",
    "bienvenue",
    "zapraszamy",
    "witamy",
    "btwkasticket",
    "documento",
    "velkommen",
    "bemvindo",
];
/// First words before an owner's name.
const OWNERS: &[&str] = &[
    "prop",
    "proprietor",
    "inh",
    "inhaber",
    "inhaberin",
    "wl",
    "wlasciciel",
    "exploitant",
    "eigenaar",
    "titolare",
    "titular",
    "owner",
    "owned",
    "operated",
];
/// First words of an entry in a register.
const REGISTERS: &[&str] = &[
    "inscr",
    "rcs",
    "siret",
    "siren",
    "hrb",
    "hra",
    "rea",
    "krs",
    "regon",
    "bdo",
    "kvk",
    "uen",
    "roc",
    "acn",
    "abn",
    "ein",
    "nip",
    "fn",
    "lic",
    "steuernummer",
];
/// First words of the name of a branch.
const BRANCHES: &[&str] = &[
    "store",
    "unit",
    "branch",
    "filiale",
    "filiaal",
    "filia",
    "oddzial",
    "sklep",
    "magasin",
    "negozio",
    "puntovendita",
    "pv",
    "punto",
    "tienda",
    "sucursal",
    "zweigstelle",
    "winkel",
    "outlet",
    "cawangan",
    "terminal",
    "airport",
    "agence",
    "succursale",
    "vestiging",
    "gare",
    "centre",
    "centro",
];
/// Words of streets.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "lane",
    "ln",
    "avenue",
    "ave",
    "blvd",
    "place",
    "drive",
    "dr",
    "hwy",
    "way",
    "square",
    "esplanade",
    "rue",
    "quai",
    "bd",
    "boulevard",
    "calle",
    "avda",
    "avenida",
    "plaza",
    "via",
    "viale",
    "corso",
    "piazza",
    "ul",
    "al",
    "rynek",
    "jalan",
    "jln",
    "str",
    "strasse",
];

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect()
}

/// Whether a line is what the slip calls itself, or names an owner.
pub(super) fn is_no_name(text: &str) -> bool {
    let words = words(text);
    let is_owner =
        words.len() > 1 && words.first().is_some_and(|first| OWNERS.contains(&first.as_str()));
    let is_register =
        words.len() > 1 && words.first().is_some_and(|first| REGISTERS.contains(&first.as_str()));
    let greets = words.first().is_some_and(|first| GREETINGS.contains(&first.as_str()));
    is_owner || is_register || greets || TITLES.contains(&words.concat().as_str())
}

/// Whether a line names a branch: its first word says so, or it stands in brackets or between strokes.
pub(super) fn is_branch(printed: &str) -> bool {
    let words = words(printed);
    let is_named = words.first().is_some_and(|first| BRANCHES.contains(&first.as_str()));
    let is_enclosed = printed.starts_with('-') && printed.ends_with('-')
        || printed.starts_with('(') && printed.ends_with(')');
    (is_named || is_enclosed) && !has_legal_form(printed)
}

/// Whether a line is a street with its number: `Grote Markt 17`, `5-16 Market Place`.
pub(super) fn is_street(text: &str) -> bool {
    let words = words(text);
    let is_number = |word: &String| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        (1..=5).contains(&digits) && word.len() <= digits + 1
    };
    let names_street = words.iter().any(|word| STREETS.contains(&word.as_str()));
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    words.len() > 1
        && (is_number(last) || is_number(first) && names_street)
        && !has_legal_form(text)
}

/// Whether a line is a legal form and nothing else: `SARL`, `Sp. z o.o.`, `Pty Ltd`.
pub(super) fn is_bare_form(text: &str) -> bool {
    const PARTS: &[&str] = &[
        "pty",
        "pte",
        "sdn",
        "bhd",
        "m",
        "s",
        "co",
        "kg",
        "z",
        "oo",
        "sp",
        "j",
        "k",
        "spk",
        "spj",
        "zoo",
        "sc",
        "coop",
        "haftungsbeschrankt",
        "berhad",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_form = |word: &str| has_legal_form(&format!("X {word}"));
    let is_part =
        |word: &str| word == "&" || is_form(word) || PARTS.contains(&folded(word).as_str());
    let is_own = |word: &&str| {
        is_form(word) || matches!(folded(word).as_str(), "sp" | "spk" | "spj" | "coop")
    };
    !words.is_empty()
        && words.len() <= 4
        && words.iter().all(|word| is_part(word))
        && (words.iter().any(is_own) || words.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::{is_bare_form, is_branch, is_no_name, is_street};

    #[test]
    fn lines_that_are_no_names_are_told() {
        assert!(is_bare_form("SARL") && is_bare_form("Sp. z o.o.") && is_bare_form("Pty Ltd"));
        assert!(!is_bare_form("Corner Ltd") && !is_bare_form("Marks & Co"));
        assert!(is_branch("- WIEN MITTE -") && is_branch("Store 0011") && !is_branch("Old Store"));
        assert!(is_street("Grote Markt 17") && is_street("5-16 Market Place"));
        assert!(!is_street("99 SPEED MART S/B") && !is_street("Harbour Books"));
        assert!(is_no_name("FACTURA SIMPLIFICADA") && is_no_name("Prop. M. Falk"));
        assert!(!is_no_name("Nota Bene Books"));
    }
}
