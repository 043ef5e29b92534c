//! The words that Swedish, Danish, Norwegian, Finnish, Czech and Slovak bills print beside values, and those that
//! bills of two languages, of Australia, Switzerland and Austria print beside the ones everybody knows.

use super::Column;
use super::Label::{self, *};

/// As the list of the other languages: what is announced, how surely, and the words, folded later.
pub(super) const LABELS: &[(Label, f64, &str)] = &[
    (
        InvoiceNumber,
        1.0,
        "fakturanummer,fakturanr,faktura nummer,faktura no,kreditnotanr,kreditnota nr,kreditnota nummer,kreditfaktura nr,kreditfakturanr,\
        kreditfakturanummer,regningsnr,regningsnummer,bilagsnr,bilagsnummer,verifikationsnr,\
        laskun numero,laskunumero,laskun nro,laskunro,lasku nro,lasku no,laskunnumero,hyvityslaskun numero,hyvityslaskun nro,\
        faktura c,faktura cislo,cislo faktury,cislo dokladu,doklad cislo,doklad c,danovy doklad c,danovy doklad cislo,evidencni cislo,\
        evidencni cislo dokladu,cislo danoveho dokladu,cislo dobropisu,dobropis c,faktura danovy doklad c,faktura danovy doklad cislo,\
        adjustment note no,adjustment no,tax invoice #,claim no,stornonummer,honorarnote nr",
    ),
    (
        InvoiceNumber,
        0.75,
        "lasku,faktura danovy doklad,danovy doklad,kreditfaktura,hyvityslasku,kreditnota,dobropis,tax invoice",
    ),
    (
        InvoiceDate,
        1.0,
        "fakturadatum,fakturadat,utstallt,utfardad,utfardat,udstedt,udstedelsesdato,utstedt,fakturadato,regningsdato,kreditnotadato,\
        laskun paivays,laskun paivamaara,laskun pvm,laskupaiva,laskutuspaiva,laskun paiva,paivays,\
        datum vystaveni,vystaveno,vystaveno dne,den vystaveni,datum vyst,datum vyhotovenia,datum vystavenia,vyhotovene dna,\
        adjustment date,datum rechnung,ausstelldatum,re datum",
    ),
    (InvoiceDate, 0.7, "dato,paivamaara,pvm,utskriftsdatum"),
    (
        DueDate,
        1.0,
        "forfallodatum,forfallodag,forfaller,forfaller den,oss tillhanda,oss tillhanda senast,betalas senast,betala senast,betalningsdatum,sista betalningsdag,\
        forfaldsdato,forfaldsdag,forfalder,betales senest,betalingsdato,betalingsfrist,sidste rettidige betalingsdato,sidste rettidige betalingsdag,\
        betalingsforfald,forfall,forfallsdag,betalings frist,\
        erapaiva,erapvm,maksettava viimeistaan,maksupaiva,viimeinen maksupaiva,\
        datum splatnosti,splatnost,splatnost faktury,den splatnosti,splatne,splatne dne,splatno do,splatno dne,splatnost do,datum splatnost,\
        falligkeitstermin,net due date,pay this amount by,please pay on or before,payment date due,zahlbar innert,zahlbar spatestens",
    ),
    (
        PurchaseOrder,
        1.0,
        "ert ordernr,ert ordernummer,er order,inkopsorder,inkopsordernummer,bestallningsnr,bestallningsnummer,ert bestallningsnr,beställning,\
        rekvisitionsnr,rekvisitionsnummer,rekvisition,jeres ordre,deres ordrenr,indkobsordre,indkobsordrenr,innkjopsordre,bestillingsnr,bestillingsnummer,\
        tilausnumero,tilausnro,tilausnr,tilaus nro,tilauksenne,tilauksen numero,ostotilaus,ostotilausnumero,\
        objednavka,objednavka c,objednavka cislo,cislo objednavky,vase objednavka,objednavky c,\
        best nr kunde,auftragsreferenz",
    ),
    (
        Subtotal,
        1.0,
        "nettobelopp,netto belopp,summa netto,exkl moms,summa exklusive moms,belopp fore moms,belopp ex moms,varde exkl moms,totalt exkl moms,total exkl moms,\
        momsgrundlag,momspliktigt,momspliktigt belob,nettobelob,netto belob,i alt ekskl moms,ialt ekskl moms,total ekskl moms,subtotal ekskl moms,belob ekskl moms,\
        sum eks mva,sum ekskl mva,grunnlag,netto sum,delsumma,delsum,mellansumma,\
        veroton,veroton yhteensa,yhteensa veroton,veroton summa,veroton hinta,veroton hinta yhteensa,verottomana,summa alv 0,yhteensa alv 0,valisumma,netto yhteensa,\
        zaklad dane,zaklad dph,celkem bez dph,cena bez dph,mezisoucet,mezisoucet bez dph,castka bez dph,soucet bez dph,celkem zaklad,spolu bez dph,zaklad dane celkem,\
        maatstaf van heffing,maatstaf,total htva,totaal excl,montant htva,base imposable,neto,zwischentotal,nettototal,total exkl mwst,summe exkl mwst,bemessungsgrundlage gesamt",
    ),
    (
        Subtotal,
        0.6,
        "varuvarde,summa artiklar,varer i alt,linjer i alt,rivit yhteensa,tuotteet yhteensa,soucet polozek,total articles,totaal artikelen,merchandise,total positionen,line items total,lines subtotal",
    ),
    (
        Tax,
        1.0,
        "moms kr,moms sek,moms dkk,momsbelopp,moms belopp,varav moms,summa moms,moms totalt,mervardesskatt,heraf moms,moms udgor,moms i alt,momsbelob,herav mva,mva belop,sum mva,\
        merverdiavgift,alv,arvonlisavero,alv yhteensa,alv summa,veron maara,vero,vero yhteensa,josta alv,sisaltaa alv,alv osuus,alv euroa,\
        vyse dane,vyse dph,castka dph,dph celkem,celkem dph,dan celkem,z toho dph,vcetne dph,\
        includes gst of,gst included,total includes gst,total gst included,incl gst,includes vat,including vat,of which vat,vat included,includes vat at,\
        darin enthaltene ust,enthalt ust,davon mwst,davon ust,inkl ust,darin ust,waarvan btw,inclusief btw,tva incluse,dont btw,btw tva,tva btw",
    ),
    (
        Total,
        1.0,
        "totalsumma,totalbelopp,totalt inkl moms,summa inklusive moms,total inklusive moms,fakturabelopp,fakturatotal,att betala inkl moms,slutsumma,\
        total inkl mva,sum inkl mva,totalbelob,fakturabelob,fakturatotal,ialt,ialt inkl moms,i alt inkl moms,samlet belob,totalsum,totalbelop,\
        yhteensa,loppusumma,laskun loppusumma,laskun summa,summa yhteensa,verollinen yhteensa,yhteensa verollinen,kokonaissumma,verollinen summa,laskun yhteissumma,\
        celkem s dph,celkem vcetne dph,celkova castka,celkova cena,cena celkem,cena s dph,castka celkem,fakturovana castka,spolu,spolu s dph,\
        total tvac,totaal tvac,montant tvac,total btw inbegrepen,rechnungstotal,gesamttotal,summe inkl ust,bruttototal,total price inc gst,total amount inc gst",
    ),
    (
        AmountDue,
        1.0,
        "att betala,summa att betala,belopp att betala,kvar att betala,aterstar att betala,resterande belopp,betala,\
        til betaling,at betale,a betale,belob til betaling,belop a betale,restbelob,restbelob til betaling,rest at betale,at betale i alt,skyldigt belob,\
        maksettavaa,maksettava,maksettavaa yhteensa,maksettava yhteensa,jaljella maksettavaa,avoinna,maksettava maara,\
        k uhrade,celkem k uhrade,k uhrade celkem,zbyva uhradit,doplatek,castka k uhrade,zustatek k uhrade,k zaplaceni,celkem k zaplaceni,na uhradu,\
        te betalen a payer,saldo te betalen,openstaand saldo,solde a regler,zu bezahlen,zahlbarer betrag,offener rechnungsbetrag,restforderung,nachzahlung,\
        amount outstanding,amount owing,balance owing,balance outstanding,pay this amount,total now due,total due now,total balance due,amount you owe",
    ),
    (
        Prepaid,
        1.0,
        "avgar forskott,avgar a conto,tidigare fakturerat,betalt,inbetalt,redan betalt,forskott,a conto,fratrukket forudbetaling,tidligere faktureret,forudbetalt,\
        betalt aconto,allerede betalt,forskudd,indbetalt,maksettu,maksettu ennakko,ennakkomaksu,aiemmin laskutettu,ennakko,\
        uhrazeno,uhrazeno zalohou,zaloha,odecet zalohy,zaplaceno,zaplaceno zalohove,uhrazene zalohy,zalohy,\
        voorschot,voorschotfactuur,reeds ontvangen,deja verse,akontozahlung,akonto,abzuglich akonto,teilzahlung,abzgl teilrechnung,abzuglich anzahlung,bereits erhalten,\
        less amount paid,less previously invoiced,less payments received,paid on account,your payments",
    ),
    (
        VatId,
        1.0,
        "vat nr,momsnr,moms nr,momsregnr,moms reg nr,momsregistreringsnummer,momsregistreringsnr,cvr nummer,se cvr nr,cvr se nr,cvrnr,organisationsnummer,orgnr,\
        org nummer,organisasjonsnummer,foretaksregisteret,y tunnus,alv nro,alv numero,alv tunnus,vat tunnus,alv nr,ly tunnus,dic dph,ic dph,mwst id,mwst nr uid,\
        uid mwst,atu nr,btw tva nr,no entreprise,ondernemingsnummer,ondernemingsnr,numero d entreprise,btw be,tva be,vat id nr,gst reg,vat registration",
    ),
    (Tax, 0.6, "dan"),
    (
        TaxNumber,
        1.0,
        "abn no,abn number,a b n,acn,ico,ic,iec no,gst hst no,gst hst number,tax registration no,federal id,federal ein,employer id,business number,nzbn",
    ),
    (
        Phone,
        1.0,
        "tfn,puh,puhelin,puhelinnumero,telefonnr,telefonnummer,mobilnr,telefoni,tel c,call us,call us on",
    ),
    (
        Vendor,
        1.0,
        "saljare,leverantor,fakturautstallare,saelger,leverandor,selger,utsteder,myyja,laskuttaja,toimittaja,prodavajici,prodejce,zhotovitel,poskytovatel,dodavatel,prodava,\
        verkauft durch,verkauft von,vendu par,verkocht door,sold and shipped by,solgt af,sald av",
    ),
    (
        Customer,
        1.0,
        "kopare,fakturaadress,faktureras,faktureras till,fakturamottagare,mottagare,betalare,faktureres til,faktureringsadresse,kober,modtager,fakturamodtager,fakturaadresse,\
        fakturamottaker,kjoper,ostaja,asiakas,laskutusosoite,laskun saaja,laskutettava,vastaanottaja,maksaja,odberatel,zakaznik,kupujici,objednatel,prijemce,platce,\
        kobers navn,kundens navn,kunden navn,asiakkaan nimi,an,aan,fur,pour,a l attention de,a l intention de,zu handen,facturatieadres,facture a l attention de,client klant,klant client,rechnung fur,invoice recipient,debtor,charge to",
    ),
    (
        PaymentMethod,
        1.0,
        "betalningssatt,betalingsmade,betalingsmetode,maksutapa,zpusob platby,zpusob uhrady,forma uhrady,betalningsmetod",
    ),
    (Time, 1.0, "klockan,tid,kello,cas"),
    (
        Other,
        1.0,
        "kundnr,kund nr,kundenr,kunde nr,kunde no,debitornr,kontonr,asiakasnro,asiakasnumero,asiakas nro,asiakas numero,zakaznicke cislo,cislo zakaznika,kod odberatele,\
        account ref,account reference,debtor code,client no,your reference,customer reference,salesperson,sales rep,prepared by,your contact,\
        var ref,er ref,vores ref,deres ref,jeres ref,viitteenne,viitteemme,yhteyshenkilo,vystavil,vyrizuje,kontakt,kontaktperson,bearbeiter,betreuer,ansprechperson,\
        leveransdag,lev datum,levdatum,leveringsdag,leveret,levererat,toimituspaiva,toimitettu,toimituspvm,toimitusaika,datum zdanitelneho plneni,datum zdan plneni,duzp,\
        datum uskutecneni plneni,datum uskut zdan plneni,datum dodani,datum plneni,date of delivery,date supplied,date shipped,despatch date,job date,\
        leveransadress,levereras till,leveringsadresse,leveres til,toimitusosoite,toimitetaan,konecny prijemce,dodaci adresa,misto dodani,job site,deliver to,\
        bankgiro,plusgiro,postgiro,ocr nummer,ocr nr,fi kode,betalingsidentifikation,viite,viitenumero,viitenro,variabilni symbol,konstantni symbol,\
        specificky symbol,cislo uctu,kod banky,tilinumero,referenz,zahlungsreferenz,qr referenz,mededeling,mededeling communication,gestructureerde mededeling,\
        referensnummer,payment reference,biller code,bsb,drojsmalsranta,viivastyskorko,betalningsvillkor,betalingsbetingelser,maksuehto,leveransvillkor,\
        meter no,meter serial,matarnummer,malernr,mittarin numero,elektromer c,nmi,mpan,order placed,ordered on,purchased on,bestellt am,bestelldatum,bestallningsdatum,\
        bestilt den,tilauspaiva,tilattu,datum objednavky,objednano,fournisseur no,room no,rum,rumsnr,vaerelse,vaerelsesnr,huone,huonenumero,pokoj,cislo pokoje,kamer,\
        arrive,depart,ankomst,avresa,afrejse,tulopaiva,lahtopaiva,saapuminen,prijezd,odjezd,aankomst,vertrek,ankunft,datum prijezdu,datum odjezdu,incheckning,utcheckning,\
        avtalsnummer,sopimusnumero,smlouva c,aftalenr,period,perioden,laskutuskausi,obdobi,fakturaperiod,sida,sivu,strana,zahler nr,zahler,\
        frakt,fragt,rahti,toimituskulut,doprava,verzendkosten,fraktavgift,expeditionsavgift,avgift,less discount,trade discount,alennus,sleva,rabat i alt,\
        balance from last bill,previous balance,balance forward,opening balance,prior balance,tidigare saldo,ingaende saldo,tidligere saldo,overfort saldo,\
        edellinen saldo,predchozi zustatek,vorig saldo,solde precedent,saldovortrag,alter saldo,offener saldo,ruckstand",
    ),
    (Other, 0.7, "contact,rep,consultant,delivered,site,carriage,postage,side,bg,pg,ocr,vs,ks"),
];

/// As the list of the other languages.
pub(super) const COLUMNS: &[(Column, &str)] = &[
    (
        Column::Description,
        "item,benamning,beskrivning,specifikation,tjanst,artikel benamning,vara,produkt,text,varetekst,tekst,ydelse,varebeskrivelse,vare,produktbeskrivelse,varenavn,\
        kuvaus,tuote,nimike,selite,tuotteen nimi,tuotekuvaus,tuotenimi,palvelu,popis,popis polozky,nazev,nazev polozky,polozka,oznaceni dodavky,oznaceni,predmet,text polozky,\
        predmet plneni,fakturujeme vam,benaming,omschrijving description,description omschrijving,goods services,goods and services,description of goods or services,\
        details of supply,item description,description of supply,designation des articles",
    ),
    (
        Column::Quantity,
        "ant,kvantitet,lev antal,levererat antal,mangde,maengde,stk,timer,tim,maara,kpl,toim maara,toimitettu maara,lkm,pocet,pocet mj,mn,mnoz,mnozstvi mj,hoev,anz,mge,qty shipped,shipped,\
        qty ordered,no of units,no units,hours worked,nights,aantal qte,qte aantal",
    ),
    (Column::Unit, "enh,yksikko,yks,mern jedn,jednotka,eenh,einh,em,u of m,per"),
    (
        Column::UnitPrice,
        "a pris,apris,pris per st,pris st,styckpris,pris enhet,pris per enhet,enhetspris,st pris,pris exkl moms,stkpris,stykpris,pris pr enhed,enhedspris,pris pr stk,\
        a hinta,yksikkohinta,hinta,hinta yks,kpl hinta,veroton hinta,veroton a hinta,cena za mj,j cena,jc,jedn cena,jednotkova cena,cena mj,cena bez dph mj,cena ks,cena za jednotku,\
        price ex gst,unit price ex gst,price ex vat,unit price ex vat,price per,prijs prix,prix prijs,prijs excl,ansatz,preis einheit,einh preis,preis je,price each",
    ),
    (
        Column::TaxRate,
        "momssats,moms sats,alv,alv prosentti,alv kanta,vero,sazba dph,sazba,dph sazba,btw tva,tva btw,gst rate,ust satz",
    ),
    (
        Column::Amount,
        "summa,belopp exkl moms,belopp kr,radsumma,totalt,radbelopp,netto belopp,linjetotal,linjesum,i alt,ialt,belob dkk,belob i alt,pris i alt,belob ekskl moms,sum,\
        yhteensa,rivisumma,veroton,veroton yhteensa,yhteensa alv 0,yhteensa euroa,summa eur,celkem bez dph,cena celkem,cena bez dph,castka,castka celkem,celkem kc,celkem czk,celkem s dph,\
        amount aud,amount usd,amount gbp,amount eur,amount chf,amount ex gst,total ex gst,total ex vat,amount ex vat,ext price,extended amount,ext amount,line value,\
        bedrag montant,montant bedrag,montant htva,total htva,bedrag excl btw,totaal excl,betrag chf,total chf,value,charge,charges",
    ),
    (Column::Position, "rad,rivi,radnr,linje,pol,lp"),
    (
        Column::Other,
        "paivays,laskun paivamaara,paivamaara,pvm,dato,fakturadatum,datum vystaveni,dag,day,invoice date,disc,disc %,rab,rab %,nachlass,nachlass %,krt,krt %,korting,ale,ale %,alennus,alennus %,sleva,sleva %,artikelnr,art,artnr,varenr,varenummer,tuotenro,tuotekoodi,tuotenumero,kod,kat c,art no,artikelnummer",
    ),
];
