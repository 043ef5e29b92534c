//! Labels that are put together from a word for the bill and one for its number.

/// Whether words name a bill and its number and nothing else: `Our invoice ref`, `N. documento`, `Nota nr.`
pub(super) fn numbers_a_bill(folded_words: &str) -> bool {
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
        "#",
    ];
    const BETWEEN: &[&str] =
        &["de", "del", "della", "da", "do", "la", "of", "our", "tax", "vat", "sales"];
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

#[cfg(test)]
mod tests {
    use super::numbers_a_bill;
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
