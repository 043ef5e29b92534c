//! Statements, payslips, contracts and letters in several languages.

use super::{CRAFTS, HOUSES, PEOPLE, Paperwork};
use crate::generate::habits::paper::Paper;
use crate::generate::habits::{Day, Money, account, filled, grouped};
use crate::generate::rng::Rng;
use crate::label::{Kind, Label};

const MONEY: Money = Money { group: ",", decimal: '.', sign: "", place: 2, minus: 0 };

fn typed(kind: &str) -> Label {
    Label { document_type: Some(kind.to_owned()), ..Label::default() }
}

fn company(rng: &mut Rng) -> String {
    format!("{} {}", rng.say(HOUSES), rng.say(CRAFTS))
}

/// Title, account, period, opening, closing, date, text, out, in, balance.
const STATEMENTS: &[[&str; 10]] = &[
    [
        "Current account statement",
        "Account number",
        "Statement period",
        "Balance brought forward",
        "Balance carried forward",
        "Date",
        "Payment type and details",
        "Paid out",
        "Paid in",
        "Balance",
    ],
    [
        "Account Statement",
        "IBAN",
        "From - to",
        "Opening balance",
        "Closing balance",
        "Date",
        "Transaction",
        "Withdrawals",
        "Deposits",
        "Balance",
    ],
    [
        "Kontoauszug Nr. 4",
        "IBAN",
        "Zeitraum",
        "Alter Kontostand",
        "Neuer Kontostand",
        "Valuta",
        "Buchungstext",
        "Soll",
        "Haben",
        "Saldo",
    ],
    [
        "Relevé de compte",
        "IBAN",
        "Période",
        "Solde précédent",
        "Nouveau solde",
        "Date",
        "Libellé de l'opération",
        "Débit",
        "Crédit",
        "Solde",
    ],
    [
        "Kontoutdrag",
        "IBAN",
        "Period",
        "Ingående saldo",
        "Utgående saldo",
        "Bokförd",
        "Transaktion",
        "Uttag",
        "Insättning",
        "Saldo",
    ],
    [
        "Výpis z účtu",
        "IBAN",
        "Období",
        "Počáteční zůstatek",
        "Konečný zůstatek",
        "Datum",
        "Popis transakce",
        "Odepsáno",
        "Připsáno",
        "Zůstatek",
    ],
    [
        "Rekeningafschrift",
        "IBAN",
        "Periode",
        "Beginsaldo",
        "Eindsaldo",
        "Datum",
        "Omschrijving",
        "Af",
        "Bij",
        "Saldo",
    ],
];

pub(super) fn statement(rng: &mut Rng) -> Paperwork {
    let words = STATEMENTS[rng.range(0, STATEMENTS.len() as u64) as usize];
    let mut label = typed("bank_statement");
    let mut paper = Paper::a4(9.0);
    let iban = account(rng, "BEkk############");
    label.set("iban", Kind::Identifier, iban.clone());
    paper.sized(
        45.0,
        15.0,
        true,
        format!("{} {}", rng.say(HOUSES), rng.say("Bank|Savings Bank|Sparkasse|Credit Union")),
    );
    paper.down(2.4);
    let holder = rng.say(PEOPLE);
    paper.block(45.0, &[holder, "14 Long Street".to_owned()]);
    paper.down(1.6);
    paper.sized(45.0, 12.0, true, words[0]);
    paper.down(2.0);
    for (name, value) in
        [(words[1], grouped(&iban)), (words[2], "01.03.2025 - 31.03.2025".to_owned())]
    {
        paper.put(45.0, name);
        paper.put(190.0, value);
        paper.down(1.2);
    }
    paper.down(1.0);
    let places = [45.0, 110.0, 380.0, 460.0, 550.0];
    for (at, head) in words[5..].iter().enumerate() {
        if at < 2 { paper.bold(places[at], *head) } else { paper.right(places[at], *head) }
    }
    paper.down(1.5);
    let mut sum = rng.range(20_000, 900_000) as i64;
    label.set("openingBalance", Kind::Money, sum as f64 / 100.0);
    paper.put(110.0, words[3]);
    paper.right(550.0, MONEY.bare(sum));
    paper.down(1.2);
    for day in 1..rng.range(4, 16) {
        let amount = rng.range(200, 40_000) as i64;
        let out = rng.chance(65);
        sum += if out { -amount } else { amount };
        paper.put(45.0, format!("{:02}.03.2025", day + 2));
        paper.put(110.0, company(rng));
        paper.right(if out { 380.0 } else { 460.0 }, MONEY.bare(amount));
        paper.right(550.0, MONEY.bare(sum));
        paper.down(1.2);
    }
    paper.put(110.0, words[4]);
    paper.right(550.0, MONEY.bare(sum));
    label.set("closingBalance", Kind::Money, sum as f64 / 100.0);
    Paperwork { pdf: paper.pdf(), label }
}

/// Title, employee, staff number, period, earnings, deductions and the sum.
const PAYSLIPS: &[[&str; 7]] = &[
    [
        "Payslip",
        "Employee",
        "Payroll no.",
        "Pay period",
        "Basic salary|Overtime|Bonus",
        "PAYE tax|National Insurance|Pension",
        "Net pay",
    ],
    [
        "Earnings Statement",
        "Employee",
        "Employee ID",
        "Pay Period",
        "Regular|Overtime|Holiday",
        "Federal Withholding|Social Security|Medicare",
        "Net Pay",
    ],
    [
        "Lohnabrechnung",
        "Mitarbeiter",
        "Personal-Nr.",
        "Monat",
        "Monatslohn|Zulage",
        "AHV-Beitrag|Pensionskasse|Quellensteuer",
        "Nettolohn",
    ],
    [
        "Bezügezettel",
        "Dienstnehmer",
        "SV-Nummer",
        "Abrechnungsmonat",
        "Gehalt|Sachbezug",
        "SV-Beitrag|Lohnsteuer",
        "Auszahlungsbetrag",
    ],
    [
        "Lönespecifikation",
        "Anställd",
        "Anställningsnr",
        "Löneperiod",
        "Månadslön|Övertid",
        "Preliminär skatt|Bruttolöneavdrag",
        "Utbetalas",
    ],
    [
        "Lønseddel",
        "Medarbejder",
        "Medarbejdernr.",
        "Lønperiode",
        "Månedsløn|Tillæg",
        "A-skat|AM-bidrag|ATP",
        "Til udbetaling",
    ],
    [
        "Fiche de paie",
        "Salarié",
        "Matricule",
        "Période",
        "Salaire de base|Prime",
        "Cotisations sociales|Précompte",
        "Net à payer",
    ],
    [
        "Výplatní páska",
        "Zaměstnanec",
        "Osobní číslo",
        "Období",
        "Základní mzda|Prémie",
        "Sociální pojištění|Zdravotní pojištění|Daň",
        "K výplatě",
    ],
];

pub(super) fn payslip(rng: &mut Rng) -> Paperwork {
    let words = PAYSLIPS[rng.range(0, PAYSLIPS.len() as u64) as usize];
    let mut paper = Paper::a4(9.0);
    paper.bold(45.0, company(rng));
    paper.right(550.0, words[0]);
    paper.down(2.5);
    let facts =
        [(words[1], rng.say(PEOPLE)), (words[2], rng.digits(6)), (words[3], "03/2025".to_owned())];
    for (name, value) in facts {
        paper.put(45.0, name);
        paper.put(160.0, value);
        paper.down(1.2);
    }
    paper.down(1.5);
    let mut sum = 0;
    let top = paper.y;
    let beside = rng.chance(50);
    for (at, (list, sign)) in [(words[4], 1), (words[5], -1)].into_iter().enumerate() {
        let x = if beside { 45.0 + 270.0 * at as f64 } else { 45.0 };
        if beside {
            paper.y = top;
        }
        for name in list.split('|') {
            let amount = sign * rng.range(8_000, if sign > 0 { 380_000 } else { 60_000 }) as i64;
            sum += amount;
            paper.put(x, name);
            paper.right(x + 220.0, MONEY.bare(amount));
            paper.down(1.2);
        }
    }
    paper.y = top + 90.0;
    paper.bold(45.0, words[6]);
    paper.right(265.0, MONEY.bare(sum));
    paper.down(2.0);
    paper.put(45.0, format!("IBAN {}", grouped(&account(rng, "ATkk20111##########1"))));
    Paperwork { pdf: paper.pdf(), label: typed("payslip") }
}

/// Title, the sides with `{a}` and `{b}`, clauses.
const CONTRACTS: &[[&str; 3]] = &[
    [
        "TENANCY AGREEMENT",
        "THIS AGREEMENT is dated 4 March 2025 and made between {a} (the Landlord) and {b} (the Tenant).",
        "The Landlord lets the Property to the Tenant for the Term.|The Tenant shall pay the Rent in advance on the first day of each month.|The Tenant shall keep the interior of the Property in good repair.|Either party may terminate by giving two months' notice in writing.|This agreement is governed by the law of England and Wales.",
    ],
    [
        "Employment Agreement",
        "This Employment Agreement is entered into on March 4, 2025 by {a} (\"Employer\") and {b} (\"Employee\").",
        "Position and Duties. Employee shall serve as analyst.|Compensation. Employer shall pay a salary of $6,400 per month.|Confidentiality. Employee shall not disclose any proprietary information.|Termination. Employment is at will.|Governing Law. The laws of the State of Ohio apply.",
    ],
    [
        "SOFTWARE LICENCE AND MAINTENANCE AGREEMENT",
        "Parties: {a} and {b}. Commencement Date: 1 April 2025.",
        "Licence. The Licensor grants a non-exclusive licence.|Fees. The Customer shall pay the Fees set out in Schedule 1.|Warranties. The Licensor warrants that the Software will perform.|Liability. Neither party excludes liability for death.|Entire agreement. This Agreement supersedes all earlier ones.",
    ],
    [
        "Mietvertrag",
        "Zwischen {a} als Vermieter und {b} als Mieter wird folgender Mietvertrag geschlossen:",
        "§ 1 Mietsache. Vermietet wird eine Wohnung mit drei Zimmern.|§ 2 Mietzins. Der monatliche Mietzins beträgt CHF 1'850.|§ 3 Kaution. Der Mieter leistet eine Kaution.|§ 4 Kündigung. Die Kündigungsfrist beträgt drei Monate.|§ 5 Schlussbestimmungen. Gerichtsstand ist Bern.",
    ],
    [
        "Arbeitsvertrag",
        "abgeschlossen zwischen {a} (Arbeitgeber) und {b} (Arbeitnehmer)",
        "1. Beginn. Das Dienstverhältnis beginnt am 1.4.2025.|2. Probezeit. Der erste Monat gilt als Probemonat.|3. Entgelt. Das Bruttogehalt beträgt EUR 2.900.|4. Verschwiegenheit.|5. Kündigung. Es gelten die gesetzlichen Fristen.",
    ],
    [
        "CONTRAT DE PRESTATION DE SERVICES",
        "Entre les soussignés : {a}, d'une part, et {b}, d'autre part, il a été convenu ce qui suit :",
        "Article 1 - Objet. Le prestataire réalise une étude.|Article 2 - Durée. Le contrat est conclu pour douze mois.|Article 3 - Prix. Les honoraires sont fixés à 12 000 euros.|Article 4 - Résiliation.|Article 5 - Droit applicable. Droit belge.",
    ],
    [
        "Hyresavtal",
        "Mellan {a}, hyresvärd, och {b}, hyresgäst, har följande avtal träffats.",
        "1. Objekt. Lägenhet om 54 kvm.|2. Hyra. 7 900 kronor per månad.|3. Uppsägning. Tre månaders uppsägningstid.|4. Underskrifter. Avtalet har upprättats i två exemplar.",
    ],
    [
        "Smlouva o dílo",
        "uzavřená mezi {a} (objednatel) a {b} (zhotovitel)",
        "1. Předmět smlouvy. Zhotovitel provede dílo.|2. Cena díla činí 85 000 Kč.|3. Doba plnění.|4. Smluvní pokuta.|5. Závěrečná ustanovení. Smlouva nabývá účinnosti dnem podpisu.",
    ],
];

pub(super) fn contract(rng: &mut Rng) -> Paperwork {
    let [title, sides, clauses] = CONTRACTS[rng.range(0, CONTRACTS.len() as u64) as usize];
    let mut paper = Paper::a4(10.0);
    paper.sized(180.0, 13.0, true, title);
    paper.down(3.0);
    let (a, b) = (company(rng), rng.say(PEOPLE));
    paper.put(45.0, sides.replace("{a}", &a).replace("{b}", &b));
    paper.down(2.4);
    let numbered = rng.chance(50) && clauses.starts_with(|c: char| c.is_alphabetic());
    for (at, clause) in clauses.split('|').enumerate() {
        let text = if numbered { format!("{}. {clause}", at + 1) } else { clause.to_owned() };
        paper.put(45.0, text);
        paper.down(2.2);
    }
    paper.down(3.0);
    paper.put(45.0, "______________________");
    paper.put(320.0, "______________________");
    paper.down(1.2);
    paper.put(45.0, a);
    paper.put(320.0, b);
    Paperwork { pdf: paper.pdf(), label: typed("contract") }
}

/// Greeting, body, farewell; about money and about none.
const LETTERS: &[[&str; 3]] = &[
    [
        "Dear Ms Stone,",
        "Thank you for your letter of 3 March. We are sorry to hear that you were not satisfied.|Our records show that invoice 20981 was settled on time and we have closed the matter.|Please do not hesitate to call should you have further questions.",
        "Yours sincerely,",
    ],
    [
        "Dear Customer,",
        "We are writing to tell you that our prices will change from 1 July.|Your new monthly price will be £31.50. You do not need to do anything.|If you wish to leave, please let us know within 30 days.",
        "Kind regards,",
    ],
    [
        "To whom it may concern",
        "This is to confirm that Mr Egger has worked with us since 2019.|He has always been reliable and we recommend him without reservation.",
        "Best regards,",
    ],
    [
        "Sehr geehrter Herr Huber",
        "Wir beziehen uns auf Ihr Schreiben vom 3. März und danken für Ihre Geduld.|Gerne bestätigen wir Ihnen den Termin vom 14. April in unserem Büro.|Bitte bringen Sie die Unterlagen mit.",
        "Freundliche Grüsse",
    ],
    [
        "Madame, Monsieur,",
        "Nous accusons réception de votre courrier du 3 mars dernier.|Votre demande a été transmise au service compétent qui vous répondra.",
        "Veuillez agréer, Madame, Monsieur, nos salutations distinguées.",
    ],
    [
        "Hej Erik,",
        "Tack för ditt brev. Vi har nu gått igenom ärendet och återkommer inom kort.|Hör gärna av dig om du har frågor.",
        "Med vänliga hälsningar",
    ],
    [
        "Vážený pane Nováku,",
        "děkujeme za Váš dopis ze dne 3. března a omlouváme se za zpoždění.|Vaši žádost jsme předali příslušnému oddělení.",
        "S pozdravem",
    ],
    [
        "Geachte mevrouw Claes,",
        "Wij danken u voor uw schrijven en bevestigen de goede ontvangst ervan.|Uw dossier wordt momenteel behandeld.",
        "Met vriendelijke groeten,",
    ],
    [
        "Dear Mr Nygaard,",
        "Payment reminder: according to our books your account shows an open item of 412.80.|Please arrange payment within ten days or contact our accounts department.",
        "Yours faithfully,",
    ],
];

pub(super) fn letter(rng: &mut Rng) -> Paperwork {
    let [greeting, body, farewell] = LETTERS[rng.range(0, LETTERS.len() as u64) as usize];
    let mut paper = Paper::a4(10.0);
    let sender = company(rng);
    paper.sized(340.0, 13.0, true, sender.clone());
    paper.down(1.4);
    paper.put(340.0, filled(rng, "Tel. 0## ### ## ##"));
    paper.down(3.0);
    paper.block(45.0, &[rng.say(PEOPLE), "Mill Road 7".to_owned(), "4020 Newtown".to_owned()]);
    paper.down(2.0);
    let day = Day::new(rng);
    paper.put(340.0, format!("{}.{:02}.{}", day.day, day.month, day.year));
    paper.down(3.0);
    paper.put(45.0, greeting);
    paper.down(2.0);
    for line in body.split('|') {
        paper.put(45.0, line);
        paper.down(1.8);
    }
    paper.down(1.0);
    paper.put(45.0, farewell);
    paper.down(3.5);
    paper.put(45.0, rng.say(PEOPLE));
    Paperwork { pdf: paper.pdf(), label: typed("letter") }
}
