//! What the columns of the list hold, by their names.

use crate::layout::{Bounds, Row, Segment};
use crate::lexicon::folded;

/// What a column of the list holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    Debit,
    Credit,
    Amount,
    Balance,
}

const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Debit,
        &[
            "debit",
            "debits",
            "paidout",
            "moneyout",
            "withdrawals",
            "withdrawal",
            "payments",
            "soll",
            "lastschrift",
            "ausgang",
            "belastung",
            "debet",
            "af",
            "cargo",
            "cargos",
            "dare",
            "uscite",
            "addebiti",
            "debito",
            "debitos",
            "debe",
            "retraits",
            "bedragaf",
            "obciazenia",
            "wyplaty",
            "wydatki",
            "obciazenie",
            "lastschriften",
            "ausgaben",
            "odepsano",
            "uttag",
            "salidas",
            "withdrawn",
            "ut",
            "utav",
            "utavkonto",
            "out",
            "charges",
            "spent",
            "outgoing",
            "decaissements",
            "paiements",
            "depenses",
            "sorties",
            "adeudos",
            "gastos",
            "pagos",
            "addebito",
            "uscita",
            "afschrijving",
            "afgeschreven",
            "uitgaven",
            "abgang",
            "zulasten",
            "zahlungsausgang",
            "winien",
            "rozchod",
            "saidas",
            "ud",
            "haevet",
            "dr",
        ],
    ),
    (
        Column::Credit,
        &[
            "credit",
            "credits",
            "paidin",
            "moneyin",
            "deposits",
            "deposit",
            "receipts",
            "haben",
            "gutschrift",
            "eingang",
            "bij",
            "abono",
            "abonos",
            "avere",
            "entrate",
            "accrediti",
            "credito",
            "creditos",
            "haber",
            "versements",
            "bedragbij",
            "uznania",
            "wplaty",
            "wplywy",
            "uznanie",
            "einnahmen",
            "pripsano",
            "insattning",
            "entradas",
            "received",
            "inn",
            "innpa",
            "innpakonto",
            "in",
            "incoming",
            "encaissements",
            "recettes",
            "entrees",
            "ingresos",
            "ingreso",
            "accredito",
            "entrata",
            "bijschrijving",
            "bijgeschreven",
            "inkomsten",
            "zugang",
            "zugunsten",
            "zahlungseingang",
            "przychod",
            "ind",
            "indsat",
            "insatt",
            "cr",
        ],
    ),
    (
        Column::Balance,
        &[
            "balance",
            "runningbalance",
            "saldo",
            "kontostand",
            "solde",
            "balanceeur",
            "saldopooperacji",
            "saldeeur",
            "zustatek",
        ],
    ),
    (
        Column::Amount,
        &[
            "amount",
            "betrag",
            "umsatz",
            "montant",
            "importe",
            "importo",
            "bedrag",
            "amounteur",
            "betrageur",
            "kwota",
            "montante",
            "valor",
            "belopp",
            "castka",
            "belob",
            "summa",
            "amt",
            "value",
            "transactionamount",
        ],
    ),
];

/// The columns that a row names: `Debit`, `Bedrag af`, `Saldo CHF`, `Closing Balance`.
pub(super) fn heads_in(row: &Row) -> Vec<(Column, Bounds)> {
    /// Words of a head, at most.
    const LONGEST: usize = 4;
    let known = |text: &str| {
        COLUMNS.iter().find(|(_, names)| names.contains(&text)).map(|(column, _)| *column)
    };
    let column = |segment: &Segment| {
        known(&folded(&segment.text)).or_else(|| {
            let short = (2..=LONGEST).contains(&segment.words.len());
            let words: Vec<String> = segment.words.iter().map(|word| folded(&word.text)).collect();
            let has_digit = segment.text.bytes().any(|byte| byte.is_ascii_digit());
            // The day of the value is no amount, however it is called.
            let is_day = words.iter().any(|word| DAYS.iter().any(|day| word.starts_with(day)));
            let mut kinds = words.iter().filter_map(|word| known(word));
            kinds.next().filter(|_| short && !has_digit && !is_day)
        })
    };
    row.segments.iter().filter_map(|segment| Some((column(segment)?, segment.bounds))).collect()
}

/// Words for a day in the heads of columns.
const DAYS: &[&str] = &["dat", "fecha", "tag", "day", "valuta", "giorno", "jour", "dag", "fvalor"];

/// The column whose name stands over an amount, or nearest.
pub(super) fn column_of(heads: &[(Column, Bounds)], bounds: Bounds) -> Option<Column> {
    let distance = |head: &Bounds| {
        if head.overlap_x(bounds) > 0.0 {
            return 0.0;
        }
        (head.x1 - bounds.x1).abs().min((head.x0 - bounds.x0).abs())
    };
    let nearest = heads.iter().min_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1)))?;
    (distance(&nearest.1) < 60.0).then_some(nearest.0)
}
