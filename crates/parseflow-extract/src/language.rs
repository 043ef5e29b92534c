//! Which of thirteen languages a document is printed in, by its small words and its usual labels.

use std::collections::HashSet;

use crate::layout::Page;

const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the of and for to in invoice date due amount total number payment please bill quantity price description \
        thank your you is this with by from unit subtotal tax receipt agreement shall bank statement balance",
    ),
    (
        "de",
        "der die das und fur für von mit bitte rechnung betrag datum menge preis summe gesamtbetrag zahlbar nummer \
        mwst ust kunde bezeichnung einzelpreis straße strasse ihre wir sie ist auf bei zum zur innerhalb tage tagen nach den dem vertrag kontoauszug",
    ),
    (
        "fr",
        "le la les de des du et pour facture montant tva quantité prix désignation échéance siret client \
        numéro paiement votre vous nous est sur par avec au aux total ht ttc adresse à une contrat relevé",
    ),
    (
        "nl",
        "de het een en van voor factuur bedrag btw aantal prijs omschrijving factuurnummer datum klant \
        totaal te betalen op bij uw wij is met binnen dagen kvk rekening overeenkomst",
    ),
    (
        "es",
        "el la los las de del y para factura importe iva cantidad precio descripción fecha cliente número \
        por con su en base imponible vencimiento pago total contrato extracto cuenta",
    ),
    (
        "it",
        "il lo la gli le di del della e per fattura importo iva quantità prezzo descrizione data cliente \
        numero con totale scadenza pagamento imponibile partita spett via contratto estratto conto",
    ),
    (
        "pl",
        "i w z na do nr faktura vat netto brutto razem ilość cena wartość nazwa usługi sprzedawca nabywca         data wystawienia sprzedaży termin płatności zapłaty kwota podatek stawka nip umowa od dni przelew słownie",
    ),
    (
        "pt",
        "o os as do da dos das e em para fatura valor quantidade preço descrição data cliente número por com         total pagamento contribuinte vencimento nif iva não contrato recibo morada dias à ao pela",
    ),
    (
        "sv",
        "och i att det som en av för med till den är på faktura fakturadatum antal belopp moms summa betala kr enhet pris \
        förfallodatum kundnummer vår er benämning avtal öre netto",
    ),
    (
        "da",
        "og i at det som en af for med til den er på faktura fakturadato antal beløb moms betales dato pris enhed kr i alt \
        forfaldsdato kundenr vores jeres beskrivelse tekst ydelse subtotal",
    ),
    (
        "nb",
        "og i at det som en av for med til den er på faktura fakturadato antall beløp mva betales dato pris enhet forfallsdato \
        kundenr vår deres beskrivelse sum organisasjonsnummer",
    ),
    (
        "fi",
        "ja on ei lasku laskun eräpäivä määrä hinta yhteensä alv veroton asiakas numero päiväys tuote kuvaus maksettavaa \
        viitenumero saaja tilinumero puh oy sopimus kpl viimeistään",
    ),
    (
        "cs",
        "a v na se do je že faktura datum vystavení splatnosti množství cena celkem dph základ daně odběratel dodavatel \
        číslo popis ks úhradě účtu kč smlouva dne prosíme",
    ),
];

/// ISO 639-1, or `None` where too little speaks for one language.
pub(crate) fn language_of(pages: &[Page]) -> Option<&'static str> {
    let mut scores = [0usize; WORDS.len()];
    let sets: Vec<HashSet<&str>> =
        WORDS.iter().map(|(_, words)| words.split_whitespace().collect()).collect();
    for word in pages.iter().flat_map(|page| &page.words).take(5_000) {
        let bare = word.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        for (score, set) in scores.iter_mut().zip(&sets) {
            *score += usize::from(set.contains(bare.as_str()));
        }
    }
    let best = (0..scores.len()).max_by_key(|&index| (scores[index], WORDS.len() - index))?;
    let second = (0..scores.len()).filter(|&i| i != best).map(|i| scores[i]).max().unwrap_or(0);
    (scores[best] >= 3 && scores[best] * 10 >= second * 11).then_some(WORDS[best].0)
}
