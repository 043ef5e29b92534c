//! The wordings of English agreements. `{A}` and `{B}` are the roles of the parties, `{T}` what the paper is called.

/// A kind of agreement.
pub(super) struct Sort {
    pub(super) titles: &'static str,
    pub(super) roles: [&'static str; 2],
    pub(super) second_is_person: u64,
    pub(super) purpose: &'static str,
    pub(super) clauses: &'static [(&'static str, &'static str)],
    pub(super) term: &'static str,
}

pub(super) const SORTS: [Sort; 8] = [
    Sort {
        titles: "MUTUAL NON-DISCLOSURE AGREEMENT|CONFIDENTIALITY AGREEMENT|Non-Disclosure Agreement|PROPRIETARY INFORMATION AGREEMENT",
        roles: ["Disclosing Party", "Receiving Party"],
        second_is_person: 10,
        purpose: "the parties wish to explore a possible business relationship and may exchange information that is not public",
        clauses: &[
            (
                "Confidential Information",
                "\"Confidential Information\" means any information, technical or commercial, that is marked as confidential or that a reasonable person would take to be so.",
            ),
            (
                "Exclusions",
                "The obligations in this {T} do not apply to information that was lawfully known before its disclosure or is or becomes public without breach.",
            ),
            (
                "Return",
                "Upon written request the {B} shall within ten (10) days return or destroy all copies of the Confidential Information.",
            ),
            (
                "No Licence",
                "Nothing herein grants any right in any patent, trademark or copyright.",
            ),
        ],
        term: "This {T} shall remain in effect for {L} from the Effective Date.|The term of this {T} is {L}.|Unless terminated earlier, this {T} will expire {L} after the Effective Date.",
    },
    Sort {
        titles: "MASTER SERVICES AGREEMENT|Services Agreement|PROFESSIONAL SERVICES AGREEMENT|AGREEMENT FOR THE PROVISION OF SERVICES",
        roles: ["Client", "Supplier"],
        second_is_person: 5,
        purpose: "the {A} wishes to obtain, and the {B} is willing to provide, the services described in Schedule 1",
        clauses: &[
            (
                "Services",
                "The {B} shall provide the Services with reasonable skill and care and in line with the Statement of Work.",
            ),
            (
                "Fees",
                "The {A} shall pay each undisputed invoice within thirty (30) days of its receipt.",
            ),
            (
                "Liability",
                "Neither party's total liability in any twelve (12) month period shall exceed the Fees paid in that period.",
            ),
            (
                "Insurance",
                "The {B} shall maintain professional indemnity insurance of no less than 2,000,000 for three years after completion.",
            ),
        ],
        term: "This {T} commences on the Effective Date and shall continue for an initial term of {L}.|The initial term shall be {L}, and thereafter this {T} renews for successive periods of one (1) year each.|Subject to earlier termination, this {T} shall continue in force for a period of {L}.",
    },
    Sort {
        titles: "LEASE AGREEMENT|COMMERCIAL LEASE|Residential Tenancy Agreement|LEASE OF OFFICE PREMISES",
        roles: ["Landlord", "Tenant"],
        second_is_person: 50,
        purpose: "the {A} is the owner of the premises and the {B} desires to rent them",
        clauses: &[
            (
                "Rent",
                "The {B} shall pay rent of 2,450.00 per month in advance on the first day of each month.",
            ),
            (
                "Deposit",
                "The {B} has paid a deposit equal to two months' rent, to be returned within 30 days after the premises are vacated.",
            ),
            ("Use", "The premises shall be used for no other purpose than the one agreed."),
            (
                "Repairs",
                "The {A} keeps the structure and exterior in repair; the {B} keeps the interior clean.",
            ),
        ],
        term: "The premises are let for a term of {L} beginning on the Effective Date.|The term of this lease shall be {L}.|TO HAVE AND TO HOLD for a period of {L} unless sooner terminated.",
    },
    Sort {
        titles: "EMPLOYMENT AGREEMENT|Executive Employment Agreement|CONTRACT OF EMPLOYMENT",
        roles: ["Company", "Executive"],
        second_is_person: 100,
        purpose: "the {A} wishes to employ the {B} and the {B} accepts such employment",
        clauses: &[
            (
                "Position",
                "The {B} shall serve as Head of Operations and shall report to the Board.",
            ),
            (
                "Salary",
                "The {A} shall pay an annual base salary of 148,000, reviewed every twelve months.",
            ),
            (
                "Probation",
                "The first six (6) months of employment are a probationary period during which one week's notice suffices.",
            ),
            (
                "Covenants",
                "For a period of one (1) year after termination the {B} shall not solicit any customer of the {A}.",
            ),
        ],
        term: "The {B}'s employment under this {T} shall be for a term of {L}, unless sooner terminated.|The period of employment shall be {L} from the Effective Date.",
    },
    Sort {
        titles: "SOFTWARE LICENSE AGREEMENT|LICENCE AGREEMENT|Patent License Agreement|TRADE MARK LICENCE",
        roles: ["Licensor", "Licensee"],
        second_is_person: 5,
        purpose: "the {A} owns certain rights that the {B} desires to use",
        clauses: &[
            (
                "Grant",
                "The {A} grants the {B} a non-exclusive, non-transferable licence under the Licensed Rights in the Territory.",
            ),
            (
                "Royalties",
                "The {B} shall pay a royalty of four percent (4%) of Net Sales within 45 days after each calendar quarter.",
            ),
            (
                "Audit",
                "Not more than once in each period of twelve months the {A} may inspect the books of the {B}, which shall be kept for five years.",
            ),
            ("Warranty", "The software is warranted for ninety (90) days after delivery."),
        ],
        term: "The licence granted hereunder is for a term of {L} from the Effective Date.|This {T} shall have a term of {L}, unless terminated in accordance with its provisions.",
    },
    Sort {
        titles: "LOAN AGREEMENT|TERM LOAN AGREEMENT|Loan Facility Agreement",
        roles: ["Lender", "Borrower"],
        second_is_person: 30,
        purpose: "the {B} has asked the {A} for a loan in the principal amount of 350,000.00",
        clauses: &[
            (
                "Interest",
                "Interest accrues at six percent (6%) per annum on the basis of a year of 360 days.",
            ),
            ("Prepayment", "The {B} may prepay without penalty on ten days' notice."),
            (
                "Default",
                "If a payment is not made within five (5) business days after its due date, the whole amount becomes due.",
            ),
            ("Costs", "Each party bears its own costs of this {T}."),
        ],
        term: "The loan shall be repaid over a term of {L} from the Effective Date.|The term of the loan is {L}.",
    },
    Sort {
        titles: "SUPPLY AGREEMENT|Manufacturing and Supply Agreement|DISTRIBUTION AGREEMENT",
        roles: ["Buyer", "Seller"],
        second_is_person: 0,
        purpose: "the {B} makes goods that the {A} wishes to purchase from time to time",
        clauses: &[
            ("Orders", "Each purchase order shall be confirmed within five (5) business days."),
            (
                "Delivery",
                "Goods are delivered DDP at the {A}'s warehouse with a lead time of six weeks.",
            ),
            ("Warranty", "The {B} warrants the goods for twenty-four (24) months from delivery."),
            (
                "Forecasts",
                "The {A} shall give a rolling forecast for twelve months, of which the first three months bind.",
            ),
        ],
        term: "This {T} shall be in effect for {L} following the Effective Date.|The term shall commence on the Effective Date and run for {L}.|This {T} is concluded for a fixed period of {L}.",
    },
    Sort {
        titles: "CONSULTING AGREEMENT|Independent Contractor Agreement|CONSULTANCY AGREEMENT",
        roles: ["Company", "Consultant"],
        second_is_person: 70,
        purpose: "the {A} desires to retain the {B} to render advice",
        clauses: &[
            ("Engagement", "The {B} shall devote up to four days a month to the engagement."),
            (
                "Fees",
                "The {A} shall pay a daily rate of 1,200 against invoices payable within 14 days.",
            ),
            ("Status", "The {B} is an independent contractor and not an employee."),
            ("Work Product", "All work product belongs to the {A} upon its creation."),
        ],
        term: "The {B}'s engagement shall last {L} from the Effective Date.|The engagement begins on the Effective Date and continues for a term of {L}.",
    },
];

/// Until a day; `{U}`.
pub(super) const UNTIL: &str = "This {T} shall remain in force until {U}.|This {T} begins on the Effective Date and ends on {U}, unless extended in writing.|The term shall expire on {U}.";

pub(super) const ENDLESS: &str = "This {T} shall continue until terminated by either party upon sixty (60) days' prior written notice.|This {T} is concluded for an indefinite period and may be terminated by either party on three months' notice.|Either party may terminate this {T} at any time for convenience by giving 30 days' notice; until then it continues in force.";

/// `{P}` is the place, `{J}` the adjective.
pub(super) const LAW: &str = "This {T} shall be governed by and construed in accordance with the laws of {P}, without regard to its conflict of laws principles.|This {T} and any dispute arising out of it are governed by the law of {P}.|The validity, interpretation and performance of this {T} shall be controlled by the internal laws of {P}.|{J} law governs this {T}.|This {T} is made under, and shall be interpreted according to, the laws of {P}, excluding its choice-of-law rules.|All questions concerning this {T} shall be decided under {J} law, and the United Nations Convention on Contracts for the International Sale of Goods shall not apply.|The parties agree that the substantive laws of {P} apply to this {T} to the exclusion of any rule that would refer to another law.|This {T} will be construed and enforced under {P} law as applied to contracts made and performed entirely there.";

/// Courts and arbitrators elsewhere.
pub(super) const VENUE: &str = "Each party submits to the exclusive jurisdiction of the courts sitting in Cook County, Illinois.|Any dispute shall be finally settled by arbitration seated in Paris under the ICC Rules.|The courts of Amsterdam shall have non-exclusive jurisdiction.|Disputes shall be resolved by binding arbitration in Miami, Florida before one arbitrator.|Venue lies in the federal courts located in Phoenix, Arizona, and each party waives trial by jury.|The seat of arbitration shall be Stockholm, Sweden.";

pub(super) const GENERAL: &[(&str, &str)] = &[
    (
        "Entire Agreement",
        "This {T} is the entire understanding of the parties and supersedes the letter of intent dated 11 January 2019.",
    ),
    ("Amendments", "No change is binding unless it is in writing and signed by both parties."),
    (
        "Assignment",
        "Neither party may assign this {T} without the prior written consent of the other, except to a successor of its business.",
    ),
    (
        "Notices",
        "Notices are deemed received three (3) days after they were sent by registered mail to the address given above.",
    ),
    ("Severability", "If a provision is held to be unenforceable, the others remain in force."),
    ("Survival", "The duties of confidentiality survive the end of this {T} for five (5) years."),
    (
        "Force Majeure",
        "Neither party is liable for a delay that is caused by events beyond its control; if these last more than ninety (90) days, either may withdraw.",
    ),
    ("Counterparts", "This {T} may be executed in counterparts, each of which is an original."),
    (
        "Data",
        "Personal data are processed under Regulation (EU) 2016/679 and the laws of the place where the data subject lives.",
    ),
    (
        "Compliance",
        "Each party shall comply with the Foreign Corrupt Practices Act of the United States and with the Bribery Act 2010.",
    ),
];
