//! German, Dutch and Polish.

use super::{Form, Tongue};

pub(super) const GERMAN: Tongue = Tongue {
    months: "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    days: "{d}. {M} {yyyy}|{dd}.{mm}.{yyyy}|{d}. {M} {yyyy}",
    firms: "Rheintal Werkzeugbau GmbH;Amtsgericht Mannheim, HRB ######|Nordkai Reederei GmbH & Co. KG;Amtsgericht Hamburg, HRA #####|Alpenglanz Molkerei AG;Firmenbuch FN ######a|Dr. Sommerfeld Labor GmbH;HRB #####|Kliniken Ostheide gGmbH;HRB #####|Lichtbogen Energie SE;HRB ######|Tannhof Immobilien UG (haftungsbeschränkt);HRB #####",
    bodies: "Technische Universität Werrastadt;Körperschaft des öffentlichen Rechts|Landkreis Hohenfels;Gebietskörperschaft|Förderverein Kammermusik Weilbach e.V.;VR ####",
    people: "Katharina Lindemann;|Dr. Tobias Ehrlich;|Jana Petersen;|Maximilian von Rotenfels;|Sabine Kühn-Albrecht;",
    seats: "Industriestraße 14, 68169 Mannheim|Am Sandtorkai 5, 20457 Hamburg|Bahnhofplatz 2, 6020 Innsbruck|Lindenallee 88, 04109 Leipzig|Kirchgasse 7, 8001 Zürich",
    posts: "Geschäftsführer|Prokurist|Vorstand|Leiterin Einkauf",
    forms: &[
        Form {
            title: "Geheimhaltungsvereinbarung",
            roles: ("Informationsgeber", "Informationsempfänger"),
            second: "f b",
            dated: false,
            text: "zwischen / ^{X} / ^{HX} / ^– nachfolgend „{R}“ genannt – / ^und / ^{Z} / ^{HZ} / ^– nachfolgend „{S}“ genannt – / Die Parteien wollen die Möglichkeit einer Zusammenarbeit prüfen.",
        },
        Form {
            title: "Arbeitsvertrag",
            roles: ("Arbeitgeber", "Arbeitnehmer"),
            second: "p",
            dated: false,
            text: "Zwischen der {X}, {HX}, vertreten durch {V} (im Folgenden „Arbeitgeber“), und Frau/Herrn {Z}, wohnhaft {HZ} (im Folgenden „Arbeitnehmer“), wird Folgendes vereinbart:",
        },
        Form {
            title: "Mietvertrag über Gewerberäume",
            roles: ("Vermieter", "Mieter"),
            second: "f p",
            dated: false,
            text: "Vermieter: {X}, {HX} / Mieter: {Z}, {HZ} / Mietobjekt: Halle 3 mit 420 m² Nutzfläche und sechs Stellplätzen",
        },
        Form {
            title: "Vereinbarung zur Auftragsverarbeitung nach Art. 28 DSGVO",
            roles: ("Verantwortlicher", "Auftragsverarbeiter"),
            second: "f",
            dated: false,
            text: "Verantwortlicher :: {X} / Anschrift :: {HX} / Auftragsverarbeiter :: {Z} / Anschrift :: {HZ} / Die Parteien schließen diesen Vertrag zur Erfüllung der gesetzlichen Pflichten.",
        },
        Form {
            title: "Vertraulichkeitserklärung",
            roles: ("Gesellschaft", "Interessent"),
            second: "f",
            dated: true,
            text: "{X}, {HX} / An die {Z} / {HZ} / Mannheim, den {D} / Sehr geehrte Damen und Herren, / die {X} (nachstehend „Gesellschaft“) ist bereit, der {Z} (nachstehend „Interessent“) Unterlagen zu überlassen, wenn diese die folgenden Bedingungen annimmt.",
        },
        Form {
            title: "Kauf- und Abtretungsvertrag über Geschäftsanteile",
            roles: ("Verkäuferin", "Käufer"),
            second: "p f",
            dated: true,
            text: "Am {D} schließen / 1. die {X} mit Sitz in {HX}, {TX} – Verkäuferin – / 2. {Z}, {HZ} – Käufer – / den folgenden Vertrag über die Anteile an der Gartenhof Baumschulen GmbH.",
        },
        Form {
            title: "Nachtrag Nr. 2 zum Dienstleistungsvertrag vom 3. Mai 2018",
            roles: ("Auftragnehmer", "Auftraggeber"),
            second: "f b",
            dated: false,
            text: "Die {X} (Auftragnehmer) und {Z} (Auftraggeber) ändern den genannten Vertrag wie folgt.",
        },
    ],
    starts: &[
        "Dieser Vertrag tritt am {D} in Kraft.",
        "Vertragsbeginn ist der {D}.",
        "Die Vereinbarung gilt ab dem {D}.",
    ],
    later: &[
        "Der Vertrag beginnt am ____________.",
        "Der Vertrag wird wirksam, sobald der Aufsichtsrat zugestimmt hat.",
    ],
    signed: &[
        "Diese Vereinbarung wird mit der letzten Unterschrift wirksam.",
        "Der Vertrag tritt mit Unterzeichnung durch beide Parteien in Kraft.",
    ],
    terms: &[
        "Der Vertrag hat eine Laufzeit von {L}. // Er verlängert sich um jeweils zwölf Monate, wenn er nicht mit einer Frist von drei Monaten gekündigt wird.",
        "Die Vereinbarung wird für die Dauer von {L} geschlossen.",
        "Das Vertragsverhältnis endet nach {L}, ohne dass es einer Kündigung bedarf. // Die Verschwiegenheit gilt fünf Jahre darüber hinaus.",
        "Die Pflichten aus dieser Erklärung enden {L} nach Unterzeichnung.",
        "Der Vertrag ist auf {L} befristet.",
    ],
    until: &["Der Vertrag läuft bis zum {U}.", "Das Verhältnis ist befristet und endet am {U}."],
    endless: &[
        "Der Vertrag läuft auf unbestimmte Zeit und kann mit einer Frist von sechs Monaten gekündigt werden.",
        "Eine Befristung wird nicht vereinbart. // Die Geheimhaltung gilt noch drei Jahre nach dem Ende fort.",
    ],
    units: ["Jahr", "Jahren", "Monat", "Monaten"],
    counts: "einem|zwei|drei|vier|fünf|sechs|sieben|acht|neun|||zwölf",
    laws: &[
        (
            "Es gilt das Recht der Bundesrepublik Deutschland unter Ausschluss des UN-Kaufrechts. // Gerichtsstand ist Leipzig.",
            &["Germany"],
        ),
        ("Auf dieses Vertragsverhältnis findet deutsches Recht Anwendung.", &["Germany"]),
        ("Der Vertrag unterliegt schweizerischem materiellem Recht.", &["Switzerland"]),
        (
            "Anzuwenden ist ausschließlich österreichisches Recht; die Verweisungsnormen bleiben außer Betracht.",
            &["Austria"],
        ),
    ],
    places: &[],
    courts: "Leipzig|Frankfurt am Main|Wien",
    lawless: &[
        "Ausschließlicher Gerichtsstand ist {Q}.",
        "Streitigkeiten entscheidet ein Schiedsgericht mit Sitz in {Q}.",
    ],
    others: &[
        (
            "Gegenstand",
            "Vertrauliche Informationen sind alle nicht öffentlichen Kenntnisse, die eine Seite der anderen zugänglich macht.",
        ),
        (
            "Rückgabe",
            "Unterlagen sind auf Verlangen innerhalb von zehn Tagen zurückzugeben; steuerliche Belege bleiben zehn Jahre aufbewahrt.",
        ),
        ("Vergütung", "Rechnungen sind binnen 30 Tagen ohne Abzug zu zahlen."),
        (
            "Wettbewerb",
            "Für zwei Jahre nach Vertragsende darf der {S} keine Beschäftigten abwerben.",
        ),
        ("Frühere Abreden", "Die Absichtserklärung vom 11. Januar 2017 wird gegenstandslos."),
        (
            "Schriftform",
            "Änderungen bedürfen der Schriftform; mündliche Nebenabreden bestehen nicht.",
        ),
        ("Salvatorische Klausel", "Ist eine Bestimmung unwirksam, bleiben die übrigen gültig."),
    ],
    heads: ["Beginn", "Vertragsdauer", "Anwendbares Recht"],
    witness: &["Unterschriften", "Gelesen und einverstanden:"],
    blanks: ["Unterschrift:", "Name:", "Funktion:", "Datum:"],
};

pub(super) const DUTCH: Tongue = Tongue {
    months: "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
    days: "{d} {M} {yyyy}|{dd}-{mm}-{yyyy}|{d} {M} {yyyy}",
    firms: "Zilverduin Kassenbouw B.V.;KvK ########|Maasoever Transport N.V.;KvK ########|De Groene Kade Vastgoed B.V.;KvK ########|Vanderlinden Verpakkingen BV;KBO 0###.###.###|Stichting Zorghuis De Linde;KvK ########",
    bodies: "Gemeente Waterrijk;|Hogeschool Merwede;|Vereniging Oud Archief;",
    people: "Joost van der Velde;|Annelies Bakker;|Pieter-Jan De Smet;|Fleur Hendriks;",
    seats: "Havenstraat 12, 3011 AB Rotterdam|Keizersgracht 401, 1016 EK Amsterdam|Stationsplein 3, 2000 Antwerpen|Dorpsweg 77, 5301 KL Zaltbommel",
    posts: "directeur|bestuurder|gevolmachtigde",
    forms: &[
        Form {
            title: "OVEREENKOMST VAN OPDRACHT",
            roles: ("Opdrachtgever", "Opdrachtnemer"),
            second: "f p",
            dated: false,
            text: "DE ONDERGETEKENDEN: / 1. {X}, statutair gevestigd te Rotterdam, kantoorhoudende aan de {HX}, ingeschreven in het handelsregister ({TX}), te dezen rechtsgeldig vertegenwoordigd door {V}, hierna te noemen: Opdrachtgever; / en / 2. {Z}, wonende of gevestigd te {HZ}, hierna te noemen: Opdrachtnemer; / KOMEN HET VOLGENDE OVEREEN:",
        },
        Form {
            title: "GEHEIMHOUDINGSOVEREENKOMST",
            roles: ("Verstrekker", "Ontvanger"),
            second: "f b",
            dated: true,
            text: "Deze overeenkomst wordt aangegaan op {D} tussen {X}, gevestigd aan de {HX} (\"Verstrekker\"), en {Z}, gevestigd aan de {HZ} (\"Ontvanger\").",
        },
        Form {
            title: "Huurovereenkomst bedrijfsruimte",
            roles: ("Verhuurder", "Huurder"),
            second: "f p",
            dated: false,
            text: "Verhuurder :: {X} / Adres :: {HX} / Huurder :: {Z} / Adres :: {HZ} / Gehuurde :: loods van 300 m² / Partijen zijn het volgende overeengekomen.",
        },
        Form {
            title: "Verwerkersovereenkomst",
            roles: ("Verwerkingsverantwoordelijke", "Verwerker"),
            second: "f",
            dated: false,
            text: "Partijen / {X} (hierna: de Verwerkingsverantwoordelijke) / en / {Z} (hierna: de Verwerker) / nemen in aanmerking dat persoonsgegevens worden verwerkt.",
        },
    ],
    starts: &["Deze overeenkomst gaat in op {D}.", "De ingangsdatum is {D}."],
    later: &["De overeenkomst gaat in op ____________.", "De ingangsdatum wordt later bepaald."],
    signed: &["Deze overeenkomst treedt in werking op de datum van de laatste ondertekening."],
    terms: &[
        "De overeenkomst wordt aangegaan voor de duur van {L}. // Zij wordt telkens stilzwijgend met een jaar verlengd.",
        "De looptijd bedraagt {L}. // De geheimhouding blijft daarna nog drie jaar gelden.",
        "Na verloop van {L} eindigt deze overeenkomst van rechtswege.",
    ],
    until: &["De overeenkomst loopt tot en met {U}.", "Zij eindigt op {U} zonder opzegging."],
    endless: &[
        "De overeenkomst geldt voor onbepaalde tijd en is opzegbaar met een termijn van twee maanden.",
    ],
    units: ["jaar", "jaar", "maand", "maanden"],
    counts: "een|twee|drie|vier|vijf|zes|zeven|acht|negen|||twaalf",
    laws: &[
        (
            "Op deze overeenkomst is Nederlands recht van toepassing. // Geschillen worden voorgelegd aan de rechtbank te {Q}.",
            &["Netherlands"],
        ),
        ("Het Belgische recht beheerst deze overeenkomst.", &["Belgium"]),
        (
            "Deze overeenkomst wordt uitsluitend beheerst door het recht van Nederland.",
            &["Netherlands"],
        ),
    ],
    places: &[],
    courts: "Utrecht|Gent|Den Haag",
    lawless: &["Geschillen worden beslecht door de bevoegde rechter te {Q}."],
    others: &[
        ("Vertrouwelijkheid", "Partijen houden alles geheim wat zij van elkaar vernemen."),
        ("Betaling", "Facturen worden binnen dertig dagen voldaan."),
        (
            "Aansprakelijkheid",
            "De aansprakelijkheid is beperkt tot het bedrag dat de verzekeraar uitkeert.",
        ),
        ("Bewaren", "De administratie wordt zeven jaar bewaard."),
        ("Slot", "De intentieverklaring van 5 april 2016 vervalt."),
    ],
    heads: ["Aanvang", "Duur", "Toepasselijk recht"],
    witness: &["Aldus in tweevoud opgemaakt en ondertekend:"],
    blanks: ["Handtekening:", "Naam:", "Functie:", "Datum:"],
};

pub(super) const POLISH: Tongue = Tongue {
    months: "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
    days: "{d} {M} {yyyy} r.|{dd}.{mm}.{yyyy} r.|{d} {M} {yyyy} roku",
    firms: "Bursztyn Logistyka sp. z o.o.;KRS 0000######|Wielkopolskie Zakłady Zbożowe S.A.;KRS 0000######|Ostoja Nieruchomości sp. z o.o. sp.k.;KRS 0000######|Kuźnia Danych S.A.;KRS 0000######",
    bodies: "Gmina Zielonka Górna;|Politechnika Nadwarciańska;",
    people: "Agnieszka Wrona;|Piotr Zieliński;|Marek Dąbrowski;|Joanna Sikora-Maj;",
    seats: "ul. Długa 15, 80-831 Gdańsk|ul. Marszałkowska 99, 00-693 Warszawa|ul. Garbary 3, 61-868 Poznań",
    posts: "prezes zarządu|prokurent|pełnomocnik",
    forms: &[
        Form {
            title: "UMOWA O ŚWIADCZENIE USŁUG",
            roles: ("Zleceniodawca", "Zleceniobiorca"),
            second: "f p",
            dated: true,
            text: "zawarta w dniu {D} w Warszawie pomiędzy: / {X} z siedzibą: {HX}, {TX}, reprezentowaną przez: {V}, zwaną dalej „Zleceniodawcą”, / a / {Z}, adres: {HZ}, zwaną dalej „Zleceniobiorcą”, / łącznie zwanymi Stronami.",
        },
        Form {
            title: "UMOWA O ZACHOWANIU POUFNOŚCI",
            roles: ("Ujawniający", "Odbiorca"),
            second: "f b",
            dated: false,
            text: "Strony umowy: / 1. {X}, {HX}, zwana dalej „Ujawniającym” / oraz / 2. {Z}, {HZ}, zwana dalej „Odbiorcą” / postanawiają, co następuje.",
        },
        Form {
            title: "UMOWA NAJMU LOKALU",
            roles: ("Wynajmujący", "Najemca"),
            second: "f p",
            dated: false,
            text: "Wynajmujący: {X}, {HX} / Najemca: {Z}, {HZ} / Przedmiot najmu: lokal użytkowy o powierzchni 85 m²",
        },
    ],
    starts: &["Umowa wchodzi w życie z dniem {D}", "Umowa obowiązuje od dnia {D}"],
    later: &["Umowa wchodzi w życie z dniem ______________."],
    signed: &["Umowa wchodzi w życie z dniem złożenia ostatniego podpisu."],
    terms: &[
        "Umowa zostaje zawarta na okres {L}.",
        "Umowę zawarto na czas określony {L}. // Obowiązek poufności trwa przez pięć lat po jej wygaśnięciu.",
    ],
    until: &["Umowa obowiązuje do dnia {U}"],
    endless: &[
        "Umowa została zawarta na czas nieokreślony. // Każda ze Stron może ją wypowiedzieć z zachowaniem trzymiesięcznego okresu wypowiedzenia.",
    ],
    units: ["roku", "lat", "miesiąca", "miesięcy"],
    counts: "jednego|dwóch|trzech|czterech|pięciu|sześciu|siedmiu|ośmiu|dziewięciu|||dwunastu",
    laws: &[
        ("W sprawach nieuregulowanych stosuje się prawo polskie.", &["Poland"]),
        (
            "Umowa podlega prawu polskiemu. // Spory rozstrzyga sąd właściwy dla siedziby pozwanego.",
            &["Poland"],
        ),
        ("Prawem właściwym dla niniejszej umowy jest prawo polskie.", &["Poland"]),
    ],
    places: &[],
    courts: "Poznaniu|Warszawie",
    lawless: &["Spory będzie rozstrzygał sąd powszechny w {Q}."],
    others: &[
        (
            "Poufność",
            "Strony zachowają w tajemnicy wszystkie informacje uzyskane w związku z umową.",
        ),
        ("Wynagrodzenie", "Faktury są płatne w terminie 30 dni."),
        ("Kary", "Za każde naruszenie należy się kara w wysokości 10 000 zł."),
        ("Zmiany", "Zmiany umowy wymagają formy pisemnej pod rygorem nieważności."),
        ("Inne", "List intencyjny z dnia 7 lutego 2018 r. traci moc."),
    ],
    heads: ["Wejście w życie", "Czas trwania", "Prawo właściwe"],
    witness: &["Podpisy Stron:"],
    blanks: ["Podpis:", "Imię i nazwisko:", "Funkcja:", "Data:"],
};
