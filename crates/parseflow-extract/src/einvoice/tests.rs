use parseflow_model::{DocumentType, Extraction, FieldSource};
use serde_json::{Value, json};

use super::Decimal;
use crate::{ExtractError, ExtractOptions, extract};

const CII: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocument><ram:ID>2026-0417</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260414</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:Name>Paper,
     A4</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>10</ram:ChargeAmount>
    <ram:BasisQuantity unitCode="C62">3</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">30.0000</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
   <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
   <ram:SellerTradeParty><ram:Name>Müller &amp; Söhne GmbH</ram:Name>
    <ram:PostalTradeAddress><ram:PostcodeCode>80333</ram:PostcodeCode><ram:LineOne>Hauptstraße 1</ram:LineOne><ram:CityName>München</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113/40209</ram:ID></ram:SpecifiedTaxRegistration>
    <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
   <ram:BuyerTradeParty><ram:Name>Kunden AG</ram:Name></ram:BuyerTradeParty>
   <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-7</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery/>
  <ram:ApplicableHeaderTradeSettlement>
   <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE02 1203 0000 0000 2020 51</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
   <ram:ApplicableTradeTax><ram:CalculatedAmount>18.05</ram:CalculatedAmount><ram:BasisAmount>95.00</ram:BasisAmount><ram:RateApplicablePercent>19.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
   <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>5.00</ram:ActualAmount><ram:Reason>Discount</ram:Reason></ram:SpecifiedTradeAllowanceCharge>
   <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260514</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>95.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="USD">20.00</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID="EUR">18.05</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>113.05</ram:GrandTotalAmount><ram:TotalPrepaidAmount>13.05</ram:TotalPrepaidAmount><ram:DuePayableAmount>100.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
  </ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"#;

const UBL: &str = r#"<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>CN 9</cbc:ID><cbc:IssueDate>2026-02-03</cbc:IssueDate><cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>
 <cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Trade name</cbc:Name></cac:PartyName>
  <cac:PostalAddress><cbc:StreetName>Storgatan 1</cbc:StreetName><cbc:CityName>Malmö</cbc:CityName><cbc:PostalZone>211 34</cbc:PostalZone><cac:Country><cbc:IdentificationCode>SE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>SE556677889901</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Legal AB</cbc:RegistrationName></cac:PartyLegalEntity>
  <cac:Contact><cbc:Telephone>+46 40 1</cbc:Telephone><cbc:ElectronicMail>a@legal.example</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingSupplierParty>
 <cac:PaymentMeans><cbc:PaymentDueDate>2026-03-05</cbc:PaymentDueDate></cac:PaymentMeans>
 <cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>SE4550000000058398257466</cbc:ID><cac:FinancialInstitutionBranch><cbc:ID>ESSESESS</cbc:ID></cac:FinancialInstitutionBranch></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:TaxTotal><cbc:TaxAmount currencyID="SEK">25</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="SEK">100</cbc:TaxableAmount><cbc:TaxAmount currencyID="SEK">25</cbc:TaxAmount><cac:TaxCategory><cbc:Percent>25</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="SEK">100</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="SEK">125</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="SEK">125</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:CreditNoteLine><cbc:ID>1</cbc:ID><cbc:CreditedQuantity unitCode="HUR">2.5</cbc:CreditedQuantity><cbc:LineExtensionAmount currencyID="SEK">100</cbc:LineExtensionAmount>
  <cac:Item><cbc:Description>Long</cbc:Description><cbc:Name>Advice</cbc:Name><cac:ClassifiedTaxCategory><cbc:Percent>25</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="SEK">40</cbc:PriceAmount></cac:Price></cac:CreditNoteLine>
</CreditNote>"#;

const FATTURA: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
 <FatturaElettronicaHeader><CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>01234567890</IdCodice></IdFiscaleIVA><Anagrafica><Denominazione>Alpha SRL</Denominazione></Anagrafica></DatiAnagrafici>
   <Sede><Indirizzo>Via Roma</Indirizzo><NumeroCivico>5</NumeroCivico><CAP>00100</CAP><Comune>Roma</Comune><Provincia>RM</Provincia><Nazione>IT</Nazione></Sede></CedentePrestatore>
  <CessionarioCommittente><DatiAnagrafici><CodiceFiscale>RSSMRA80A01H501U</CodiceFiscale><Anagrafica><Nome>Mario</Nome><Cognome>Rossi</Cognome></Anagrafica></DatiAnagrafici></CessionarioCommittente></FatturaElettronicaHeader>
 <FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2026-01-31</Data><Numero>12/A</Numero></DatiGeneraliDocumento></DatiGenerali>
  <DatiBeniServizi><DettaglioLinee><NumeroLinea>1</NumeroLinea><Descrizione>Consulenza</Descrizione><Quantita>2.00</Quantita><PrezzoUnitario>50.00</PrezzoUnitario><PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
   <DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto><Imposta>22.00</Imposta></DatiRiepilogo></DatiBeniServizi>
  <DatiPagamento><DettaglioPagamento><DataScadenzaPagamento>2026-03-02</DataScadenzaPagamento><ImportoPagamento>122.00</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento></DatiPagamento></FatturaElettronicaBody>
 <FatturaElettronicaBody/>
</p:FatturaElettronica>"#;

fn read(xml: &str) -> Extraction {
    extract(xml.as_bytes(), &ExtractOptions::default()).unwrap()
}

fn check(found: &Extraction, expected: &[(&str, Value)]) {
    let data = Value::Object(found.data.clone());
    for (pointer, value) in expected {
        assert_eq!(data.pointer(pointer), Some(value), "{pointer}");
    }
}

#[test]
fn a_cross_industry_invoice_is_read_exactly() {
    let found = read(CII);
    assert_eq!(found.document_type, DocumentType::Invoice);
    assert_eq!(found.data.keys().next().map(String::as_str), Some("type"));
    check(
        &found,
        &[
            ("/invoiceNumber", json!("2026-0417")),
            ("/invoiceDate", json!("2026-04-14")),
            ("/dueDate", json!("2026-05-14")),
            ("/purchaseOrder", json!("PO-7")),
            ("/currency", json!("EUR")),
            ("/vendor/name", json!("Müller & Söhne GmbH")),
            ("/vendor/address", json!("Hauptstraße 1, 80333 München, DE")),
            ("/vendor/taxId", json!("DE123456789")),
            ("/vendor/iban", json!("DE02120300000000202051")),
            ("/customer/name", json!("Kunden AG")),
            ("/lineItems/0/description", json!("Paper, A4")),
            ("/lineItems/0/quantity", json!(30)),
            ("/lineItems/0/unitPrice", json!(3.333333)),
            ("/lineItems/0/amount", json!(100)),
            ("/taxes/0", json!({"rate": 19, "base": 95, "amount": 18.05})),
            ("/adjustments/0", json!({"reason": "Discount", "amount": -5, "taxRate": null})),
            ("/subtotal", json!(95)),
            ("/tax", json!(18.05)),
            ("/total", json!(113.05)),
            ("/prepaid", json!(13.05)),
            ("/amountDue", json!(100)),
        ],
    );
    assert_eq!((found.confidence, found.needs_review, found.warnings.len()), (1.0, false, 0));
    assert!(found.fields.iter().all(|f| f.source == FieldSource::Xml && f.confidence == 1.0));
    assert!(found.fields.iter().any(|f| f.name == "lineItems[0].amount" && f.raw_text == "100"));
}

#[test]
fn a_ubl_credit_note_is_read_exactly() {
    let found = read(UBL);
    assert_eq!(found.document_type, DocumentType::CreditNote);
    check(
        &found,
        &[
            ("/type", json!("credit_note")),
            ("/invoiceNumber", json!("CN 9")),
            ("/dueDate", json!("2026-03-05")),
            ("/vendor/name", json!("Legal AB")),
            ("/vendor/address", json!("Storgatan 1, 211 34 Malmö, SE")),
            ("/vendor/email", json!("a@legal.example")),
            ("/vendor/bic", json!("ESSESESS")),
            ("/lineItems/0/description", json!("Advice")),
            ("/lineItems/0/quantity", json!(2.5)),
            ("/lineItems/0/unit", json!("HUR")),
            ("/taxes/0/base", json!(100)),
            ("/total", json!(125)),
        ],
    );
}

#[test]
fn a_fattura_is_read_exactly_and_says_that_it_holds_more() {
    let found = read(FATTURA);
    check(
        &found,
        &[
            ("/invoiceNumber", json!("12/A")),
            ("/vendor/taxId", json!("IT01234567890")),
            ("/vendor/address", json!("Via Roma 5, 00100 Roma RM, IT")),
            ("/customer/name", json!("Mario Rossi")),
            ("/customer/taxId", json!("RSSMRA80A01H501U")),
            ("/subtotal", json!(100)),
            ("/tax", json!(22)),
            ("/total", json!(122)),
            ("/amountDue", json!(122)),
            ("/dueDate", json!("2026-03-02")),
        ],
    );
    assert_eq!(found.warnings[0].code, "several_invoices");
}

#[test]
fn sums_that_do_not_add_up_are_reported() {
    let found = read(&CII.replace("<ram:GrandTotalAmount>113.05", "<ram:GrandTotalAmount>131.05"));
    assert!(found.needs_review && found.warnings.iter().any(|w| w.code == "totals_disagree"));
}

#[test]
fn definitions_entities_and_deep_nesting_are_no_danger() {
    let bomb = CII.replace(
        "<rsm:CrossIndustryInvoice",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rsm:CrossIndustryInvoice",
    );
    let error = extract(bomb.as_bytes(), &ExtractOptions::default()).unwrap_err();
    assert!(matches!(error, ExtractError::CorruptFile { .. }), "{error}");
    let deep = format!(
        "<CrossIndustryInvoice>{}{}</CrossIndustryInvoice>",
        "<a>".repeat(200_000),
        "</a>".repeat(200_000)
    );
    let result = std::thread::Builder::new()
        .stack_size(crate::STACK_BYTES)
        .spawn(move || extract(deep.as_bytes(), &ExtractOptions::default()))
        .unwrap()
        .join()
        .unwrap();
    assert!(result.is_err());
}

#[test]
fn decimals_are_exact() {
    let number = |text: &str| Decimal::parse(text).map(|decimal| decimal.0);
    assert_eq!(number("-1234.5678"), Some(-1_234_567_800));
    assert_eq!(number(".5"), Some(500_000));
    assert_eq!(number("2."), Some(2_000_000));
    assert_eq!(number("0.0000005"), Some(1));
    for text in ["", ".", "-", "1,5", "1e3", "99999999999999", "1 2"] {
        assert_eq!(number(text), None, "{text}");
    }
    let per = |a: &str, b: &str| Decimal::parse(a).unwrap().per(Decimal::parse(b).unwrap());
    assert_eq!(per("10", "3").map(|d| d.0), Some(3_333_333));
    assert_eq!(per("-10", "6").map(|d| d.0), Some(-1_666_667));
    assert_eq!(per("10", "0"), None);
    assert_eq!(Decimal::parse("-0.005").unwrap().cents(), -1);
}
