//! What tills print beside sums and nobody else does.

use super::Label::{self, *};

/// As the list of the other languages.
pub(super) const LABELS: &[(Label, f64, &str)] = &[
    (
        Tax,
        0.9,
        "ptu,ptu a,ptu b,ptu c,ptu d,kwota ptu,kwota ptu a,kwota ptu b,kwota ptu c,suma ptu,podatek ptu,sst,total sst,service tax,\
        gst included,gst included in total,gst incl,incl gst,includes gst,includes gst of,total includes gst of,inclusive of gst,\
        dont tva,dont t v a,di cui iva,iva incluido,iva incl,cuota iva,waarvan btw,btw hoog,btw laag,vat included,incl vat,enth mwst,\
        state tax,city tax,county tax,local tax,tax 1,tax 2,meals tax",
    ),
    (
        Total,
        0.95,
        "total to pay,total payable,round total,rounded total,total rounded,total charged,total a regler,total euros,\
        suma pln,razem pln,razem do zaplaty,do zaplaty,suma zl,totaal eur,totale complessivo,importo da pagare,total compra,gesamt eur,zu bezahlen",
    ),
];
