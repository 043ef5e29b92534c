//! Agreements of confidence as American companies file them: a seventh set, in English alone.

use super::{Form, Tongue, english, form};

const FORMS: &[Form] = &[
    form(
        "MUTUAL CONFIDENTIALITY AGREEMENT",
        ("Company", "Counterparty"),
        "f",
        true,
        "THIS MUTUAL CONFIDENTIALITY AGREEMENT (\"Agreement\") is made {D} between {X}, with offices at {HX} (\"{X}\"), and {Z}, with offices at {HZ} (\"Counterparty\"). {X} and Counterparty are sometimes referred to herein individually as a \"Party\" and collectively as the \"Parties\".",
    ),
    form(
        "CONFIDENTIAL",
        ("Company", "Recipient"),
        "f",
        true,
        "{D} / {Z} / {HZ} / Ladies and Gentlemen: / {Z} (\"you\") has expressed interest in a possible negotiated transaction (the \"Transaction\") involving {X} (collectively with its subsidiaries and divisions, the \"Company\"). In order to assist you in your evaluation of the Transaction, the Company is prepared to make available to you and your Representatives (as defined below) certain information which is non-public, confidential or proprietary in nature (the \"Evaluation Material\").",
    ),
    form(
        "EMPLOYEE NON-DISCLOSURE AGREEMENT",
        ("Company", "Employee"),
        "p",
        true,
        "In consideration of my employment or continued employment by {X}, {TX} (hereinafter called the \"Company\"), and of the salary paid to me, I, {Z}, hereby agree, as of {D}, as follows:",
    ),
    form(
        "CONFIDENTIALITY AGREEMENT",
        ("Company", "Interested Party"),
        "f",
        true,
        "^BETWEEN / ^{X} / ^AND / ^{Z} / This Confidentiality Agreement is entered into as of {D} by {X} (\"Company\") and {Z} (\"Interested Party\") in order to govern the exchange of information about a possible strategic transaction between them.",
    ),
    form(
        "NONCOMPETITION AND NONDISCLOSURE AGREEMENT",
        ("Company", "Executive"),
        "p",
        true,
        "THIS NONCOMPETITION AND NONDISCLOSURE AGREEMENT (this \"Agreement\") is made and entered into effective as of {D}, by {Z} (\"Executive\") for the benefit of {X}, {TX}, and its affiliates (the \"Company\"). / RECITALS / A. Pursuant to an Asset Purchase Agreement dated as of January 9, 2017, by and among Marlin Acquisition Sub, Inc., Executive and others, the Company acquired a business.",
    ),
    form(
        "NON-DISCLOSURE AGREEMENT",
        ("Discloser", "Recipient"),
        "f p",
        true,
        "WHEREAS, {X} (\"Discloser\") possesses certain trade secrets relating to lithium recovery; and / WHEREAS, {Z} (\"Recipient\") wishes to examine them; / NOW, THEREFORE, on {D}, the parties hereby agree as follows:",
    ),
    form(
        "CONFIDENTIALITY AND NON-USE AGREEMENT",
        ("Owner", "Recipient"),
        "f p b",
        true,
        "Agreement dated {D} (\"Effective Date\") between: / {X} / {HX} / (\"Owner\") / and / {Z} / {HZ} / (\"Recipient\")",
    ),
    form(
        "AMENDED AND RESTATED CONFIDENTIALITY AGREEMENT",
        ("Company", "Investor"),
        "f",
        true,
        "This Amended and Restated Confidentiality Agreement (this \"Agreement\"), dated as of {D}, amends and restates in its entirety that certain Confidentiality Agreement, dated as of October 3, 2016, by and between {X}, {TX} (the \"Company\"), and {Z}, {TZ} (together with its affiliated funds, \"Investor\").",
    ),
    form(
        "AGREEMENT REGARDING CONFIDENTIAL INFORMATION",
        ("Corporation", "Consultant"),
        "p",
        false,
        "This Agreement is by and between {X} (hereinafter, \"Corporation\"), a corporation duly organized and existing under the laws of the State of Ohio, and {Z} (hereinafter, \"Consultant\").",
    ),
    form(
        "UNILATERAL NDA",
        ("Disclosing Party", "Receiving Party"),
        "f p",
        true,
        "This Non-Disclosure Agreement is entered into on {D} (\"Effective Date\") by and between the following Parties: / {X}, having its principal place of business at {HX} (\"Disclosing Party\") / and / {Z}, having a mailing address of {HZ} (\"Receiving Party\").",
    ),
    form(
        "LETTER AGREEMENT",
        ("Company", "Shareholder Group"),
        "f p",
        true,
        "{X} / {HX} / {D} / To: {Z} / This letter agreement will become effective upon the appointment of the nominee of {Z} (\"Shareholder\", \"you\") to the Board of Directors of {X} (the \"Company\").",
    ),
];

pub(super) const FILED: Tongue = Tongue {
    days: "{M} {d}, {yyyy}|this {d}{th} day of {M}, {yyyy}|{M} {d}{th}, {yyyy}|the {d}{th} day of {M}, {yyyy}|{mm}/{dd}/{yyyy}",
    firms: "Cobalt Ridge Energy Corporation;a Texas corporation|Lumenetics, Inc.;a Delaware corporation|Hartsfield Foods Group, Inc.;a Georgia corporation|Vesper Capital Advisors LLC;a Delaware limited liability company|Orchard & Lane Apparel Co.;a New York corporation|TransMontane Pipeline Partners, L.P.;a Delaware limited partnership|BioSpan Holdings, Inc.;a Nevada corporation|Calloway National Bank;a national banking association|e-Trellis.com, Inc.;a California corporation|American Quarry Products Company;a Vermont corporation|Sumner, Boyd & Wells LLC;a Missouri limited liability company|Nippon Kasei Optics Co., Ltd.;a Japanese corporation|Ardent Wireless International, Ltd.;a Bermuda exempted company",
    bodies: "Trustees of Hollins State College;a body corporate|The Winthrop Foundation;a charity",
    people: "Walter G. Simms;an individual|Linda K. Moreau;an individual|Dr. Hassan Qureshi;an individual|James R. Thibodeaux, III;an individual|Anne-Marie Lindqvist;an individual|T. Boyd Hargrove;an individual",
    seats: "4400 Post Oak Parkway, Suite 2700, Houston, Texas 77027|One Liberty Plaza, New York, New York 10006|1000 Second Avenue, Seattle, WA 98104|P.O. Box 88, Barre, Vermont 05641|233 South Wacker Drive, Chicago, IL 60606",
    posts: "Chief Financial Officer|President and CEO|Secretary|Executive Vice President",
    forms: FORMS,
    terms: &[
        "Term. This Agreement shall terminate {L} after the date hereof; provided, however, that termination shall not relieve either party of liability for any earlier breach.",
        "This Agreement shall be effective from the date first set forth above and shall continue for {L} thereafter, at which time all obligations hereunder shall cease.",
        "The term of this Agreement shall be {L} from the Effective Date, unless extended by mutual written agreement of the parties.",
        "Except as otherwise provided herein, the obligations of the parties under this letter agreement will expire {L} from the date of this letter agreement.",
        "For a period of {L} after the date of this Agreement, the {S} shall hold the Evaluation Material in strict confidence and shall not disclose it to any other person.",
        "This Agreement will remain in effect for {L}. // The restrictions on trade secrets shall survive as long as they remain trade secrets.",
    ],
    until: &[
        "This Agreement shall expire on {U}.",
        "This Agreement will terminate at the close of business on {U}.",
    ],
    endless: &[
        "The {S}'s obligations shall continue in perpetuity or until the information enters the public domain through no fault of the {S}.",
        "This Agreement shall continue in effect until terminated by either party upon ninety (90) days' prior written notice.",
    ],
    laws: &[
        (
            "This Agreement shall be governed by and construed in accordance with the internal laws of {P}, without giving effect to the principles of conflict of laws thereof. // Each party consents to the exclusive jurisdiction of the state and federal courts located in {Q}.",
            &[],
        ),
        (
            "This Agreement is governed by the laws of {P}, and each of the undersigned waives, to the fullest extent permitted by law, any right to trial by jury.",
            &[],
        ),
        (
            "This letter agreement shall be construed under {A} law as applied to contracts made and to be performed wholly in that state.",
            &[],
        ),
        (
            "The validity, construction and enforceability of this Agreement shall be governed in all respects by the law of {P} applicable to agreements negotiated, executed and performed there, whether or not the parties now are or hereafter become residents of another state.",
            &[],
        ),
    ],
    places: &[
        ("the State of Texas", "Texas", &["Texas"]),
        ("the State of Delaware", "Delaware", &["Delaware"]),
        ("the State of New York", "New York", &["New York"]),
        ("the State of California", "California", &["California"]),
        ("the Commonwealth of Pennsylvania", "Pennsylvania", &["Pennsylvania"]),
        ("the State of Ohio", "Ohio", &["Ohio"]),
        ("the State of Florida", "Florida", &["Florida"]),
        ("the State of Missouri", "Missouri", &["Missouri"]),
        ("the State of Washington", "Washington", &["Washington"]),
    ],
    courts: "Harris County, Texas|Wilmington, Delaware|the Borough of Manhattan, New York|King County, Washington|St. Louis, Missouri",
    others: &[
        (
            "Definition of Evaluation Material",
            "The term \"Evaluation Material\" shall not include information which (i) is or becomes generally available to the public other than as a result of a disclosure by the {S}, (ii) was within the {S}'s possession prior to its being furnished by the {R}, or (iii) becomes available from a source other than the {R} that is not bound by a confidentiality agreement.",
        ),
        (
            "Non-Solicitation of Employees",
            "For a period of one (1) year from the date hereof, the {S} will not, directly or indirectly, solicit for employment or hire any officer or senior employee of the {R} with whom it has had contact.",
        ),
        (
            "Standstill",
            "The {S} agrees that, for a period of eighteen (18) months from the date of this Agreement, unless specifically invited in writing by the {R}, neither it nor any of its affiliates will acquire any securities of the {R}, or solicit proxies within the meaning of the rules of the Securities and Exchange Commission.",
        ),
        (
            "Return of Materials",
            "At any time upon the request of the {R} for any reason, the {S} will promptly, and in any event within ten (10) business days, deliver or destroy all Evaluation Material.",
        ),
        (
            "No Agreement",
            "Unless and until a definitive agreement has been executed and delivered, neither party will be under any legal obligation of any kind with respect to a transaction by virtue of this Agreement. The {R}'s certificate of incorporation and the Delaware General Corporation Law may limit what its board may do.",
        ),
        (
            "Legal Requirement",
            "In the event that the {S} is requested or required by deposition, interrogatories, subpoena or similar process, or by the rules of the New York Stock Exchange, to disclose any Evaluation Material, it will provide the {R} with prompt notice.",
        ),
        (
            "Advisors",
            "All communications regarding the matter will be directed to Pruitt Samuelson & Co. LLC, financial advisor to the {R}, Attention: Gordon Tate, 100 Summer Street, Boston, Massachusetts 02110.",
        ),
        (
            "Non-Competition",
            "During the period of two (2) years following any termination of service, the {S} shall not engage in any business that competes with the {R} in the State of Louisiana.",
        ),
        (
            "Entire Agreement",
            "This Agreement supersedes all prior agreements between the parties with respect to the subject matter hereof, including the Non-Disclosure Agreement dated February 11, 2015.",
        ),
        (
            "Specific Performance",
            "It is understood that money damages would not be a sufficient remedy for any breach and that the {R} shall be entitled to equitable relief, without the posting of a bond.",
        ),
        (
            "Counterparts",
            "This Agreement may be executed in two or more counterparts, each of which shall be deemed an original.",
        ),
    ],
    heads: ["Effective Date", "Term", "Governing Law"],
    witness: &[
        "IN WITNESS WHEREOF, the parties hereto have executed this Agreement as of the date first above written.",
        "Accepted and agreed as of the date first written above:",
        "Very truly yours,",
    ],
    blanks: ["By:", "Name:", "Title:", "Date:"],
    ..english::ENGLISH
};
