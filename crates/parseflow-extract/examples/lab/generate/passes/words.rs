//! States, their people and the wordings of their papers.

/// Printed surname and given names, and both as the machine-readable zone writes them.
pub(super) type Person = [&'static str; 4];

pub(super) struct State {
    /// As a machine-readable zone names it.
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) nationality: &'static str,
    pub(super) people: &'static [Person],
    pub(super) towns: &'static str,
    /// The shape of a number: `A` a letter, `#` a digit.
    pub(super) number: &'static str,
    pub(super) days: &'static str,
    pub(super) tongue: &'static Tongue,
}

pub(super) struct Tongue {
    pub(super) months: &'static str,
    pub(super) passport: &'static str,
    pub(super) card: &'static str,
    pub(super) licence: &'static str,
    pub(super) permit: &'static str,
    pub(super) surname: &'static str,
    pub(super) given: &'static str,
    pub(super) nationality: &'static str,
    pub(super) born: &'static str,
    pub(super) place: &'static str,
    pub(super) sex: &'static str,
    pub(super) issued: &'static str,
    pub(super) expires: &'static str,
    pub(super) number: &'static str,
    pub(super) authority: &'static str,
}

pub(super) const ENGLISH: Tongue = Tongue {
    months: "January|February|March|April|May|June|July|August|September|October|November|December",
    passport: "PASSPORT",
    card: "IDENTITY CARD|NATIONAL IDENTITY CARD|PASSPORT CARD",
    licence: "DRIVING LICENCE|DRIVER LICENCE",
    permit: "RESIDENCE PERMIT|RESIDENCE CARD",
    surname: "Surname|Last name|Family name|Surname/Name",
    given: "Given names|First names|Forename(s)|Given name(s)",
    nationality: "Nationality|Citizenship",
    born: "Date of birth|Born|DOB|Birth date",
    place: "Place of birth|Birthplace",
    sex: "Sex|Gender",
    issued: "Date of issue|Issued",
    expires: "Date of expiry|Expires|Valid until|Expiry date|Expiration date",
    number: "Passport No.|Document number|Card no.|Document No|Number",
    authority: "Authority|Issuing authority",
};

const GERMAN: Tongue = Tongue {
    months: "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    passport: "REISEPASS",
    card: "PERSONALAUSWEIS|IDENTITÄTSKARTE",
    licence: "FÜHRERSCHEIN|FÜHRERAUSWEIS",
    permit: "AUFENTHALTSTITEL|AUFENTHALTSERLAUBNIS",
    surname: "Name|Familienname|Nachname",
    given: "Vornamen|Vorname|Vorname(n)",
    nationality: "Staatsangehörigkeit|Nationalität",
    born: "Geburtsdatum|Geburtstag|Geboren am",
    place: "Geburtsort",
    sex: "Geschlecht",
    issued: "Ausstellungsdatum|Ausgestellt am",
    expires: "Gültig bis|Ablaufdatum|Gültigkeitsdauer",
    number: "Ausweisnummer|Pass-Nr.|Dokumentennummer|Nr.",
    authority: "Behörde|Ausstellende Behörde",
};

const FRENCH: Tongue = Tongue {
    months: "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    passport: "PASSEPORT",
    card: "CARTE NATIONALE D'IDENTITÉ|CARTE D'IDENTITÉ",
    licence: "PERMIS DE CONDUIRE",
    permit: "TITRE DE SÉJOUR|CARTE DE SÉJOUR",
    surname: "Nom|NOM|Nom de famille",
    given: "Prénoms|Prénom(s)|Prénom",
    nationality: "Nationalité",
    born: "Date de naissance|Né(e) le|Date de naiss.",
    place: "Lieu de naissance",
    sex: "Sexe",
    issued: "Date de délivrance|Délivré le",
    expires: "Date d'expiration|Valable jusqu'au|Expire le|Date d'expir.",
    number: "N° du document|Passeport n°|Numéro de carte|Carte n°",
    authority: "Autorité",
};

const SPANISH: Tongue = Tongue {
    months: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    passport: "PASAPORTE",
    card: "DOCUMENTO NACIONAL DE IDENTIDAD|CÉDULA DE IDENTIDAD",
    licence: "PERMISO DE CONDUCCIÓN|LICENCIA DE CONDUCIR",
    permit: "PERMISO DE RESIDENCIA",
    surname: "Apellidos|Primer apellido|Apellido(s)",
    given: "Nombre|Nombres|Nombre(s)",
    nationality: "Nacionalidad",
    born: "Fecha de nacimiento|Nacido el|F. nacimiento",
    place: "Lugar de nacimiento",
    sex: "Sexo",
    issued: "Fecha de expedición|Expedido",
    expires: "Fecha de caducidad|Válido hasta|Validez|Fecha de vencimiento",
    number: "Pasaporte n.º|Núm. soporte|Número de documento|Documento n.º",
    authority: "Autoridad",
};

const ITALIAN: Tongue = Tongue {
    months: "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
    passport: "PASSAPORTO",
    card: "CARTA DI IDENTITÀ|CARTA D'IDENTITÀ",
    licence: "PATENTE DI GUIDA",
    permit: "PERMESSO DI SOGGIORNO",
    surname: "Cognome",
    given: "Nome|Nomi",
    nationality: "Cittadinanza|Nazionalità",
    born: "Data di nascita|Nato il|Nata/o il",
    place: "Luogo di nascita",
    sex: "Sesso",
    issued: "Data di rilascio|Emissione",
    expires: "Data di scadenza|Scadenza|Valida fino al",
    number: "Passaporto n.|Numero documento|Documento n.|Carta n.",
    authority: "Autorità",
};

const DUTCH: Tongue = Tongue {
    months: "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    passport: "PASPOORT",
    card: "IDENTITEITSKAART",
    licence: "RIJBEWIJS",
    permit: "VERBLIJFSVERGUNNING|VERBLIJFSTITEL",
    surname: "Naam|Achternaam|Geslachtsnaam",
    given: "Voornamen|Voornaam",
    nationality: "Nationaliteit",
    born: "Geboortedatum|Geboren op",
    place: "Geboorteplaats",
    sex: "Geslacht",
    issued: "Datum van afgifte|Afgegeven",
    expires: "Geldig tot|Vervaldatum|Datum geldig tot",
    number: "Documentnummer|Kaartnummer|Paspoortnr.",
    authority: "Autoriteit",
};

const POLISH: Tongue = Tongue {
    months: "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
    passport: "PASZPORT",
    card: "DOWÓD OSOBISTY",
    licence: "PRAWO JAZDY",
    permit: "KARTA POBYTU|ZEZWOLENIE NA POBYT",
    surname: "Nazwisko",
    given: "Imiona|Imię (imiona)|Imię",
    nationality: "Obywatelstwo",
    born: "Data urodzenia",
    place: "Miejsce urodzenia",
    sex: "Płeć",
    issued: "Data wydania",
    expires: "Data ważności|Termin ważności|Data upływu ważności",
    number: "Numer dokumentu|Nr dokumentu|Numer paszportu",
    authority: "Organ wydający",
};

const PORTUGUESE: Tongue = Tongue {
    months: "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
    passport: "PASSAPORTE",
    card: "CARTÃO DE CIDADÃO|BILHETE DE IDENTIDADE",
    licence: "CARTA DE CONDUÇÃO",
    permit: "TÍTULO DE RESIDÊNCIA|AUTORIZAÇÃO DE RESIDÊNCIA",
    surname: "Apelido(s)|Apelidos|Sobrenome",
    given: "Nome(s)|Nomes próprios|Nome próprio",
    nationality: "Nacionalidade",
    born: "Data de nascimento|Data de nasc.",
    place: "Local de nascimento|Naturalidade",
    sex: "Sexo",
    issued: "Data de emissão",
    expires: "Data de validade|Válido até|Validade",
    number: "N.º do documento|Passaporte n.º|N.º documento",
    authority: "Autoridade",
};

const fn state(
    names: [&'static str; 4],
    people: &'static [Person],
    number: &'static str,
    days: &'static str,
    tongue: &'static Tongue,
) -> State {
    let [code, name, nationality, towns] = names;
    State { code, name, nationality, people, towns, number, days, tongue }
}

pub(super) const STATES: &[State] = &[
    state(
        [
            "GBR",
            "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND",
            "BRITISH CITIZEN",
            "LEEDS|ABERDEEN",
        ],
        &[
            ["HARTLEY-BROWN", "IMOGEN MARY", "HARTLEY<BROWN", "IMOGEN<MARY"],
            ["O'CONNOR", "DECLAN", "OCONNOR", "DECLAN"],
        ],
        "#########",
        "{dd} {A} {yyyy}|{dd} {A} /{E} {yy}",
        &ENGLISH,
    ),
    state(
        ["D", "BUNDESREPUBLIK DEUTSCHLAND", "DEUTSCH", "MÜNCHEN|GÖTTINGEN"],
        &[
            ["MÜLLER-LÜDENSCHEIDT", "JÖRG WALTER", "MUELLER<LUEDENSCHEIDT", "JOERG<WALTER"],
            ["GROß", "ANNE SOPHIE", "GROSS", "ANNE<SOPHIE"],
            ["VON DER MARWITZ", "KARL", "VON<DER<MARWITZ", "KARL"],
        ],
        "A##AA####",
        "{dd}.{mm}.{yyyy}",
        &GERMAN,
    ),
    state(
        ["AUT", "REPUBLIK ÖSTERREICH", "ÖSTERREICH", "GRAZ|WIEN"],
        &[["HÖLZL", "THERESA", "HOELZL", "THERESA"]],
        "A#######",
        "{dd}.{mm}.{yyyy}|{dd} {A}/{E} {yyyy}",
        &GERMAN,
    ),
    state(
        ["FRA", "RÉPUBLIQUE FRANÇAISE", "Française", "BÉZIERS|NANTES"],
        &[
            ["LEFÈVRE", "ZOÉ, CHLOÉ, ANAÏS", "LEFEVRE", "ZOE<CHLOE<ANAIS"],
            ["D'ESTRÉES", "FRANÇOIS", "DESTREES", "FRANCOIS"],
        ],
        "##AA#####",
        "{dd} {mm} {yyyy}|{dd}/{mm}/{yyyy}|{dd}.{mm}.{yyyy}",
        &FRENCH,
    ),
    state(
        ["ESP", "REINO DE ESPAÑA", "ESPAÑOLA", "LUGO|SEVILLA"],
        &[
            ["MUÑOZ IBÁÑEZ", "MARÍA JOSÉ", "MUNOZ<IBANEZ", "MARIA<JOSE"],
            ["DE LA FUENTE GARCÍA", "ÁLVARO", "DE<LA<FUENTE<GARCIA", "ALVARO"],
        ],
        "AAA######",
        "{dd} {mm} {yyyy}|{dd}/{mm}/{yyyy}|{dd}-{mm}-{yyyy}",
        &SPANISH,
    ),
    state(
        ["ITA", "REPUBBLICA ITALIANA", "ITALIANA", "ROVIGO|BARI"],
        &[
            ["D'AGOSTINO", "NICOLÒ", "DAGOSTINO", "NICOLO"],
            ["LO RUSSO", "ANNA RITA", "LO<RUSSO", "ANNA<RITA"],
        ],
        "AA#####AA",
        "{dd}.{mm}.{yyyy}|{dd} {A}/{E} {yyyy}|{dd}/{mm}/{yyyy}",
        &ITALIAN,
    ),
    state(
        ["NLD", "KONINKRIJK DER NEDERLANDEN", "Nederlandse", "ZWOLLE|BREDA"],
        &[
            ["VAN 'T VELD", "SANNE ELISABETH", "VAN<T<VELD", "SANNE<ELISABETH"],
            ["DE BRUIJN", "WILLEKE", "DE<BRUIJN", "WILLEKE"],
        ],
        "AA#A##A##",
        "{dd} {A}/{E} {yyyy}|{dd}-{mm}-{yyyy}|{dd} {M} {yyyy}",
        &DUTCH,
    ),
    state(
        ["BEL", "ROYAUME DE BELGIQUE", "Belge", "NAMUR|LIÈGE"],
        &[["PEETERS", "ÉLISE JOËLLE", "PEETERS", "ELISE<JOELLE"]],
        "############",
        "{dd} {A} {yyyy}|{dd}.{mm}.{yyyy}",
        &FRENCH,
    ),
    state(
        ["POL", "RZECZPOSPOLITA POLSKA", "POLSKIE", "ŁÓDŹ|GDAŃSK"],
        &[
            ["WIŚNIEWSKA-ŻÓŁĆ", "AGNIESZKA", "WISNIEWSKA<ZOLC", "AGNIESZKA"],
            ["ŚWIĄTEK", "MICHAŁ JAN", "SWIATEK", "MICHAL<JAN"],
        ],
        "AAA######",
        "{dd}.{mm}.{yyyy}|{yyyy}-{mm}-{dd}",
        &POLISH,
    ),
    state(
        ["PRT", "REPÚBLICA PORTUGUESA", "PORTUGUESA", "ÉVORA|BRAGA"],
        &[["SIMÕES DA CONCEIÇÃO", "TOMÁS", "SIMOES<DA<CONCEICAO", "TOMAS"]],
        "AA######",
        "{dd} {mm} {yyyy}|{dd}/{mm}/{yyyy}|{dd}-{mm}-{yyyy}",
        &PORTUGUESE,
    ),
    state(
        ["CHE", "SCHWEIZERISCHE EIDGENOSSENSCHAFT", "Schweiz", "ZÜRICH|CHUR"],
        &[["NÄGELI", "URS BEAT", "NAEGELI", "URS<BEAT"]],
        "A#######",
        "{dd}.{mm}.{yyyy}|{dd} {mm} {yy}",
        &GERMAN,
    ),
    state(
        ["IRL", "ÉIRE IRELAND", "ÉIREANNACH / IRISH", "CORK|SLIGO"],
        &[["NÍ DHOMHNAILL", "SINÉAD", "NI<DHOMHNAILL", "SINEAD"]],
        "AA#######",
        "{dd} {A} {yyyy}|{dd}/{mm}/{yyyy}",
        &ENGLISH,
    ),
];

/// Where those come from who hold a permit of another state: nationality and person.
pub(super) const GUESTS: &[(&str, Person)] = &[
    ("IND", ["CHAKRABORTY", "ANANYA", "CHAKRABORTY", "ANANYA"]),
    ("BRA", ["FERREIRA DE SOUZA", "JOÃO PEDRO", "FERREIRA<DE<SOUZA", "JOAO<PEDRO"]),
    ("VNM", ["NGUYEN", "THI MAI", "NGUYEN", "THI<MAI"]),
    ("USA", ["WASHINGTON", "CALVIN JR", "WASHINGTON", "CALVIN<JR"]),
    ("SEN", ["N'DIAYE", "AÏSSATOU", "NDIAYE", "AISSATOU"]),
];
