//! FatturaPA, the invoice of the Italian exchange system, versions 1.0 to 1.2.

use roxmltree::Node;

use super::{
    Adjustment, Decimal, EInvoice, LINES_MAX, Line, Party, TaxPart, account, all, at, date, number,
    text,
};

/// Reads the root element. A file may hold several bodies: the first is read.
pub(super) fn read(root: Node<'_, '_>) -> Option<EInvoice> {
    let head = at(root, "FatturaElettronicaHeader")?;
    let mut bodies = all(root, "FatturaElettronicaBody");
    let body = bodies.next()?;
    let general = at(body, "DatiGenerali/DatiGeneraliDocumento")?;
    let goods = at(body, "DatiBeniServizi");
    let taxes: Vec<TaxPart> =
        goods.map(|goods| all(goods, "DatiRiepilogo").map(tax_part).collect()).unwrap_or_default();
    let total = |part: fn(&TaxPart) -> Option<Decimal>| {
        let parts: Option<Vec<i64>> = taxes.iter().map(|tax| part(tax).map(|d| d.0)).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| Decimal(parts.iter().sum()))
    };
    let (net, tax) = (total(|tax| tax.base), total(|tax| tax.amount));
    let both = net.zip(tax).map(|(net, tax)| Decimal(net.0 + tax.0));
    let gross = number(general, "ImportoTotaleDocumento").or(both);
    let payments: Vec<Node<'_, '_>> = all(body, "DatiPagamento")
        .flat_map(|payment| payment.children())
        .filter(|part| part.tag_name().name() == "DettaglioPagamento")
        .collect();
    let paid_to = payments.iter().find(|payment| at(**payment, "IBAN").is_some());
    let due_amounts: Option<Vec<i64>> = payments
        .iter()
        .map(|payment| number(*payment, "ImportoPagamento").map(|amount| amount.0))
        .collect();
    Some(EInvoice {
        is_credit_note: matches!(text(general, "TipoDocumento").as_deref(), Some("TD04" | "TD08")),
        number: text(general, "Numero"),
        issued: text(general, "Data").and_then(|text| date(&text)),
        due: payments
            .iter()
            .filter_map(|payment| text(*payment, "DataScadenzaPagamento"))
            .find_map(|text| date(&text)),
        delivered: None,
        order: text(body, "DatiGenerali/DatiOrdineAcquisto/IdDocumento"),
        currency: text(general, "Divisa"),
        seller: at(head, "CedentePrestatore").map(party).unwrap_or_default(),
        buyer: at(head, "CessionarioCommittente").map(party).unwrap_or_default(),
        iban: paid_to.and_then(|payment| text(*payment, "IBAN")).map(|iban| account(&iban)),
        bic: paid_to.and_then(|payment| text(*payment, "BIC")),
        terms: None,
        lines: goods
            .map(|goods| all(goods, "DettaglioLinee").take(LINES_MAX).map(line).collect())
            .unwrap_or_default(),
        adjustments: all(general, "ScontoMaggiorazione").map(adjustment).collect(),
        taxes,
        net,
        tax,
        gross,
        prepaid: None,
        due_amount: due_amounts
            .filter(|amounts| !amounts.is_empty())
            .map(|amounts| Decimal(amounts.iter().sum())),
        has_more: bodies.next().is_some(),
    })
}

fn party(node: Node<'_, '_>) -> Party {
    let data = at(node, "DatiAnagrafici");
    let of = |path: &str| text(data?, path);
    let person = [of("Anagrafica/Nome"), of("Anagrafica/Cognome")];
    let person = person.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let vat = of("IdFiscaleIVA/IdCodice")
        .map(|code| format!("{}{code}", of("IdFiscaleIVA/IdPaese").unwrap_or_default()));
    Party {
        name: of("Anagrafica/Denominazione").or((!person.is_empty()).then_some(person)),
        address: at(node, "Sede").map(address).unwrap_or_default(),
        email: text(node, "Contatti/Email"),
        phone: text(node, "Contatti/Telefono"),
        vat_id: vat,
        tax_number: of("CodiceFiscale"),
    }
}

fn address(node: Node<'_, '_>) -> Vec<String> {
    let joined = |names: &[&str]| {
        let parts: Vec<String> = names.iter().filter_map(|name| text(node, name)).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    [
        joined(&["Indirizzo", "NumeroCivico"]),
        joined(&["CAP", "Comune", "Provincia"]),
        text(node, "Nazione"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tax_part(node: Node<'_, '_>) -> TaxPart {
    TaxPart {
        rate: number(node, "AliquotaIVA"),
        base: number(node, "ImponibileImporto"),
        amount: number(node, "Imposta"),
    }
}

fn adjustment(node: Node<'_, '_>) -> Adjustment {
    let is_charge = text(node, "Tipo").as_deref() == Some("MG");
    Adjustment {
        reason: None,
        amount: number(node, "Importo")
            .map(|Decimal(value)| Decimal(if is_charge { value } else { -value })),
        tax_rate: None,
    }
}

fn line(item: Node<'_, '_>) -> Line {
    Line {
        description: text(item, "Descrizione"),
        // Without a quantity the price is that of the whole line.
        quantity: number(item, "Quantita"),
        unit: text(item, "UnitaMisura"),
        unit_price: number(item, "PrezzoUnitario"),
        tax_rate: number(item, "AliquotaIVA"),
        amount: number(item, "PrezzoTotale"),
    }
}
