//! What parties are called in agreements of six languages.

use crate::lexicon::folded;

/// What a party is in an agreement, folded without spaces.
const ROLES: &[&str] = &[
    // English
    "claimant",
    "respondent",
    "partner",
    "firstpartner",
    "secondpartner",
    "receiver",
    "subscriber",
    "operator",
    "buyer",
    "purchaser",
    "seller",
    "landlord",
    "tenant",
    "lessor",
    "lessee",
    "client",
    "customer",
    "supplier",
    "provider",
    "serviceprovider",
    "contractor",
    "licensor",
    "licensee",
    "lender",
    "borrower",
    "company",
    "employer",
    "employee",
    "executive",
    "consultant",
    "disclosingparty",
    "receivingparty",
    "discloser",
    "recipient",
    "franchisor",
    "franchisee",
    "distributor",
    "manufacturer",
    "agency",
    "agent",
    "principal",
    "vendor",
    "owner",
    "guarantor",
    "partya",
    "partyb",
    "party1",
    "party2",
    "firstparty",
    "secondparty",
    "worker",
    "freelancer",
    "investor",
    "debtor",
    "creditor",
    "renter",
    "advisor",
    "adviser",
    "independentcontractor",
    "author",
    "publisher",
    // German
    "vermieter",
    "vermieterin",
    "mieter",
    "mieterin",
    "auftraggeber",
    "auftraggeberin",
    "auftragnehmer",
    "auftragnehmerin",
    "arbeitgeber",
    "arbeitgeberin",
    "arbeitnehmer",
    "arbeitnehmerin",
    "darlehensgeber",
    "darlehensnehmer",
    "lizenzgeber",
    "lizenznehmer",
    "kaufer",
    "kauferin",
    "verkaufer",
    "verkauferin",
    "lieferant",
    "kunde",
    "besteller",
    "offenlegendepartei",
    "empfanger",
    "empfangendepartei",
    "verpachter",
    "pachter",
    "unternehmer",
    "mitarbeiter",
    "dienstgeber",
    "dienstnehmer",
    "informationsgeber",
    "informationsempfanger",
    // French
    "bailleur",
    "preneur",
    "locataire",
    "employeur",
    "salarie",
    "salariee",
    "preteur",
    "emprunteur",
    "concedant",
    "licencie",
    "acheteur",
    "vendeur",
    "fournisseur",
    "prestataire",
    "divulgateur",
    "beneficiaire",
    "acquereur",
    "mandant",
    "mandataire",
    // Spanish
    "arrendador",
    "arrendatario",
    "arrendadora",
    "arrendataria",
    "empresa",
    "trabajador",
    "trabajadora",
    "empleador",
    "empleado",
    "prestamista",
    "prestatario",
    "licenciante",
    "licenciatario",
    "comprador",
    "vendedor",
    "proveedor",
    "suministrador",
    "cliente",
    "prestador",
    "divulgador",
    "receptor",
    "contratista",
    // Italian and Dutch
    "locatore",
    "conduttore",
    "committente",
    "fornitore",
    "prestatore",
    "datoredilavoro",
    "lavoratore",
    "licenziante",
    "licenziatario",
    "acquirente",
    "venditore",
    "verhuurder",
    "huurder",
    "werkgever",
    "werknemer",
    "opdrachtgever",
    "opdrachtnemer",
    "koper",
    "verkoper",
    "leverancier",
    "klant",
    "geldgever",
    "geldnemer",
];

/// Endings of nouns for those who give and take.
const ENDINGS: &[&str] =
    &["geber", "geberin", "nehmer", "nehmerin", "gever", "nemer", "atario", "ataria", "tuario"];

/// Whether a text is such a word, with or without its article.
pub(super) fn is_role(text: &str) -> bool {
    let fold = folded(text);
    let bare = ["the", "der", "die", "le", "la", "el", "il", "de", "dem"]
        .iter()
        .find_map(|article| fold.strip_prefix(article).filter(|rest| ROLES.contains(rest)));
    ROLES.contains(&bare.unwrap_or(&fold)) || is_side(text) || is_one_who(text, &fold)
}

/// `Disclosing Party`, `Parte Ricevente`, `empfangende Partei`
fn is_side(text: &str) -> bool {
    const SIDES: &[&str] = &["party", "partei", "partie", "parte", "partij"];
    const ALL: &[&str] = &[
        "each", "either", "any", "other", "a", "third", "both", "neither", "chaque", "cada",
        "jede", "elke", "ogni",
    ];
    let words: Vec<String> = text.split_whitespace().map(folded).collect();
    let is_side = |word: Option<&String>| word.is_some_and(|word| SIDES.contains(&word.as_str()));
    let names = words.iter().filter(|word| !ALL.contains(&word.as_str()) && word.len() > 3).count();
    (2..=3).contains(&words.len())
        && names >= 2
        && !words.iter().any(|word| ALL.contains(&word.as_str()))
        && (is_side(words.last()) || words.iter().take(2).any(|word| is_side(Some(word))))
}

fn is_one_who(text: &str, fold: &str) -> bool {
    !text.trim().contains(' ') && fold.len() >= 8 && ENDINGS.iter().any(|end| fold.ends_with(end))
}
