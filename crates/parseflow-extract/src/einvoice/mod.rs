//! Electronic invoices: what the sender's system wrote, read exactly.
//!
//! [`cii`] reads UN/CEFACT Cross Industry Invoices (Factur-X, ZUGFeRD 1 and 2, XRechnung), [`ubl`] reads
//! UBL invoices and credit notes (Peppol BIS, XRechnung), [`fattura`] the Italian FatturaPA. All three
//! fill one [`EInvoice`]; [`shape`] turns it into the data of an invoice, every value with confidence 1
//! and the source `xml`; [`agree`] compares it with what is printed on the page beside it.
//!
//! Elements are found by their local names, so that prefixes and versions of a namespace do not
//! matter. Document type definitions and entities are refused, size and number of nodes are limited.

mod agree;
mod cii;
mod fattura;
mod shape;
#[cfg(test)]
mod tests;
mod ubl;

use roxmltree::{Document, Node, ParsingOptions};

pub(crate) use agree::compare;
pub(crate) use shape::extraction_of;

/// Largest XML that is read, in bytes.
const XML_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Elements, attributes and texts of one document, at most.
const NODES_MAX: u32 = 1_000_000;
/// Lines of one invoice, at most.
const LINES_MAX: usize = 20_000;

/// An exact decimal number as it is written, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Decimal(i64);

impl Decimal {
    /// `-1234.5678`; more than six decimals are rounded half away from zero.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let padded: String = fraction.chars().chain("0000000".chars()).take(7).collect();
        let sevens: i64 = padded.parse().ok()?;
        let value = whole.checked_mul(1_000_000)?.checked_add((sevens + 5) / 10)?;
        Some(Decimal(if negative { -value } else { value }))
    }

    /// In hundredths, rounded half away from zero.
    pub(crate) fn cents(self) -> i64 {
        (self.0 + 5_000 * self.0.signum()) / 10_000
    }

    /// `self / other` to six decimals; `None` when `other` is zero or one.
    fn per(self, other: Decimal) -> Option<Decimal> {
        let exact = i128::from(self.0) * 1_000_000;
        let by = i128::from(other.0);
        if by == 0 || by == 1_000_000 {
            return None;
        }
        let half = by.abs() / 2 * exact.signum() * by.signum();
        i64::try_from((exact + half * by.signum()) / by).ok().map(Decimal)
    }
}

/// A side of the invoice.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Party {
    pub(crate) name: Option<String>,
    /// Street, place and country as lines.
    pub(crate) address: Vec<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) vat_id: Option<String>,
    /// The number of the tax office, where there is no VAT number.
    pub(crate) tax_number: Option<String>,
}

/// One line.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Line {
    pub(crate) description: Option<String>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) unit: Option<String>,
    pub(crate) unit_price: Option<Decimal>,
    pub(crate) tax_rate: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
}

/// The tax of one rate.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct TaxPart {
    pub(crate) rate: Option<Decimal>,
    pub(crate) base: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
}

/// A charge (positive) or allowance (negative) on the whole invoice.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Adjustment {
    pub(crate) reason: Option<String>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) tax_rate: Option<Decimal>,
}

/// What all formats say.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct EInvoice {
    pub(crate) is_credit_note: bool,
    pub(crate) number: Option<String>,
    /// ISO 8601, like all dates here.
    pub(crate) issued: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) delivered: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) seller: Party,
    pub(crate) buyer: Party,
    pub(crate) iban: Option<String>,
    pub(crate) bic: Option<String>,
    pub(crate) terms: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) adjustments: Vec<Adjustment>,
    pub(crate) taxes: Vec<TaxPart>,
    pub(crate) net: Option<Decimal>,
    pub(crate) tax: Option<Decimal>,
    pub(crate) gross: Option<Decimal>,
    pub(crate) prepaid: Option<Decimal>,
    pub(crate) due_amount: Option<Decimal>,
    /// More invoices follow in the same file and were not read.
    pub(crate) has_more: bool,
}

/// Reads the XML if it is an invoice of a known format; `None` if it is anything else or broken.
pub(crate) fn read(xml: &str) -> Option<EInvoice> {
    if xml.len() > XML_BYTES_MAX || !might_be_invoice(xml) {
        return None;
    }
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).ok()?;
    let root = document.root_element();
    match root.tag_name().name() {
        "CrossIndustryInvoice" | "CrossIndustryDocument" => cii::read(root),
        "Invoice" | "CreditNote" => ubl::read(root),
        "FatturaElettronica" => fattura::read(root),
        _ => None,
    }
}

/// Whether the root element can be that of an invoice, told without parsing.
pub(crate) fn might_be_invoice(xml: &str) -> bool {
    let mut end = xml.len().min(16_384);
    while !xml.is_char_boundary(end) {
        end -= 1;
    }
    let head = &xml[..end];
    ["CrossIndustryInvoice", "CrossIndustryDocument", "FatturaElettronica"]
        .iter()
        .any(|root| head.contains(root))
        || head.contains("urn:oasis:names:specification:ubl:schema:xsd:")
}

/// The first element at a path of local names, `A/B/C`.
fn at<'a, 'i>(node: Node<'a, 'i>, path: &str) -> Option<Node<'a, 'i>> {
    let mut names = path.split('/');
    let first = names.next()?;
    let rest = names.collect::<Vec<_>>().join("/");
    let mut children = node.children().filter(|child| child.tag_name().name() == first);
    if rest.is_empty() { children.next() } else { children.find_map(|child| at(child, &rest)) }
}

/// All children with a local name.
fn all<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

/// The text at a path, white space collapsed; `None` if there is none.
fn text(node: Node<'_, '_>, path: &str) -> Option<String> {
    own_text(at(node, path)?)
}

fn own_text(node: Node<'_, '_>) -> Option<String> {
    let texts = node.descendants().filter(Node::is_text).filter_map(|part| part.text());
    let text = texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn number(node: Node<'_, '_>, path: &str) -> Option<Decimal> {
    Decimal::parse(&text(node, path)?)
}

/// `2026-04-14`, `20260414`, with or without time and zone, as `2026-04-14`.
fn date(text: &str) -> Option<String> {
    let digits: String = text.chars().take(10).filter(char::is_ascii_digit).take(8).collect();
    if digits.len() != 8 {
        return None;
    }
    let (year, rest) = digits.split_at(4);
    let (month, day) = rest.split_at(2);
    let in_range = |part: &str, max: u32| part.parse().is_ok_and(|n: u32| (1..=max).contains(&n));
    (in_range(month, 12) && in_range(day, 31)).then(|| format!("{year}-{month}-{day}"))
}

/// An account number without spaces, upper case.
fn account(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}
