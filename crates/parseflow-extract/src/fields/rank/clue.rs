//! What speaks for or against a candidate.

named! {
    /// What speaks for or against a candidate. Those that are shares or logarithms say so; the others hold or not.
    Clue {
        /// Holds always.
        Always = "always",
        /// Logarithm of how surely the label announces such a value.
        Strength = "strength",
        /// Right behind its label.
        Next = "next",
        /// Behind its label with a word such as `no.` between.
        NumberWord = "number_word",
        /// Further behind its label in the same segment.
        Later = "later",
        /// In a segment to the right.
        Right = "right",
        /// Under the head of a column.
        BelowHead = "below_head",
        /// Under a label that leaves no doubt.
        BelowSure = "below_sure",
        /// Right under its label, with its left edge, or in its column.
        BelowNear = "below_near",
        /// Under its label, with the sign `#`.
        BelowSign = "below_sign",
        /// Under its label, where another value stands beside it.
        BelowBeside = "below_beside",
        /// Under its label otherwise.
        Below = "below",
        /// The last of the amounts beside a label.
        Last = "last",
        /// The first of several amounts beside a label.
        First = "first",
        /// Between the first and the last amount beside a label.
        Between = "between",
        /// Logarithm of one less 0.15 for each value nearer to the label, four at most.
        Order = "order",
        /// Logarithm of one less a tenth of the share of rows above.
        Down = "down",
        /// Logarithm of one less half of the share of rows above.
        FarDown = "far_down",
        /// Share of rows above.
        Depth = "depth",
        /// Logarithm of nine tenths and a tenth of the share of rows above.
        Late = "late",
        /// Fewer digits than numbers of bills have.
        FewDigits = "few_digits",
        /// In the large print of a title.
        InTitle = "in_title",
        /// In a title, announced by no label.
        TitleOnly = "title_only",
        /// Looks like a date and is to be a number.
        DateShaped = "date_shaped",
        /// In the row of the bill's number.
        BesideNumber = "beside_number",
        /// In a table of items.
        OfItems = "of_items",
        /// In a row that another label claims.
        Claimed = "claimed",
        /// In a row that no other label claims.
        Unclaimed = "unclaimed",
        /// Behind words such as `payable until`.
        Until = "until",
        /// The only day in a sentence about paying.
        OnlyDay = "only_day",
        /// Counted from the date of issue.
        Counted = "counted",
        /// Not printed like an amount.
        OddShape = "odd_shape",
        /// The sum of a table of taxes.
        TableSum = "table_sum",
        /// A line of a table of taxes.
        TableLine = "table_line",
        /// The sum of several labelled taxes.
        LabelSum = "label_sum",
        /// What a table of taxes says is taxed.
        TableBase = "table_base",
        /// In a section of names and addresses under its label.
        Section = "section",
        /// Does not look like a name.
        NoName = "no_name",
        /// Ends with a legal form.
        LegalForm = "legal_form",
        /// At the top of the first page.
        Top = "top",
        /// At the foot of the first page.
        Foot = "foot",
        /// In larger print than usual.
        Large = "large",
        /// In the largest print at the very top.
        Headline = "headline",
        /// Near the words of a register, or a number of registration or an address.
        Registered = "registered",
        /// The first line of its block.
        FirstLine = "first_line",
        /// Another line of its block.
        LaterLine = "later_line",
        /// Over a postal code in its block.
        OverPlace = "over_place",
        /// Shares its name with the domain of an e-mail address.
        Domain = "domain",
        /// Printed more than once.
        Again = "again",
        /// Hundreds of blocks before its own.
        BlocksBefore = "blocks_before",
        /// Tens of rows above.
        RowsAbove = "rows_above",
        /// Has the word of a trade among others.
        Trade = "trade",
        /// A street, or the name of a branch below the first row.
        Branch = "branch",
        /// A legal form and nothing else.
        BareForm = "bare_form",
        /// Has a word that was hardly read.
        Guessed = "guessed",
        /// Beside a label that leaves no doubt.
        Final = "final",
        /// Beside such a label in a row that also speaks of a part.
        FinalOfPart = "final_of_part",
        /// Beside the word for a total.
        Total = "total",
        /// Beside the word for a total in a row that also speaks of a part.
        TotalOfPart = "total_of_part",
        /// In a row with other amounts.
        OtherAmounts = "other_amounts",
        /// What was given less what was returned.
        Settled = "settled",
        /// What was given, with nothing returned.
        Given = "given",
        /// Its label follows other words.
        Qualified = "qualified",
        /// In the column of its label.
        InColumn = "in_column",
        /// The first or the last day of a period.
        InRange = "in_range",
        /// All of its segment or row.
        Whole = "whole",
        /// Behind a word that ends with a comma, as a place does before a date.
        AfterPlace = "after_place",
        /// Behind a colon.
        AfterColon = "after_colon",
        /// Behind one to four words.
        AfterWords = "after_words",
        /// In the row of the date of issue, or near it.
        BesideDate = "beside_date",
        /// In the row of a title.
        BesideTitle = "beside_title",
        /// In the row below a title.
        UnderTitle = "under_title",
        /// With a letter in it.
        HasLetter = "has_letter",
        /// With a digit in it.
        HasDigit = "has_digit",
        /// Of six digits or more.
        ManyDigits = "many_digits",
        /// Of five words or more.
        ManyWords = "many_words",
        /// In a block of three lines or more.
        ManyLines = "many_lines",
        /// In a block with the phone, e-mail address or account of whom it names.
        OwnData = "own_data",
        /// In a block that looks like the address on a letter.
        Addressed = "addressed",
        /// In the right half of its page.
        RightHalf = "right_half",
        /// Of four letters or fewer.
        Short = "short",
        /// In smaller print than usual.
        Small = "small",
        /// Over no postal code in its block.
        NoPlace = "no_place",
        /// A street.
        Street = "street",
        /// Below the upper half of its page.
        Low = "low",
        /// Over a line with a number in it, as a street has.
        OverStreet = "over_street",
        /// A form of address or an office.
        Addressee = "addressee",
        /// Below a form of address or an office.
        AfterAddressee = "after_addressee",
        /// Below a line with a name, a street and a place.
        InWindow = "in_window",
    }
}
