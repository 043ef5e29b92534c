//! UBL 2.1 invoices and credit notes: Peppol BIS Billing, XRechnung.

use roxmltree::Node;

use super::{
    Adjustment, Decimal, EInvoice, LINES_MAX, Line, Party, TaxPart, account, all, at, date, number,
    text,
};

/// Reads the root element, `Invoice` or `CreditNote`.
pub(super) fn read(root: Node<'_, '_>) -> Option<EInvoice> {
    let is_credit_note = root.tag_name().name() == "CreditNote";
    let code = text(root, "InvoiceTypeCode").or_else(|| text(root, "CreditNoteTypeCode"));
    let currency = text(root, "DocumentCurrencyCode");
    let sums = at(root, "LegalMonetaryTotal");
    let sum = |name: &str| number(sums?, name);
    let means = || all(root, "PaymentMeans");
    let accounts = means().filter_map(|means| at(means, "PayeeFinancialAccount"));
    let paid_to = accounts.into_iter().find(|account| at(*account, "ID").is_some());
    let tax_total = tax_total(root, currency.as_deref());
    let (line_name, quantity_name) = if is_credit_note {
        ("CreditNoteLine", "CreditedQuantity")
    } else {
        ("InvoiceLine", "InvoicedQuantity")
    };
    let date_of = |path: &str| text(root, path).and_then(|text| date(&text));
    Some(EInvoice {
        is_credit_note: is_credit_note || matches!(code.as_deref(), Some("381" | "396" | "532")),
        number: text(root, "ID"),
        issued: date_of("IssueDate"),
        due: date_of("DueDate").or_else(|| date_of("PaymentMeans/PaymentDueDate")),
        delivered: date_of("Delivery/ActualDeliveryDate"),
        order: text(root, "OrderReference/ID"),
        seller: at(root, "AccountingSupplierParty/Party").map(party).unwrap_or_default(),
        buyer: at(root, "AccountingCustomerParty/Party").map(party).unwrap_or_default(),
        iban: paid_to.and_then(|node| text(node, "ID")).map(|iban| account(&iban)),
        bic: paid_to.and_then(|node| text(node, "FinancialInstitutionBranch/ID")),
        terms: text(root, "PaymentTerms/Note"),
        lines: all(root, line_name).take(LINES_MAX).map(|item| line(item, quantity_name)).collect(),
        adjustments: all(root, "AllowanceCharge").map(adjustment).collect(),
        taxes: tax_total
            .map(|total| all(total, "TaxSubtotal").map(tax_part).collect())
            .unwrap_or_default(),
        net: sum("TaxExclusiveAmount"),
        tax: tax_total.and_then(|total| number(total, "TaxAmount")),
        gross: sum("TaxInclusiveAmount"),
        prepaid: sum("PrepaidAmount"),
        due_amount: sum("PayableAmount"),
        currency,
        has_more: false,
    })
}

/// The total in the currency of the invoice; another may follow for the tax office.
fn tax_total<'a, 'i: 'a>(root: Node<'a, 'i>, currency: Option<&str>) -> Option<Node<'a, 'i>> {
    let own = |node: &Node<'_, '_>| {
        let code = at(*node, "TaxAmount").and_then(|amount| amount.attribute("currencyID"));
        code.is_none_or(|code| currency.is_none_or(|own| own == code))
    };
    let mut totals: Vec<Node<'a, 'i>> = all(root, "TaxTotal").filter(own).collect();
    totals.sort_by_key(|total| at(*total, "TaxSubtotal").is_none());
    totals.into_iter().next()
}

fn party(node: Node<'_, '_>) -> Party {
    let scheme = |tax: &Node<'_, '_>| text(*tax, "TaxScheme/ID").unwrap_or_default();
    let taxes = || all(node, "PartyTaxScheme");
    let vat = taxes().find(|tax| scheme(tax) == "VAT" || scheme(tax).is_empty());
    let other = taxes().find(|tax| scheme(tax) != "VAT");
    Party {
        name: text(node, "PartyLegalEntity/RegistrationName")
            .or_else(|| text(node, "PartyName/Name")),
        address: at(node, "PostalAddress").map(address).unwrap_or_default(),
        email: text(node, "Contact/ElectronicMail").or_else(|| electronic_mail(node)),
        phone: text(node, "Contact/Telephone"),
        vat_id: vat.and_then(|tax| text(tax, "CompanyID")),
        tax_number: other.and_then(|tax| text(tax, "CompanyID")),
    }
}

/// The electronic address, where it is an e-mail address.
fn electronic_mail(node: Node<'_, '_>) -> Option<String> {
    let id = at(node, "EndpointID")?;
    (id.attribute("schemeID") == Some("EM")).then(|| super::own_text(id)).flatten()
}

fn address(node: Node<'_, '_>) -> Vec<String> {
    let mut lines: Vec<String> = ["StreetName", "AdditionalStreetName", "AddressLine/Line"]
        .iter()
        .filter_map(|name| text(node, name))
        .collect();
    let place = [text(node, "PostalZone"), text(node, "CityName")];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
    lines.extend((!place.is_empty()).then_some(place));
    lines.extend(text(node, "CountrySubentity"));
    lines.extend(text(node, "Country/IdentificationCode"));
    lines
}

fn tax_part(node: Node<'_, '_>) -> TaxPart {
    TaxPart {
        rate: number(node, "TaxCategory/Percent"),
        base: number(node, "TaxableAmount"),
        amount: number(node, "TaxAmount"),
    }
}

fn adjustment(node: Node<'_, '_>) -> Adjustment {
    let is_charge =
        text(node, "ChargeIndicator").is_some_and(|text| matches!(text.as_str(), "true" | "1"));
    Adjustment {
        reason: text(node, "AllowanceChargeReason"),
        amount: number(node, "Amount")
            .map(|Decimal(value)| Decimal(if is_charge { value } else { -value })),
        tax_rate: number(node, "TaxCategory/Percent"),
    }
}

fn line(item: Node<'_, '_>, quantity_name: &str) -> Line {
    let quantity = at(item, quantity_name);
    let price = number(item, "Price/PriceAmount");
    let basis = number(item, "Price/BaseQuantity");
    Line {
        description: text(item, "Item/Name").or_else(|| text(item, "Item/Description")),
        quantity: quantity.and_then(super::own_text).and_then(|text| Decimal::parse(&text)),
        unit: quantity.and_then(|node| node.attribute("unitCode")).map(str::to_owned),
        unit_price: price.map(|price| basis.and_then(|basis| price.per(basis)).unwrap_or(price)),
        tax_rate: number(item, "Item/ClassifiedTaxCategory/Percent"),
        amount: number(item, "LineExtensionAmount"),
    }
}
