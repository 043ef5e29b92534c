//! What kind of document it is: the words of each kind, weighted, title words more.

use parseflow_model::DocumentType;

use crate::layout::Row;
use crate::lexicon::folded;

/// Folded phrases and their weight for one type. Each counts once.
const EVIDENCE: &[(DocumentType, f64, &str)] = &[
    (
        DocumentType::Invoice,
        3.0,
        "invoice,rechnung,facture,factuur,factura,fattura,gutschrift,creditnote,rechnungskorrektur,taxinvoice,avoir,\
        invoicenumber,rechnungsnummer,numerodefacture,factuurnummer,numerodefactura,numerofattura,warenrechnung,handelsrechnung",
    ),
    (
        DocumentType::Invoice,
        2.0,
        "invoiceno,invoicedate,rechnungsnr,rechnungsdatum,datedefacture,factuurdatum,duedate,billto,zahlbarbis,rechnungsbetrag,\
        netapayer,totalttc,totalht,partitaiva,nettobetrag,zahlbetrag,balancedue,amountdue,fecha,zahlungsziel,echeance,vervaldatum,scadenza",
    ),
    (
        DocumentType::Invoice,
        1.0,
        "iban,ustidnr,ustid,vat,mwst,tva,btw,iva,umsatzsteuer,subtotal,unitprice,einzelpreis,prixunitaire,quantity,menge,siret",
    ),
    (
        DocumentType::Receipt,
        4.0,
        "receipt,kassenbon,kassenbeleg,quittung,bonnr,ticketdecaisse,kassabon,recibo,scontrino,ticket,salesreceipt,ticketclient,bon",
    ),
    (
        DocumentType::Receipt,
        2.0,
        "cash,change,changedue,cashier,tendered,bar,ruckgeld,gegeben,kasse,kassierer,especes,rendu,caisse,contant,wisselgeld,efectivo,cambio,\
        contanti,resto,visa,mastercard,debit,girocard,eccash,kartenzahlung,cartebancaire,pinnen,tse,terminal,register,authcode,approvalcode,thankyouforshopping,bediener",
    ),
    (
        DocumentType::BankStatement,
        5.0,
        "bankstatement,accountstatement,statementofaccount,kontoauszug,relevedecompte,rekeningafschrift,extractodecuenta,estrattoconto,relevebancaire",
    ),
    (
        DocumentType::BankStatement,
        2.5,
        "openingbalance,closingbalance,anfangssaldo,endsaldo,altersaldo,neuersaldo,soldeinitial,soldefinal,saldoiniziale,saldofinale,\
        withdrawals,deposits,beginningbalance,endingbalance,runningbalance,beginsaldo,eindsaldo,valuta,buchungstag,wertstellung",
    ),
    (
        DocumentType::Contract,
        4.0,
        "nondisclosureagreement,confidentialityagreement,employmentagreement,serviceagreement,leaseagreement,mietvertrag,arbeitsvertrag,\
        kaufvertrag,contratdetravail,contratdebail,purchaseagreement,agreement,vertrag,contrat,contrato,contratto,overeenkomst",
    ),
    (
        DocumentType::Contract,
        2.0,
        "herebyagrees,shall,herein,thereof,hereinafter,whereas,governinglaw,inwitnesswhereof,parties,party,effectivedate,termination,\
        vertragsparteien,gerichtsstand,vertragspartner,soussignes,lesparties,confidentialinformation",
    ),
    (
        DocumentType::IdDocument,
        5.0,
        "passport,reisepass,passeport,identitycard,personalausweis,carteidentite,drivinglicence,driverlicense,driverslicense,fuhrerschein,\
        carnetdeidentidad,cartadidentita,paspoort,pasaporte,permisdeconduire,cartenationaledidentite",
    ),
    (
        DocumentType::IdDocument,
        2.0,
        "dateofbirth,geburtsdatum,datedenaissance,nationality,staatsangehorigkeit,nationalite,placeofbirth,geburtsort,dateofexpiry,\
        surname,givennames,issuingauthority,gultigbis,augenfarbe,sex",
    ),
];

/// Rows at the top that count as title.
const TITLE_ROWS: usize = 20;

/// The likeliest type with its probability, 0 to 1.
pub(crate) fn classify(rows: &[Row]) -> (DocumentType, f64) {
    let texts: Vec<String> = rows.iter().map(Row::text).collect();
    let phrases = phrases_of(&texts);
    let title = phrases_of(&texts[..texts.len().min(TITLE_ROWS)]);
    let mut scores = [0.0f64; DocumentType::ALL.len()];
    for (kind, weight, words) in EVIDENCE {
        let Some(slot) = DocumentType::ALL.iter().position(|other| other == kind) else { continue };
        let mut found = 0.0;
        for word in words.split(',').map(str::trim) {
            if phrases.contains(word) {
                found += if title.contains(word) { 1.4 } else { 0.8 };
            }
        }
        // The first hits of a kind say most; ten synonyms of one word are not ten facts.
        scores[slot] += weight * f64::min(found, 3.0);
    }
    let id = DocumentType::ALL.iter().position(|&kind| kind == DocumentType::IdDocument);
    if let Some(slot) = id.filter(|_| has_machine_readable_zone(&texts)) {
        scores[slot] += 12.0;
    }
    let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
    if scores[best] < 3.0 {
        return (DocumentType::Other, 0.5);
    }
    let total: f64 = scores.iter().map(|score| score.powi(3)).sum();
    let share = scores[best].powi(3) / total.max(1.0);
    let amount = 1.0 - (-scores[best] / 2.5).exp();
    (DocumentType::ALL[best], share * amount)
}

fn phrases_of(texts: &[String]) -> std::collections::HashSet<String> {
    let mut phrases = std::collections::HashSet::new();
    for text in texts.iter().take(400) {
        let words: Vec<String> =
            text.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
        for from in 0..words.len() {
            let mut phrase = String::new();
            for word in words[from..].iter().take(3) {
                phrase.push_str(word);
                phrases.insert(phrase.clone());
                // Teilrechnung, Beitragsrechnung, Schlussrechnung: all are bills.
                if phrase.len() <= 24 && phrase.ends_with("rechnung") {
                    phrases.insert("rechnung".to_owned());
                }
            }
        }
    }
    phrases
}

/// Two long rows of capitals, digits and fillers: the zone machines read on passports and cards.
fn has_machine_readable_zone(texts: &[String]) -> bool {
    let is_zone = |text: &&String| {
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        dense.len() >= 28
            && dense.contains("<<")
            && dense.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '<')
    };
    texts.iter().filter(is_zone).count() >= 2
}
