//! Labels that are put together: a word for the bill and one for its number; a word for a sum and what it includes
//! or in which currency it is.

use super::{Column, Label};

const BILLS: &[&str] = &[
    "invoice",
    "inv",
    "bill",
    "document",
    "doc",
    "creditnote",
    "creditmemo",
    "rechnungs",
    "rechnung",
    "beleg",
    "gutschrift",
    "facture",
    "piece",
    "avoir",
    "fattura",
    "documento",
    "factura",
    "fatura",
    "fatt",
    "factuur",
    "nota",
    "faktura",
    "faktury",
    "dokument",
    "dokumentu",
    "notadecredito",
    "notadicredito",
    "kreditfaktura",
    "kreditnota",
    "regnings",
    "lasku",
    "laskun",
    "hyvityslaskun",
    "dokladu",
    "doklad",
    "dobropisu",
    "creditnota",
    "honorarnote",
    "statement",
];
const NUMBERS: &[&str] = &[
    "number",
    "numero",
    "nummer",
    "numer",
    "num",
    "nro",
    "nr",
    "no",
    "n",
    "id",
    "ref",
    "reference",
    "cislo",
    "c",
    "#",
];
const BETWEEN: &[&str] =
    &["de", "del", "della", "da", "do", "la", "of", "our", "tax", "vat", "sales"];

/// Whether words name a bill and its number and nothing else: `Our invoice ref`, `N. documento`, `Nota nr.`
pub(super) fn numbers_a_bill(folded_words: &str) -> bool {
    /// Whether the rest is such words; `has` tells whether a bill and a number were among those before.
    fn fits(rest: &str, has: (bool, bool), depth: usize) -> bool {
        if rest.is_empty() || depth == 0 {
            return rest.is_empty() && has == (true, true);
        }
        let goes_on = |words: &[&str], has: (bool, bool)| {
            let mut rests = words.iter().filter_map(|word| rest.strip_prefix(word));
            rests.any(|rest| fits(rest, has, depth - 1))
        };
        goes_on(BILLS, (true, has.1)) || goes_on(NUMBERS, (has.0, true)) || goes_on(BETWEEN, has)
    }
    folded_words.len() <= 30 && fits(folded_words, (false, false), 5)
}

/// What the words of a sum say, found anywhere among them.
#[derive(Clone, Copy, Default)]
struct Says {
    whole: bool,
    amount: bool,
    price: bool,
    net: bool,
    gross: bool,
    tax: bool,
    currency: bool,
    due: bool,
}

/// Words of a kind, folded, and what they say.
type Kind = (&'static [&'static str], fn(&mut Says));

const KINDS: &[Kind] = &[
    (
        &[
            "total",
            "totals",
            "totaal",
            "totale",
            "totalt",
            "sum",
            "summe",
            "summa",
            "somme",
            "suma",
            "gesamt",
            "gesamtbetrag",
            "gesamtsumme",
            "rechnungsbetrag",
            "yhteensa",
            "celkem",
            "spolu",
            "razem",
            "grandtotal",
            "invoicetotal",
            "ialt",
            "gesamtpreis",
            "loppusumma",
        ],
        |says| says.whole = true,
    ),
    (
        &[
            "amount",
            "montant",
            "betrag",
            "bedrag",
            "importe",
            "importo",
            "belopp",
            "belob",
            "belop",
            "castka",
            "kwota",
            "valor",
            "linetotal",
            "value",
        ],
        |says| says.amount = true,
    ),
    (
        &[
            "price",
            "unitprice",
            "unitcost",
            "prix",
            "prixunitaire",
            "preis",
            "einzelpreis",
            "prijs",
            "eenheidsprijs",
            "precio",
            "preciounitario",
            "prezzo",
            "prezzounitario",
            "pris",
            "apris",
            "hinta",
            "yksikkohinta",
            "cena",
            "cenazamj",
            "rate",
            "tarif",
            "stuckpreis",
            "pu",
            "ep",
        ],
        |says| says.price = true,
    ),
    (
        &[
            "net",
            "netto",
            "nett",
            "excl",
            "exkl",
            "exclusive",
            "excluding",
            "exclusief",
            "ekskl",
            "ex",
            "eks",
            "ohne",
            "zonder",
            "hors",
            "ht",
            "htva",
            "before",
            "bez",
            "veroton",
            "sem",
            "sin",
            "senza",
            "subtotal",
            "taxable",
            "without",
            "vor",
        ],
        |says| says.net = true,
    ),
    (
        &[
            "incl",
            "inkl",
            "inc",
            "including",
            "inclusive",
            "inclusief",
            "inklusive",
            "ttc",
            "tvac",
            "brutto",
            "gross",
            "mit",
            "with",
            "vcetne",
            "con",
            "com",
            "sis",
            "sisaltaen",
            "included",
            "includes",
            "enthalten",
            "enthaltene",
            "inbegrepen",
            "inclus",
        ],
        |says| says.gross = true,
    ),
    (
        &[
            "vat",
            "tax",
            "taxes",
            "salestax",
            "gst",
            "hst",
            "mwst",
            "ust",
            "btw",
            "tva",
            "iva",
            "moms",
            "mva",
            "alv",
            "dph",
            "taxe",
            "taxes",
            "mehrwertsteuer",
            "umsatzsteuer",
        ],
        |says| says.tax = true,
    ),
    (
        &[
            "eur", "euro", "usd", "chf", "gbp", "aud", "cad", "nzd", "sgd", "sek", "dkk", "nok",
            "czk", "pln", "kr", "kc",
        ],
        |says| says.currency = true,
    ),
    (
        &[
            "due",
            "payable",
            "owing",
            "outstanding",
            "zuzahlen",
            "zubezahlen",
            "apayer",
            "tebetalen",
            "kuhrade",
        ],
        |says| says.due = true,
    ),
    (
        &[
            "of", "the", "de", "la", "des", "in", "en", "invoice", "order", "balance", "per",
            "pro", "unit",
        ],
        |_| {},
    ),
];

/// Everything that words say, if each of them is of a kind.
fn says(rest: &str, known: Says, depth: usize) -> Option<Says> {
    if rest.is_empty() {
        return Some(known);
    }
    if depth == 0 {
        return None;
    }
    KINDS.iter().find_map(|(words, tell)| {
        let mut rests = words.iter().filter_map(|word| rest.strip_prefix(word));
        rests.find_map(|rest| {
            let mut known = known;
            tell(&mut known);
            says(rest, known, depth - 1)
        })
    })
}

fn said(folded_words: &str) -> Option<Says> {
    let fits = (5..=36).contains(&folded_words.len()) && folded_words.is_ascii();
    fits.then(|| says(folded_words, Says::default(), 5)).flatten()
}

/// The sum that words name together: `Total HTVA` is without tax, `Total (inc. GST)` with it, `Amount due AUD` is
/// what is left to pay.
pub(super) fn names_a_sum(folded_words: &str) -> Option<Label> {
    let says = said(folded_words).filter(|says| !says.price)?;
    match says {
        Says { due: true, whole, amount, .. } if whole || amount => Some(Label::AmountDue),
        Says { net: true, gross: true, .. } => None,
        Says { net: true, whole, amount, .. } if whole || amount => Some(Label::Subtotal),
        Says { gross: true, whole, amount, .. } if whole || amount => Some(Label::Total),
        Says { tax: true, net: false, .. } => Some(Label::Tax),
        Says { whole: true, currency: true, .. } => Some(Label::Total),
        _ => None,
    }
}

/// The column that words name together: `Price (ex GST)`, `Betrag in CHF`.
pub(super) fn names_a_column(folded_words: &str) -> Option<Column> {
    let says = said(folded_words).filter(|says| !says.gross && !says.due)?;
    match says {
        Says { price: true, .. } => Some(Column::UnitPrice),
        Says { tax: true, net: false, .. } => None,
        Says { whole, amount, .. } if whole || amount => Some(Column::Amount),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{names_a_column, names_a_sum, numbers_a_bill};
    use crate::lexicon::{Column, Label};

    #[test]
    fn a_sum_and_what_it_includes_make_a_label() {
        let check = |text: &str, wanted: Option<Label>| {
            assert_eq!(names_a_sum(&folded(text)), wanted, "{text}");
        };
        check("Total HTVA", Some(Label::Subtotal));
        check("Amount excl. GST", Some(Label::Subtotal));
        check("Total (inc. GST)", Some(Label::Total));
        check("TOTAL AUD", Some(Label::Total));
        check("Total GST AUD", Some(Label::Tax));
        check("Amount due AUD", Some(Label::AmountDue));
        check("Amount AUD", None);
        check("Totally", None);
        check("Unit price ex VAT", None);
    }

    #[test]
    fn a_price_or_an_amount_and_what_it_includes_make_a_column() {
        let check = |text: &str, wanted: Option<Column>| {
            assert_eq!(names_a_column(&folded(text)), wanted, "{text}");
        };
        check("Price (ex GST)", Some(Column::UnitPrice));
        check("Amount in CHF", Some(Column::Amount));
        check("Total GST", None);
        check("Amount incl. VAT", None);
    }
    use crate::lexicon::folded;

    #[test]
    fn a_bill_and_a_number_make_a_label() {
        for label in [
            "Our invoice ref.",
            "N. documento",
            "Nota nr.",
            "N° pièce",
            "Tax Invoice ID",
            "Nº de documento",
        ] {
            assert!(numbers_a_bill(&folded(label)), "{label}");
        }
        for other in [
            "Invoice",
            "Number",
            "Order no.",
            "Invoice date",
            "Delivery note no.",
            "Customer number",
        ] {
            assert!(!numbers_a_bill(&folded(other)), "{other}");
        }
    }
}
