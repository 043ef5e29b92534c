//! Passports and identity cards: the machine-readable zone (ICAO 9303), its check digits, and the
//! printed labels where there is no zone.

mod agreed;
mod dates;
mod printed;

use parseflow_model::{DocumentType, ExtractionWarning};
use serde_json::{Map, Value};

use agreed::{Check, agreed, digits_where_wanted, letters_where_wanted, number_on_page};

use super::Reading;
use super::doc::{Candidate, Doc};
use super::out::{Evidence, object};
use crate::spans::Span;
use crate::warning;

const NAMES: [&str; 8] = [
    "documentNumber",
    "surname",
    "givenNames",
    "nationality",
    "dateOfBirth",
    "sex",
    "expiryDate",
    "issuingCountry",
];

/// Labels of each value where no zone can be read, folded.
const LABELS: [&[&str]; 8] = [
    &[
        "documentno",
        "documentnumber",
        "passportno",
        "passportnumber",
        "idnumber",
        "cardnumber",
        "licencenumber",
        "licensenumber",
        "ausweisnummer",
        "ausweisnr",
        "passnr",
        "reisepassnr",
        "seriennummer",
        "nodupasseport",
        "numero",
        "numerodocarte",
        "dl",
        "dln",
        "dlno",
        "dlnumber",
        "lic",
        "licno",
        "liceno",
        "oln",
        "id",
        "licno",
    ],
    &[
        "surname",
        "lastname",
        "familyname",
        "name",
        "nachname",
        "familienname",
        "nom",
        "cognome",
        "achternaam",
        "naam",
        "geslachtsnaam",
        "surnamename",
        "nomdefamille",
        "primerapellido",
        "apellidos",
        "apelidos",
        "apellido",
        "apelido",
        "sobrenome",
        "nazwisko",
        "namesurname",
        "efternamn",
        "sukunimi",
        "prijmeni",
        "ln",
        "sloinne",
        "priezvisko",
        "etternavn",
    ],
    &[
        "givennames",
        "givenname",
        "firstname",
        "forenames",
        "vorname",
        "prenoms",
        "prenom",
        "nombre",
        "nome",
        "voornamen",
        "voornaam",
        "forename",
        "firstnames",
        "othernames",
        "vornamen",
        "nomi",
        "nombres",
        "nomes",
        "nomeproprio",
        "nomesproprios",
        "imiona",
        "imieimiona",
        "imie",
        "fornamn",
        "fornavn",
        "etunimet",
        "jmeno",
        "fn",
        "meno",
        "vorname",
    ],
    &[
        "nationality",
        "staatsangehorigkeit",
        "nationalite",
        "nacionalidad",
        "cittadinanza",
        "nationaliteit",
        "citizenship",
        "nationalitat",
        "nazionalita",
        "obywatelstwo",
        "nacionalidade",
        "medborgarskap",
        "kansalaisuus",
        "statniobcanstvi",
    ],
    &[
        "dateofbirth",
        "birthdate",
        "dob",
        "geburtsdatum",
        "geburtstag",
        "datedenaissance",
        "neele",
        "fechadenacimiento",
        "datadinascita",
        "geboortedatum",
        "born",
        "geborenam",
        "geboren",
        "datedenaiss",
        "nele",
        "nacidoel",
        "nacidael",
        "fnacimiento",
        "natoil",
        "nataoil",
        "natail",
        "geborenop",
        "dataurodzenia",
        "datadenascimento",
        "datadenasc",
        "fodelsedatum",
        "syntymaaika",
        "datumnarozeni",
    ],
    &["sex", "gender", "geschlecht", "sexe", "sexo", "sesso", "geslacht", "plec", "kon"],
    &[
        "dateofexpiry",
        "expirydate",
        "expires",
        "validuntil",
        "gultigbis",
        "ablaufdatum",
        "datedexpiration",
        "fechadecaducidad",
        "datadiscadenza",
        "geldigtot",
        "exp",
        "expires",
        "expirationdate",
        "expiration",
        "validto",
        "validtill",
        "licenceexpiry",
        "licenseexpiry",
        "cardexpiry",
        "cardexpires",
        "passportexpiry",
        "expiry",
        "validthru",
        "validthrough",
        "validupto",
        "kartegultigbis",
        "cartevalablejusquau",
        "udlobsdato",
        "sistagiltighetsdag",
        "fechadevalidez",
        "gyldigtil",
        "gultigkeitsdauer",
        "valablejusquau",
        "expirele",
        "datedexpir",
        "validohasta",
        "validez",
        "fechadevencimiento",
        "scadenza",
        "validafinoal",
        "vervaldatum",
        "datumgeldigtot",
        "datawaznosci",
        "terminwaznosci",
        "datauplywuwaznosci",
        "datadevalidade",
        "validoate",
        "validade",
        "giltigttill",
        "giltigtom",
        "platnostdo",
    ],
    &["issuingcountry", "countryofissue", "issuingstate", "ausstellungsland"],
];

/// Reads an identity document.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let mut out = Evidence::new(doc);
    let mut warnings: Vec<ExtractionWarning> = Vec::new();
    let zone = zone(doc);
    if zone.as_ref().is_some_and(|zone| !zone.all_checked) {
        warnings.push(warning(
            "mrz_check_digits",
            "Check digits of the machine-readable zone do not match what was read.",
        ));
    }
    let mut printed = match (&zone, printed::licence(doc)) {
        (None, Some(licence)) => licence.values,
        _ => printed_facts(doc),
    };
    let (values, checks) = match zone {
        Some(zone) => {
            let number = zone.values[0].as_ref().map(|found| found.value.as_str());
            let other = number_on_page(doc, number.unwrap_or_default(), zone.number_check);
            printed[0] = other.or_else(|| printed[0].take());
            (zone.values, zone.checks)
        }
        None => (Default::default(), [Check::Missing; 8]),
    };
    let mut data: Map<String, Value> = object([("type", DocumentType::IdDocument.as_str().into())]);
    let both = values.into_iter().zip(printed).zip(checks);
    for ((name, index), ((zone, printed), check)) in NAMES.iter().zip(0..).zip(both) {
        let is_code = matches!(index, 3 | 7);
        let found = agreed(zone, check, printed, is_code).map(super::text_value);
        let value = out.put(*name, found.as_ref().map(|found| (found, found.score)));
        data.insert((*name).to_owned(), value);
    }
    let of = |name: &str| {
        out.fields.iter().find(|field| field.name == name).map_or(0.0, |field| field.confidence)
    };
    let confidence = of("documentNumber") * of("surname").max(0.2) * of("dateOfBirth").max(0.2);
    Reading { data, fields: out.fields, warnings, confidence, totals_disagree: false }
}

/// Whether the paper gives its facts by the numbers of driving licences.
pub(super) fn is_licence(doc: &Doc<'_>) -> bool {
    printed::licence(doc).is_some()
}

/// Whether number, names, birth and end are all named and given.
pub(super) fn is_paper(doc: &Doc<'_>) -> bool {
    let values = printed_facts(doc);
    [0, 1, 2, 4, 6].into_iter().all(|at| values[at].is_some())
}

/// Each fact by its printed name; the end first, since nobody is born after it.
fn printed_facts(doc: &Doc<'_>) -> [Option<Candidate<String>>; 8] {
    let ends = printed::fact(doc, 6, None);
    let end = ends.as_ref().map(|found| found.value.clone());
    let mut values: [Option<Candidate<String>>; 8] =
        std::array::from_fn(|index| printed::fact(doc, index, end.as_deref()));
    values[6] = ends;
    // `Name  ANNA LUISE BERG` alone: the last word is taken for the surname.
    if let (Some(name), None) = (&values[1], &values[2])
        && let Some((given, surname)) = name.value.rsplit_once(' ')
    {
        let part =
            |text: &str| Some(Candidate { value: text.to_owned(), score: 0.6, ..name.clone() });
        (values[1], values[2]) = (part(surname), part(given));
    }
    values
}

/// What the zone says.
struct Zone {
    values: [Option<Candidate<String>>; 8],
    checks: [Check; 8],
    /// The check digit of the number.
    number_check: Option<u32>,
    all_checked: bool,
}

/// A line of the zone with its row.
struct Line {
    text: String,
    row: usize,
}

fn zone(doc: &Doc<'_>) -> Option<Zone> {
    let lines: Vec<Line> = doc
        .rows
        .iter()
        .enumerate()
        .filter_map(|(row, found)| {
            let dense: String = found.text().chars().filter(|c| !c.is_whitespace()).collect();
            // Recognised fillers often come out as other angle marks.
            let text: String = dense
                .chars()
                .map(|c| if matches!(c, '«' | '‹' | '＜') { '<' } else { c.to_ascii_uppercase() })
                .collect();
            let fits = (28..=46).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'<');
            fits.then_some(Line { text, row })
        })
        .collect();
    for first in 0..lines.len() {
        let follows = |count: usize, length: usize| -> Option<Vec<String>> {
            let run = lines.get(first..first + count)?;
            let close = run.windows(2).all(|pair| pair[1].row - pair[0].row <= 2);
            let long = run.iter().all(|line| line.text.len().abs_diff(length) <= 1);
            // A line that lost or gained a filler at its end is still the line.
            let even = |line: &Line| format!("{:<<length$}", line.text)[..length].to_owned();
            (close && long).then(|| run.iter().map(even).collect())
        };
        let row = lines[first].row;
        if let Some(run) = follows(2, 44) {
            return Some(td3(doc, row, &run));
        }
        if let Some(run) = follows(2, 36) {
            return Some(td2(doc, row, &run));
        }
        if let Some(run) = follows(3, 30) {
            return Some(td1(doc, row, &run));
        }
    }
    None
}

fn td3(doc: &Doc<'_>, row: usize, lines: &[String]) -> Zone {
    let (a, b) = (&lines[0], &lines[1]);
    Builder { doc, row, second: row + 1 }.zone(
        &a[5..],
        &a[2..5],
        (&b[..9], &b[9..10]),
        &b[10..13],
        (&b[13..19], &b[19..20]),
        &b[20..21],
        (&b[21..27], &b[27..28]),
    )
}

fn td2(doc: &Doc<'_>, row: usize, lines: &[String]) -> Zone {
    let (a, b) = (&lines[0], &lines[1]);
    Builder { doc, row, second: row + 1 }.zone(
        &a[5..],
        &a[2..5],
        (&b[..9], &b[9..10]),
        &b[10..13],
        (&b[13..19], &b[19..20]),
        &b[20..21],
        (&b[21..27], &b[27..28]),
    )
}

fn td1(doc: &Doc<'_>, row: usize, lines: &[String]) -> Zone {
    let (a, b, c) = (&lines[0], &lines[1], &lines[2]);
    // A number of more than nine signs has a filler for its check digit and goes on behind it, its check digit last.
    let rest = a[15..].split('<').next().unwrap_or_default();
    let long = format!("{}{rest}", &a[5..14]);
    let number = match rest.len() {
        2.. if &a[14..15] == "<" => long.split_at(long.len() - 1),
        _ => (&a[5..14], &a[14..15]),
    };
    Builder { doc, row, second: row + 1 }.zone(
        c,
        &a[2..5],
        number,
        &b[15..18],
        (&b[..6], &b[6..7]),
        &b[7..8],
        (&b[8..14], &b[14..15]),
    )
}

struct Builder<'a, 'p> {
    doc: &'a Doc<'p>,
    row: usize,
    second: usize,
}

impl Builder<'_, '_> {
    #[expect(clippy::too_many_arguments, reason = "the parts of a zone, in the order of ICAO 9303")]
    fn zone(
        &self,
        names: &str,
        issuer: &str,
        number: (&str, &str),
        nationality: &str,
        birth: (&str, &str),
        sex: &str,
        expiry: (&str, &str),
    ) -> Zone {
        let number_digits = digits_where_wanted(number.1);
        let birth = (digits_where_wanted(birth.0), digits_where_wanted(birth.1));
        let expiry = (digits_where_wanted(expiry.0), digits_where_wanted(expiry.1));
        let number_ok = check_digit(number.0) == number_digits.parse().ok();
        let birth_ok = check_digit(&birth.0) == birth.1.parse().ok();
        let expiry_ok = check_digit(&expiry.0) == expiry.1.parse().ok();
        let sure = |ok: bool| if ok { 0.99 } else { 0.15 };
        let (surname, given) = names.split_once("<<").unwrap_or((names, ""));
        let plain = |text: &str| {
            let text = letters_where_wanted(&text.replace('<', " "));
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let expiry_date = date(&expiry.0, None);
        let birth_date = date(&birth.0, expiry_date.as_deref());
        let values = [
            self.value(self.second, number.0.replace('<', ""), sure(number_ok)),
            self.value(self.row, plain(surname), 0.95),
            self.value(self.row, plain(given), 0.95),
            self.value(self.second, plain(nationality), 0.95),
            self.value(self.second, birth_date.unwrap_or_default(), sure(birth_ok)),
            self.value(self.second, sex.replace('<', "X"), 0.95),
            self.value(self.second, expiry_date.unwrap_or_default(), sure(expiry_ok)),
            self.value(self.row, plain(issuer), 0.95),
        ];
        let told = |ok: bool| if ok { Check::Right } else { Check::Wrong };
        let mut checks = [Check::Missing; 8];
        checks[0] = told(number_ok);
        checks[4] = told(birth_ok);
        checks[6] = told(expiry_ok);
        let number_check = number_digits.parse().ok();
        Zone { values, checks, number_check, all_checked: number_ok && birth_ok && expiry_ok }
    }

    fn value(&self, row: usize, value: String, score: f64) -> Option<Candidate<String>> {
        let segment = self.doc.rows.get(row)?.segments.first()?;
        let span = Span::of(segment, 0, segment.words.len(), value);
        (!span.value.is_empty()).then(|| Candidate::from_span(span, score))
    }
}

/// The check digit of ICAO 9303: weights 7, 3, 1; letters count from 10, fillers as 0.
fn check_digit(text: &str) -> Option<u32> {
    let mut sum = 0;
    for (char, weight) in text.chars().zip([7, 3, 1].into_iter().cycle()) {
        let value = if char == '<' { 0 } else { char.to_digit(36)? };
        sum += value * weight;
    }
    Some(sum % 10)
}

/// `YYMMDD` as ISO 8601. Documents expire in this century; nobody is born after their document ends.
fn date(text: &str, expiry: Option<&str>) -> Option<String> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (month, day): (u32, u32) = (text[2..4].parse().ok()?, text[4..].parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let with_century =
        |century: &str| format!("{century}{}-{}-{}", &text[..2], &text[2..4], &text[4..]);
    let this = with_century("20");
    Some(match expiry {
        Some(expiry) if this.as_str() >= expiry => with_century("19"),
        _ => this,
    })
}

#[cfg(test)]
mod tests;
