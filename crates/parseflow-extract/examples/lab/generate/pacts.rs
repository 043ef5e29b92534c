//! A third set of agreements, written after the rules had been mended for the second and read once: settlements, orders of
//! services, statements of terms, partnerships and side letters; English, German, French and Spanish.

use serde_json::Value;

use super::accords::draft::Draft;
use super::habits::Day;
use super::rng::Rng;
use crate::label::{Kind, Label};

struct Says {
    months: &'static str,
    days: &'static str,
    firms: &'static str,
    persons: &'static str,
    /// Title, the two roles, percent of persons as the second.
    sorts: &'static [(&'static str, &'static str, &'static str, u64)],
    /// With `{D}`, `{X}`, `{R}`, `{Z}` and `{S}`.
    dated: &'static [&'static str],
    plain: &'static [&'static str],
    starts: &'static [&'static str],
    later: &'static str,
    terms: &'static [&'static str],
    endless: &'static str,
    units: [&'static str; 4],
    laws: &'static [&'static str],
    places: &'static [(&'static str, &'static [&'static str])],
    fillers: &'static [&'static str],
}

const TONGUES: [&Says; 4] = [&ENGLISH, &GERMAN, &FRENCH, &SPANISH];

const ENGLISH: Says = Says {
    months: "January|February|March|April|May|June|July|August|September|October|November|December",
    days: "{d} {M} {yyyy}|{M} {d}, {yyyy}|{d}-{A}-{yyyy}",
    firms: "Thistledown Logistics LLC|Grand Basin Water Company|Pemberton Archives Ltd|Nightjar Robotics, Inc.|Silverthread Apparel Limited|Mosaic Health Partners, L.P.|Cartwright Foundry Corp.|Bayou Energy Holdings, LLC",
    persons: "Adaeze Nwosu|William T. Ferris|Jean-Luc Bernard|Sarah Kimball",
    sorts: &[
        ("SETTLEMENT AND RELEASE AGREEMENT", "Claimant", "Respondent", 30),
        ("EQUIPMENT RENTAL AGREEMENT", "Lessor", "Renter", 20),
        ("PARTNERSHIP AGREEMENT", "First Partner", "Second Partner", 50),
        ("NON-DISCLOSURE UNDERTAKING", "Discloser", "Receiver", 20),
        ("CONTRACT FOR SERVICES", "Customer", "Contractor", 30),
    ],
    dated: &[
        "Parties: {X} (\u{201c}{R}\u{201d}) and {Z} (\u{201c}{S}\u{201d}). Made at Halifax the {D}.",
        "WITNESSETH: that on {D}, {X}, hereinafter referred to as {R}, and {Z}, hereinafter referred to as {S}, have agreed:",
        "{X} (\"{R}\") and {Z} (\"{S}\") enter into this contract effective {D}.",
        "By this contract of {D} the {R}, {X}, engages the {S}, {Z}.",
    ],
    plain: &[
        "This contract is between {X} (\"{R}\") and {Z} (\"{S}\").",
        "{X}, as {R}, and {Z}, as {S}, agree to what follows.",
        "BETWEEN {X} of the first part (\"{R}\") AND {Z} of the second part (\"{S}\").",
    ],
    starts: &["This contract begins on {D}.", "Effective date: {D}.", "Services start on {D}."],
    later: "It binds the parties from the day on which the last of them signs.",
    terms: &[
        "It continues for {L} from that date.",
        "The term is {L} unless ended sooner.",
        "Its term shall be {L}, renewable by consent.",
        "The parties are bound for a period of {L}.",
    ],
    endless: "It goes on until one of the parties ends it by ninety days' notice.",
    units: ["year", "years", "month", "months"],
    laws: &[
        "{P} law applies.",
        "This contract and all claims under it are governed by the laws of {P}.",
        "The law of {P} controls, whatever the conflict rules of another place may say.",
        "Disputes are decided under the laws of {P} by the courts of Geneva.",
    ],
    places: &[
        ("Louisiana", &["Louisiana"]),
        ("Nova Scotia", &["Nova Scotia"]),
        ("South Carolina", &["South Carolina"]),
        ("Jersey", &["Jersey"]),
        ("Ghana", &["Ghana"]),
        ("Utah", &["Utah"]),
    ],
    fillers: &[
        "Money is due in thirty days.",
        "Confidences are kept for four years after the end.",
        "Repairs are warranted for six months.",
        "Notices are given in writing.",
        "Neither party admits any fault.",
        "Headings have no meaning of their own.",
        "An earlier paper of 2 February 2017 is no longer of effect.",
    ],
};

const GERMAN: Says = Says {
    months: "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    days: "{d}. {M} {yyyy}|{dd}.{mm}.{yyyy}",
    firms: "Hallertau Brauzubehör GmbH|Steinway & Brandt AG|Isartal Wohnbau KG|Datenkontor Lübeck GmbH|Zirkel Architekten PartG",
    persons: "Friedhelm Obermeier|Leyla Demirci|Konstanze Ritter",
    sorts: &[
        ("Vergleichsvereinbarung", "Anspruchsteller", "Anspruchsgegner", 30),
        ("Leasingvertrag", "Leasinggeber", "Leasingnehmer", 20),
        ("Kooperationsvertrag", "Partner 1", "Partner 2", 10),
        ("Praktikumsvertrag", "Betrieb", "Praktikant", 100),
    ],
    dated: &[
        "Vertrag vom {D} zwischen {X} ({R}) und {Z} ({S})",
        "{X} - {R} - und {Z} - {S} - schließen mit Wirkung vom {D} diesen Vertrag.",
    ],
    plain: &[
        "Vertragsparteien sind {X} als {R} und {Z} als {S}.",
        "Zwischen {X} (\"{R}\") und {Z} (\"{S}\") gilt:",
    ],
    starts: &[
        "Der Vertrag beginnt mit dem {D}.",
        "Beginn: {D}",
        "Die Zusammenarbeit startet am {D}.",
    ],
    later: "Wirksam wird der Vertrag mit der letzten Unterschrift.",
    terms: &[
        "Die Vertragsdauer beträgt {L}.",
        "Der Vertrag ist auf {L} befristet.",
        "Er wird für {L} geschlossen.",
    ],
    endless: "Er gilt auf unbestimmte Zeit; gekündigt wird mit drei Monaten Frist.",
    units: ["Jahr", "Jahre", "Monat", "Monate"],
    laws: &[
        "Maßgeblich ist {P} Recht.",
        "Es gilt {P} Recht.",
        "Der Vertrag unterliegt {P} Recht; Gerichtsstand ist Basel.",
    ],
    places: &[
        ("deutsches", &["Germany"]),
        ("österreichisches", &["Austria"]),
        ("schweizerisches", &["Switzerland"]),
    ],
    fillers: &[
        "Zahlbar ist binnen zehn Tagen.",
        "Schweigen ist auch zwei Jahre danach zu wahren.",
        "Für Mängel wird ein Jahr gehaftet.",
        "Mündliche Abreden gibt es nicht.",
    ],
};

const FRENCH: Says = Says {
    months: "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    days: "{d} {M} {yyyy}|{dd}/{mm}/{yyyy}",
    firms: "Scierie du Morvan SARL|Optique Bellerive SAS|Moulins de l'Adour SA|Agence Quai Ouest SAS",
    persons: "Clémence Aubertin|Youssef Benali|Thierry Lacaze",
    sorts: &[
        ("PROTOCOLE TRANSACTIONNEL", "Demandeur", "Défendeur", 30),
        ("CONTRAT DE CRÉDIT-BAIL", "Crédit-bailleur", "Locataire", 20),
        ("CONTRAT DE PARTENARIAT", "Premier partenaire", "Second partenaire", 20),
    ],
    dated: &[
        "Contrat du {D} entre {X} (« {R} ») et {Z} (« {S} »).",
        "Le {D}, {X} (le {R}) et {Z} (le {S}) sont convenus de ce qui suit.",
    ],
    plain: &[
        "Le présent contrat lie {X} (le {R}) et {Z} (le {S}).",
        "Entre {X} (« {R} ») et {Z} (« {S} »), il est convenu :",
    ],
    starts: &["Il débute le {D}.", "Il prend effet au {D}.", "Date d'entrée en vigueur : {D}."],
    later: "Il lie les parties dès la dernière signature.",
    terms: &["Il dure {L}.", "La durée en est de {L}.", "Il est conclu pour {L}."],
    endless: "Il est sans terme ; chacun peut y mettre fin avec trois mois de préavis.",
    units: ["an", "ans", "mois", "mois"],
    laws: &[
        "Le droit {P} régit le contrat.",
        "Il est soumis au droit {P}; le tribunal de Turin est compétent.",
    ],
    places: &[
        ("français", &["France"]),
        ("suisse", &["Switzerland"]),
        ("luxembourgeois", &["Luxembourg"]),
    ],
    fillers: &[
        "Le prix est payable à vingt jours.",
        "Le secret est dû deux ans encore après la fin.",
        "Les réparations sont garanties six mois.",
    ],
};

const SPANISH: Says = Says {
    months: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    days: "{d} de {M} de {yyyy}|{dd}/{mm}/{yyyy}",
    firms: "Aserradero Navia S.L.|Clínicas Tramuntana, S.A.|Viñedos del Duero S.L.|Puertos y Muelles, S.A.",
    persons: "Inmaculada Rosell|Gonzalo Ibarra Pons|Marta Quiles",
    sorts: &[
        ("ACUERDO TRANSACCIONAL", "Reclamante", "Reclamado", 30),
        ("CONTRATO DE RENTING", "Arrendador", "Cliente", 20),
        ("CONTRATO DE COLABORACIÓN", "Primer socio", "Segundo socio", 30),
    ],
    dated: &[
        "Contrato de fecha {D} entre {X} (\"{R}\") y {Z} (\"{S}\").",
        "A {D}, {X}, como {R}, y {Z}, como {S}, acuerdan:",
    ],
    plain: &[
        "El presente contrato vincula a {X} (el {R}) y a {Z} (el {S}).",
        "Entre {X} (\"{R}\") y {Z} (\"{S}\") se acuerda:",
    ],
    starts: &["Empieza el {D}.", "Tendrá efecto desde el {D}.", "Fecha de entrada en vigor: {D}."],
    later: "Vincula a las partes desde la última firma.",
    terms: &["Durará {L}.", "Su duración es de {L}.", "Se concierta por un plazo de {L}."],
    endless: "No tiene término fijo; basta un preaviso de tres meses.",
    units: ["año", "años", "mes", "meses"],
    laws: &[
        "Se rige por el derecho {P}.",
        "Es aplicable el derecho {P}; conocerán los tribunales de Oporto.",
    ],
    places: &[("español", &["Spain"]), ("mexicano", &["Mexico"]), ("argentino", &["Argentina"])],
    fillers: &[
        "Se paga a veinte días.",
        "El secreto se guarda dos años más tras el fin.",
        "Las reparaciones tienen seis meses de garantía.",
    ],
};

fn one<'l>(rng: &mut Rng, list: &'l [&'static str]) -> &'l str {
    list[rng.range(0, list.len() as u64) as usize]
}

/// The agreement of a seed.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let at = if rng.chance(55) { 0 } else { rng.range(1, 4) as usize };
    let says = TONGUES[at];
    let (title, role, other_role, persons) =
        says.sorts[rng.range(0, says.sorts.len() as u64) as usize];
    let first = rng.say(says.firms);
    let second = loop {
        let is_person = rng.chance(persons);
        let name = rng.say(if is_person { says.persons } else { says.firms });
        if name != first {
            break name;
        }
    };
    label.set(
        "parties",
        Kind::Name,
        Value::Array(vec![first.clone().into(), second.clone().into()]),
    );
    let day = Day::new(rng);
    let shown = day.shown(says.months, &rng.say(says.days));
    let filled = |text: &str| {
        text.replace("{D}", &shown)
            .replace("{X}", &first)
            .replace("{Z}", &second)
            .replace("{R}", role)
            .replace("{S}", other_role)
    };
    let mode = rng.range(0, 10);
    let mut draft = Draft::default();
    draft.centre(title);
    draft.gap();
    draft.para(filled(one(rng, if mode < 5 { says.dated } else { says.plain })));
    let mut clauses: Vec<String> = says.fillers.iter().map(|text| (*text).to_owned()).collect();
    if mode == 9 {
        label.set_absent("effectiveDate");
        clauses.insert(0, says.later.to_owned());
    } else {
        label.set("effectiveDate", Kind::Text, day.iso());
        if mode >= 5 {
            clauses.insert(0, filled(one(rng, says.starts)));
        }
    }
    let lasting = lasts(rng, says, &mut label);
    let place = rng.range(1, clauses.len() as u64 + 1) as usize;
    clauses.insert(place, lasting);
    if rng.chance(85) {
        let (name, names) = says.places[rng.range(0, says.places.len() as u64) as usize];
        let names = names.iter().map(|name| Value::from(*name)).collect();
        label.set("governingLaw", Kind::OneOf, Value::Array(names));
        clauses.push(one(rng, says.laws).replace("{P}", name));
    } else {
        label.set_absent("governingLaw");
    }
    for (at, text) in clauses.into_iter().enumerate() {
        draft.para(format!("{}) {text}", at + 1));
    }
    draft.gap();
    draft.row(vec![
        (0.0, "____________________".to_owned()),
        (0.5, "____________________".to_owned()),
    ]);
    draft.row(vec![(0.0, first.clone()), (0.5, second.clone())]);
    let bytes = if rng.chance(20) { draft.text() } else { draft.pdf(10.0) };
    (bytes, label)
}

fn lasts(rng: &mut Rng, says: &Says, label: &mut Label) -> String {
    if rng.chance(20) {
        label.set_absent("term");
        return says.endless.to_owned();
    }
    let is_months = rng.chance(40);
    let count = if is_months { 6 * rng.range(1, 8) } else { rng.range(1, 9) };
    let unit = says.units[2 * usize::from(is_months) + usize::from(count > 1)];
    let plain = format!(
        "{count} {}{}",
        if is_months { "month" } else { "year" },
        if count > 1 { "s" } else { "" }
    );
    label.set("term", Kind::Identifier, plain);
    one(rng, says.terms).replace("{L}", &format!("{count} {unit}"))
}
