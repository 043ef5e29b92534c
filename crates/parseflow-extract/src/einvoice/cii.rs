//! UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung.
//!
//! ZUGFeRD 1 uses other names for the same containers; both are tried at each place.

use roxmltree::Node;

use super::{
    Adjustment, Decimal, EInvoice, LINES_MAX, Line, Party, TaxPart, account, all, at, date, number,
    text,
};

/// Reads the root element.
pub(super) fn read(root: Node<'_, '_>) -> Option<EInvoice> {
    let head = first(root, &["ExchangedDocument", "HeaderExchangedDocument"])?;
    let trade =
        first(root, &["SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"])?;
    let agreement =
        first(trade, &["ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"])?;
    let settlement =
        first(trade, &["ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"])?;
    let delivery =
        first(trade, &["ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery"]);
    let sums = first(
        settlement,
        &[
            "SpecifiedTradeSettlementHeaderMonetarySummation",
            "SpecifiedTradeSettlementMonetarySummation",
        ],
    );
    let currency = text(settlement, "InvoiceCurrencyCode");
    let sum = |name: &str| number(sums?, name);
    let mut invoice = EInvoice {
        is_credit_note: matches!(
            text(head, "TypeCode").as_deref(),
            Some("381" | "396" | "532" | "261" | "262" | "296" | "308" | "420" | "458")
        ),
        number: text(head, "ID"),
        issued: date_at(head, "IssueDateTime"),
        delivered: delivery
            .and_then(|node| at(node, "ActualDeliverySupplyChainEvent"))
            .and_then(|event| date_at(event, "OccurrenceDateTime")),
        order: at(agreement, "BuyerOrderReferencedDocument")
            .and_then(|order| text(order, "IssuerAssignedID").or_else(|| text(order, "ID"))),
        seller: at(agreement, "SellerTradeParty").map(party).unwrap_or_default(),
        buyer: at(agreement, "BuyerTradeParty").map(party).unwrap_or_default(),
        taxes: all(settlement, "ApplicableTradeTax").map(tax_part).collect(),
        adjustments: all(settlement, "SpecifiedTradeAllowanceCharge")
            .map(adjustment)
            .chain(all(settlement, "SpecifiedLogisticsServiceCharge").map(service_charge))
            .collect(),
        net: sum("TaxBasisTotalAmount"),
        tax: sums.and_then(|sums| tax_total(sums, currency.as_deref())),
        gross: sum("GrandTotalAmount"),
        prepaid: sum("TotalPrepaidAmount"),
        due_amount: sum("DuePayableAmount"),
        currency,
        ..EInvoice::default()
    };
    payment(settlement, &mut invoice);
    let lines = all(trade, "IncludedSupplyChainTradeLineItem").take(LINES_MAX);
    invoice.lines = lines.filter(|item| is_billed(*item)).map(line).collect();
    Some(invoice)
}

fn first<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().find_map(|name| at(node, name))
}

fn date_at(node: Node<'_, '_>, name: &str) -> Option<String> {
    let outer = at(node, name)?;
    let inner = text(outer, "DateTimeString").or_else(|| super::own_text(outer))?;
    date(&inner)
}

/// The tax in the currency of the invoice; other currencies may follow for the tax office.
fn tax_total(sums: Node<'_, '_>, currency: Option<&str>) -> Option<Decimal> {
    let amount = |node: Node<'_, '_>| Decimal::parse(&super::own_text(node)?);
    let own = |node: &Node<'_, '_>| {
        node.attribute("currencyID").is_none_or(|code| currency.is_none_or(|own| own == code))
    };
    let mut amounts = all(sums, "TaxTotalAmount");
    amounts.find(own).or_else(|| all(sums, "TaxTotalAmount").next()).and_then(amount)
}

fn party(node: Node<'_, '_>) -> Party {
    let contact = at(node, "DefinedTradeContact");
    let of_contact = |path: &str| text(contact?, path);
    let tax = |scheme: &str| {
        let mut numbers = all(node, "SpecifiedTaxRegistration").filter_map(|tax| at(tax, "ID"));
        numbers
            .find(|id| id.attribute("schemeID").is_some_and(|own| own == scheme))
            .and_then(super::own_text)
    };
    Party {
        name: text(node, "Name")
            .or_else(|| text(node, "SpecifiedLegalOrganization/TradingBusinessName")),
        address: at(node, "PostalTradeAddress").map(address).unwrap_or_default(),
        email: of_contact("EmailURIUniversalCommunication/URIID").or_else(|| electronic_mail(node)),
        phone: of_contact("TelephoneUniversalCommunication/CompleteNumber"),
        vat_id: tax("VA"),
        tax_number: tax("FC"),
    }
}

/// The electronic address, where it is an e-mail address.
fn electronic_mail(node: Node<'_, '_>) -> Option<String> {
    let id = at(node, "URIUniversalCommunication/URIID")?;
    (id.attribute("schemeID") == Some("EM")).then(|| super::own_text(id)).flatten()
}

fn address(node: Node<'_, '_>) -> Vec<String> {
    let mut lines: Vec<String> =
        ["LineOne", "LineTwo", "LineThree"].iter().filter_map(|name| text(node, name)).collect();
    let place = [text(node, "PostcodeCode"), text(node, "CityName")];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
    lines.extend((!place.is_empty()).then_some(place));
    lines.extend(text(node, "CountryID"));
    lines
}

fn rate(tax: Node<'_, '_>) -> Option<Decimal> {
    number(tax, "RateApplicablePercent").or_else(|| number(tax, "ApplicablePercent"))
}

fn tax_part(node: Node<'_, '_>) -> TaxPart {
    TaxPart {
        rate: rate(node),
        base: number(node, "BasisAmount"),
        amount: number(node, "CalculatedAmount"),
    }
}

fn adjustment(node: Node<'_, '_>) -> Adjustment {
    let charges = text(node, "ChargeIndicator/Indicator").or_else(|| text(node, "ChargeIndicator"));
    let amount = number(node, "ActualAmount");
    let is_charge = charges.is_some_and(|text| matches!(text.as_str(), "true" | "1"));
    Adjustment {
        reason: text(node, "Reason"),
        amount: amount.map(|Decimal(value)| Decimal(if is_charge { value } else { -value })),
        tax_rate: at(node, "CategoryTradeTax").and_then(rate),
    }
}

fn service_charge(node: Node<'_, '_>) -> Adjustment {
    Adjustment {
        reason: text(node, "Description"),
        amount: number(node, "AppliedAmount"),
        tax_rate: at(node, "AppliedTradeTax").and_then(rate),
    }
}

fn payment(settlement: Node<'_, '_>, invoice: &mut EInvoice) {
    for means in all(settlement, "SpecifiedTradeSettlementPaymentMeans") {
        let iban = text(means, "PayeePartyCreditorFinancialAccount/IBANID")
            .or_else(|| text(means, "PayeePartyCreditorFinancialAccount/ProprietaryID"));
        if invoice.iban.is_none() && iban.is_some() {
            invoice.iban = iban.map(|iban| account(&iban));
            invoice.bic = text(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID");
        }
    }
    for terms in all(settlement, "SpecifiedTradePaymentTerms") {
        invoice.due = invoice.due.take().or_else(|| date_at(terms, "DueDateDateTime"));
        invoice.terms = invoice.terms.take().or_else(|| text(terms, "Description"));
    }
}

/// Group lines and lines of information repeat what their parts say.
fn is_billed(item: Node<'_, '_>) -> bool {
    let kind = text(item, "AssociatedDocumentLineDocument/LineStatusReasonCode");
    let has_product = at(item, "SpecifiedTradeProduct").is_some();
    !matches!(kind.as_deref(), Some("GROUP" | "INFORMATION")) && has_product
}

fn line(item: Node<'_, '_>) -> Line {
    let agreement =
        first(item, &["SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement"]);
    let delivery =
        first(item, &["SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery"]);
    let settlement =
        first(item, &["SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement"]);
    let quantity = delivery.and_then(|node| at(node, "BilledQuantity"));
    let price = agreement.and_then(|node| {
        at(node, "NetPriceProductTradePrice").or_else(|| at(node, "GrossPriceProductTradePrice"))
    });
    let amount = settlement.and_then(|node| {
        number(node, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
            .or_else(|| number(node, "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount"))
    });
    Line {
        description: text(item, "SpecifiedTradeProduct/Name")
            .or_else(|| text(item, "SpecifiedTradeProduct/Description")),
        quantity: quantity.and_then(super::own_text).and_then(|text| Decimal::parse(&text)),
        unit: quantity.and_then(|node| node.attribute("unitCode")).map(str::to_owned),
        unit_price: price.and_then(|price| {
            let charge = number(price, "ChargeAmount")?;
            let basis = number(price, "BasisQuantity");
            Some(basis.and_then(|basis| charge.per(basis)).unwrap_or(charge))
        }),
        tax_rate: settlement.and_then(|node| at(node, "ApplicableTradeTax")).and_then(rate),
        amount,
    }
}
