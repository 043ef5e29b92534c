//! Documents that the models are trained on, drawn from seeds of their own.

use super::rng::Rng;
use super::{
    TRAINING_SEED, accord, accords, case_of, charter, charters, compact, compacts, covenants,
    deeds, draft, drafts, habit, ledger, make, pacts, pass, pdf_case, slip, trade,
};
use crate::label::Label;
use crate::sets::Case;

/// Documents for training the ranker: `count` of all types, and a quarter as many bills and receipts with other habits and
/// papers of other trades and countries.
pub(crate) fn for_ranking(count: u64) -> Vec<Case> {
    let seeds = || (0..count).map(|at| TRAINING_SEED + at);
    let habits = seeds().step_by(4).map(|seed| habit(seed, false));
    let trades = seeds().skip(1).step_by(4).map(|seed| trade(seed, false));
    seeds().map(|seed| case_of(seed, make(seed, false))).chain(habits).chain(trades).collect()
}

/// Documents for training the classifier: those of the ranker, a quarter as many drafted papers, and a twelfth as many
/// slips, agreements, statements and identity papers.
pub(crate) fn for_training(count: u64) -> Vec<Case> {
    let drafts = (0..count / 4).map(|at| {
        let files = match at % 5 {
            3 => &drafts::FOLIOS,
            4 => &drafts::BADGES,
            1 => &drafts::ODDMENTS,
            _ => &drafts::SUNDRIES,
        };
        draft(TRAINING_SEED + at, files, at / 5 * 2 + at % 5, false)
    });
    let seeds = |skip: usize| (0..count).skip(skip).step_by(12).map(|at| TRAINING_SEED + at);
    let slips = seeds(2).map(|seed| slip(seed, false));
    let accords = seeds(3).map(|seed| accord(seed, false));
    let accords = accords.chain(seeds(4).map(|seed| compact(seed, false)));
    let accords = accords.chain(seeds(5).map(|seed| charter(seed, false)));
    let ledgers = seeds(6).map(|seed| ledger(seed, false));
    let passes = seeds(7).map(|seed| pass(seed, false));
    let others = slips.chain(accords).chain(ledgers).chain(passes);
    for_ranking(count).into_iter().chain(drafts).chain(others).collect()
}

/// Documents for fitting confidence: those of the ranker, and a third as many receipts of tills, agreements, statements and
/// identity papers, and drafted statements and identity papers, some of whose zones are wrong or misread.
pub(crate) fn for_fitting(count: u64) -> Vec<Case> {
    let seeds = || (0..count).step_by(3).map(|at| TRAINING_SEED + at);
    let slips = seeds().map(|seed| slip(seed, false));
    let accords = seeds().map(|seed| accord(seed, false));
    let accords = accords.chain(seeds().map(|seed| compact(seed, false)));
    let accords = accords.chain(seeds().map(|seed| charter(seed, false)));
    let ledgers = seeds().map(|seed| ledger(seed, false));
    let passes = seeds().map(|seed| pass(seed, false));
    let folios = seeds().map(|seed| draft(seed, &drafts::FOLIOS, seed, false));
    let badges = (0..count).map(|at| TRAINING_SEED + at);
    let badges = badges.map(|seed| draft(seed, &drafts::BADGES, seed, false));
    let others = slips.chain(accords).chain(ledgers).chain(passes).chain(folios).chain(badges);
    for_ranking(count).into_iter().chain(others).collect()
}

/// Agreements for fitting how far to trust what is read of them: so many of each set.
pub(crate) fn for_agreements(each: u64) -> Vec<Case> {
    type Maker = fn(&mut Rng) -> (Vec<u8>, Label);
    const MAKERS: [Maker; 7] = [
        accords::agreement,
        deeds::agreement,
        pacts::agreement,
        covenants::agreement,
        compacts::agreement,
        charters::agreement,
        charters::filed,
    ];
    let seeds =
        MAKERS.iter().flat_map(|maker| (0..each).map(move |at| (maker, TRAINING_SEED + at)));
    let made = seeds.map(|(maker, seed)| {
        let (bytes, label) = maker(&mut Rng::new(seed, false));
        pdf_case(seed, bytes, label)
    });
    made.collect()
}
