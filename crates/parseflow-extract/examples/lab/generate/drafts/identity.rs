//! The holder of a drafted identity paper and its machine-readable zone, right or not.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::pattern;
use super::{Day, Draft, Fill, Kind, Label};

/// Surname, given names, both as a zone spells them, code of the nation, its name for strangers.
type Person = [&'static str; 6];

const PEOPLE: [Person; 26] = [
    ["PEMBERTON-SHAW", "OLIVER JAMES", "PEMBERTON<SHAW", "OLIVER<JAMES", "GBR", "British"],
    ["O'CONNELL", "SAOIRSE MARIE", "OCONNELL", "SAOIRSE<MARIE", "IRL", "Irish"],
    ["HOLLIS", "MARGARET ANN", "HOLLIS", "MARGARET<ANN", "USA", "American"],
    ["DUNSTAN", "MATTHEW LEE", "DUNSTAN", "MATTHEW<LEE", "AUS", "Australian"],
    ["KRISHNAMURTHY", "ARVIND", "KRISHNAMURTHY", "ARVIND", "IND", "Indian"],
    ["TREMBLAY", "CHLOE", "TREMBLAY", "CHLOE", "CAN", "Canadian"],
    ["WEISSENFELS", "JÖRG-UWE", "WEISSENFELS", "JOERG<UWE", "D", "DEUTSCH"],
    ["Brückner", "Hannelore Käthe", "BRUECKNER", "HANNELORE<KAETHE", "D", "DEUTSCH"],
    ["Gschwandtner", "Theresa", "GSCHWANDTNER", "THERESA", "AUT", "Österreich"],
    ["Zurbriggen", "Urs Beat", "ZURBRIGGEN", "URS<BEAT", "CHE", "Schweiz"],
    ["LE BIHAN", "Julien, Marie, Yann", "LE<BIHAN", "JULIEN<MARIE<YANN", "FRA", "Française"],
    ["CASTANET", "Aurélie Rose", "CASTANET", "AURELIE<ROSE", "FRA", "Française"],
    ["LARRAÑAGA ECHEVERRÍA", "ÍÑIGO", "LARRANAGA<ECHEVERRIA", "INIGO", "ESP", "ESPAÑOLA"],
    ["VALVERDE PEÑA", "ROCÍO DEL MAR", "VALVERDE<PENA", "ROCIO<DEL<MAR", "ESP", "ESPAÑOLA"],
    ["LO PRESTI", "SALVATORE", "LO<PRESTI", "SALVATORE", "ITA", "ITALIANA"],
    ["DEGLI ESPOSTI", "CHIARA LUCIA", "DEGLI<ESPOSTI", "CHIARA<LUCIA", "ITA", "ITALIANA"],
    ["van der Heijden", "Bas Willem", "VAN<DER<HEIJDEN", "BAS<WILLEM", "NLD", "Nederlandse"],
    ["El Amrani", "Fatima Zohra", "EL<AMRANI", "FATIMA<ZOHRA", "NLD", "Nederlandse"],
    ["WÓJTOWICZ", "KRZYSZTOF ŁUKASZ", "WOJTOWICZ", "KRZYSZTOF<LUKASZ", "POL", "POLSKIE"],
    [
        "REBELO DOS SANTOS",
        "MARIA DA CONCEIÇÃO",
        "REBELO<DOS<SANTOS",
        "MARIA<DA<CONCEICAO",
        "PRT",
        "PRT",
    ],
    ["HÄGGLUND", "PER-OLOF", "HAEGGLUND", "PER<OLOF", "SWE", "SVENSK"],
    ["YILMAZ", "EMRE", "YILMAZ", "EMRE", "TUR", "TÜRKISCH"],
    ["NGUYEN", "THI LAN ANH", "NGUYEN", "THI<LAN<ANH", "VNM", "VIETNAM"],
    ["OKAFOR", "CHUKWUEMEKA DANIEL", "OKAFOR", "CHUKWUEMEKA<DANIEL", "NGA", "NIGERIA"],
    ["KOVALENKO", "OLENA", "KOVALENKO", "OLENA", "UKR", "UKRAINE"],
    ["FERREIRA LIMA", "JOÃO PEDRO", "FERREIRA<LIMA", "JOAO<PEDRO", "BRA", "BRASIL"],
];

/// Whom a paper is for. Options: `person`, `state=` and `guest` for a stranger, `nation=` what is printed (`code` the
/// code), `number=` its shape, `zone=3`, `2` or `1` with `kind=` its first letters, `upper` days in capitals.
pub(super) struct Holder {
    person: Person,
    state: &'static str,
    nation: String,
    number: String,
    sex: &'static str,
    born: Day,
    expires: Day,
    upper: bool,
    size: u64,
    kind: &'static str,
    is_shown: bool,
}

impl Holder {
    pub(super) fn new(fill: &mut Fill<'_>, draft: &Draft) -> Holder {
        let state = draft.option("state").unwrap_or("GBR");
        let is_guest = draft.option("guest").is_some();
        let fit: Vec<Person> = PEOPLE
            .into_iter()
            .filter(|person| if is_guest { person[4] != state } else { person[4] == state })
            .collect();
        let from = if is_guest { fit.len().saturating_sub(5) } else { 0 };
        let person = fit[fill.rng.range(from as u64, fit.len() as u64) as usize];
        let number = draft.option("number").unwrap_or("#########");
        let number = fill.value(&format!("x:{number}"));
        let nation = draft.option("nation").filter(|_| !is_guest).unwrap_or(person[5]);
        let nation = if nation == "code" { person[4] } else { nation };
        let born = Day { year: fill.rng.range(1941, 2007), ..Day::new(fill.rng) };
        let expires = Day { year: fill.rng.range(2025, 2036), ..Day::new(fill.rng) };
        Holder {
            person,
            state,
            nation: nation.replace('_', " "),
            number,
            sex: if fill.rng.chance(50) { "F" } else { "M" },
            born,
            expires,
            upper: draft.option("upper").is_some(),
            size: draft.option("zone").and_then(|size| size.parse().ok()).unwrap_or(3),
            kind: draft.option("kind").unwrap_or("P"),
            is_shown: draft.option("nozone").is_none(),
        }
    }

    /// The labels: what the paper printed.
    pub(super) fn write_down(&self, used: &BTreeSet<String>, label: &mut Label) {
        let either =
            |names: &[&str]| Value::Array(names.iter().copied().map(Value::from).collect());
        let has_zone = used.contains("zone");
        let is_used = |name: &str| has_zone || used.contains(name);
        if is_used("surname") {
            label.set("surname", Kind::OneOf, either(&[self.person[0], self.person[2]]));
        }
        if is_used("given") {
            label.set("givenNames", Kind::OneOf, either(&[self.person[1], self.person[3]]));
        }
        if is_used("number") {
            label.set("documentNumber", Kind::Identifier, self.number.clone());
        }
        if is_used("born") {
            label.set("dateOfBirth", Kind::Text, self.born.iso());
        }
        if is_used("exp") {
            label.set("expiryDate", Kind::Text, self.expires.iso());
        }
        if is_used("sex") {
            label.set("sex", Kind::Text, self.sex);
        }
        let code = self.person[4];
        let long = if code == "D" { "DEU" } else { code };
        if is_used("nat") {
            label.set("nationality", Kind::OneOf, either(&[code, long, &self.nation]));
        }
        if has_zone {
            let long = if self.state == "D" { "DEU" } else { self.state };
            label.set("issuingCountry", Kind::OneOf, either(&[self.state, long]));
        }
    }

    /// The lines of the zone with right check digits.
    fn zone(&self) -> Vec<String> {
        let [_, _, surname, given, nation, _] = self.person;
        let number = field(&self.number, 9);
        let short = |day: &Day| format!("{:02}{:02}{:02}", day.year % 100, day.month, day.day);
        let (number, born, until) = (
            with_check(&number),
            with_check(&short(&self.born)),
            with_check(&short(&self.expires)),
        );
        let names = format!("{surname}<<{given}");
        let (state, nation) = (field(self.state, 3), field(nation, 3));
        let kind = field(self.kind, 2);
        match self.size {
            1 => {
                let first = format!("{kind}{state}{number}{}", field("", 15));
                let sum = check_of(&format!("{}{born}{until}{}", &first[5..], field("", 11)));
                let second = format!("{born}{}{until}{nation}{}{sum}", self.sex, field("", 11));
                vec![first, second, field(&names, 30)]
            }
            2 => {
                let own = field("", 7);
                let sum = check_of(&format!("{number}{born}{until}{own}"));
                let second = format!("{number}{nation}{born}{}{until}{own}{sum}", self.sex);
                vec![field(&format!("{kind}{state}{names}"), 36), second]
            }
            _ => {
                let own = format!("{}<", field("", 14));
                let own = if self.number.len().is_multiple_of(2) {
                    own
                } else {
                    with_check(&field("", 14))
                };
                let sum = check_of(&format!("{number}{born}{until}{own}"));
                let second = format!("{number}{nation}{born}{}{until}{own}{sum}", self.sex);
                vec![field(&format!("{kind}{state}{names}"), 44), second]
            }
        }
    }
}

impl Fill<'_> {
    /// Gaps that the holder fills.
    pub(super) fn of_holder(&mut self, name: &str) -> Option<String> {
        let holder = self.holder.as_ref()?;
        let (stem, more) = name.split_once(':').unwrap_or((name, ""));
        let day = |day: &Day| {
            let pattern = if more.is_empty() { self.days.clone() } else { pattern(more) };
            let names = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC";
            let english = names.split('|').nth(day.month as usize - 1).unwrap_or_default();
            let shown = day.shown(self.tongue.months, &pattern.replace('E', english));
            if holder.upper { shown.to_uppercase() } else { shown }
        };
        let issued = Day { year: holder.expires.year - 10, ..holder.expires };
        let value = match stem {
            "surname" => holder.person[0].to_owned(),
            "given" => holder.person[1].to_owned(),
            "number" => holder.number.clone(),
            "nat" => holder.nation.clone(),
            "state" => holder.state.to_owned(),
            "sex" => holder.sex.to_owned(),
            "born" => day(&holder.born),
            "exp" => day(&holder.expires),
            "iss" => day(&issued),
            _ => return None,
        };
        self.used.insert(stem.to_owned());
        Some(value)
    }

    /// The zone as it is printed: of some papers a check digit is wrong, of some a letter misread.
    pub(super) fn zone(&mut self) -> Vec<String> {
        let Some(holder) = self.holder.as_ref().filter(|holder| holder.is_shown) else {
            return Vec::new();
        };
        let mut lines = holder.zone();
        let (at, number, size) = match holder.size {
            1 => (0, 5, 9),
            _ => (1, 0, 9),
        };
        self.used.insert("zone".to_owned());
        // Where the zone stands alone, training shows it wrong as often as right: nothing else tells.
        let wrong = if self.zone_alone { (25, 55) } else { (12, 22) };
        match self.rng.range(0, 100) {
            // The number's check digit.
            dice if dice < wrong.0 => {
                let digit = lines[at].as_bytes()[number + size];
                let other = char::from(b'0' + (digit.wrapping_sub(b'0') + 3) % 10);
                lines[at].replace_range(number + size..=number + size, &other.to_string());
            }
            // One character of the number or of a day.
            dice if dice < wrong.1 => {
                let days = if holder.size == 1 { 1 } else { at };
                let place =
                    if self.rng.chance(50) { (at, number) } else { (days, lines[days].len() / 3) };
                let range = place.1..(place.1 + 6).min(lines[place.0].len());
                let found =
                    range.clone().find(|at| misread(lines[place.0].as_bytes()[*at]).is_some());
                if let Some(found) = found {
                    let other = misread(lines[place.0].as_bytes()[found]).unwrap_or('0');
                    lines[place.0].replace_range(found..=found, &other.to_string());
                }
            }
            _ => {}
        }
        lines
    }
}

/// What a reader takes a character for.
fn misread(byte: u8) -> Option<char> {
    let at = b"0O1I5S8B2Z6G".iter().position(|known| *known == byte)?;
    b"O0I1S5B8Z2G6".get(at).map(|byte| char::from(*byte))
}

fn field(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).collect();
    while out.len() < length {
        out.push('<');
    }
    out
}

fn check_of(text: &str) -> u32 {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    text.chars().enumerate().map(|(at, c)| [7, 3, 1][at % 3] * value(c)).sum::<u32>() % 10
}

fn with_check(text: &str) -> String {
    format!("{text}{}", check_of(text))
}
