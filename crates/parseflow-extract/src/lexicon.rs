//! The words people print beside values, in English, German, French, Dutch, Spanish, Italian, Polish and
//! Portuguese; those of Danish, Norwegian, Swedish, Finnish and Czech stand in [`north_east`].
//!
//! Labels are compared in [`folded`] form over runs of one to six words, so that `Rechnungs-Nr.:`,
//! `Rechnungsnr` and `Rechnungs Nr` are one label.

mod composed;
mod north_east;
mod tills;

use std::collections::HashMap;
use std::sync::OnceLock;

use composed::{names_a_column, names_a_sum, numbers_a_bill};

/// What a label announces.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Label {
    InvoiceNumber,
    InvoiceDate,
    DueDate,
    PurchaseOrder,
    Subtotal,
    Tax,
    Total,
    AmountDue,
    Prepaid,
    VatId,
    TaxNumber,
    Iban,
    Phone,
    Vendor,
    Customer,
    PartyName,
    PartyAddress,
    PaymentMethod,
    Time,
    /// Announces something that none of our fields holds; keeps its value from being taken.
    Other,
}

/// What a column of a table of items holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Column {
    Description,
    Quantity,
    Unit,
    UnitPrice,
    TaxRate,
    Amount,
    Position,
    Other,
}

/// Lower case without accents and without anything but letters, digits and `#`.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars().flat_map(char::to_lowercase) {
        match char {
            'a'..='z' | '0'..='9' | '#' => out.push(char),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'ą' | 'ă' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | '°' | 'º' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ș' => out.push('s'),
            'ť' | 'ț' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            '№' => out.push_str("no"),
            char if char.is_alphabetic() => out.push(char),
            _ => {}
        }
    }
    out
}

/// The label that a run of words spells, with how surely it announces that value (0 to 1).
pub(crate) fn label_of(folded_words: &str) -> Option<(Label, f64)> {
    static INDEX: OnceLock<HashMap<String, (Label, f64)>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        // The later list has the last word: what bills say with these words goes before what tills say.
        let lists = tills::LABELS.iter().chain(LABELS).chain(north_east::LABELS);
        let entries = lists.flat_map(|(label, strength, words)| {
            words.split(',').map(move |word| (folded(word), (*label, *strength)))
        });
        entries.collect()
    });
    let known = index.get(folded_words).copied();
    let composed = || {
        let number = numbers_a_bill(folded_words).then_some((InvoiceNumber, 0.95));
        number.or_else(|| names_a_sum(folded_words).map(|label| (label, 0.95)))
    };
    known.or_else(composed).or_else(|| {
        // German joins words: Teilrechnung, Schlussrechnungsnummer, Stornorechnung Nr.
        let ends = |endings: &[&str]| endings.iter().any(|end| folded_words.ends_with(end));
        let is_one =
            folded_words.len() <= 36 && folded_words.bytes().all(|b| b.is_ascii_lowercase());
        if is_one
            && ends(&[
                "rechnungnr",
                "rechnungsnr",
                "rechnungsnummer",
                "rechnungnummer",
                "rechnungno",
                "korrekturnr",
            ])
        {
            return Some((InvoiceNumber, 0.95));
        }
        (is_one && ends(&["rechnung"])).then_some((InvoiceNumber, 0.6))
    })
}

/// The column that a table head spells.
pub(crate) fn column_of(folded_words: &str) -> Option<Column> {
    static INDEX: OnceLock<HashMap<String, Column>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let entries = north_east::COLUMNS
            .iter()
            .chain(COLUMNS)
            .flat_map(|(column, words)| words.split(',').map(move |word| (folded(word), *column)));
        entries.collect()
    });
    index.get(folded_words).copied().or_else(|| names_a_column(folded_words))
}

use Label::*;

const LABELS: &[(Label, f64, &str)] = &[
    (
        InvoiceNumber,
        1.0,
        "invoice number,invoice no,invoice nr,fatura ft,fatura recibo fr,factura serie,invoice num,invoice #,invoice id,inv no,inv #,invoice reference,\
        tax invoice no,tax invoice number,bill number,bill no,bill #,credit note number,credit note no,credit memo number,\
        rechnungsnummer,rechnungs nr,rechnung nr,rechnungsnr,rechnung nummer,rechnung no,rechnung #,rechnungs no,re nr,rg nr,\
        belegnummer,beleg nr,gutschriftsnummer,gutschrift nr,gutschriftnummer,rechnungskorrektur nr,fakturanummer,faktura nr,\
        numero de facture,no de facture,n de facture,facture no,facture n,facture numero,no facture,facture #,num facture,\
        numero facture,reference facture,avoir no,facture acquittee no,\
        factuurnummer,factuur nr,factuurnr,factuur nummer,creditnotanummer,\
        numero de factura,no de factura,n factura,factura no,factura n,no factura,numero factura,factura numero,num factura,\
        numero fattura,fattura n,fattura no,fattura nr,n fattura,numero della fattura,nr fattura,fattura numero,\
        faktura vat nr,faktura vat no,nr faktury,numer faktury,faktura numer,faktura vat numer,cislo faktury,fakturanr,\
        fatura no,fatura n,fatura nr,numero da fatura,no da fatura,n da fatura,numero fatura,fatura recibo no,fatura recibo n,nota de credito no,nota de credito n,nota de credito numero,\
        nota di credito n,nota di credito nr,nota di credito no,nota di credito numero,creditnota nr,note de credit no,note de credit n,\
        factura rectificativa no,factura rectificativa n,abono no,stornorechnung nr,korrekturrechnung nr",
    ),
    (
        InvoiceNumber,
        0.75,
        "document number,document no,doc no,statement number,voucher no,dokumentnummer,dokument nr,belegnr,\
        numero de document,documento n,documento no,numero documento,documentnummer,warenrechnung nr,handelsrechnung nr,\
        rechnung,facture,fattura,factura,factuur,fatura,faktura,faktura vat,invoice,gutschrift,rechnungskorrektur,credit note,avoir",
    ),
    (InvoiceNumber, 0.4, "numero,nummer,numer,number"),
    (
        InvoiceNumber,
        0.55,
        "receipt number,receipt no,receipt #,reference number,reference no,bon nr,\
        ticket no,ticket,quittung nr,quittungsnummer,piece no,no de piece",
    ),
    (
        InvoiceDate,
        1.0,
        "invoice date,date of invoice,bill date,billing date,ausgestellt am,date tax point,invoice date tax point,emitida el,emitida em,emitido em,wystawiono dnia,wystawiono,notadatum,data doc,re datum,rg datum,date emitted,invoice dated,date of issue,issue date,issued on,issued at,date issued,\
        tax invoice date,credit note date,\
        rechnungsdatum,datum der rechnung,ausstellungsdatum,rechnung vom,belegdatum,gutschriftsdatum,fakturadatum,rechnungs datum,\
        beleg datum,date de facture,date de la facture,date facture,date de facturation,date d'emission,facture du,emise le,emis le,\
        factuurdatum,datum factuur,fecha de factura,fecha factura,fecha de emision,fecha de expedicion,\
        data fattura,data della fattura,data di emissione,data emissione,data documento,\
        data wystawienia,data wystawienia faktury,data faktury,data da fatura,data de emissao,data da emissao,data fatura,fakturadato,\
        datum vystaveni,date of invoice issue",
    ),
    (
        InvoiceDate,
        0.7,
        "date,datum,fecha,data,dated,vom,von,du,document date,dokumentdatum,date du document,receipt date,\
        statement date,tax point,bestelldatum und rechnungsdatum",
    ),
    (
        DueDate,
        1.0,
        "due date,payment due,payment due date,due on,due by,pay by,to be paid by,payment due on,please pay before,do zaplaty do dnia,data venc,vence,vence em,uiterste betaaldatum,scadenza pagamento,da pagare entro il,fecha limite de pago,fecha limite pago,zahlbar am,payable au plus tard le,date limite,betalen voor de,please pay by,due,date due,payable by,payment due by,\
        fallig am,fallig,falligkeit,falligkeitsdatum,zahlbar bis,zahlungsziel,zahlbar bis zum,fallig bis,zahlungsfrist,zahlungstermin,\
        netto fallig am,bis spatestens,zu zahlen bis,bitte uberweisen sie bis zum,\
        date d'echeance,echeance,a payer avant le,a regler avant le,date limite de paiement,payable le,paiement avant le,date echeance,\
        vervaldatum,te betalen voor,betalen voor,uiterste betaaldatum,vervaldag,\
        fecha de vencimiento,vencimiento,fecha vencimiento,vence el,\
        data di scadenza,scadenza,data scadenza,da pagare entro,\
        termin platnosci,termin zaplaty,platne do,data platnosci,data de vencimento,data vencimento,vencimento,pagar ate,\
        forfallsdato,forfaldsdato,forfallodatum,betalingsfrist,datum splatnosti,splatnost",
    ),
    (
        PurchaseOrder,
        1.0,
        "purchase order,purchase order number,purchase order no,your order ref,your purchase order,client po,vs ordine,vostro ordine,rif ordine,n ordine,v encomenda,vossa encomenda,sua encomenda,requisicao,su pedido,ref pedido,panstwa zamowienie,ref commande,n de commande,reference commande,order ref,ordine cliente,po number,po no,p o number,po #,po,customer po,your order no,\
        order number,order no,order #,customer order no,order reference,your order,order id,\
        bestellnummer,bestell nr,bestellung nr,ihre bestellung,auftragsnummer,auftrags nr,auftrag nr,bestellnr,auftragsnr,\
        ihre bestellnummer,bestellreferenz,bestellung,\
        numero de commande,no de commande,commande no,bon de commande,n commande,commande n,votre commande,no commande,\
        bestelnummer,ordernummer,inkoopordernummer,uw bestelling,bestelling,\
        numero de pedido,pedido no,no pedido,orden de compra,pedido,numero pedido,\
        numero ordine,ordine n,ordine,ordine di acquisto,numero d'ordine,\
        numer zamowienia,nr zamowienia,zamowienie,zamowienie nr,encomenda,numero da encomenda,nota de encomenda,encomenda no,\
        ordrenummer,ordrenr,ordernr",
    ),
    (
        Subtotal,
        1.0,
        "subtotal,sub total,net total,total net,net amount,total net amount,total before vat,total ex vat,total nett,nett total,net total amount,total taxable,taxable subtotal,goods total ex vat,netto merce,totale merce,totale al netto,net ht,total h t,total s iva,suma bez vat,bedrag exclusief btw,bedrag exclusief,totaal ex btw,bedrag ex btw,warenwert netto,summe ohne ust,total base imponible,total sem impostos,valor sem impostos,amount net,total excluding vat,total excl vat,total ex vat,\
        total before tax,total excl tax,total without vat,subtotal excl vat,net,netto,taxable amount,total taxable amount,\
        amount before tax,total ex tax,subtotal without vat,total exclusive of vat,total excl gst,amount excl vat,goods total,\
        zwischensumme,nettobetrag,netto betrag,summe netto,nettosumme,gesamtbetrag netto,rechnungsbetrag netto,gesamt netto,\
        warenwert,rechnungssumme ohne ust,netto gesamt,summe ohne mwst,gesamtnetto,netto summe,nettowert,total netto,gesamtsumme netto,\
        zwischensumme netto,zwischensumme ohne mwst,steuerbasisbetrag,summe nettobetrage,rechnungsbetrag ohne ust,betrag netto,endbetrag netto,\
        summe zzgl mwst,nettorechnungsbetrag,\
        sous total,total ht,montant ht,total hors taxes,total hors taxe,montant total ht,net ht,sous total ht,total net ht,montant hors taxes,\
        totaal exclusief btw,totaal excl btw,subtotaal,netto totaal,totaal exclusief,bedrag excl btw,subtotaal excl btw,exclusief btw,excl btw,zonder btw,excl vat,ex vat,\
        base imponible,importe neto,total sin iva,total neto,suma neta,\
        imponibile,totale imponibile,totale netto,totale senza iva,subtotale,imponibile totale,netto imponibile,\
        wartosc netto,razem netto,suma netto,netto razem,wartosc netto razem,kwota netto,total sem iva,total iliquido,valor liquido,\
        total liquido,base tributavel,base de incidencia,incidencia,valor sem iva,nettobelop,nettobelopp,summa exkl moms,belopp exkl moms,\
        subtotal excl moms,zaklad dane",
    ),
    (
        Subtotal,
        0.6,
        "positionssumme,gesamtbeitrag,summe positionen,total lines,items total,item total,gesamtbetrag der positionen,base ht,lines total,somme",
    ),
    (
        Tax,
        1.0,
        "vat,tax,sales tax,gst,total vat,vat amount,total vat amount,total taxes,state tax,total cuota iva,total cuota,total impostos,total impuestos,totaal btw bedrag,btw hoog,btw laag,suma podatku vat,ust summe,total i v a,totale i v a,total t v a,t v a,i v a,montant total tva,mehrwertsteuer gesamt,iva a la tasa,iva a taxa de,valor do imposto,total tax,tax amount,tax total,vat total,value added tax,hst,pst,\
        total gst,total sales tax,estimated tax,vat rate amount,gst amount,plus vat,\
        mehrwertsteuer,mwst,ust,umsatzsteuer,mwst betrag,ust betrag,steuerbetrag,zzgl mwst,zzgl ust,zzgl mehrwertsteuer,\
        zzgl umsatzsteuer,steuer,gesamtsteuer,summe mwst,summe ust,mehrwertsteuerbetrag,umsatzsteuerbetrag,ust gesamt,mwst gesamt,\
        enthaltene mwst,inkl mwst,incl mwst,darin enthaltene mwst,summe umsatzsteuer,gesamt ust,gesamtbetrag mwst,zuzuglich umsatzsteuer,\
        zuzuglich mwst,summe steuer,summe steuern,steuergesamtbetrag,total mwst,versicherungsteuer,versicherungssteuer,\
        tva,montant tva,total tva,taxe,montant de la tva,taxes,total taxes,tva totale,dont tva,\
        btw,btw bedrag,totaal btw,btw totaal,\
        iva,cuota iva,importe iva,total iva,impuesto,impuestos,cuota,\
        imposta,totale iva,importo iva,totale imposta,di cui iva,\
        podatek vat,kwota vat,vat razem,razem vat,suma vat,wartosc vat,podatek,kwota podatku,valor do iva,total do iva,total de iva,\
        valor iva,imposto,total imposto,moms,momsbelopp,momsbelob,mva,dph",
    ),
    (
        Total,
        1.0,
        "total,grand total,total amount,invoice total,total c iva,total com impostos,total con impuestos,total ttc a payer,totale complessivo,total t t c,gesamt eur,gesamtsumme brutto,total inc,amount payable incl vat,totale euro,total compra,totaal eur,suma pln,order sum,totaal te voldoen bedrag,total including vat,total incl vat,total inc vat,total due,total payable,\
        gross total,gross amount,total gross,amount total,invoice amount,total incl tax,total invoice amount,total including tax,total price,\
        total incl gst,net amount payable,order total,total sum,total inclusive of vat,total amount incl vat,total charges,total usd,total eur,total gbp,\
        gesamtbetrag,gesamtsumme,rechnungsbetrag,rechnungsbeitrag,endbetrag,bruttobetrag,bruttosumme,gesamt,gesamt brutto,rechnungssumme,summe,\
        gesamtbetrag brutto,betrag brutto,rechnungsbetrag brutto,brutto,brutto gesamt,summe brutto,endsumme,gesamtpreis,totalbetrag,\
        rechnungsendbetrag,gesamtbetrag inkl mwst,gesamtbetrag inkl ust,rechnungsgesamtbetrag,summe inkl mwst,rechnungssumme mit ust,\
        gesamt inkl mwst,gesamtbruttobetrag,total inkl mwst,bruttorechnungsbetrag,bruttogesamtbetrag,gesamtrechnungsbetrag,gesamtforderung,\
        total ttc,montant ttc,montant total ttc,total toutes taxes comprises,total general,montant total,net ttc,total facture,\
        totaal,totaal inclusief btw,totaal incl btw,totaalbedrag,factuurbedrag,totaal inclusief,eindtotaal,factuurtotaal,totaal bedrag,\
        importe total,total factura,total con iva,total a pagar,importe,total iva incluido,\
        totale,totale fattura,totale documento,importo totale,totale complessivo,totale ivato,\
        wartosc brutto,razem brutto,suma brutto,kwota brutto,razem,suma,ogolem,kwota naleznosci ogolem,total geral,valor total,\
        total do documento,total com iva,total da fatura,valor total da fatura,i alt,totalt,summa,summa inkl moms,total inkl moms,celkem",
    ),
    (
        AmountDue,
        1.0,
        "amount due,balance due,amount payable,balance,please pay,to pay,please pay this amount,amount now due,total to pay,to be paid,outstanding,liquido a pagar,valor em divida,saldo a pagar,em divida,te voldoen,nog te betalen,restant,residuo,saldo da versare,restant du,solde du,pozostaje do zaplaty,razem do zaplaty,outstanding balance,outstanding amount,\
        remaining balance,amount to pay,total amount due,net payable,total outstanding,new balance,\
        zahlbetrag,zu zahlen,zu zahlender betrag,offener betrag,restbetrag,falliger betrag,zu uberweisender betrag,noch zu zahlen,\
        zahlungsbetrag,auszahlungsbetrag,offener restbetrag,\
        net a payer,montant a payer,reste a payer,solde,a payer,montant du,solde a payer,reste du,net a payer ttc,total a payer,montant net a payer,\
        te betalen,openstaand bedrag,te betalen bedrag,totaal te betalen,\
        importe a pagar,saldo pendiente,importe pendiente,\
        da pagare,netto a pagare,saldo,importo da pagare,totale da pagare,totale a pagare,totale dovuto,\
        do zaplaty,razem do zaplaty,pozostalo do zaplaty,kwota do zaplaty,a pagar,valor a pagar,att betala,at betale,a betale,k uhrade",
    ),
    (
        Prepaid,
        1.0,
        "paid,amount paid,payments received,deposit,less deposit paid,paid to date,less payments,payments credits,payment received thank you,abzgl geleistete abschlage,geleistete abschlage,abschlage,anzahlung vom,a cuenta,entrega a cuenta,acompte verse,versement,acconto versato,ontvangen betaling,ontvangen,adiantamento,sinal,wplacono,zaliczka,less paid,prepaid,less deposit,payment received,already paid,total paid,payments,\
        anzahlung,erhaltene anzahlungen,bereits gezahlt,geleistete anzahlung,abzgl anzahlung,erhaltene anzahlung,bereits bezahlt,\
        acompte,acomptes,deja paye,montant paye,deja regle,\
        reeds betaald,voldaan,aanbetaling,anticipo,pagado,acconto,gia pagato,\
        zaplacono,ja pago,valor pago",
    ),
    (
        VatId,
        1.0,
        "vat no,vat number,vat id,vat reg no,nif nipc,cif nif,nip ue,vat ue,n contribuinte,contribuinte n,part iva,p iva e c f,codice fiscale p iva,tva intracom,n tva intracom,no tva intracom,id ue,vat registration number,vat registration no,vat reg,vat identification number,vat id no,vatin,\
        ust id,ust idnr,ust id nr,ustid,ustidnr,umsatzsteuer id,umsatzsteuer identifikationsnummer,umsatzsteueridentifikationsnummer,\
        ust identnr,mwst nr,ust ident nr,umsatzsteuer idnr,mwst nummer,uid,uid nr,uid nummer,ust id nummer,vat id number,umsatzsteuer id nr,\
        no tva,numero de tva,tva intracommunautaire,n tva intracommunautaire,no tva intracommunautaire,n tva,tva intra,id tva,tva intracom,\
        numero tva,numero de tva intracommunautaire,n de tva intracommunautaire,\
        btw nummer,btw nr,btwnummer,btw id,btw identificatienummer,btwnr,\
        nif,cif,nif iva,vat nif,n i f,c i f,partita iva,p iva,piva,p i,codice fiscale e partita iva,part iva,\
        nip,nr nip,numer nip,nipc,contribuinte,no contribuinte,numero de contribuinte,contribuinte no,cvr,cvr nr,org nr,momsreg nr,dic",
    ),
    (
        TaxNumber,
        1.0,
        "tax id,tax number,tax no,ein,tax identification number,federal tax id,fein,tin,abn,gstin,gst no,gst number,gst reg no,\
        gst registration no,pan,gstin no,tax registration number,trn,company tax id,sales tax id,\
        steuernummer,steuer nr,st nr,steuernr,stnr,ust nr,\
        siret,siren,no siret,codice fiscale,c f,cod fisc,kvk,kvk nummer,kvk nr",
    ),
    (Iban, 1.0, "iban,iban no,iban nr,iban number,account iban,konto iban,iban nummer"),
    (
        Phone,
        1.0,
        "tel,telephone,phone,phone no,tel no,telefon,fon,telefoon,telefono,tfno,telephone no,mobile,mobil,t,ph,contact no,tel nr,telefonnummer,phone number,tlf",
    ),
    (
        Vendor,
        1.0,
        "from,seller,vendor,supplier,sold by,issued by,bill from,billed by,service provider,merchant,\
        verkaufer,lieferant,rechnungssteller,rechnungsersteller,leistungserbringer,aussteller,rechnungsaussteller,auftragnehmer,absender,\
        vendeur,fournisseur,emetteur,prestataire,expediteur,\
        verkoper,leverancier,afzender,vendedor,proveedor,emisor,emitente,venditore,fornitore,cedente,mittente,\
        sprzedawca,wystawca,fornecedor,prestador,saelger,selger,saljare,dodavatel",
    ),
    (
        Customer,
        1.0,
        "bill to,billed to,invoice to,sold to,customer,client,invoice for,statement for,account holder name,billed for,aan,factuur voor,klantgegevens,adresse a,adressee a,direccion de facturacion,datos de facturacion,cessionario committente,committente,intestatario fattura,fatturato a,exmo s sr s,exmos srs,cliente faturado,odbiorca faktury,platnik,rechnungs empfanger,client billed,kundenanschrift,buyer,to,invoiced to,customer name,client name,billing address,\
        invoice address,billing to,attn,recipient,bill to address,purchaser,for,prepared for,guest name,\
        kaufer,kunde,rechnungsempfanger,auftraggeber,empfanger,leistungsempfanger,rechnungsadresse,rechnungsanschrift,kaufer leistungsempfanger,\
        kundenname,rechnung an,besteller,versicherungsnehmer,mieter,kundenadresse,\
        acheteur,facture a,destinataire,adresse de facturation,client facture,adresse facturation,facturee a,\
        klant,factuuradres,afnemer,koper,klantnaam,gefactureerd aan,factuur aan,\
        cliente,comprador,facturar a,datos del cliente,destinatario,facturado a,\
        acquirente,cessionario,intestatario,spettabile,spett le,fatturare a,intestato a,\
        nabywca,odbiorca,kupujacy,adquirente,exmo s,exmos srs,exmo sr,exmos senhores,faturar a,faturado a,dados do cliente,kund,odberatel",
    ),
    (
        PartyName,
        1.0,
        "name,company,company name,firma,firmenname,nom,raison sociale,naam,bedrijfsnaam,nombre,razon social,nome,ragione sociale,denominazione,\
        nazwa,nazwa firmy",
    ),
    (
        PartyAddress,
        1.0,
        "address,anschrift,adresse,adres,direccion,domicilio,indirizzo,sede,adres firmy,morada,endereco",
    ),
    (
        PaymentMethod,
        1.0,
        "payment method,paid by,method of payment,payment type,tender,payment,zahlungsart,zahlart,zahlungsweise,bezahlt mit,zahlung,\
        mode de paiement,moyen de paiement,paiement,mode de reglement,reglement,betaalmethode,betaalwijze,betaald met,\
        forma de pago,metodo de pago,pagamento,metodo di pagamento,modalita di pagamento,\
        sposob zaplaty,sposob platnosci,forma platnosci,metoda platnosci,forma de pagamento,modo de pagamento,metodo de pagamento",
    ),
    (Time, 1.0, "time,uhrzeit,zeit,heure,tijd,hora,ora"),
    (
        Other,
        1.0,
        "customer number,customer no,customer id,account number,a c no,client code,customer ref,acct no,relatienummer,debiteurnr,vertragskonto,debitor,compte client,ref client,cod cliente,codigo cliente,cliente n,kod klienta,despatch note,job no,work order,work order #,packing slip,ship via,site address,period covered,for the period,service dates,usage dates,usage period,billing cycle,bauvorhaben,vorgang,lieferzeitraum,bl,dossier,affaire,lieu d intervention,prestations du mois,expediente,lugar de entrega,periodo,periodo de facturacion,periodo facturado,lugar,ddt,d d t,rif ddt,competenza,luogo di destinazione,consegna a,pakbon,pakbonnummer,projectnr,projectnummer,bezorgadres,werkadres,verbruiksperiode,factuurperiode,guia,guia n,processo,descarga,periodo de faturacao,wz,dokument wz,nr zlecenia,okres rozliczeniowy,za okres,adres dostawy,contract,contract no,meter number,meter no,zahlernummer,room,room no,arrival,departure,check in,check out,zimmer,anreise,abreise,chambre,account no,client number,customer #,client id,client no,account id,account,acct,\
        delivery note,delivery date,date of delivery,date of service,order date,ship date,shipping date,service date,date of supply,delivery note no,supply date,quote number,quote no,\
        ship to,shipped to,deliver to,delivery address,shipping address,deliver by,contract number,contract no,project,terms,payment terms,page,\
        period,billing period,service period,bic,swift,swift code,sort code,routing number,bank,fax,reference,your reference,our reference,ref,\
        discount,shipping,freight,shipping cost,date of birth,expiry date,company reg no,registration number,company number,reg no,due in,print date,\
        kundennummer,kunden nr,kundennr,kunden no,lieferschein,lieferscheinnummer,lieferschein nr,lieferdatum,leistungsdatum,bestelldatum,auftragsdatum,\
        lieferadresse,lieferanschrift,warenempfanger,leistungszeitraum,abrechnungszeitraum,vertragsnummer,vertrags nr,seite,handelsregister,hrb,hra,blz,\
        kontonummer,konto nr,konto,handelsregisternummer,liefer und leistungsdatum,leistungs datum,bestell datum,lieferschein datum,lieferschein nr,auftrag datum,\
        lieferantennummer,lieferanten nr,lieferant nr,lief nr,gln,globale nummer,ihr zeichen,unser zeichen,ansprechpartner,sachbearbeiter,projektnummer,objekt,\
        rabatt,versandkosten,versand,skonto,mandatsreferenz,glaubiger id,glaubiger identifikationsnummer,zeitraum,kassenzeichen,versicherungsnummer,\
        numero client,no client,n client,code client,date de livraison,date de commande,adresse de livraison,livre a,livraison,bon de livraison,rcs,capital,\
        reference client,votre reference,periode,remise,frais de port,contrat no,date de prestation,\
        klantnummer,klant nr,leverdatum,afleveradres,besteldatum,pagina,periode,debiteurnummer,uw referentie,ordredatum,orderdatum,\
        numero de cliente,no cliente,fecha de entrega,fecha de pedido,direccion de envio,albaran,descuento,\
        codice cliente,data di consegna,data consegna,destinazione,sconto,data ordine,destinazione merce,trasporto,\
        numer klienta,nr klienta,data sprzedazy,data dostawy,data wykonania uslugi,data wykonania,miejsce wystawienia,numer konta,nr konta,strona,\
        no de cliente,data de entrega,data da encomenda,guia de remessa,morada de entrega,local de carga,local de descarga,desconto,portes,rabat,\
        regon,bdo,krs,kundnummer,kundenummer,leveringsdato,leveransdatum,ordredato,var referens,er referens,referencia",
    ),
];

const COLUMNS: &[(Column, &str)] = &[
    (
        Column::Description,
        "description,item,items,product,service,item description,item description,task,description of works,item & description,concepto descripcion,designation des produits,descrizione dei beni,descrizione prodotti servizi,bezeichnung der leistung,leistungsbezeichnung,werkzaamheden,beschrijving,descricao do artigo,towar usluga,product description,details,activity,services,article,particulars,title,\
        description of goods,item name,product name,product title,name,charges,description of service,work,service description,\
        beschreibung,bezeichnung,artikel,leistung,artikelbezeichnung,produkt,artikelbeschreibung,leistungsbeschreibung,text,gegenstand,positionstext,\
        produktbezeichnung,art der leistung,tatigkeit,warenbezeichnung,beschreibung der leistung,artikel bezeichnung,position bezeichnung,\
        designation,libelle,produit,prestation,description du produit,objet,intitule,detail,\
        omschrijving,product,artikelomschrijving,dienst,descripcion,concepto,articulo,producto,detalle,\
        descrizione,prodotto,articolo,descrizione articolo,servizio,descrizione prodotto,\
        nazwa,nazwa towaru,nazwa towaru uslugi,nazwa uslugi,nazwa towaru lub uslugi,towar,towar usluga,opis,usluga,\
        descricao,artigo,produto,designacao,servico,designacao do artigo,beskrivelse,varebeskrivelse,beskrivning,benamning,popis,nazev",
    ),
    (
        Column::Quantity,
        "qty,quantity,hours,units,qnty,hrs,days,hrs qty,qty hrs,nbre,unidades,horas,aant,std,ore qta,ilosc szt,quantity ordered,hours qty,menge,anzahl,stunden,anz,stk,anzahl stunden,tage,\
        quantite,qte,nombre,nb,heures,aantal,uren,hoeveelheid,cantidad,cant,uds,quantita,q ta,qta,qt,ore,\
        ilosc,liczba,quantidade,quant,qtd,qtde,antal,antall,mnozstvi",
    ),
    (
        Column::Unit,
        "unit,uom,unit of measure,einheit,me,eh,mengeneinheit,unite,eenheid,unidad,um,u m,unita,jm,j m,jedn,jednostka,unidade,un,enhed,enhet,mj",
    ),
    (
        Column::UnitPrice,
        "unit price,price,rate,unit cost,price per unit,rate price,prix u ht,prix u h t,p u h t,preis einh,e preis,einzel,stuksprijs,prijs p st,prijs per eenheid,precio ud,p unitario,pr unitario,preco s iva,cena za szt,price ea,price each,price unit,unit price excl vat,net price,cost,hourly rate,each,price unit net,\
        einzelpreis,preis,nettopreis,stuckpreis,e preis,ep,einheitspreis,preis pro einheit,einzelpreis netto,satz,stundensatz,preis einheit,\
        einzel preis,einzelpreis eur,vk preis,listenpreis,basispreis,netto preis,einzelbetrag,preis je einheit,ep netto,preis euro,einzel eur,\
        prix unitaire,pu,p u,pu ht,prix unitaire ht,prix,p u ht,prix unit,prix ht,tarif,\
        prijs,stukprijs,eenheidsprijs,prijs per stuk,tarief,\
        precio,precio unitario,precio unidad,p unit,prezzo,prezzo unitario,prezzo unit,\
        cena,cena netto,cena jedn,cena jednostkowa,cena jednostkowa netto,cena jedn netto,preco,preco unitario,preco unit,\
        valor unitario,pris,a pris,stk pris,enhedspris,pris enhet",
    ),
    (
        Column::TaxRate,
        "vat,vat %,tax,tax %,tax rate,vat rate,btw tarief,taxa iva,tipo iva,aliq,aliq iva,cod iva,st satz,st vat,mwst satz %,taxe,gst,gst %,vat code,mwst,ust,mwst %,ust %,steuersatz,mwst satz,ust satz,st,steuer,steuer %,\
        tva,taux tva,tva %,taux,btw,btw %,btw tarief,iva,iva %,% iva,aliquota,aliquota iva,tipo iva,% vat,% mwst,% tva,% btw,\
        stawka,stawka vat,stawka podatku,moms,moms %,mva,dph,taxa,taxa iva",
    ),
    (
        Column::Amount,
        "amount,total,line total,total price,net amount,amount ex vat,prix total h t,total h t,importe neto,total linea,totale netto,importo netto,imponibile,g preis,gesamt,bedrag excl,totaal excl,valor s iva,total liquido,montante,wartosc,subtotal,sum,extended,line amount,total amount,extended price,net total,amount net,net,total net,\
        total excl vat,price total,item subtotal,net value,\
        gesamt,gesamtpreis,betrag,summe,nettobetrag,gesamtbetrag,gesamt netto,g preis,gp,netto,wert,nettowert,gesamtpreis netto,betrag netto,\
        positionssumme,entgelt,gesamt preis,gesamt eur,betrag eur,betrag in eur,gesamtpreis eur,netto betrag,positionsbetrag,netto gesamt,summe netto,\
        montant,montant ht,total ht,prix total,total ttc,montant total,prix total ht,total ligne,\
        bedrag,totaal,totaalprijs,totaal excl btw,netto bedrag,\
        importe,total linea,precio total,importo,totale,prezzo totale,importo totale,tot,\
        wartosc,wartosc netto,kwota netto,kwota,razem,valor,valor total,total liquido,montante,belob,belop,belopp,summa,celkem",
    ),
    (
        Column::Position,
        "pos,no,#,nr,line,position,item no,s no,sl no,sr no,line no,ligne,regel,riga,linea,pos nr,lfd nr",
    ),
    (
        Column::Other,
        "sku,code,item code,product code,item #,code article,article code,ref article,cod art,cod articulo,part no,stock code,model,bestellnr,indeks,symbol,artikelcode,reference article,art nr,article no,artikelnummer,artikel nr,artnr,art no,ref,reference,gtin,ean,part number,hsn,sac,discount,disc,\
        date,datum,rabatt,remise,korting,descuento,sconto,artikelnr,art nr lief,art nr kunde,codice,codigo,tax amount,vat amount,mwst betrag,steuerbetrag,\
        gross,brutto,bruttobetrag,montant tva,discount %,rabatt %,vat total,item id,asin,ust betrag,hsn sac,bruttopreis,lieferschein,\
        wartosc vat,kwota vat,wartosc brutto,kwota brutto,pkwiu,kod,rabat,desconto,valor iva",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn labels_are_the_same_however_they_are_set() {
        for text in ["Rechnungs-Nr.:", "Rechnungsnr", "RECHNUNGS NR"] {
            assert_eq!(label_of(&folded(text)), Some((Label::InvoiceNumber, 1.0)), "{text}");
        }
        assert_eq!(folded("N° de référence"), "nodereference");
        assert_eq!(folded("Straße 5"), "strasse5");
        assert_eq!(
            label_of("schlussrechnungnr").map(|(label, _)| label),
            Some(Label::InvoiceNumber)
        );
        assert_eq!(label_of("weather"), None);
    }

    #[test]
    fn no_words_announce_two_different_values() {
        let mut known: HashMap<String, Label> = HashMap::new();
        for (label, _, words) in LABELS.iter().chain(north_east::LABELS) {
            for word in words.split(',').map(folded) {
                assert!(!word.is_empty(), "an empty label of {label:?}");
                let other = known.insert(word.clone(), *label).unwrap_or(*label);
                assert_eq!(other, *label, "{word}");
            }
        }
    }

    #[test]
    fn every_column_word_is_folded_to_something() {
        for (column, words) in COLUMNS.iter().chain(north_east::COLUMNS) {
            for word in words.split(',') {
                assert!(column_of(&folded(word)).is_some(), "{word} of {column:?}");
            }
        }
    }
}
