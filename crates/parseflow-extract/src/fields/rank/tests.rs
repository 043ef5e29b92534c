use std::collections::BTreeSet;

use super::{Clue, Clues, Contest, Model, Weights, shipped};

fn prior() -> Weights {
    serde_json::from_str(include_str!("../../../models/ranker-prior.json")).unwrap()
}

/// Names that `weights` has for a contest and names that its candidates may carry.
fn names(weights: &Weights, contest: Contest) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let own = weights[contest.name()].keys().map(String::as_str).collect();
    (own, contest.clues().iter().map(|clue| clue.name()).collect())
}

#[test]
fn the_shipped_model_and_its_prior_weigh_every_clue_and_no_other() {
    for weights in [shipped(), prior()] {
        assert_eq!(weights.len(), Contest::ALL.len());
        for (contest, _) in Contest::ALL {
            let (own, wanted) = names(&weights, *contest);
            assert_eq!(own, wanted, "{contest:?}");
        }
    }
}

#[test]
fn no_name_stands_for_two_clues() {
    let names: BTreeSet<&str> = Clue::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(names.len(), Clue::ALL.len());
    assert!(Clue::ALL.iter().enumerate().all(|(at, (clue, _))| *clue as usize == at));
}

#[test]
fn by_its_prior_a_score_is_the_product_of_what_was_set_by_hand() {
    let prior = Model::of(&prior());
    // A label of 0.9, the number to the right, two digits only, a fifth down the page.
    let number = Clues::of(Contest::Number)
        .with_log(Clue::Strength, 0.9)
        .and(Clue::Right)
        .and(Clue::FewDigits)
        .with_log(Clue::Down, 1.0 - 0.1 * 0.2);
    let product = 0.9 * 0.95 * 0.8 * 0.98;
    assert!((number.score_by(&prior) - product).abs() < 1e-4);
    // An amount under the head of its column that does not look like money, at half of the page.
    let amount = Clues::of(Contest::Gross)
        .with_log(Clue::Strength, 0.8)
        .and(Clue::BelowHead)
        .and(Clue::OddShape)
        .with_log(Clue::Late, 0.95);
    assert!((amount.score_by(&prior) - 0.8 * 0.8 * 0.45 * 0.95).abs() < 1e-4);
    let shop = Clues::of(Contest::Merchant)
        .and(Clue::Always)
        .with(Clue::RowsAbove, 0.2)
        .and(Clue::LegalForm);
    assert!((shop.score_by(&prior) - (0.55 - 0.1 + 0.3)).abs() < 1e-9);
}
