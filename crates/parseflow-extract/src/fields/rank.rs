//! Which candidate of a field is the right one: named clues, weighed by a small model.
//!
//! Where several values compete for a field, each carries the clues that speak for or against it ([`Clues`]):
//! where it stands from its label, how surely that label announces it, how far down the page it is. The
//! model `models/ranker.json` has one weight for each clue of each [`Contest`]; `cargo xtask train` fits them
//! and holds them to weights that were set by hand (`models/ranker-prior.json`).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::spans::Span;

use super::doc::Candidate;

/// Weights of the clues by the names of contest and clue.
pub(crate) type Weights = HashMap<String, HashMap<String, f64>>;

/// How weights become a score.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// Every clue multiplies: the score is the exponential of the sum.
    Product,
    /// Every clue adds to the score.
    Sum,
}

macro_rules! named {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $name:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum $kind { $($(#[$doc])* $name,)* }

        impl $kind {
            /// All of them, in order, with the names that the model uses.
            pub(crate) const ALL: &'static [($kind, &'static str)] = &[$(($kind::$name, $text),)*];

            #[cfg(any(test, feature = "lab"))]
            pub(crate) fn name(self) -> &'static str {
                Self::ALL[self as usize].1
            }
        }
    };
}

mod clue;
mod contest;
#[cfg(any(test, feature = "lab"))]
#[cfg_attr(not(feature = "lab"), expect(unreachable_pub, reason = "the laboratory exports it"))]
pub(crate) mod fit;

pub(crate) use clue::Clue;
pub(crate) use contest::Contest;

/// The weights of every contest, by the places of their clues.
struct Model {
    weights: Vec<Vec<f64>>,
}

impl Model {
    fn of(weights: &Weights) -> Model {
        let of_contest = |(_, contest): &(Contest, &'static str)| {
            let own = weights.get(*contest);
            let weight = |(_, clue): &(Clue, &'static str)| {
                own.and_then(|own| own.get(*clue)).copied().unwrap_or_default()
            };
            Clue::ALL.iter().map(weight).collect()
        };
        Model { weights: Contest::ALL.iter().map(of_contest).collect() }
    }

    fn shipped() -> &'static Model {
        MODEL.get_or_init(|| Model::of(&shipped()))
    }
}

static MODEL: OnceLock<Model> = OnceLock::new();

/// Puts other weights in the place of those shipped, before anything was read.
#[cfg(feature = "lab")]
pub(crate) fn replace(weights: &Weights) {
    let _ = MODEL.set(Model::of(weights));
}

/// The weights that are shipped.
pub(crate) fn shipped() -> Weights {
    serde_json::from_str(include_str!("../../models/ranker.json"))
        .expect("the shipped ranker is an object of weights")
}

/// The clues of one candidate.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Clues {
    contest: Contest,
    values: Vec<(Clue, f64)>,
}

impl Clues {
    pub(super) fn of(contest: Contest) -> Clues {
        Clues { contest, values: Vec::with_capacity(8) }
    }

    /// With a clue that holds.
    pub(super) fn and(self, clue: Clue) -> Clues {
        self.with(clue, 1.0)
    }

    /// With a clue, if it holds.
    pub(super) fn and_if(self, holds: bool, clue: Clue) -> Clues {
        if holds { self.with(clue, 1.0) } else { self }
    }

    /// With a clue that has a measure.
    pub(super) fn with(mut self, clue: Clue, value: f64) -> Clues {
        debug_assert!(self.contest.clues().contains(&clue), "{:?} {clue:?}", self.contest);
        self.values.push((clue, value));
        self
    }

    /// With a clue that is the logarithm of a factor.
    pub(super) fn with_log(self, clue: Clue, factor: f64) -> Clues {
        self.with(clue, factor.max(1e-6).ln())
    }

    /// What the shipped weights make of it.
    pub(super) fn score(&self) -> f64 {
        self.score_by(Model::shipped())
    }

    fn score_by(&self, model: &Model) -> f64 {
        let weights = &model.weights[self.contest as usize];
        let sum: f64 =
            self.values.iter().map(|(clue, value)| weights[*clue as usize] * value).sum();
        match self.contest.form() {
            Form::Product => sum.exp(),
            Form::Sum => sum,
        }
    }

    #[cfg(feature = "lab")]
    pub(crate) fn contest(&self) -> Contest {
        self.contest
    }

    #[cfg(feature = "lab")]
    pub(crate) fn values(&self) -> &[(Clue, f64)] {
        &self.values
    }
}

/// A candidate with its clues.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Weighed<T> {
    pub(super) found: Candidate<T>,
    pub(super) clues: Clues,
}

impl<T> Weighed<T> {
    pub(super) fn new(span: Span<T>, clues: Clues) -> Weighed<T> {
        Weighed { found: Candidate::from_span(span, clues.score()), clues }
    }

    /// The same value with other clues.
    pub(super) fn again(mut found: Candidate<T>, clues: Clues) -> Weighed<T> {
        found.score = clues.score();
        Weighed { found, clues }
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Weighed<U> {
        Weighed { found: self.found.map(change), clues: self.clues }
    }
}

/// The best of the candidates; of equals the first.
pub(super) fn best_of<T>(weighed: Vec<Weighed<T>>) -> Option<Candidate<T>> {
    let candidates = weighed.into_iter().map(|weighed| weighed.found);
    candidates.reduce(|best, next| if next.score > best.score { next } else { best })
}

#[cfg(test)]
mod tests;
