//! English, with the habits of America, Britain, Ireland, India, Singapore, Australia and Canada.

use super::Tongue;
use super::english_forms::FORMS;

pub(super) const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];

pub(super) const YEARS: [&str; 6] = [
    "two thousand twenty-one",
    "two thousand and twenty-two",
    "two thousand twenty-three",
    "two thousand and twenty-four",
    "two thousand twenty-five",
    "two thousand and twenty-six",
];

pub(super) const ENGLISH: Tongue = Tongue {
    months: "January|February|March|April|May|June|July|August|September|October|November|December",
    days: "{M} {d}, {yyyy}|{d} {M} {yyyy}|{d}{th} {M} {yyyy}|the {d}{th} day of {M}, {yyyy}|{mm}/{dd}/{yyyy}|{M} {d}{th}, {yyyy}|{dd}-{A}-{yyyy}|the {ordinal} day of {M}, {year}|{d}{th} of {M}, {yyyy}",
    firms: "Halden Robotics, Inc.;a Delaware corporation|Brightmoor Analytics LLC;a limited liability company organized under the laws of the State of Ohio|Corran Bay Foods Pty Ltd;ABN ## ### ### ###|Thistlewick & Sons Limited;a company registered in England and Wales under number 0#######|Ballinrobe Pharma DAC;a designated activity company incorporated in Ireland (registered number ######)|Meridian Crest Capital Partners, L.P.;a Cayman Islands exempted limited partnership|Sundaram Precision Tools Private Limited;a company incorporated under the Companies Act, 2013|Orchid Straits Logistics Pte. Ltd.;a company incorporated in Singapore (UEN 20#######K)|Lakehead Timber ULC;an unlimited liability corporation existing under the laws of Alberta|First Harbor Bank, N.A.;a national banking association|VantaCore Technologies plc;a public limited company|3Rivers Diagnostics, Inc.;a Pennsylvania corporation|Cole, Whitman and Drury LLP;a limited liability partnership|Juniper Hollow Brewing Co.;a Vermont corporation|Astrolane Media Holdings Corp.;a Nevada corporation",
    bodies: "The Regents of Clearwater State University;a public body corporate|City of Port Ellery;a municipal corporation|Whitcombe College;an institution of higher education|The Dunmore Foundation;a charitable trust|Saltmarsh Regional Health Authority;a statutory body|Trustees of the Pellham Museum;a body of trustees",
    people: "Jonathan P. Reyes;an individual|Dr. Aoife Brennan;an individual|Wei Ling Tan;an individual|Harpreet Singh Gill;an individual|Eleanor Whitfield-Jones;an individual|Thomas J. O'Malley III;an individual|Marcus Delacroix;an individual|Sunita R. Deshpande;an individual",
    seats: "1410 Larimer Street, Suite 900, Denver, Colorado 80202|Unit 7, Foundry Park, Leeds LS10 1JX|22 Merrion Row, Dublin 2, D02 KX90|71 Robinson Road, #14-01, Singapore 068895|Plot 18, MIDC Bhosari, Pune 411026, Maharashtra|Level 12, 300 Queen Street, Brisbane QLD 4000|55 King Street West, Suite 2100, Toronto, Ontario M5K 1E7|640 Fifth Avenue, 21st Floor, New York, NY 10019|4 The Maltings, Bury St Edmunds, Suffolk IP33 1TX",
    posts: "Chief Executive Officer|Director|Vice President, Legal|Managing Partner|Authorised Signatory|Treasurer",
    forms: FORMS,
    starts: &[
        "This Agreement takes effect on {D} (the \"Effective Date\").",
        "The effective date of this Agreement is {D}, regardless of when it is signed.",
        "The parties' rights and obligations hereunder begin on {D}.",
        "\"Commencement Date\" means {D}.",
        "The provisions of this Agreement shall apply with effect from {D}.",
        "This Agreement shall be deemed to have come into force on {D}.",
    ],
    later: &[
        "This Agreement takes effect on the ____ day of ______________, 20__.",
        "This Agreement shall become effective when the last condition in Schedule 1 has been met.",
        "\"Effective Date\" means ______________.",
    ],
    signed: &[
        "This Agreement is effective as of the date of the last signature below.",
        "The Effective Date shall be the later of the dates on which the parties sign.",
        "This Agreement shall bind the parties from the date on which the last of them has signed it.",
    ],
    terms: &[
        "This Agreement shall commence on the Effective Date and shall continue in force for a period of {L}, unless terminated earlier in accordance with its terms.",
        "The initial term of this Agreement is {L}. // Thereafter it renews automatically for successive periods of one (1) year each unless either party gives ninety (90) days' notice of non-renewal.",
        "Unless sooner terminated, this Agreement expires {L} after the date first written above. // The obligations of confidence survive for a further five (5) years thereafter.",
        "All obligations under this letter shall cease {L} from the date hereof.",
        "Term: {L}.",
        "The premises, licence or services are granted for a term of {L}.",
        "This letter agreement will terminate and be of no further effect upon the earlier of (i) {L} from the date hereof and (ii) the closing of a definitive transaction.",
        "The engagement is for a fixed period of {L}, after which it ends without notice.",
        "The Term shall be {L} from the Effective Date and may be extended only in writing.",
        "Subject to clause 9, this Agreement will remain in full force and effect for {L} from the date of its execution. // Either party may end it before then by giving thirty (30) days' written notice.",
        "The duration of this Agreement shall be {L}; any accrued right survives its expiry.",
        "This Agreement and the parties' obligations hereunder shall expire at the end of {L} following the Effective Date, except that trade secrets stay protected for as long as the law allows.",
    ],
    until: &[
        "This Agreement remains in effect until {U}.",
        "Unless extended in writing, this Agreement shall expire on {U}.",
        "The arrangement ends on {U} without any notice being required.",
    ],
    endless: &[
        "This Agreement continues until terminated by either party on not less than sixty (60) days' written notice. // Clauses 4 to 6 survive termination for three (3) years.",
        "This Agreement has no fixed term and stays in force until one of the parties ends it.",
        "Either of us may end this arrangement at any time, with or without cause. // For two (2) years after it ends, the duties of confidence go on.",
        "The obligations of confidentiality shall last for as long as the information remains secret.",
        "The Receiving Party's obligations with respect to each item of Confidential Information shall survive for three (3) years following its disclosure.",
    ],
    units: ["year", "years", "month", "months"],
    counts: "one|two|three|four|five|six|seven|eight|nine||||||||eighteen||||||twenty-four||||||||||||thirty-six",
    laws: &[
        (
            "This Agreement shall be governed by and construed in accordance with the laws of {P}, without regard to its conflict of laws principles.",
            &[],
        ),
        (
            "The validity, interpretation and performance of this Agreement are controlled by, and to be construed under, the laws of {P}.",
            &[],
        ),
        (
            "This document and any dispute or claim (including non-contractual disputes or claims) arising out of it or its formation is governed by the law of {P}. // The courts at {Q} have non-exclusive jurisdiction.",
            &[],
        ),
        (
            "{A} law governs this Agreement. // Proceedings may be brought before any competent court.",
            &[],
        ),
        (
            "Any suit under this Agreement shall be brought exclusively in the courts sitting in {Q}, but the substantive laws of {P} shall be applied by them.",
            &[],
        ),
        (
            "This letter is made under, and is to be interpreted according to, the internal laws of {P} applicable to contracts made and performed entirely there.",
            &[],
        ),
        ("Applicable law: {P}. Seat of arbitration: {Q}.", &[]),
        (
            "The rights and duties of the parties shall be determined in all respects by the laws in force in {P}. // Each party submits to the jurisdiction of the courts in {Q}.",
            &[],
        ),
        (
            "IN ALL MATTERS OF CONSTRUCTION AND ENFORCEMENT, THE LAW OF {P} SHALL CONTROL, AND EACH PARTY WAIVES TRIAL BY JURY.",
            &[],
        ),
        (
            "The parties have chosen the law of {P}, and none other, to apply to this Agreement.",
            &[],
        ),
    ],
    places: &[
        ("the State of Delaware", "Delaware", &["Delaware"]),
        ("the State of New York", "New York", &["New York"]),
        ("the Commonwealth of Massachusetts", "Massachusetts", &["Massachusetts"]),
        ("the State of California", "California", &["California"]),
        ("England and Wales", "English", &["England and Wales", "England"]),
        ("Ireland", "Irish", &["Ireland"]),
        ("the Republic of Singapore", "Singapore", &["Singapore"]),
        ("New South Wales", "New South Wales", &["New South Wales"]),
        ("the Province of Ontario", "Ontario", &["Ontario"]),
        ("India", "Indian", &["India"]),
        ("Scotland", "Scots", &["Scotland"]),
        ("the State of Texas", "Texas", &["Texas"]),
        ("the Commonwealth of Pennsylvania", "Pennsylvania", &["Pennsylvania"]),
        ("North Carolina", "North Carolina", &["North Carolina"]),
        ("British Columbia", "British Columbia", &["British Columbia"]),
    ],
    courts: "Chicago, Illinois|London|Geneva|Mumbai|Cook County, Illinois|Melbourne|Hong Kong|Atlanta, Georgia",
    lawless: &[
        "Disputes are to be settled by arbitration seated in {Q} before a single arbitrator.",
        "The parties submit to the exclusive jurisdiction of the courts of {Q}.",
        "Any dispute shall first be referred to mediation in {Q}.",
    ],
    others: &[
        (
            "Confidential Information",
            "\"Confidential Information\" means any non-public information, in whatever form, which the {R} makes available, other than information that was known before or became public without breach.",
        ),
        (
            "Permitted Use",
            "The {S} shall use the information solely for the Purpose and shall hold it with no less care than its own.",
        ),
        (
            "Return",
            "Within ten (10) days of a written request all copies shall be returned or destroyed, save those which law or bona fide policies of retention require to be kept for seven (7) years.",
        ),
        (
            "No Solicitation",
            "For a period of eighteen (18) months following the date hereof, neither party shall employ any officer of the other with whom it first came into contact hereunder.",
        ),
        (
            "Securities Laws",
            "Each party is aware that the Securities Exchange Act of 1934 and the laws of the United States restrict persons who have material non-public information from dealing in securities.",
        ),
        (
            "Fees",
            "Invoices are payable within forty-five (45) days. Sums that are overdue bear interest at 4% a year above the base rate of the Bank of England.",
        ),
        (
            "Earlier Agreements",
            "This Agreement supersedes the heads of terms dated 9 February 2016 and the letter of Norfield Advisers Ltd of 3 May 2017.",
        ),
        (
            "Notices",
            "Notices shall be sent to the addresses above, with a copy (which shall not constitute notice) to Garrick & Lowe LLP, 90 Park Avenue, New York, New York 10016, Attention: Paula Stein.",
        ),
        (
            "Standstill",
            "Until the expiry of one (1) year from the date of this Agreement, you shall not acquire any voting securities unless asked to do so by the board, nor seek relief under Section 220 of the Delaware General Corporation Law.",
        ),
        (
            "Assignment",
            "Neither party may assign this Agreement without the consent of the other, which shall not be unreasonably withheld.",
        ),
        (
            "Remedies",
            "Money damages may not be sufficient for a breach, and injunctive relief may be sought in any court of competent jurisdiction.",
        ),
        (
            "Insurance",
            "Throughout, and for two (2) years afterwards, cover of not less than 1,000,000 for each claim shall be kept up with an insurer of repute.",
        ),
        (
            "Severability",
            "If any provision is held to be invalid, the others continue to have effect. Amendments require writing signed by both sides.",
        ),
        ("Counterparts", "This Agreement may be signed in counterparts and by electronic means."),
    ],
    heads: ["Effectiveness", "Duration", "Applicable Law"],
    witness: &[
        "IN WITNESS WHEREOF, the parties have caused this instrument to be executed by their duly authorized representatives.",
        "Signed by or on behalf of the parties:",
        "ACCEPTED AND AGREED:",
        "Executed as an agreement",
    ],
    blanks: ["By:", "Name:", "Title:", "Date:"],
};
