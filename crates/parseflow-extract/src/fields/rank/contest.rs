//! What candidates compete for, and by which clues.

use super::{Clue, Form};
use lists::*;

named! {
    /// What candidates compete for.
    Contest {
        /// The number of a bill.
        Number = "number",
        /// The number of a bill, where no label announces one.
        BareNumber = "bare_number",
        /// The date of issue, announced by a label.
        Issued = "issued",
        /// The date of issue, where no label announces one.
        BareDate = "bare_date",
        /// The last day to pay.
        Due = "due",
        /// The gross sum.
        Gross = "gross",
        /// The net sum.
        Net = "net",
        /// The tax.
        Tax = "tax",
        /// What is left to pay.
        AmountDue = "amount_due",
        /// What was paid before.
        Prepaid = "prepaid",
        /// Who is billed, announced by a label.
        Customer = "customer",
        /// Who is billed, where no label says so.
        Recipient = "recipient",
        /// Who bills, announced by a label.
        Vendor = "vendor",
        /// Who bills, where no label says so.
        Company = "company",
        /// The shop of a receipt.
        Merchant = "merchant",
        /// The total of a till's slip.
        Slip = "slip",
    }
}

impl Contest {
    /// How its score is formed.
    pub(crate) fn form(self) -> Form {
        match self {
            Contest::Company | Contest::Merchant | Contest::Slip => Form::Sum,
            _ => Form::Product,
        }
    }

    /// A candidate with less is no answer.
    pub(crate) fn threshold(self) -> f64 {
        match self {
            Contest::Number | Contest::BareNumber | Contest::Company => 0.3,
            Contest::Customer | Contest::Vendor | Contest::Recipient => 0.35,
            _ => 0.0,
        }
    }

    /// The clues that its candidates may carry.
    pub(crate) fn clues(self) -> &'static [Clue] {
        match self {
            Contest::Number => NUMBER,
            Contest::BareNumber => BARE_NUMBER,
            Contest::Issued => ISSUED,
            Contest::BareDate => BARE_DATE,
            Contest::Due => DUE,
            Contest::Gross | Contest::AmountDue | Contest::Prepaid => SUM,
            Contest::Net => NET,
            Contest::Tax => TAX,
            Contest::Customer | Contest::Vendor => PARTY,
            Contest::Recipient => RECIPIENT,
            Contest::Company => COMPANY,
            Contest::Merchant => MERCHANT,
            Contest::Slip => SLIP,
        }
    }
}

mod lists {
    use super::Clue::{self, *};

    pub(super) const NUMBER: &[Clue] = &[
        Strength, Next, NumberWord, Later, Right, BelowHead, BelowSure, BelowNear, BelowSign,
        Below, FewDigits, Down, InTitle, TitleOnly, DateShaped, BesideDate, Qualified,
    ];
    pub(super) const BARE_NUMBER: &[Clue] = &[
        Always,
        Claimed,
        NumberWord,
        AfterColon,
        AfterWords,
        Whole,
        Between,
        BesideDate,
        HasLetter,
        ManyDigits,
        BesideTitle,
        UnderTitle,
        Depth,
    ];
    pub(super) const ISSUED: &[Clue] = &[
        Strength,
        Next,
        Later,
        Right,
        BelowHead,
        Below,
        Order,
        Down,
        OfItems,
        BesideNumber,
        InColumn,
        InRange,
    ];
    pub(super) const BARE_DATE: &[Clue] =
        &[Claimed, Unclaimed, FarDown, InRange, Whole, AfterPlace, AfterColon, Top, BesideNumber];
    pub(super) const DUE: &[Clue] = &[
        Strength, Next, Later, Right, BelowHead, Below, Order, Down, OfItems, InColumn, InRange,
        Until, OnlyDay, Counted,
    ];
    pub(super) const SUM: &[Clue] =
        &[Strength, BelowHead, BelowBeside, Below, Last, First, Between, OddShape, Late];
    pub(super) const NET: &[Clue] =
        &[Strength, BelowHead, BelowBeside, Below, Last, First, Between, OddShape, Late, TableBase];
    pub(super) const TAX: &[Clue] = &[
        Strength,
        BelowHead,
        BelowBeside,
        Below,
        Last,
        First,
        Between,
        OddShape,
        Late,
        TableSum,
        TableLine,
        LabelSum,
    ];
    pub(super) const PARTY: &[Clue] = &[Strength, Next, Section, Right, Below, NoName];
    pub(super) const RECIPIENT: &[Clue] = &[
        FirstLine,
        LaterLine,
        NoPlace,
        OwnData,
        Street,
        Low,
        BlocksBefore,
        LegalForm,
        RightHalf,
        OverStreet,
        ManyLines,
        ManyWords,
        Addressee,
        AfterAddressee,
        InWindow,
    ];
    pub(super) const COMPANY: &[Clue] = &[
        LegalForm,
        Top,
        Foot,
        Large,
        Headline,
        Registered,
        FirstLine,
        LaterLine,
        OverPlace,
        Domain,
        Again,
        BlocksBefore,
        OwnData,
        Addressed,
        RightHalf,
        Small,
        ManyWords,
        HasDigit,
        Short,
    ];
    pub(super) const MERCHANT: &[Clue] = &[
        Always, RowsAbove, LegalForm, Trade, Large, Guessed, Registered, ManyWords, HasDigit,
        Whole, Branch, BareForm,
    ];
    pub(super) const SLIP: &[Clue] =
        &[Final, FinalOfPart, Total, TotalOfPart, Settled, Given, Depth, OtherAmounts];
}
