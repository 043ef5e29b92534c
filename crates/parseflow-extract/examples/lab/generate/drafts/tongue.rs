//! Names, places, days and money of the countries whose papers are drafted.

use super::tongue_more::MORE;

/// What a country's papers print. Lists are separated by `|`.
pub(super) struct Tongue {
    pub(super) code: &'static str,
    pub(super) months: &'static str,
    pub(super) days: &'static str,
    /// Group and decimal marks.
    pub(super) marks: (&'static str, char),
    /// Sign and code; the sign stands in front where `is_before`.
    pub(super) currency: [&'static str; 2],
    pub(super) is_before: bool,
    pub(super) companies: &'static str,
    pub(super) people: &'static str,
    pub(super) streets: &'static str,
    pub(super) towns: &'static str,
    pub(super) iban: &'static str,
    pub(super) spent: &'static str,
    pub(super) received: &'static str,
}

const ENGLISH: &str =
    "January|February|March|April|May|June|July|August|September|October|November|December";
const GERMAN: &str =
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember";
const FRENCH: &str =
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre";

/// The country of a code.
pub(super) fn tongue(code: &str) -> &'static Tongue {
    TONGUES
        .iter()
        .chain(MORE)
        .find(|tongue| tongue.code == code)
        .expect("templates name known countries")
}

pub(super) const UK: Tongue = Tongue {
    code: "uk",
    months: ENGLISH,
    days: "{d} {M} {yyyy}|{dd}/{mm}/{yyyy}|{dd} {A} {yyyy}",
    marks: (",", '.'),
    currency: ["£", "GBP"],
    is_before: true,
    companies: "Thornbury Fixings Ltd|Calder & Moss Limited|Pennine Catering Supplies Ltd|Ashgrove Dental Practice|Kestrel Freight plc|Wrenfield Borough Council",
    people: "Mr Oliver Pemberton|Mrs Sunita Kapoor|Dr Niamh Gallagher|Ms Charlotte Iveson|Mr Tomasz Baran|Miss Abigail Okafor",
    streets: "27 Quarry Bank|Unit 4, Larkfield Trading Estate|112 St Anne's Road|The Old Maltings, 3 Weir Lane",
    towns: "Skipton BD23 1QP|Exeter EX4 6TB|Stockport SK3 8LR|Norwich NR2 4HD",
    iban: "GBkkKSTL60############",
    spent: "CARD PAYMENT TO SAINSBURYS S/MKT|DIRECT DEBIT THAMES WATER|BILL PAYMENT TO J COOPER|CASH WITHDRAWAL AT NOTEMACHINE|STANDING ORDER HALIFAX MORTGAGE|VIS GREGGS SKIPTON|DD COUNCIL TAX",
    received: "BANK CREDIT PAYROLL MAY|FASTER PAYMENTS RECEIPT REF RENT|CHEQUE PAID IN AT BRANCH|CREDIT INTEREST",
};

pub(super) const US: Tongue = Tongue {
    code: "us",
    months: ENGLISH,
    days: "{mm}/{dd}/{yyyy}|{M} {d}, {yyyy}|{A} {d}, {yyyy}",
    marks: (",", '.'),
    currency: ["$", "USD"],
    is_before: true,
    companies: "Blue Mesa Outfitters Inc.|Redwood Paper Co.|Lakeshore Orthopedics LLC|Harlan County Water District|Summit Ridge Software, Inc.|Carolina Gear Works LLC",
    people: "Margaret Hollis|Dwayne Pickett|Consuelo Ramirez|Jason T. Nguyen|Ruth Abernathy|Kyle Brandvold",
    streets: "4180 Cedar Hollow Rd|77 W Jefferson St, Apt 9C|1200 Industrial Pkwy, Suite 300|PO Box 5512",
    towns: "Boise, ID 83702|Chattanooga, TN 37402|Duluth, MN 55802|Tempe, AZ 85281",
    iban: "",
    spent: "PURCHASE AUTHORIZED ON 05/03 KROGER #0417|ACH DEBIT DUKE ENERGY BILLPAY|CHECKCARD 0512 CHEVRON|ZELLE PAYMENT TO MOM|ATM WITHDRAWAL 5TH AVE|NETFLIX.COM RECURRING|ONLINE TRANSFER TO SAV",
    received: "DIRECT DEP ACME CORP PAYROLL|MOBILE CHECK DEPOSIT|ZELLE FROM T PARKER|INTEREST PAYMENT",
};

pub(super) const AU: Tongue = Tongue {
    code: "au",
    days: "{d} {M} {yyyy}|{dd} {A} {yyyy}|{dd}/{mm}/{yyyy}",
    companies: "Wattle Creek Produce Pty Ltd|Southern Cross Scaffolding Pty Ltd|Billabong Bay Medical Centre|Jarrah & Sons Pty Ltd",
    people: "Matthew Dunstan|Kirra Walsh|Thi Lan Pham|Bruce McAllister",
    streets: "18 Banksia Crescent|Shop 6, 240 Pacific Hwy|Level 9, 55 Eagle Street",
    towns: "GEELONG VIC 3220|Toowoomba QLD 4350|FREMANTLE WA 6160",
    spent: "EFTPOS WOOLWORTHS 3317 GEELONG|BPAY ORIGIN ENERGY|VISA DEBIT PURCHASE BUNNINGS|OSKO PAYMENT TO L PHAM|ACCOUNT SERVICE FEE",
    received: "SALARY CRESTLINE PTY|OSKO DEPOSIT K WALSH|MEDICARE BENEFIT|INTEREST CREDITED",
    currency: ["$", "AUD"],
    ..US
};

const IN: Tongue = Tongue {
    code: "in",
    days: "{dd}/{mm}/{yyyy}|{dd}-{A}-{yyyy}|{dd}-{mm}-{yyyy}",
    companies: "Sahyadri Polymers Pvt. Ltd.|Vaigai Textiles Private Limited|Gomti Infotech Ltd|Nilgiri Agro Exports LLP",
    people: "Mr. Arvind Krishnamurthy|Smt. Lakshmi Devi|Rohan Deshpande|Ms. Farzana Sheikh",
    streets: "Plot 42, MIDC Phase II|12/3 Gandhi Nagar Main Road|B-704, Lotus Heights",
    towns: "Pune 411019|Madurai 625001|Lucknow - 226010",
    spent: "UPI/412288/BIGBASKET/Payment|NEFT DR-HDFC-RENT|ATM WDL SEC 18|ACH D- LIC OF INDIA|POS 4321XX AMAZON PAY|IMPS/P2A/RAMESH",
    received: "NEFT CR-SAHYADRI-SALARY|UPI/CR/PRIYA/dinner|INT.PD SAVINGS|CASH DEP SELF",
    currency: ["Rs.", "INR"],
    ..UK
};

const DE: Tongue = Tongue {
    code: "de",
    months: GERMAN,
    days: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}",
    marks: (".", ','),
    currency: ["€", "EUR"],
    is_before: false,
    companies: "Ostertal Maschinenbau GmbH|Kanzlei Brecht & Partner mbB|Heidekraut Naturkost GmbH & Co. KG|Stadtwerke Salzbrunn GmbH|Praxis Dr. med. Wendlandt|Mertens Bau AG",
    people: "Frau Dagmar Kessler|Herr Yusuf Aydin|Dr. Friedrich Lauterbach|Saskia von Thüngen|Marek Nowotny|Frau Ilse Bruckner",
    streets: "Kirchgasse 11|An der Mühle 4a|Rosa-Luxemburg-Straße 88|Gewerbepark Süd 2",
    towns: "38640 Goslar|99084 Erfurt|24937 Flensburg|87435 Kempten",
    iban: "DEkk##################",
    spent: "EDEKA Center Goslar//DE Kartenzahlung|SEPA-Basislastschrift Telefonica|Dauerauftrag Miete Whg 3|PayPal Europe Ihr Einkauf|Auszahlung Geldautomat|Kfz-Steuer Bundeskasse|Spotify Lastschrift",
    received: "Gehalt Ostertal Maschinenbau|Kindergeld Familienkasse Nord|Überweisung von S. Thüngen|Retoure Zalando Gutschrift",
};

const AT: Tongue = Tongue {
    code: "at",
    companies: "Almblick Tourismus GmbH|Donauauen Energie AG|Ing. Pichler Installationen e.U.|Kärntner Holzwerke GmbH",
    people: "Mag. Theresa Holzinger|Herr Johann Gruber|Dipl.-Ing. Wolfgang Steiner|Frau Katharina Reiter",
    streets: "Hauptplatz 6/2|Mariahilfer Straße 140/Top 9|Seestraße 21",
    towns: "4020 Linz|1070 Wien|9500 Villach",
    iban: "ATkk################",
    spent: "BILLA DANKT 2231 VILLACH|Bezahlung Karte OMV Tankstelle|Einzug Wien Energie|Überweisung Miete|Abhebung Automat|A1 Telekom Rechnung",
    received: "Gehalt Holzwerke|Überweisung Gutschrift Finanzamt|Pension PVA|Gutschrift Familienbeihilfe",
    ..DE
};

const CH: Tongue = Tongue {
    code: "ch",
    marks: ("'", '.'),
    currency: ["Fr.", "CHF"],
    is_before: true,
    companies: "Rütli Präzision AG|Bäckerei Zgraggen GmbH|Seeland Treuhand AG|Kantonsspital Oberaargau",
    people: "Regula Ammann|Urs Zurbriggen|Claudio Bernasconi|Frau Vreni Schärli",
    streets: "Bahnhofstrasse 3|Postfach 212|Im Grüt 19",
    towns: "4900 Langenthal|8640 Rapperswil|3900 Brig",
    iban: "CHkk#################",
    spent: "TWINT Zahlung Coop Pronto|LSV Swisscom|Einkauf Migros MM Brig|Bancomat Bezug UBS|Dauerauftrag Miete Wohnung|Zahlung Krankenkasse Helsana|eBill Serafe AG",
    received: "Salär Rütli Präzision|Gutschrift Ammann Regula|Vergütung AHV|Zins",
    ..DE
};

pub(super) const FR: Tongue = Tongue {
    code: "fr",
    months: FRENCH,
    days: "{dd}/{mm}/{yyyy}|{d} {M} {yyyy}",
    marks: (" ", ','),
    currency: ["€", "EUR"],
    is_before: false,
    companies: "Ateliers Brécourt SAS|SARL Les Jardins d'Olt|Clinique Saint-Vincent|Transports Guillemot SA|Mairie de Valmorin|Boulangerie Pons et Fils",
    people: "Mme Aurélie Castanet|M. Julien Le Bihan|Mme Fatou Diallo|Monsieur Bernard Teyssier|Mlle Inès Benhamou",
    streets: "14 rue de la Fontaine|ZA des Peupliers|203 boulevard Carnot|5 impasse du Lavoir",
    towns: "12000 Rodez|29200 Brest|59800 Lille|64100 Bayonne",
    iban: "FRkk#######################",
    spent: "PAIEMENT CB CARREFOUR MARKET|PRELEVEMENT ENGIE|VIREMENT EMIS LOYER|RETRAIT DAB 22H14|COTISATION CONVENTION|CHEQUE 0091822|PRLVT SEPA MAIF",
    received: "VIREMENT RECU BRECOURT SALAIRE|VIR CAF DE L AVEYRON|REMISE CHEQUE|VIR INST M LE BIHAN",
};

pub(super) const ES: Tongue = Tongue {
    code: "es",
    months: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    days: "{dd}/{mm}/{yyyy}|{d} de {M} de {yyyy}|{dd}-{mm}-{yyyy}",
    marks: (".", ','),
    currency: ["€", "EUR"],
    is_before: false,
    companies: "Conservas del Cantábrico S.L.|Talleres Ibáñez S.A.|Clínica Dental Arroyo S.L.P.|Ayuntamiento de Peñalta|Logística Guadalmina S.L.",
    people: "Dña. Rocío Valverde Peña|D. Íñigo Larrañaga|Marisol Quintero Ruiz|Joan Ferrer i Puig",
    streets: "Calle del Olmo, 15, 2º B|Polígono Industrial La Vega, nave 7|Avda. de la Constitución, 88",
    towns: "39004 Santander|41018 Sevilla|08002 Barcelona",
    iban: "ESkk####################",
    spent: "COMPRA TARJ. 4940 MERCADONA|RECIBO IBERDROLA CLIENTES|BIZUM A FAVOR DE LUIS|REINTEGRO CAJERO|ADEUDO COMUNIDAD PROPIETARIOS|COMISION MANTENIMIENTO",
    received: "NOMINA TALLERES IBAÑEZ|TRANSFERENCIA DE QUINTERO|BIZUM RECIBIDO|INGRESO EN EFECTIVO",
};

const IT: Tongue = Tongue {
    code: "it",
    months: "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
    days: "{dd}/{mm}/{yyyy}|{d} {M} {yyyy}|{dd}.{mm}.{yyyy}",
    companies: "Officine Gavazzi S.r.l.|Vetreria Lagunare S.p.A.|Studio Medico Bellini|Comune di Montefosco|Trasporti Ferrante S.n.c.",
    people: "Sig.ra Ornella Caputo|Dott. Luca Marchetti|Sig. Salvatore Lo Presti|Chiara Degli Esposti",
    streets: "Via dei Tigli 9|Corso Garibaldi 147|Zona Industriale Est, lotto 3",
    towns: "36100 Vicenza VI|90133 Palermo PA|10121 Torino TO",
    iban: "ITkkX######################",
    spent: "PAGAMENTO POS ESSELUNGA|ADDEBITO SDD ENEL ENERGIA|BONIFICO A FAVORE DI AFFITTO|PRELIEVO BANCOMAT|IMPOSTA DI BOLLO|F24 TELEMATICO",
    received: "EMOLUMENTI OFFICINE GAVAZZI|BONIFICO DA MARCHETTI|VERSAMENTO CONTANTE|ACCREDITO PENSIONE INPS",
    ..ES
};

const NL: Tongue = Tongue {
    code: "nl",
    months: "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    days: "{dd}-{mm}-{yyyy}|{d} {M} {yyyy}",
    marks: (".", ','),
    currency: ["€", "EUR"],
    is_before: true,
    companies: "Kaashandel Oudewater B.V.|Van Rijsbergen Installatie B.V.|Gemeente Zuidermeer|Fysiotherapie De Wilgen|Veenstra Transport N.V.",
    people: "mevr. Annelies Dijkstra|dhr. Bas van der Heijden|Fatima el Amrani|ing. K.J. Postma",
    streets: "Lindelaan 34|Havenweg 120-B|Oude Gracht 7 bis",
    towns: "3421 GX Oudewater|9712 HP Groningen|2611 RE Delft",
    iban: "NLkkBOER0#########",
    spent: "BEA Albert Heijn 1203 Delft|SEPA Incasso Vattenfall|Overboeking huur|Geldautomaat Station|iDEAL bol.com|Zorgverzekering incasso",
    received: "Salaris Veenstra|Tikkie B. Heijden|Toeslagen Belastingdienst|Bijschrijving rente",
};

const PL: Tongue = Tongue {
    code: "pl",
    months: "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
    days: "{dd}.{mm}.{yyyy}|{d} {M} {yyyy} r.|{yyyy}-{mm}-{dd}",
    marks: (" ", ','),
    currency: ["zł", "PLN"],
    is_before: false,
    companies: "Zakłady Mięsne Sobótka S.A.|Budexpol Sp. z o.o.|Przychodnia Zdrowie s.c.|Urząd Gminy Jaworze|Lipski Transport Sp. j.",
    people: "Pani Małgorzata Zielińska|Pan Krzysztof Wójtowicz|Grażyna Śliwa|Adam Brzęczyszczykiewicz",
    streets: "ul. Kościuszki 14/3|al. Wojska Polskiego 77|os. Słoneczne 5",
    towns: "43-384 Jaworze|30-015 Kraków|70-470 Szczecin",
    iban: "PLkk########################",
    spent: "Płatność kartą BIEDRONKA 4471|Polecenie zapłaty PGE Obrót|Przelew wychodzący czynsz|Wypłata z bankomatu|Opłata za prowadzenie rachunku|BLIK zakup e-commerce",
    received: "Wynagrodzenie Budexpol|Przelew przychodzący od A. Śliwa|Odsetki|Świadczenie 800 plus",
};

pub(super) const PT: Tongue = Tongue {
    code: "pt",
    months: "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
    days: "{dd}/{mm}/{yyyy}|{d} de {M} de {yyyy}|{dd}-{mm}-{yyyy}|{yyyy}-{mm}-{dd}",
    marks: (".", ','),
    currency: ["€", "EUR"],
    is_before: false,
    companies: "Cerâmica do Vouga, Lda.|Adega Monte Novo S.A.|Clínica Santa Iria, Lda.|Câmara Municipal de Vale Claro",
    people: "Maria da Conceição Rebelo|Sr. Tiago Fonseca|Dra. Helena Quintas|Rui Miguel Patrão",
    streets: "Rua das Amoreiras, 22, 3.º Esq.|Estrada Nacional 109, km 14|Largo do Rossio, 1",
    towns: "3810-193 Aveiro|7000-645 Évora|1250-020 Lisboa",
    iban: "PTkk#####################",
    spent: "COMPRA PINGO DOCE AVEIRO|DD EDP COMERCIAL|TRF P/ RENDA CASA|LEVANTAMENTO MULTIBANCO|MBWAY ENVIADO|COMISSAO MANUT CONTA",
    received: "TRF ORDENADO CERAMICA VOUGA|TRF DE TIAGO FONSECA|DEPOSITO NUMERARIO|REEMBOLSO IRS",
};

pub(super) const SE: Tongue = Tongue {
    code: "se",
    months: "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
    days: "{yyyy}-{mm}-{dd}|{d} {M} {yyyy}",
    marks: (" ", ','),
    currency: ["kr", "SEK"],
    is_before: false,
    companies: "Norrskens Bygg AB|Vätterbygdens Tandvård AB|Hälsinge Skog & Trä AB|Tallåsens kommun",
    people: "Åsa Lindqvist|Per-Olof Hägglund|Amina Hassan|Björn Sjöström",
    streets: "Storgatan 14|Industrivägen 3 B|Björkallén 27 lgh 1102",
    towns: "551 11 Jönköping|824 34 Hudiksvall|118 60 Stockholm",
    iban: "SEkk####################",
    spent: "Kortköp ICA MAXI JÖNKÖPING|Autogiro Vattenfall|Överföring hyra|Swish skickad Björn|Bankomat uttag|Bg-bet. Telia",
    received: "Lön Norrskens Bygg|Swish mottagen Åsa L|Barnbidrag Försäkringskassan|Insättning",
};

const DK: Tongue = Tongue {
    code: "dk",
    months: "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december",
    days: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}|{dd}-{mm}-{yyyy}",
    marks: (".", ','),
    currency: ["kr.", "DKK"],
    companies: "Limfjordens Fisk ApS|Tømrerfirma Kjær A/S|Vestby Kommune|Grøn Have ApS",
    people: "Mette Kjærgaard|Søren Bøgh|Aisha Yilmaz|Ole Damgaard",
    streets: "Havnegade 9, 2. tv.|Industrivej 41|Æblehaven 3",
    towns: "9000 Aalborg|4600 Køge|7100 Vejle",
    iban: "DKkk##############",
    spent: "Dankort Netto Vejle|PBS Norlys|Overførsel husleje|MobilePay sendt|Gebyr",
    received: "Lønoverførsel|MobilePay modtaget|Børne- og ungeydelse",
    ..SE
};

const CZ: Tongue = Tongue {
    code: "cz",
    months: "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
    days: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}",
    marks: (" ", ','),
    currency: ["Kč", "CZK"],
    companies: "Pekárna Rokyta s.r.o.|Kovo Vysočina a.s.|Město Bystrov|Elektro Havel s.r.o.",
    people: "Ing. Jana Procházková|Pavel Doležal|Tereza Šimková|Zdeněk Kříž",
    streets: "Nádražní 18|Na Příkopě 7|Lipová 442/9",
    towns: "586 01 Jihlava|110 00 Praha 1|602 00 Brno",
    iban: "CZkk####################",
    spent: "Platba kartou Kaufland|Inkaso ČEZ|Trvalý příkaz nájem|Výběr bankomat|Poplatek",
    received: "Mzda Kovo Vysočina|Příchozí úhrada|Vklad hotovosti",
    ..SE
};

const TONGUES: [Tongue; 16] = [UK, US, AU, IN, DE, AT, CH, FR, ES, IT, NL, PL, PT, SE, DK, CZ];
