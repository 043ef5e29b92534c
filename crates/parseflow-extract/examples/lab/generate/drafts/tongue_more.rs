//! More countries: Ireland, Canada, Belgium, Mexico, Brazil, Norway and Finland.

use super::tongue::{AU, ES, FR, PT, SE, Tongue, UK};

pub(super) const MORE: &[Tongue] = &[IE, CA, BE, MX, BR, NO, FI];

const IE: Tongue = Tongue {
    code: "ie",
    currency: ["€", "EUR"],
    companies: "Ballycroy Joinery Ltd|Corrib Stationers Limited|Hanlon Bros. DAC|Liffey Legal LLP",
    people: "Ms Roisin Tierney|Mr Cathal Hanlon|Deirdre Keane|Mr Piotr Zawadzki",
    streets: "8 Abbey Terrace|Main Street|Unit 12, Oranmore Business Park",
    towns: "Westport F28 XK70|Galway H91 E2K5|Dublin 8 D08 A3C7",
    iban: "IEkkSLVE##############",
    spent: "POS CENTRA WESTPORT|D/D BORD GAIS|365 ONLINE TO R KEANE|ATM OCONNELL ST|FEE-QTR",
    received: "SEPA CREDIT HANLON BROS|LODGEMENT 900211|CHILD BENEFIT",
    ..UK
};

const CA: Tongue = Tongue {
    code: "ca",
    currency: ["$", "CAD"],
    days: "{M} {d}, {yyyy}|{yyyy}-{mm}-{dd}",
    companies: "Okanagan Cold Storage Ltd.|Trillium Office Interiors Inc.|Harbour Grace Fisheries Ltd.|Prairie Wind Farms Corp.",
    people: "Jocelyn Tremblay-Ross|Harpreet Gill|Donald MacIsaac|Amelie Fontaine",
    streets: "1407 Lakeshore Rd|202-88 Portage Ave|RR 2",
    towns: "Kelowna BC V1Y 4N7|Winnipeg MB R3C 1A5|Antigonish NS B2G 2L2",
    spent: "POINT OF SALE LOBLAWS|PREAUTHORIZED DEBIT HYDRO ONE|E-TRANSFER SENT J ROSS|MONTHLY FEE|TIM HORTONS",
    received: "PAYROLL DEPOSIT OKANAGAN|E-TRANSFER RECEIVED|CANADA CHILD BENEFIT",
    ..AU
};

const BE: Tongue = Tongue {
    code: "be",
    companies: "Brasserie du Condroz SA|Menuiserie Lambert SRL|Imprimerie Delvaux SPRL",
    people: "Mme Nathalie Delcourt|M. Olivier Vanderstraeten|Samira Benali",
    streets: "Rue du Moulin 17|Chaussée de Namur 204 bte 3",
    towns: "5000 Namur|4500 Huy|1300 Wavre",
    iban: "BEkk############",
    spent: "Paiement Bancontact COLRUYT|Domiciliation ORES|Virement loyer|Retrait Self|Frais de gestion",
    received: "Salaire Menuiserie Lambert|Allocations familiales|Versement O. Vander",
    ..FR
};

const MX: Tongue = Tongue {
    code: "mx",
    marks: (",", '.'),
    currency: ["$", "MXN"],
    is_before: true,
    companies: "Ferretera del Bajío S.A. de C.V.|Empaques Sonora S. de R.L.|Clínica Santa Lucía S.C.",
    people: "Guadalupe Ontiveros Ríos|Ing. Ramiro Cantú|Verónica Salas",
    streets: "Av. Insurgentes 1402, Col. Centro|Calle 5 de Febrero 88",
    towns: "37000 León, Gto.|83000 Hermosillo, Son.",
    iban: "",
    spent: "SPEI ENVIADO RENTA|COMPRA OXXO LEON|DOMICILIACION CFE|RETIRO CAJERO 2231|COMISION",
    received: "NOMINA EMPAQUES|SPEI RECIBIDO R CANTU|DEPOSITO EFECTIVO",
    ..ES
};

const BR: Tongue = Tongue {
    code: "br",
    currency: ["R$", "BRL"],
    is_before: true,
    days: "{dd}/{mm}/{yyyy}|{d} de {M} de {yyyy}",
    companies: "Padaria Monte Azul Ltda.|Metalúrgica Tietê S.A.|Transportes Guaíba Ltda. ME",
    people: "Renata de Souza Prado|Carlos Eduardo Nogueira|Luana Ferraz",
    streets: "Rua XV de Novembro, 310|Av. Goiás, 1200, sala 4",
    towns: "13560-240 São Carlos SP|90010-150 Porto Alegre RS",
    iban: "",
    spent: "PIX ENVIADO SUPERMERCADO|PAGTO BOLETO ALUGUEL|DEB AUTOM CPFL|TARIFA PACOTE|COMPRA CARTAO POSTO",
    received: "PIX RECEBIDO LUANA|CREDITO SALARIO|TED RECEBIDA",
    ..PT
};

const NO: Tongue = Tongue {
    code: "no",
    months: "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember",
    days: "{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}",
    currency: ["kr", "NOK"],
    companies: "Sognefjord Bygg AS|Rørlegger Haugen AS|Tromsø Regnskap AS",
    people: "Ingrid Haugland|Lars Øyen|Mohammed Warsame",
    streets: "Fjordgata 5|Industriveien 22",
    towns: "6856 Sogndal|9008 Tromsø",
    iban: "NOkk###########",
    spent: "Varekjøp Rema 1000|Avtalegiro Fjordkraft|Husleie overføring|Minibank|Vipps til Lars",
    received: "Lønn Sognefjord Bygg|Vipps fra Ingrid|Barnetrygd",
    ..SE
};

const FI: Tongue = Tongue {
    code: "fi",
    months: "tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta",
    days: "{dd}.{mm}.{yyyy}",
    currency: ["€", "EUR"],
    companies: "Saimaan Puutyö Oy|Kotikulman Siivous Oy|Oulun Terästekniikka Oyj",
    people: "Päivi Koskinen|Juha-Matti Lehto|Olga Sokolova",
    streets: "Kauppakatu 3 A 5|Satamatie 11",
    towns: "53100 Lappeenranta|90100 Oulu",
    iban: "FIkk##############",
    spent: "Korttiosto Prisma Oulu|Suoramaksu Caruna|Vuokra Sato|Käteisnosto Otto|Palvelumaksu",
    received: "Palkka Saimaan Puutyö|MobilePay Juha|Lapsilisä Kela",
    ..SE
};
