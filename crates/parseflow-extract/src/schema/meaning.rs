//! Which of our own fields a name of the caller's means.

use crate::lexicon::{Column, Label, column_of, label_of};

/// Folded names that are no labels of documents but common in schemas, and the fields they mean.
const NAMES: &[(&str, &[&str])] = &[
    ("number", &["invoiceNumber", "documentNumber"]),
    ("documentnumber", &["documentNumber", "invoiceNumber"]),
    ("date", &["invoiceDate", "date", "effectiveDate"]),
    ("documentdate", &["invoiceDate", "date", "effectiveDate"]),
    ("transactiondate", &["date", "invoiceDate"]),
    ("currencycode", &["currency"]),
    ("currency", &["currency"]),
    ("suppliername", &["vendor.name", "merchant.name"]),
    ("vendorname", &["vendor.name", "merchant.name"]),
    ("sellername", &["vendor.name", "merchant.name"]),
    ("merchantname", &["merchant.name", "vendor.name"]),
    ("storename", &["merchant.name", "vendor.name"]),
    ("store", &["merchant.name", "vendor.name"]),
    ("issuer", &["vendor.name", "merchant.name"]),
    ("companyname", &["vendor.name", "merchant.name"]),
    ("supplieraddress", &["vendor.address", "merchant.address"]),
    ("vendoraddress", &["vendor.address", "merchant.address"]),
    ("selleraddress", &["vendor.address", "merchant.address"]),
    ("merchantaddress", &["merchant.address", "vendor.address"]),
    ("vendortaxid", &["vendor.taxId", "merchant.taxId"]),
    ("suppliervatid", &["vendor.taxId", "merchant.taxId"]),
    ("suppliervatnumber", &["vendor.taxId", "merchant.taxId"]),
    ("vendorvatnumber", &["vendor.taxId", "merchant.taxId"]),
    ("vendorvatid", &["vendor.taxId", "merchant.taxId"]),
    ("vendoriban", &["vendor.iban"]),
    ("vendoremail", &["vendor.email"]),
    ("vendorphone", &["vendor.phone", "merchant.phone"]),
    ("bic", &["vendor.bic"]),
    ("swift", &["vendor.bic"]),
    ("customername", &["customer.name", "accountHolder"]),
    ("buyername", &["customer.name"]),
    ("clientname", &["customer.name"]),
    ("customeraddress", &["customer.address"]),
    ("buyeraddress", &["customer.address"]),
    ("customertaxid", &["customer.taxId"]),
    ("customervatid", &["customer.taxId"]),
    ("net", &["subtotal"]),
    ("nettotal", &["subtotal"]),
    ("taxtotal", &["tax"]),
    ("grandtotal", &["total"]),
    ("grosstotal", &["total"]),
    ("totalamount", &["total"]),
    ("ponumber", &["purchaseOrder"]),
    ("purchaseordernumber", &["purchaseOrder"]),
    ("accountholder", &["accountHolder"]),
    ("openingbalance", &["openingBalance"]),
    ("closingbalance", &["closingBalance"]),
    ("effectivedate", &["effectiveDate"]),
    ("governinglaw", &["governingLaw"]),
    ("jurisdiction", &["governingLaw"]),
    ("term", &["term"]),
    ("surname", &["surname"]),
    ("lastname", &["surname"]),
    ("givennames", &["givenNames"]),
    ("firstname", &["givenNames"]),
    ("nationality", &["nationality"]),
    ("dateofbirth", &["dateOfBirth"]),
    ("birthdate", &["dateOfBirth"]),
    ("expirydate", &["expiryDate"]),
    ("paymentterms", &["paymentTerms"]),
    ("deliverydate", &["deliveryDate"]),
];

/// The fields that a folded name may mean, likeliest first. `parents` are the folded names of the
/// objects around it: `seller` makes `name` the vendor's.
pub(super) fn paths(name: &str, parents: &[String]) -> Vec<&'static str> {
    if let Some(parent) = parents.last() {
        let joined = format!("{}{name}", side(parent).unwrap_or(parent));
        return listed(&joined).map(<[&str]>::to_vec).unwrap_or_default();
    }
    if let Some(listed) = listed(name) {
        return listed.to_vec();
    }
    label_of(name).map(|(label, _)| of_label(label).to_vec()).unwrap_or_default()
}

fn listed(name: &str) -> Option<&'static [&'static str]> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, paths)| *paths)
}

/// `seller`, `lieferant` and `from` are all the vendor.
fn side(parent: &str) -> Option<&'static str> {
    match (parent, label_of(parent)) {
        ("merchant" | "store" | "issuer" | "company", _) | (_, Some((Label::Vendor, _))) => {
            Some("vendor")
        }
        (_, Some((Label::Customer, _))) => Some("customer"),
        _ => None,
    }
}

fn of_label(label: Label) -> &'static [&'static str] {
    match label {
        Label::InvoiceNumber => &["invoiceNumber", "documentNumber"],
        Label::InvoiceDate => &["invoiceDate", "date"],
        Label::DueDate => &["dueDate"],
        Label::PurchaseOrder => &["purchaseOrder"],
        Label::Subtotal => &["subtotal"],
        Label::Tax => &["tax"],
        Label::Total => &["total", "amountDue"],
        Label::AmountDue => &["amountDue", "total"],
        Label::Prepaid => &["prepaid"],
        Label::VatId | Label::TaxNumber => &["vendor.taxId", "merchant.taxId"],
        Label::Iban => &["vendor.iban", "iban"],
        Label::Phone => &["vendor.phone", "merchant.phone"],
        Label::Vendor => &["vendor.name", "merchant.name"],
        Label::Customer => &["customer.name"],
        Label::PaymentMethod => &["paymentMethod"],
        Label::Time => &["time"],
        Label::PartyName | Label::PartyAddress | Label::Other => &[],
    }
}

/// The column of one of our lists that a folded name means.
pub(super) fn column(list: &str, name: &str) -> Option<&'static str> {
    let column = column_of(name);
    match list {
        "lineItems" => match (name, column) {
            ("lineamount" | "linetotal" | "totalprice", _) => Some("amount"),
            (_, Some(Column::Description)) => Some("description"),
            (_, Some(Column::Quantity)) => Some("quantity"),
            (_, Some(Column::Unit)) => Some("unit"),
            (_, Some(Column::UnitPrice)) => Some("unitPrice"),
            (_, Some(Column::TaxRate)) => Some("taxRate"),
            (_, Some(Column::Amount)) => Some("amount"),
            _ => None,
        },
        "transactions" => match (name, column) {
            ("date" | "bookingdate" | "transactiondate" | "valuedate", _) => Some("date"),
            ("balance" | "runningbalance", _) => Some("balance"),
            ("text" | "details" | "memo", _) | (_, Some(Column::Description)) => {
                Some("description")
            }
            (_, Some(Column::Amount)) => Some("amount"),
            _ => None,
        },
        "taxes" => match name {
            "rate" | "taxrate" | "vatrate" => Some("rate"),
            "base" | "taxable" | "taxableamount" | "basis" => Some("base"),
            "amount" | "tax" | "taxamount" | "vat" => Some("amount"),
            _ => None,
        },
        _ => None,
    }
}
